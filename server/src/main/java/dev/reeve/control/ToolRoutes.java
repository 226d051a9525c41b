package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.definitions.Definitions.PinnedTool;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Pinned tool definitions: what is in force, what waits, and approving it (R19). */
public final class ToolRoutes {
    private static final Set<String> QUERY = Set.of("upstream", "definitions");

    private final PinnedDefinitions definitions;

    private ToolRoutes(PinnedDefinitions definitions) {
        this.definitions = definitions;
    }

    public static List<Route> of(PinnedDefinitions definitions) {
        ToolRoutes routes = new ToolRoutes(definitions);
        return List.of(
                new Route("GET", "/v1/tools", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/tools/approve", Access.ADMINISTRATOR, routes::approve));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        String wanted = request.query("upstream", QUERY).orElse("");
        boolean whole = request.query("definitions", QUERY).orElse("").equals("true");
        List<Json> tools = new ArrayList<>();
        for (String upstream : definitions.upstreams()) {
            if (wanted.isEmpty() || wanted.equals(upstream)) {
                definitions.tools(upstream).forEach(tool -> tools.add(view(tool, whole)));
            }
        }
        return ControlReply.json(Json.object().put("tools", new Json.Arr(tools)).build());
    }

    private Json view(PinnedTool tool, boolean whole) {
        Json.Builder view = Json.object()
                .put("upstream", tool.upstream())
                .put("name", tool.name())
                .put("state", tool.state().name().toLowerCase(Locale.ROOT))
                .put("fingerprint", tool.fingerprint())
                .put("problem", tool.problem());
        if (whole) {
            view.put("definition", tool.definition());
        }
        if (tool.state() == State.HELD) {
            view.put("in_force", tool.drift().isPresent() ? tool.definition() : Json.Null.NULL);
            definitions
                    .waiting(tool.upstream(), tool.name())
                    .ifPresent(waiting -> view.put("waiting", waiting)
                            .put("waiting_fingerprint", PinnedDefinitions.fingerprint(waiting)));
        }
        return view.build();
    }

    /** Only what was seen: the fingerprint is that of the definition that the person read. */
    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("upstream", "name", "fingerprint");
        try {
            boolean done = definitions.approve(
                    body.text("upstream"), body.text("name"), body.text("fingerprint"), request.person());
            if (!done) {
                throw RefusedException.conflict(
                        "not_waiting",
                        "no definition with this fingerprint waits for approval",
                        "look again with `reeve tools diff`; it may have changed meanwhile");
            }
            return ControlReply.json(Json.object()
                    .put("upstream", body.text("upstream"))
                    .put("name", body.text("name"))
                    .put("approved_by", request.person())
                    .build());
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable(
                    "unrecordable", "it cannot be recorded, so it is not done: " + e.getMessage());
        }
    }
}
