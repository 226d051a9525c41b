package dev.reeve.record;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.Recording.Detail;
import dev.reeve.gate.Release;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Spending;
import dev.reeve.gate.TimedGrant;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Makes records, each object with its members in the order that the canonical form wants. What may hold somebody's data (arguments, reasoning, URIs, reasons that quote) is hidden behind a commitment; names, verdicts,
 * rules and counts are in clear.
 */
public final class Records {
    /** The version of what stands in a record; member {@code v} (R32). */
    public static final int SCHEMA = 1;

    /** Longest result that {@code record: full} keeps whole: a group of the ledger has room for it and for others. */
    public static final int MOST_RESULT_BYTES = 1 << 20;

    /** A record has about so many. */
    private static final int MEMBERS = 24;

    private Records() {}

    /** An intent, a denial or a hold; of what an enforcement point may do, a verdict, which has no outcome. */
    public static Draft decided(Decision decision) {
        Action action = decision.action();
        Principal principal = action.principal();
        Json.Builder body = Json.object(MEMBERS);
        if (!principal.actors().isEmpty()) {
            body.put("actors", Json.Arr.ofStrings(principal.actors()));
        }
        body.put("agent", principal.agent());
        decision.approval()
                .ifPresent(approval -> body.put(
                        "approval",
                        Json.object()
                                .put("by", Json.Arr.ofStrings(approval.by()))
                                .put("ticket", approval.ticket())));
        body.put("asked_by", action.operation().askedBy());
        assigned(decision).ifPresent(roles -> body.put("assigned", roles));
        body.put("channel", action.channel()).put("definition", action.definition());
        decision.denial().ifPresent(denial -> body.put("denial", denial(denial)));
        decision.facts().ifPresent(facts -> body.put("facts", facts(facts)));
        body.put("findings", findings(decision.findings()))
                .put("id", action.id())
                .put("instance", principal.instance())
                .put("kind", kind(decision));
        limits(body, decision.reserved());
        body.put("operation", operation(action)).put("policy", decision.policyVersion());
        decision.restored()
                .filter(it -> !it.tokens().isEmpty())
                .ifPresent(it -> body.put("restored", Json.Arr.ofStrings(it.tokens())));
        body
                // Its own: what it is beside them in this context is found anew by whoever replays, and stands in
                // `assigned`.
                .put("roles", sorted(decision.attempt().principal().roles()))
                .put("session", action.session());
        decision.restored()
                .filter(it -> !it.kinds().isEmpty())
                .ifPresent(it -> body.put("taken_out", Json.Arr.ofStrings(it.kinds())));
        body.put("tenant", principal.tenant())
                .put("time", action.time().toString())
                .put("user", principal.user());
        return new Draft(body.build(), hidden(decision));
    }

    /** The roles that it had, or perhaps had, in this context only: limits counted for them too, and the next start counts from the record. */
    private static Optional<Json> assigned(Decision decision) {
        Set<String> roles = new TreeSet<>(decision.action().principal().rolesOrPerhaps());
        roles.removeAll(decision.attempt().principal().roles());
        return roles.isEmpty() ? Optional.empty() : Optional.of(Json.Arr.ofStrings(roles));
    }

    /**
     * What came of an allowed action.
     *
     * @param keyed a digest under a key of the installation: whoever may read the record could try values against a plain one
     */
    public static Draft completed(Completion completion, Instant now, UnaryOperator<String> keyed) {
        Action action = completion.action();
        Json.Builder body = Json.object(MEMBERS).put("agent", action.principal().agent());
        if (completion.released() instanceof Release.Withheld withheld) {
            body.put("denial", denial(withheld.denial()));
        }
        body.put("elapsed_us", completion.elapsed().toNanos() / 1_000)
                .put("findings", resultFindings(completion.findings()))
                .put("id", action.id())
                .put("kind", "outcome");
        limits(body, completion.spent());
        counts(completion.effect()).ifPresent(counts -> body.put("result", counts));
        body.put("status", status(completion))
                .put("tenant", action.principal().tenant())
                .put("time", now.toString());
        Map<String, Json> hidden = new LinkedHashMap<>();
        if (completion.effect() instanceof Effect.Answered answered) {
            hidden.put("result_digest", new Json.Str(keyed.apply(CanonicalDigest.of(answered.result()))));
            kept(completion).ifPresent(result -> hidden.put("result", result));
        }
        Json.Arr reasons = resultReasons(completion);
        if (!reasons.items().isEmpty()) {
            hidden.put("reasons", reasons);
        }
        return new Draft(body.build(), hidden);
    }

    /** The result as the caller sees it, where the policy wants it kept; one that is too long stands there as its digest only. */
    private static Optional<Json> kept(Completion completion) {
        return completion.recording().detail() == Detail.FULL
                        && completion.released() instanceof Release.Result released
                        && hiddenBytes(released.result()).length <= MOST_RESULT_BYTES
                ? Optional.of(released.result())
                : Optional.empty();
    }

    /** An administrative act, before it takes effect (R27). */
    public static Draft control(
            String id, Instant now, String person, String act, String subject, Json.Obj difference) {
        Json.Obj body = Json.object()
                .put("kind", "control")
                .put("id", id)
                .put("time", now.toString())
                .put("person", person)
                .put("act", act)
                .put("subject", subject)
                .build();
        return new Draft(body, Map.of("difference", difference));
    }

    /** That other keys sign the ledger from its next checkpoint on (R30). All of it is in clear: whoever verifies the ledger reads it. */
    public static Draft ledgerKeys(
            String id, Instant now, String person, String origin, List<String> before, List<String> after) {
        Json.Obj body = Json.object()
                .put("act", "ledger_keys")
                .put("id", id)
                .put("kind", "control")
                .put("new_keys", Json.Arr.ofStrings(after))
                .put("old_keys", Json.Arr.ofStrings(before))
                .put("person", person)
                .put("subject", origin)
                .put("time", now.toString())
                .build();
        return new Draft(body, Map.of());
    }

    /** Something counted instead of recorded one by one (R15). */
    public static Draft summary(String id, Instant from, Instant to, Json.Obj counts) {
        return new Draft(
                Json.object()
                        .put("kind", "summary")
                        .put("id", id)
                        .put("time", to.toString())
                        .put("from", from.toString())
                        .put("counts", counts)
                        .build(),
                Map.of());
    }

    /** An intent that a crash left without an outcome: told, never replayed (R3). */
    public static Draft outcomeUnknown(String id, Instant now, String tenant, String agent) {
        return new Draft(
                Json.object()
                        .put("kind", "outcome")
                        .put("id", id)
                        .put("time", now.toString())
                        .put("tenant", tenant)
                        .put("agent", agent)
                        .put("status", "outcome_unknown")
                        .put("findings", Json.Arr.EMPTY)
                        .build(),
                Map.of());
    }

    private static String kind(Decision decision) {
        return switch (decision.ruling()) {
            case ALLOW -> decision.action().operation().askedBy().isPresent() ? "verdict" : "intent";
            case DENY -> "denial";
            case HOLD -> "hold";
        };
    }

    /** What a rule in shadow would have done: {@code would_deny}, ... It decided nothing, and no reader may take it for a rule that did. */
    public static String would(Ruling ruling) {
        return "would_" + ruling.name().toLowerCase(Locale.ROOT);
    }

    /** What it takes up of which limits: in an intent at worst, in an outcome what it came to. The next start counts from these. */
    private static void limits(Json.Builder body, List<Spending> spendings) {
        if (spendings.isEmpty()) {
            return;
        }
        List<Json> items = new ArrayList<>(spendings.size());
        for (Spending one : spendings) {
            items.add(Json.object()
                    .put("amount", one.amount())
                    .put("at", one.at().toString())
                    .put("id", one.id())
                    .put("limit", one.limit())
                    .build());
        }
        body.put("limits", new Json.Arr(items));
    }

    private static Json.Obj operation(Action action) {
        return Json.object()
                .put("kind", action.operation().kind())
                .put(Subjects.MEMBER, Subjects.clear(action.operation()))
                .put("upstream", action.operation().upstream())
                .build();
    }

    private static Json.Arr findings(List<Finding> findings) {
        List<Json> items = new ArrayList<>();
        for (Finding finding : findings) {
            items.add(finding(finding));
        }
        return new Json.Arr(items);
    }

    private static Json.Obj finding(Finding finding) {
        return switch (finding) {
            case Finding.Pass pass -> finding(finding, Optional.empty(), Optional.empty(), "allowed", pass.rule());
            case Finding.Shadow shadow ->
                finding(finding, Optional.empty(), Optional.empty(), would(shadow.would()), Optional.of(shadow.rule()));
            case Finding.Warn warn ->
                finding(finding, Optional.of(warn.code()), Optional.empty(), "warned", warn.rule());
            case Finding.Stop stop ->
                finding(
                        finding,
                        Optional.of(stop.denial().code()),
                        Optional.empty(),
                        "denied",
                        stop.denial().rule());
            case Finding.Ask ask ->
                finding(
                        finding,
                        Optional.of(ask.why().code()),
                        Optional.empty(),
                        "held",
                        ask.why().rule());
            case Finding.Redact redact ->
                finding(finding, Optional.empty(), Optional.empty(), "rewritten", redact.rule());
            case Finding.Oblige oblige ->
                finding(
                        finding,
                        Optional.empty(),
                        Optional.of(oblige.obligation().name()),
                        "obliged",
                        oblige.rule());
        };
    }

    private static Json.Obj finding(
            Finding finding,
            Optional<String> code,
            Optional<String> obligation,
            String result,
            Optional<RuleRef> rule) {
        Json.Builder item =
                Json.object().put("code", code).put("obligation", obligation).put("result", result);
        rule(item, rule);
        return item.put("stage", finding.stage()).build();
    }

    private static void rule(Json.Builder item, Optional<RuleRef> rule) {
        rule.ifPresent(ref -> item.put("rule", rule(ref)));
    }

    private static Json.Obj rule(RuleRef ref) {
        return Json.object()
                .put("file", ref.file())
                .put("line", ref.line())
                .put("name", ref.name())
                .build();
    }

    private static Json.Obj facts(Facts facts) {
        List<Json> accesses = new ArrayList<>();
        for (Access access : facts.accesses()) {
            Json.Builder one = Json.object().put("tags", sorted(access.tags())).put("verb", access.verb());
            access.method().ifPresent(method -> one.put("method", method));
            accesses.add(one.build());
        }
        Json.Builder known =
                Json.object().put("accesses", new Json.Arr(accesses)).put("clock_doubtful", facts.clockDoubtful());
        if (!facts.opinions().isEmpty()) {
            known.put(
                    "opinions",
                    new Json.Arr(facts.opinions().stream()
                            .<Json>map(Records::opinion)
                            .toList()));
        }
        if (!facts.grants().isEmpty()) {
            known.put(
                    "grants",
                    Json.Arr.ofStrings(
                            facts.grants().stream().map(TimedGrant::id).toList()));
        }
        return known.put("result_tags", sorted(facts.resultTags()))
                .put("session_read", sorted(facts.sessionRead()))
                .build();
    }

    /** What it says in words may quote the action, and stands among the reasons. */
    private static Json.Obj opinion(Opinion opinion) {
        return switch (opinion) {
            case Opinion.Given given ->
                Json.object()
                        .put("cached", given.cached())
                        .put(
                                "features",
                                new Json.Arr(given.features().stream()
                                        .<Json>map(feature -> Json.object()
                                                .put("name", feature.name())
                                                .put("points", feature.points())
                                                .build())
                                        .toList()))
                        .put("judge", given.judge())
                        .put("level", given.level().wire())
                        .put("version", given.version())
                        .build();
            case Opinion.Down down ->
                down.unasked()
                        ? Json.object()
                                .put("judge", down.judge())
                                .put("level", "down")
                                .put("unasked", true)
                                .build()
                        : Json.object()
                                .put("judge", down.judge())
                                .put("level", "down")
                                .build();
        };
    }

    private static Json.Arr sorted(Set<String> texts) {
        if (texts.isEmpty()) {
            return Json.Arr.EMPTY;
        }
        return Json.Arr.ofStrings(texts.size() == 1 ? texts : new TreeSet<>(texts));
    }

    private static Json.Obj denial(Denial denial) {
        Json.Builder item = Json.object()
                .put("class", denial.reasonClass().wire())
                .put("code", denial.code())
                .put("concealed", denial.concealed());
        denial.nearest().flatMap(Denial.Nearest::rule).ifPresent(rule -> item.put("nearest", rule(rule)));
        rule(item, denial.rule());
        return item.build();
    }

    /** Resource names come from templates over arguments, and reasons may quote: both are hidden. */
    private static Map<String, Json> hidden(Decision decision) {
        Map<String, Json> hidden = new LinkedHashMap<>();
        Action action = decision.action();
        if (decision.recording().detail() != Detail.LESS) {
            if (!action.operation().arguments().members().isEmpty()) {
                hidden.put("arguments", action.operation().arguments());
            }
            action.operation().input().ifPresent(input -> hidden.put("input", input.asJson()));
            action.reasoning().ifPresent(text -> hidden.put("reasoning_claimed", new Json.Str(text)));
        }
        // Not in clear: without a salt, few possible arguments can be guessed from their digest.
        hidden.put("digest", new Json.Str(action.digest()));
        // Of the values that were put in the place of tokens, or found by guardrails, this is all that is kept.
        decision.restored().ifPresent(it -> hidden.put("sent_digest", new Json.Str(it.digest())));
        // What could not be read may be quoted by whoever could not read it.
        if (decision.recording().detail() != Detail.LESS || decision.facts().isPresent()) {
            hidden.put("reasons", reasons(decision));
            Subjects.hidden(action.operation()).ifPresent(subject -> hidden.put(Subjects.MEMBER, subject));
        }
        decision.facts().ifPresent(facts -> hidden.put("resources", resources(facts)));
        // What people granted may name arguments.
        decision.facts()
                .map(Facts::grants)
                .filter(grants -> !grants.isEmpty())
                .ifPresent(grants -> hidden.put(
                        "grants",
                        new Json.Arr(
                                grants.stream().<Json>map(TimedGrant::asJson).toList())));
        return hidden;
    }

    private static Json.Arr resources(Facts facts) {
        List<Json> names = new ArrayList<>();
        facts.accesses().forEach(access -> names.add(Json.Arr.ofStrings(access.names())));
        return new Json.Arr(names);
    }

    private static Json.Obj reasons(Decision decision) {
        List<Json> texts = new ArrayList<>();
        decision.findings().forEach(finding -> texts.add(new Json.Str(reason(finding))));
        Json.Builder reasons = Json.object().put("findings", new Json.Arr(texts));
        decision.denial().ifPresent(denial -> {
            reasons.put("denial", denial.reason()).put("tell", denial.tell()).put("help", denial.help());
            denial.nearest().ifPresent(near -> reasons.put("nearest", near.missing()));
        });
        return reasons.build();
    }

    private static String reason(Finding finding) {
        return switch (finding) {
            case Finding.Pass pass -> pass.reason();
            case Finding.Shadow shadow -> shadow.reason();
            case Finding.Warn warn ->
                warn.suggestion().isEmpty() ? warn.reason() : warn.reason() + "; suggestion: " + warn.suggestion();
            case Finding.Stop stop -> stop.denial().reason();
            case Finding.Ask ask -> ask.why().reason();
            case Finding.Redact redact -> redact.reason();
            case Finding.Oblige oblige -> oblige.reason();
        };
    }

    private static String status(Completion completion) {
        return switch (completion.effect()) {
            case Effect.Unknown ignored -> "outcome_unknown";
            case Effect.NotSent ignored -> "not_sent";
            case Effect.Kept ignored -> completion.released() instanceof Release.Withheld ? "withheld" : "released";
            case Effect.Elsewhere elsewhere -> told(elsewhere.told());
            case Effect.Refused ignored -> "upstream_error";
            case Effect.Answered answered -> answeredStatus(completion, answered);
        };
    }

    /** The decision is ours, the outcome is what the caller says. */
    private static String told(Effect.Told told) {
        return switch (told) {
            case SUCCESS -> "reported_success";
            case FAILURE -> "reported_failure";
            case NOTHING -> "not_observed";
        };
    }

    private static String answeredStatus(Completion completion, Effect.Answered answered) {
        if (completion.released() instanceof Release.Withheld) {
            return "withheld";
        }
        return answered.toolError() ? "tool_error" : "success";
    }

    private static Optional<Json.Obj> counts(Effect effect) {
        return switch (effect) {
            case Effect.Answered answered -> Optional.of(ResultCounts.of(answered.result()));
            case Effect.Refused refused ->
                Optional.of(Json.object().put("error_code", refused.code()).build());
            case Effect.Kept it -> counts(it.kept().came());
            case Effect.NotSent ignored -> Optional.empty();
            case Effect.Elsewhere ignored -> Optional.empty();
            case Effect.Unknown ignored -> Optional.empty();
        };
    }

    private static Optional<Json.Obj> counts(Release kept) {
        return switch (kept) {
            case Release.Result(Json.Obj result) -> Optional.of(ResultCounts.of(result));
            case Release.UpstreamError error ->
                Optional.of(Json.object().put("error_code", error.code()).build());
            case Release.Withheld ignored -> Optional.empty();
        };
    }

    private static Json.Arr resultFindings(List<ResultFinding> findings) {
        List<Json> items = new ArrayList<>();
        for (ResultFinding finding : findings) {
            Json.Builder item = Json.object().put("stage", finding.stage());
            switch (finding) {
                case ResultFinding.Unchanged ignored -> item.put("result", "unchanged");
                case ResultFinding.Changed ignored -> item.put("result", "changed");
                case ResultFinding.Noted ignored -> item.put("result", "noted");
                case ResultFinding.Held held ->
                    item.put("result", "withheld")
                            .put("code", held.asks().getFirst().why().code());
                case ResultFinding.Withheld held ->
                    item.put("result", "withheld").put("code", held.denial().code());
            }
            items.add(item.build());
        }
        return new Json.Arr(items);
    }

    private static Json.Arr resultReasons(Completion completion) {
        List<String> reasons = new ArrayList<>();
        for (ResultFinding finding : completion.findings()) {
            if (finding instanceof ResultFinding.Changed changed) {
                reasons.add(changed.stage() + ": " + changed.reason());
            } else if (finding instanceof ResultFinding.Noted noted) {
                reasons.add(noted.stage() + ": " + noted.reason());
            }
        }
        if (completion.released() instanceof Release.Withheld withheld) {
            reasons.add(withheld.denial().reason());
        }
        return Json.Arr.ofStrings(reasons);
    }

    /** Canonical bytes of a value that is to be hidden. */
    public static byte[] hiddenBytes(Json value) {
        return JsonWriter.canonical(value);
    }
}
