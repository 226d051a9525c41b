package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.definitions.Approval;
import dev.reeve.definitions.Definitions.PinnedTool;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.Kind;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Pinned definitions: what is in force, what waits, what the checks found, and approving it (R19). */
public final class ToolRoutes {
    private static final Set<String> QUERY = Set.of("upstream", "definitions", "kinds");

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
        boolean all = request.query("kinds", QUERY).orElse("").equals("all");
        List<Json> tools = new ArrayList<>();
        for (String upstream : definitions.upstreams()) {
            if (wanted.isEmpty() || wanted.equals(upstream)) {
                (all ? definitions.all(upstream) : definitions.tools(upstream))
                        .forEach(tool -> tools.add(view(tool, whole)));
            }
        }
        return ControlReply.json(Json.object().put("tools", new Json.Arr(tools)).build());
    }

    private Json view(PinnedTool tool, boolean whole) {
        Json.Builder view = Json.object()
                .put("kind", tool.kind().wire())
                .put("upstream", tool.upstream())
                .put("name", tool.name())
                .put("subject", tool.subject())
                .put("state", tool.state().name().toLowerCase(Locale.ROOT))
                .put("fingerprint", tool.fingerprint())
                .put("problem", tool.problem());
        if (!tool.findings().isEmpty()) {
            view.put(
                    "findings",
                    new Json.Arr(List.copyOf(
                            tool.findings().stream().map(Finding::json).toList())));
        }
        if (whole) {
            view.put("definition", tool.definition());
        }
        if (tool.state() == State.HELD) {
            view.put("in_force", tool.drift().isPresent() ? tool.definition() : Json.Null.NULL);
            definitions
                    .waiting(tool.kind(), tool.upstream(), tool.name())
                    .ifPresent(waiting -> view.put("waiting", waiting)
                            .put("waiting_fingerprint", PinnedDefinitions.fingerprint(waiting)));
        }
        return view.build();
    }

    /** Only what was seen: the fingerprint is that of the definition that the person read. */
    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("kind", "upstream", "name", "fingerprint", "accept");
        Approval approval = new Approval(
                kind(body),
                body.text("upstream"),
                body.text("name"),
                body.text("fingerprint"),
                request.person(),
                accepted(body));
        try {
            return switch (definitions.approve(approval)) {
                case Approval.Outcome.InForce ignored -> done(approval);
                case Approval.Outcome.NotWaiting ignored ->
                    throw RefusedException.conflict(
                            "not_waiting",
                            "no definition with this fingerprint waits for approval",
                            "look again with `reeve tools diff`; it may have changed meanwhile");
                case Approval.Outcome.Findings(List<Finding> findings) -> throw notAccepted(findings);
            };
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable(
                    "unrecordable", "it cannot be recorded, so it is not done: " + e.getMessage());
        }
    }

    private static ControlReply done(Approval approval) {
        return ControlReply.json(Json.object()
                .put("upstream", approval.upstream())
                .put("name", approval.name())
                .put("kind", approval.kind().wire())
                .put("approved_by", approval.person())
                .build());
    }

    private static RefusedException notAccepted(List<Finding> findings) {
        String checks = String.join(
                ",", findings.stream().map(one -> one.check().id()).distinct().toList());
        return RefusedException.conflict(
                "findings_hold_it",
                "checks found something in this definition: " + checks,
                "read it with `reeve tools diff`; accept what is right by name: --accept " + checks);
    }

    private static Kind kind(ControlRequest.Body body) throws RefusedException {
        String kind = body.optionalText("kind").orElse("tool");
        return Kind.find(kind)
                .orElseThrow(() -> RefusedException.invalid(
                        "`" + kind + "` is no kind of definition",
                        "tool, prompt, resource, template, skill or server"));
    }

    private static Set<Check> accepted(ControlRequest.Body body) throws RefusedException {
        Set<Check> accepted = new HashSet<>();
        for (String id : body.texts("accept")) {
            accepted.add(Check.find(id)
                    .orElseThrow(() -> RefusedException.invalid(
                            "there is no check `" + id + "`", "docs/reviewing-tools.md has the table of checks")));
        }
        return accepted;
    }
}
