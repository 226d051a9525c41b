package dev.reeve.control;

import dev.reeve.identity.PersonName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which people work at the machine as which user of the system, as the operator's file says: none of them is the second person for what that user
 * did (R27).
 *
 * @param people by user
 */
public record SystemUsers(Map<String, Set<String>> people) {
    static final SystemUsers NONE = new SystemUsers(Map.of());

    public SystemUsers {
        Map<String, Set<String>> copied = new HashMap<>();
        people.forEach((user, names) -> copied.put(user, Set.copyOf(names)));
        people = Map.copyOf(copied);
    }

    /** Whether this person may be who that user was. Of a user that the file does not name, by the name. */
    boolean mayBe(String user, String person) {
        return PersonName.isSame(user, person)
                || people.getOrDefault(user, Set.of()).stream().anyMatch(one -> PersonName.isSame(one, person));
    }
}
