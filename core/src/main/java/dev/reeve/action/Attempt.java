package dev.reeve.action;

import dev.reeve.identity.Principal;
import java.util.Optional;

/**
 * What an adapter hands to the gate: who wants what, in which session. Nothing in it is believed yet but the principal.
 *
 * @param session subdivides an instance; carries no authority (R11)
 * @param channel how it came: {@code mcp-http}, {@code mcp-stdio}, ...
 * @param reasoning what the agent says it thinks, recorded as claimed
 */
public record Attempt(
        Principal principal,
        long epoch,
        Operation operation,
        String session,
        String channel,
        Optional<String> reasoning) {}
