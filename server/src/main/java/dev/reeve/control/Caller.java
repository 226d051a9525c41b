package dev.reeve.control;

/** Who is at the control endpoint. Never an agent (R28). */
public sealed interface Caller {
    /** On the 0600 socket, or in the process itself: the kernel says who. */
    record Local(String user, long uid) implements Caller {}

    /** With an administrator's token. */
    record Administrator(String person) implements Caller {}

    /** Nobody said anything. */
    record Anonymous() implements Caller {}

    /** With something of an agent's. */
    record AgentCredential() implements Caller {}

    /** With something that is no good. */
    record Wrong() implements Caller {}

    /** The name in the record. */
    default String person() {
        return switch (this) {
            case Local local -> "local:" + local.user();
            case Administrator administrator -> administrator.person();
            case Anonymous ignored -> "anonymous";
            case AgentCredential ignored -> "agent";
            case Wrong ignored -> "anonymous";
        };
    }
}
