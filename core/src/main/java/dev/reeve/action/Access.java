package dev.reeve.action;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that an action touches, and how. An action is allowed only if each of its accesses is.
 *
 * @param names from wide to narrow, each of which a grant or a rule may name: {@code sales_database}, {@code db:sales_database/customers},
 *     {@code db:sales_database/customers.email}
 * @param verb {@code read}, {@code query}, {@code create}, {@code update}, {@code delete}, {@code execute}, or the catalogue's own word
 * @param tags what the catalogue says about the narrowest name: {@code pii}, ...
 * @param arguments what conditions see as {@code arguments}, where it is not the action's: those of one command in a line of several
 */
public record Access(List<String> names, String verb, Set<String> tags, Optional<Json.Obj> arguments) {
    public Access(List<String> names, String verb, Set<String> tags) {
        this(names, verb, tags, Optional.empty());
    }

    public Access {
        if (names.isEmpty() || verb.isEmpty()) {
            throw new IllegalArgumentException("an access names a resource and a verb");
        }
        names = List.copyOf(names);
        tags = Set.copyOf(tags);
    }

    public String narrowest() {
        return names.getLast();
    }
}
