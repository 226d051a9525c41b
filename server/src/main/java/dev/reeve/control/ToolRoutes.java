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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Pinned definitions: what is in force, what waits, what the checks found, and approving it (R19); of several administrators two (R27). */
public final class ToolRoutes {
    private static final Set<String> QUERY = Set.of("upstream", "definitions", "kinds", "subject");
    private static final String[] ONE = {"kind", "upstream", "name", "fingerprint", "accept"};
    private static final String MANY = "definitions";
    private static final String DEFINITIONS = "definitions";
    private static final int MOST = 200;
    /** So many are named in the line that is told of many. */
    private static final int MOST_NAMED = 5;

    private static final int LONGEST_NAMED = 200;

    private final PinnedDefinitions definitions;
    private final Seconds seconds;

    private ToolRoutes(PinnedDefinitions definitions, Seconds seconds) {
        this.definitions = definitions;
        this.seconds = seconds;
    }

    /** @param room where what one person of several approves waits for another */
    public static List<Route> of(PinnedDefinitions definitions, ControlRoom room) {
        ToolRoutes routes = new ToolRoutes(definitions, room.seconds());
        room.seconds().does(DEFINITIONS, routes::agreed);
        return List.of(
                new Route("GET", "/v1/tools", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/tools/approve", Access.ADMINISTRATOR, routes::approve));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        String wanted = request.query("upstream", QUERY).orElse("");
        boolean whole = request.query("definitions", QUERY).orElse("").equals("true");
        boolean all = request.query("kinds", QUERY).orElse("").equals("all");
        Optional<String> subject = request.query("subject", QUERY);
        List<Json> tools = new ArrayList<>();
        for (String upstream : definitions.upstreams()) {
            if (wanted.isEmpty() || wanted.equals(upstream)) {
                (all ? definitions.all(upstream) : definitions.tools(upstream))
                        .stream()
                                .filter(tool ->
                                        subject.isEmpty() || subject.get().equals(tool.subject()))
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

    /** Only what was seen: each fingerprint is that of the definition that the person read. One, or many at once. */
    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("kind", "upstream", "name", "fingerprint", "accept", MANY);
        boolean isOne = !body.object().has(MANY);
        List<Approval> approvals = isOne
                ? List.of(approval(request.person(), body))
                : approvals(request.person(), body.object().array(MANY).orElse(Json.Arr.EMPTY));
        for (Approval approval : approvals) {
            mustWait(approval);
        }
        if (seconds.areNeededOfAnybody()) {
            return asked(request.person(), approvals);
        }
        inForce(approvals);
        return ControlReply.json(
                isOne
                        ? done(approvals.getFirst())
                        : Json.object()
                                .put(
                                        "approved",
                                        new Json.Arr(approvals.stream()
                                                .<Json>map(ToolRoutes::done)
                                                .toList()))
                                .build());
    }

    private static Approval approval(String person, ControlRequest.Body body) throws RefusedException {
        return new Approval(
                kind(body), body.text("upstream"), body.text("name"), body.text("fingerprint"), person, accepted(body));
    }

    private static List<Approval> approvals(String person, Json.Arr definitions) throws RefusedException {
        List<Approval> approvals = new ArrayList<>();
        Set<String> subjects = new HashSet<>();
        for (Json item : definitions.items()) {
            if (!(item instanceof Json.Obj one)
                    || !Set.of(ONE).containsAll(one.members().keySet())) {
                throw RefusedException.invalid(
                        "`" + MANY + "` is not a list of definitions", "known are " + String.join(", ", ONE));
            }
            Approval approval = approval(person, new ControlRequest.Body(one));
            if (!subjects.add(approval.subject())) {
                throw RefusedException.invalid("`" + approval.subject() + "` comes twice", "name it once");
            }
            approvals.add(approval);
        }
        if (approvals.isEmpty() || approvals.size() > MOST) {
            throw RefusedException.invalid("`" + MANY + "` has 1 to " + MOST + " definitions", "");
        }
        return approvals;
    }

    private void mustWait(Approval approval) throws RefusedException {
        checked(approval, definitions.outlook(approval));
    }

    private static void checked(Approval approval, Approval.Outcome outcome) throws RefusedException {
        switch (outcome) {
            case Approval.Outcome.InForce ignored -> {}
            case Approval.Outcome.NotWaiting ignored ->
                throw RefusedException.conflict(
                        "not_waiting",
                        "no definition of `" + approval.subject() + "` with this fingerprint waits for approval",
                        "look again with `reeve tools diff`; it may have changed meanwhile");
            case Approval.Outcome.Findings(List<Finding> findings) -> throw notAccepted(findings);
        }
    }

    /** Each is recorded before it is in force; what waits no more, or says something else by now, stops all of them before the first. */
    private void inForce(List<Approval> approvals) throws RefusedException {
        for (Approval approval : approvals) {
            mustWait(approval);
        }
        try {
            for (Approval approval : approvals) {
                checked(approval, definitions.approve(approval));
            }
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable(
                    "unrecordable", "it cannot be recorded, so it is not done: " + e.getMessage());
        }
    }

    /** What another administrator agrees to are these bytes: the fingerprints are compared again then. */
    private ControlReply asked(String by, List<Approval> approvals) throws RefusedException {
        Json.Obj about = Json.object()
                .put(
                        MANY,
                        new Json.Arr(approvals.stream()
                                .<Json>map(ToolRoutes::exactly)
                                .toList()))
                .build();
        Json.Obj terms = Json.object()
                .put(
                        MANY,
                        new Json.Arr(
                                approvals.stream().<Json>map(ToolRoutes::again).toList()))
                .build();
        String upstream = approvals.getFirst().upstream();
        Seconds.Waiting waiting =
                seconds.ask(by, new Seconds.Wish(DEFINITIONS, words(approvals), upstream, about, terms));
        return ControlReply.json(
                202, Json.object().put("waiting", SecondsRoutes.view(waiting)).build());
    }

    private void agreed(Seconds.Waiting one, String second) throws RefusedException {
        Json.Arr terms = one.wish().terms().array(MANY).orElse(Json.Arr.EMPTY);
        inForce(approvals(one.by(), terms).stream()
                .map(approval -> approval.secondedBy(second))
                .toList());
    }

    /** As {@link #approval} reads it. */
    private static Json.Obj again(Approval approval) {
        return Json.object()
                .put("kind", approval.kind().wire())
                .put("upstream", approval.upstream())
                .put("name", approval.name())
                .put("fingerprint", approval.fingerprint())
                .put(
                        "accept",
                        Json.Arr.ofStrings(approval.accepted().stream()
                                .map(Check::id)
                                .sorted()
                                .toList()))
                .build();
    }

    private static Json.Obj exactly(Approval approval) {
        return Json.object()
                .put("upstream", approval.upstream())
                .put("subject", approval.subject())
                .put("fingerprint", approval.fingerprint())
                .put("accepted", accepted(approval))
                .build();
    }

    private static String accepted(Approval approval) {
        return approval.accepted().stream().map(Check::id).sorted().collect(Collectors.joining(", "));
    }

    /** With what the checks found, where that was accepted: who agrees accepts it too. */
    private static String words(List<Approval> approvals) {
        Approval first = approvals.getFirst();
        if (approvals.size() == 1) {
            String found = accepted(first);
            return "the definition of `" + cut(first.subject()) + "` with the fingerprint " + first.fingerprint()
                    + (found.isEmpty() ? "" : ", although checks found " + found);
        }
        int more = approvals.size() - MOST_NAMED;
        return approvals.size() + " definitions: "
                + approvals.stream()
                        .limit(MOST_NAMED)
                        .map(one -> cut(one.subject()))
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String cut(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAMED
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAMED)) + "...";
    }

    private static Json.Obj done(Approval approval) {
        return Json.object()
                .put("upstream", approval.upstream())
                .put("name", approval.name())
                .put("kind", approval.kind().wire())
                .put("approved_by", approval.person())
                .build();
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
