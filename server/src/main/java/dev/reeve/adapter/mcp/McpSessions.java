package dev.reeve.adapter.mcp;

import dev.reeve.turns.Turns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sessions of the revisions up to 2025-11-25 over HTTP. An id is unguessable and bound to principal and route: in other hands it is unknown. It carries no
 * authority; every request authenticates itself.
 */
final class McpSessions {
    /** Of broken streams, until their clients come back. */
    private static final int MOST_KEPT_BYTES = 64 << 20;

    private final ConcurrentMap<String, McpSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, Integer> perAgent = new HashMap<>();
    private final Turns kept = new Turns(MOST_KEPT_BYTES);
    private final McpLimits limits;
    private final Supplier<String> ids;
    private final LongSupplier nanos;

    McpSessions(McpLimits limits, Supplier<String> ids, LongSupplier nanos) {
        this.limits = limits;
        this.ids = ids;
        this.nanos = nanos;
    }

    /** Empty if there are too many. */
    Optional<McpSession> open(Caller caller) {
        List<McpSession> over = new ArrayList<>();
        Optional<McpSession> opened = open(caller, over);
        over.forEach(McpSession::close);
        return opened;
    }

    /** @param over gets those that gave way, to be closed outside of the monitor: what ends with a session is no reason for others to wait */
    private synchronized Optional<McpSession> open(Caller caller, List<McpSession> over) {
        if (sessions.size() >= limits.sessions()) {
            sessions.values().stream()
                    .filter(this::outlived)
                    .filter(this::remove)
                    .forEach(over::add);
            if (sessions.size() >= limits.sessions()) {
                return Optional.empty();
            }
        }
        String agent = caller.principal().party();
        if (perAgent.getOrDefault(agent, 0) >= limits.sessionsEach()) {
            longestUnused(agent).filter(this::remove).ifPresent(over::add);
        }
        McpSession session = new McpSession(
                ids.get(),
                "session-" + ids.get(),
                caller,
                new Conversation(limits),
                new Replays(ids, kept, agent),
                nanos.getAsLong());
        sessions.put(session.id(), session);
        perAgent.merge(agent, 1, Integer::sum);
        return Optional.of(session);
    }

    private Optional<McpSession> longestUnused(String agent) {
        return sessions.values().stream()
                .filter(session -> session.agent().equals(agent))
                .min(Comparator.comparingLong(McpSession::lastUsed));
    }

    /** The session if it is this caller's, on this route. */
    Optional<McpSession> find(String id, Caller caller) {
        Optional<McpSession> found = Optional.ofNullable(sessions.get(id)).filter(session -> session.belongsTo(caller));
        if (found.isPresent() && outlived(found.get())) {
            end(found.get());
            return Optional.empty();
        }
        found.ifPresent(session -> session.used(nanos.getAsLong()));
        return found;
    }

    private boolean outlived(McpSession session) {
        return !session.inUse()
                && nanos.getAsLong() - session.lastUsed() > limits.sessionIdle().toNanos();
    }

    /** Ends it, what runs in it included. */
    void end(McpSession session) {
        if (remove(session)) {
            session.close();
        }
    }

    private synchronized boolean remove(McpSession session) {
        boolean removed = sessions.remove(session.id(), session);
        if (removed) {
            perAgent.computeIfPresent(session.agent(), (name, count) -> count == 1 ? null : count - 1);
        }
        return removed;
    }

    int size() {
        return sessions.size();
    }
}
