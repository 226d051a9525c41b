package dev.reeve.record;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Release;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Makes records. What may hold somebody's data (arguments, reasoning, reasons that quote) is hidden behind a commitment; names, verdicts,
 * rules and counts are in clear.
 */
public final class Records {
    /** The version of what stands in a record; member {@code v} (R32). */
    public static final int SCHEMA = 1;

    private Records() {}

    /** An intent, a denial or a hold. */
    public static Draft decided(Decision decision) {
        Action action = decision.action();
        Json.Builder body = Json.object()
                .put("kind", kind(decision))
                .put("id", action.id())
                .put("time", action.time().toString());
        who(body, action);
        body.put("session", action.session())
                .put("channel", action.channel())
                .put("operation", operation(action))
                .put("definition", action.definition())
                .put("policy", decision.policyVersion())
                .put("findings", findings(decision.findings()));
        decision.facts().ifPresent(facts -> body.put("facts", facts(facts)));
        decision.denial().ifPresent(denial -> body.put("denial", denial(denial)));
        return new Draft(body.build(), hidden(decision));
    }

    /** What came of an allowed action. */
    public static Draft completed(Completion completion, Instant now) {
        Action action = completion.action();
        Json.Builder body = Json.object()
                .put("kind", "outcome")
                .put("id", action.id())
                .put("time", now.toString())
                .put("tenant", action.principal().tenant())
                .put("agent", action.principal().agent())
                .put("status", status(completion))
                .put("elapsed_us", completion.elapsed().toNanos() / 1_000)
                .put("findings", resultFindings(completion.findings()));
        counts(completion.effect()).ifPresent(counts -> body.put("result", counts));
        if (completion.released() instanceof Release.Withheld withheld) {
            body.put("denial", denial(withheld.denial()));
        }
        Map<String, Json> hidden = new LinkedHashMap<>();
        if (completion.effect() instanceof Effect.Answered answered) {
            hidden.put("result_digest", new Json.Str(ResultCounts.digest(answered.result())));
        }
        Json.Arr reasons = resultReasons(completion);
        if (!reasons.items().isEmpty()) {
            hidden.put("reasons", reasons);
        }
        return new Draft(body.build(), hidden);
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
            case ALLOW -> "intent";
            case DENY -> "denial";
            case HOLD -> "hold";
        };
    }

    private static void who(Json.Builder body, Action action) {
        body.put("tenant", action.principal().tenant())
                .put("agent", action.principal().agent())
                .put("instance", action.principal().instance())
                .put("user", action.principal().user());
        if (!action.principal().actors().isEmpty()) {
            body.put("actors", Json.Arr.ofStrings(action.principal().actors()));
        }
    }

    private static Json.Obj operation(Action action) {
        return Json.object()
                .put("kind", action.operation().kind())
                .put("upstream", action.operation().upstream())
                .put("subject", action.operation().subject())
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
        Json.Builder item = Json.object().put("stage", finding.stage());
        switch (finding) {
            case Finding.Pass pass -> rule(item.put("result", "allowed"), pass.rule());
            case Finding.Stop stop ->
                rule(
                        item.put("result", "denied").put("code", stop.denial().code()),
                        stop.denial().rule());
            case Finding.Ask ask ->
                rule(
                        item.put("result", "held").put("code", ask.why().code()),
                        ask.why().rule());
            case Finding.Redact redact -> rule(item.put("result", "rewritten"), redact.rule());
            case Finding.Oblige oblige ->
                rule(
                        item.put("result", "obliged")
                                .put("obligation", oblige.obligation().name()),
                        oblige.rule());
        }
        return item.build();
    }

    private static void rule(Json.Builder item, Optional<RuleRef> rule) {
        rule.ifPresent(ref -> item.put("rule", rule(ref)));
    }

    private static Json.Obj rule(RuleRef ref) {
        return Json.object()
                .put("name", ref.name())
                .put("file", ref.file())
                .put("line", ref.line())
                .build();
    }

    private static Json.Obj facts(Facts facts) {
        List<Json> accesses = new ArrayList<>();
        for (Access access : facts.accesses()) {
            accesses.add(Json.object()
                    .put("verb", access.verb())
                    .put("tags", Json.Arr.ofStrings(new TreeSet<>(access.tags())))
                    .build());
        }
        return Json.object()
                .put("accesses", new Json.Arr(accesses))
                .put("result_tags", Json.Arr.ofStrings(new TreeSet<>(facts.resultTags())))
                .put("session_read", Json.Arr.ofStrings(new TreeSet<>(facts.sessionRead())))
                .put("clock_doubtful", facts.clockDoubtful())
                .build();
    }

    private static Json.Obj denial(Denial denial) {
        Json.Builder item = Json.object()
                .put("code", denial.code())
                .put("class", denial.reasonClass().wire())
                .put("concealed", denial.concealed());
        rule(item, denial.rule());
        denial.nearest().ifPresent(near -> item.put("nearest", rule(near.rule())));
        return item.build();
    }

    /** Resource names come from templates over arguments, and reasons may quote: both are hidden. */
    private static Map<String, Json> hidden(Decision decision) {
        Map<String, Json> hidden = new LinkedHashMap<>();
        Action action = decision.action();
        if (!action.operation().arguments().members().isEmpty()) {
            hidden.put("arguments", action.operation().arguments());
        }
        action.reasoning().ifPresent(text -> hidden.put("reasoning_claimed", new Json.Str(text)));
        // Not in clear: without a salt, few possible arguments can be guessed from their digest.
        hidden.put("digest", new Json.Str(action.digest()));
        hidden.put("reasons", reasons(decision));
        decision.facts().ifPresent(facts -> hidden.put("resources", resources(facts)));
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
            case Effect.Refused ignored -> "upstream_error";
            case Effect.Answered answered -> answeredStatus(completion, answered);
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
            case Effect.NotSent ignored -> Optional.empty();
            case Effect.Unknown ignored -> Optional.empty();
        };
    }

    private static Json.Arr resultFindings(List<ResultFinding> findings) {
        List<Json> items = new ArrayList<>();
        for (ResultFinding finding : findings) {
            Json.Builder item = Json.object().put("stage", finding.stage());
            switch (finding) {
                case ResultFinding.Unchanged ignored -> item.put("result", "unchanged");
                case ResultFinding.Changed ignored -> item.put("result", "changed");
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
