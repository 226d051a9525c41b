package dev.reeve.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One operation of the control API.
 *
 * @param pattern {@code /v1/agents/{name}}
 */
public record Route(String method, String pattern, Access access, Handler handler) {
    /** Who may. */
    public enum Access {
        /** Anybody who reaches the control address; answers hold nothing that is worth hiding. */
        ANYBODY,
        /** An auditor, an administrator, or the local user. */
        AUDITOR,
        /** An approver, an administrator, or the local user. */
        APPROVER,
        /** An author of policies, an administrator, or the local user. */
        POLICY_AUTHOR,
        /** An administrator, or the local user. */
        ADMINISTRATOR,
        /** The local user on the socket only. */
        LOCAL
    }

    /** Does it, on a virtual thread; may block. */
    @FunctionalInterface
    public interface Handler {
        ControlReply handle(ControlRequest request) throws RefusedException;
    }

    /** The variables of the path; empty if it is another path. */
    Optional<Map<String, String>> match(String path) {
        List<String> wanted = List.of(pattern.split("/", -1));
        List<String> given = List.of(path.split("/", -1));
        if (wanted.size() != given.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String part = wanted.get(i);
            if (part.startsWith("{") && !given.get(i).isEmpty()) {
                variables.put(part.substring(1, part.length() - 1), given.get(i));
            } else if (!part.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
