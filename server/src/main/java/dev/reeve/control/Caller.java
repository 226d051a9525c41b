package dev.reeve.control;

import dev.reeve.audit.Scope;
import java.util.Set;

/** Who is at the control endpoint. Never an agent (R28). */
public sealed interface Caller {
    /** On the 0600 socket, or in the process itself: the kernel says who. */
    record Local(String user, long uid) implements Caller {}

    /** With an administrator's token. */
    record Administrator(String person) implements Caller {}

    /** With an auditor's token: reads the record, this much of it. */
    record Auditor(String person, Scope scope) implements Caller {}

    /**
     * A person who has signed in to the pages, or comes with a token of such a role.
     *
     * @param readable how much of the record
     */
    record SignedIn(String person, Set<Role> roles, Scope readable) implements Caller {
        public SignedIn {
            roles = Set.copyOf(roles);
        }
    }

    /** Nobody said anything. */
    record Anonymous() implements Caller {}

    /** With something of an agent's. */
    record AgentCredential() implements Caller {}

    /** With something that is no good. */
    record Wrong() implements Caller {}

    /** How much of the record it may read. */
    default Scope scope() {
        return switch (this) {
            case Auditor auditor -> auditor.scope();
            case SignedIn signedIn -> signedIn.readable();
            case Local ignored -> Scope.ALL;
            case Administrator ignored -> Scope.ALL;
            case Anonymous ignored -> Scope.ALL;
            case AgentCredential ignored -> Scope.ALL;
            case Wrong ignored -> Scope.ALL;
        };
    }

    /** The name in the record. */
    default String person() {
        return switch (this) {
            case Local local -> "local:" + local.user();
            case Administrator administrator -> administrator.person();
            case Auditor auditor -> auditor.person();
            case SignedIn signedIn -> signedIn.person();
            case Anonymous ignored -> "anonymous";
            case AgentCredential ignored -> "agent";
            case Wrong ignored -> "anonymous";
        };
    }
}
