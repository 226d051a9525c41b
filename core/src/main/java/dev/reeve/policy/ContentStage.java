package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Tokens;
import dev.reeve.guard.Content;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Found;
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
import java.util.stream.Collectors;

/**
 * Looks for what guardrails name in everything that comes back, and for signs of injection whatever they name. What goes out is remembered
 * of the instance: rules see it as {@code session.read}.
 */
final class ContentStage implements ResultStage {
    static final String NAME = "content";

    private final Guardrails guardrails;
    private final Detectors detectors;
    private final Detectors values;

    ContentStage(Guardrails guardrails) {
        this.guardrails = guardrails;
        Set<Kind> kinds = new HashSet<>(guardrails.kindsOfResults());
        this.values = Detectors.of(kinds.stream()
                .filter(kind -> kind.dataClass() != DataClass.INJECTION)
                .collect(Collectors.toSet()));
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
        Optional<ResultFinding> never =
                first(rules, Response.DENY).map(rule -> new ResultFinding.Withheld(NAME, denial(rule, counts)));
        if (never.isPresent()) {
            return never.get();
        }
        ResultFinding left = released(rules, counts, result, new Tokenising(rules, exchange));
        List<Finding.Ask> asks = rules.stream()
                .filter(rule -> rule.response() == Response.HOLD)
                .map(rule -> ask(rule, counts))
                .toList();
        return asks.isEmpty() ? left : held(asks, left, counts, result);
    }

    private static Finding.Ask ask(ContentRule rule, Map<Kind, Integer> counts) {
        return new Finding.Ask(NAME, denial(rule, counts), rule.by(), Optional.of(AskTerms.USUAL));
    }

    /** What is left of it waits; what must not go out at all does not wait for anybody. */
    private ResultFinding held(List<Finding.Ask> asks, ResultFinding left, Map<Kind, Integer> counts, Json.Obj result) {
        Json.Obj out = switch (left) {
            case ResultFinding.Changed changed -> changed.result();
            case ResultFinding.Unchanged ignored -> result;
            case ResultFinding.Noted ignored -> result;
            case ResultFinding.Held again -> again.result();
            case ResultFinding.Withheld ignored -> result;
        };
        if (left instanceof ResultFinding.Withheld) {
            return left;
        }
        Json.Obj shown = (Json.Obj) Content.redact(detectors, result, this::shown);
        return new ResultFinding.Held(NAME, asks, out, shown, Content.told(counts), left.classes());
    }

    /** Values are nobody's to see; a sign of injection is what must be judged, and stands there with its name. */
    private String shown(Found found, String name, String text) {
        if (found.kind().dataClass() != DataClass.INJECTION) {
            return found.kind().placeholder();
        }
        Json sign = new Json.Str(text.substring(found.start(), found.end()));
        return (Content.redact(values, sign) instanceof Json.Str(String plain) ? plain : "") + "["
                + found.kind().id() + "]";
    }

    private static Optional<ContentRule> first(List<ContentRule> rules, Response response) {
        return rules.stream().filter(rule -> rule.response() == response).findFirst();
    }

    private static Denial denial(ContentRule rule, Map<Kind, Integer> counts) {
        boolean waits = rule.response() == Response.HOLD;
        return rule.ground()
                .denial(
                        waits ? "content_held" : "content_denied",
                        waits ? ReasonClass.APPROVAL : ReasonClass.POLICY,
                        "found in the result: " + Content.told(rule.of(counts)));
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

    /** A warning that the agent may read is a text of its own before the others; where it stands there already, it does so once. */
    private static Json.Obj with(Json.Obj result, List<String> told) {
        Optional<Json.Arr> content = result.array("content");
        if (told.isEmpty() || content.isEmpty()) {
            return result;
        }
        List<Json> items = new ArrayList<>();
        told.forEach(text -> items.add(
                Json.object().put("type", "text").put("text", "[reeve] " + text).build()));
        List<Json> before = content.get().items();
        items.removeAll(before.stream().takeWhile(List.copyOf(items)::contains).toList());
        items.addAll(before);
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
