package dev.reeve.hook;

import dev.reeve.gate.Effect.Told;
import dev.reeve.json.Json;

/** What an agent's hook says. */
sealed interface HookEvent {
    /**
     * Something is about to be done, and waits for the answer.
     *
     * @param session the agent's own name of its session; carries no authority (R11)
     * @param call tells calls of a session apart; what comes after one names it again
     * @param folder in which it is done, absolute
     */
    record Before(String session, String call, String folder, HostTool tool) implements HookEvent {}

    /** It was done, or not. */
    record After(String session, String call, Told told) implements HookEvent {}

    /** Nothing that is decided. */
    record Other() implements HookEvent {}

    /** Not an event of this protocol. The message is for the agent. */
    final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message, null, false, false);
        }
    }

    /** What tells a call apart where the protocol gives it no id. */
    static String fingerprint(String tool, Json.Obj input) {
        return dev.reeve.json.CanonicalDigest.of(
                Json.object().put("input", input).put("tool", tool).build());
    }
}
