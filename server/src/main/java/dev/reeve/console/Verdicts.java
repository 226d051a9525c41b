package dev.reeve.console;

import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.console.Html.Tag;

/** What became of an action, by word, colour and shape. */
record Verdicts(String kind, String word) {
    static Verdicts of(String status) {
        return switch (status) {
            case "success", "reported_success" -> new Verdicts("allowed", "Allowed");
            case "verdict_only" -> new Verdicts("allowed", "Verdict given");
            case "tool_error", "reported_failure" -> new Verdicts("failed", "Tool failed");
            case "upstream_error" -> new Verdicts("failed", "Server failed");
            case "denied" -> new Verdicts("denied", "Denied");
            case "released" -> new Verdicts("allowed", "Result released");
            case "withheld" -> new Verdicts("denied", "Result withheld");
            case "held" -> new Verdicts("held", "Asked a person");
            case "pending" -> new Verdicts("open", "Running");
            case "outcome_unknown" -> new Verdicts("failed", "Outcome unknown");
            case "not_sent" -> new Verdicts("failed", "Not sent");
            case "not_observed" -> new Verdicts("open", "Not observed");
            default -> new Verdicts("open", "Recorded");
        };
    }

    Html badge() {
        return Html.of(
                Tag.SPAN,
                style("verdict"),
                attribute("data-verdict", kind),
                Html.of(Tag.SPAN, style("shape"), attribute("aria-hidden", "true")),
                Html.of(Tag.SPAN, attribute("data-f", "word"), text(word)));
    }
}
