package dev.reeve.adapter.mcp;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
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

    Attempt attempt(Operation operation, Optional<String> reasoning) {
        return new Attempt(who.principal(), who.epoch(), operation, session, channel, reasoning);
    }
}
