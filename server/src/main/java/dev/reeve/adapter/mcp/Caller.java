package dev.reeve.adapter.mcp;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import java.util.Optional;

/**
 * Who sent a message, over what, and what it belongs to.
 *
 * @param channel {@code mcp-http} or {@code mcp-stdio}
 * @param session the name under which it is recorded; carries no authority (R11)
 * @param conversation what remembers running requests between messages; empty where the revision is stateless
 */
public record Caller(
        Identification.Known who, Route route, String channel, String session, Optional<Conversation> conversation) {
    Principal principal() {
        return who.principal();
    }

    /** Whether what this principal got on this route is this caller's: in other hands it is unknown (R13). */
    boolean owns(Principal owner, Route at) {
        return isAgentOf(owner, at) && owner.instance().equals(principal().instance());
    }

    /** Whether this caller's key came in the place of the one with which the owner got it. */
    boolean succeeds(Principal owner, Route at, Revocations keys) {
        return isAgentOf(owner, at) && keys.replaces(principal().instance(), owner.instance());
    }

    private boolean isAgentOf(Principal owner, Route at) {
        Principal mine = principal();
        return owner.tenant().equals(mine.tenant())
                && owner.agent().equals(mine.agent())
                && owner.user().equals(mine.user())
                && at.equals(route);
    }

    Attempt attempt(Operation operation, Optional<String> reasoning) {
        return new Attempt(who.principal(), who.epoch(), operation, session, channel, reasoning);
    }
}
