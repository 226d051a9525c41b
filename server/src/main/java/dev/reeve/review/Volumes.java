package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Results with many more rows than their tool ever gave before. By powers of two, so that a tool costs as little as a few numbers. */
final class Volumes {
    private static final int MOST_TOOLS = 5_000;

    /** A tool is known once it answered so often. */
    private static final int KNOWN = 50;

    private static final long FEW_ROWS = 200;
    private static final long MANY_TIMES = 8;

    private final Map<String, Usual> usual = new HashMap<>();

    private static final class Usual {
        private long answers;
        private long most;
    }

    void compare(Seen intent, Seen outcome, Findings findings) {
        rows(outcome).ifPresent(rows -> compare(intent, outcome, rows, findings));
    }

    private void compare(Seen intent, Seen outcome, long rows, Findings findings) {
        if (usual.size() >= MOST_TOOLS && !usual.containsKey(intent.subject())) {
            return;
        }
        Usual before = usual.computeIfAbsent(intent.subject(), ignored -> new Usual());
        if (before.answers >= KNOWN && rows >= FEW_ROWS && rows > MANY_TIMES * before.most) {
            findings.add(
                    Check.UNUSUALLY_MANY_ROWS,
                    intent.isLabelled() ? Severity.HIGH : Severity.MEDIUM,
                    rows + " rows; " + before.answers + " answers before had " + before.most + " at most",
                    outcome,
                    intent.agent(),
                    intent.subject());
        }
        before.answers++;
        before.most = Math.max(before.most, rows);
    }

    private static Optional<Long> rows(Seen outcome) {
        return outcome.leaf()
                .object("result")
                .flatMap(result -> result.get("rows_returned"))
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole());
    }
}
