package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an operator asks for. Checked here, so that nobody checks twice. */
public record NewAgent(String name, Set<String> roles, Optional<String> owner, Map<String, String> attributes) {
    private static final int MOST_ROLES = 64;
    private static final int MOST_ATTRIBUTES = 32;
    private static final int LONGEST = 256;

    public NewAgent {
        roles = Set.copyOf(roles);
        attributes = Map.copyOf(attributes);
    }

    static NewAgent of(Json.Obj object) throws RefusedException {
        ControlRequest.Body body = new ControlRequest.Body(object);
        return new NewAgent(
                body.text("name"), body.texts("roles"), body.optionalText("owner"), body.textMembers("attributes"));
    }

    /** As {@link #of} reads it. */
    Json.Obj asJson() {
        Json.Builder members = Json.object();
        new TreeMap<>(attributes).forEach(members::put);
        return Json.object()
                .put("name", name)
                .put("roles", Json.Arr.ofStrings(new TreeSet<>(roles)))
                .put("owner", owner)
                .put("attributes", members)
                .build();
    }

    void check() throws RefusedException {
        if (!Agent.isName(name)) {
            throw RefusedException.invalid(
                    "`" + name + "` is not a name of an agent",
                    "use 1 to 64 letters, digits, `_`, `.` and `-`, a letter or digit first");
        }
        checkRoles(roles);
        if (owner.isPresent() && !isLine(owner.get())) {
            throw RefusedException.invalid("the owner is not one line of at most 256 characters", "");
        }
        if (attributes.size() > MOST_ATTRIBUTES) {
            throw RefusedException.invalid("an agent has at most 32 attributes", "");
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (!Agent.isName(attribute.getKey()) || !isLine(attribute.getValue())) {
                throw RefusedException.invalid(
                        "the attribute `" + attribute.getKey() + "` is not a name with one line of text", "");
            }
        }
    }

    static void checkRoles(Set<String> roles) throws RefusedException {
        if (roles.size() > MOST_ROLES || !roles.stream().allMatch(NewAgent::isLine)) {
            throw RefusedException.invalid("an agent has at most 64 roles, each one line of text", "");
        }
    }

    /** One visible line: what is shown to people must not carry control or direction characters (R9). */
    static boolean isLine(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }
}
