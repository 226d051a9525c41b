package dev.reeve.cli;

import dev.reeve.adapter.mcp.McpEngine;
import dev.reeve.agents.Agent;
import dev.reeve.control.ApprovalRoutes;
import dev.reeve.control.GrantRoutes;
import dev.reeve.control.Route;
import dev.reeve.control.TokenRoutes;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.grant.Grant;
import dev.reeve.grant.GrantDesk;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people say yes to, once and for a time, joined with the running process. */
final class GrantRoom {
    private GrantRoom() {}

    static List<Route> routes(Foundation foundation, PolicyRoom policy) {
        List<Route> routes = new ArrayList<>(GrantRoutes.of(
                foundation.grants(),
                policy::offers,
                foundation.room().directory(),
                foundation.room().administrators()));
        routes.addAll(ApprovalRoutes.of(
                foundation.approvals().desk(),
                foundation.grants(),
                foundation.room().administrators()));
        routes.addAll(TokenRoutes.of(foundation.tokenDesk(), foundation.room().administrators()));
        return routes;
    }

    /** Whoever got something, or has it no more, sees other tools, and what runs is decided again. */
    static void join(Foundation foundation, McpEngine engine) {
        foundation.grants().onChange(engine::policyChanged);
        foundation
                .approvals()
                .results()
                .agents(agent -> foundation
                        .room()
                        .directory()
                        .roster()
                        .agent(agent)
                        .filter(one -> one.state() != Agent.State.RETIRED)
                        .isPresent());
        foundation
                .room()
                .health()
                .tell(
                        "held_results",
                        () -> Json.of(foundation.approvals().results().size()));
        foundation.room().health().tell("grants", () -> status(foundation.grants()));
        foundation
                .room()
                .health()
                .tell("tokens", () -> Json.of(foundation.tokenDesk().size()));
    }

    private static Json status(GrantDesk grants) {
        return Json.object()
                .put("given", count(grants, Grant.State.GIVEN))
                .put("proposed", count(grants, Grant.State.PROPOSED))
                .build();
    }

    private static long count(GrantDesk grants, Grant.State state) {
        return grants.list(Optional.of(state), Optional.empty()).size();
    }

    /** What time brings about. */
    static void tick(Foundation foundation) {
        try {
            foundation.approvals().tick();
            foundation.grants().tick();
            foundation.tokenDesk().tick();
        } catch (UnrecordableException e) {
            Log.warn("approvals", "what time brought about cannot be recorded: " + e.getMessage());
        }
    }
}
