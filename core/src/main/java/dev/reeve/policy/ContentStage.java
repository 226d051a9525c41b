package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Tokens;
import dev.reeve.guard.Content;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.json.Json;
import dev.reeve.policy.Guardrail.Response;
import dev.reeve.policy.Guardrails.ContentRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for what guardrails name in everything that comes back, and for signs of injection whatever they name. What goes out is remembered
 * of the instance: rules see it as {@code session.read}.
 */
final class ContentStage implements ResultStage {
    static final String NAME = "content";

    private final Guardrails guardrails;
    private final Detectors detectors;

    ContentStage(Guardrails guardrails) {
        this.guardrails = guardrails;
        Set<Kind> kinds = new HashSet<>(guardrails.kindsOfResults());
        kinds.addAll(Kinds.named(DataClass.INJECTION.group()));
        this.detectors = Detectors.of(kinds);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
        return examine(action, facts, result, Tokens.Exchange.NONE);
    }

    @Override
    public ResultFinding examine(Action action, Facts facts, Json.Obj result, Tokens.Exchange exchange) {
        if (!Guardrails.hasContent(action.operation())) {
            return new ResultFinding.Unchanged(NAME);
        }
        Map<Kind, Integer> counts = Content.count(detectors, result);
        if (counts.isEmpty()) {
            return new ResultFinding.Unchanged(NAME);
        }
        List<ContentRule> rules = guardrails.ofResults(action, facts).stream()
                .filter(rule -> !rule.of(counts).isEmpty())
                .toList();
        return first(rules, Response.DENY)
                .map(rule -> withheld(rule, "content_denied", ReasonClass.POLICY, counts))
                .or(() -> first(rules, Response.HOLD)
                        .map(rule -> withheld(rule, "content_held", ReasonClass.APPROVAL, counts)))
                .orElseGet(() -> released(rules, counts, result, new Tokenising(rules, exchange)));
    }

    private static Optional<ContentRule> first(List<ContentRule> rules, Response response) {
        return rules.stream().filter(rule -> rule.response() == response).findFirst();
    }

    private static ResultFinding withheld(
            ContentRule rule, String code, ReasonClass reasonClass, Map<Kind, Integer> counts) {
        Denial denial =
                rule.ground().denial(code, reasonClass, "found in the result: " + Content.told(rule.of(counts)));
        return new ResultFinding.Withheld(NAME, denial);
    }

    private static ResultFinding released(
            List<ContentRule> rules, Map<Kind, Integer> counts, Json.Obj result, Tokenising tokens) {
        Set<Kind> redacted = new HashSet<>();
        rules.stream()
                .filter(rule -> rule.response() == Response.REDACT)
                .forEach(rule -> redacted.addAll(rule.of(counts).keySet()));
        Map<Kind, Integer> gone = new TreeMap<>(counts);
        gone.keySet().retainAll(redacted);
        Map<Kind, Integer> left = new TreeMap<>(counts);
        left.keySet().removeAll(redacted);
        Json.Obj out = gone.isEmpty() ? result : (Json.Obj) Content.redact(Detectors.of(redacted), result, tokens);
        if (!gone.isEmpty() && losesNumbers(result, out)) {
            return new ResultFinding.Withheld(
                    NAME,
                    Denial.of(
                            "content_unfit",
                            ReasonClass.POLICY,
                            "a number of the structured result would become a placeholder, and no longer fit its schema: "
                                    + Content.told(gone)));
        }
        String said = (gone.isEmpty() ? "" : "taken out: " + Content.told(gone))
                + (tokens.plain() == 0 ? "" : ", for good: " + tokens.plain())
                + (gone.isEmpty() || left.isEmpty() ? "" : "; ")
                + (left.isEmpty() ? "" : "found: " + Content.told(left))
                + names(rules);
        List<String> told = told(rules);
        if (gone.isEmpty() && told.isEmpty()) {
            return new ResultFinding.Noted(NAME, said, Kinds.tags(left.keySet()));
        }
        return new ResultFinding.Changed(NAME, said, with(out, told), Kinds.tags(left.keySet()));
    }

    private static String names(List<ContentRule> rules) {
        List<String> names = new ArrayList<>();
        rules.forEach(rule -> names.add(rule.ground().ref().name()));
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }

    private static List<String> told(List<ContentRule> rules) {
        return rules.stream()
                .filter(rule -> rule.response() == Response.WARN
                        && rule.ground().tellAgent()
                        && !rule.ground().reason().isEmpty())
                .map(rule -> rule.ground().reason())
                .toList();
    }

    /** A warning that the agent may read is a text of its own before the others. */
    private static Json.Obj with(Json.Obj result, List<String> told) {
        Optional<Json.Arr> content = result.array("content");
        if (told.isEmpty() || content.isEmpty()) {
            return result;
        }
        List<Json> items = new ArrayList<>();
        told.forEach(text -> items.add(
                Json.object().put("type", "text").put("text", "[reeve] " + text).build()));
        items.addAll(content.get().items());
        return result.with("content", new Json.Arr(items));
    }

    /** Where a schema wants a number it is broken by a text, and clients that check would refuse all of it. */
    static boolean losesNumbers(Json.Obj before, Json.Obj after) {
        return numbers(before.get("structuredContent")) != numbers(after.get("structuredContent"));
    }

    private static long numbers(Optional<Json> value) {
        return value.map(ContentStage::numbers).orElse(0L);
    }

    private static long numbers(Json value) {
        return switch (value) {
            case Json.Num ignored -> 1;
            case Json.Arr array ->
                array.items().stream().mapToLong(ContentStage::numbers).sum();
            case Json.Obj object ->
                object.members().values().stream()
                        .mapToLong(ContentStage::numbers)
                        .sum();
            case Json.Str ignored -> 0;
            case Json.Bool ignored -> 0;
            case Json.Null ignored -> 0;
        };
    }
}
