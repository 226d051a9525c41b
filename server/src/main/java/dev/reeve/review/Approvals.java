package dev.reeve.review;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** People who say yes faster than they can have read, and those who went round the rest. */
final class Approvals implements Detector {
    private static final int MOST_WAITING = 20_000;
    private static final int MOST_PEOPLE = 1_000;

    /** Nobody reads a call and thinks about it in less. */
    private static final Duration SECONDS = Duration.ofSeconds(15);

    /** So many in a row, each within those seconds. */
    private static final int SERIES = 5;

    private final Map<String, Instant> asked = new Recent<>(MOST_WAITING);
    private final Map<String, Deque<Seen>> quick = new Recent<>(MOST_PEOPLE);

    @Override
    public void take(Seen record, Findings findings) {
        // People are asked about a result by the outcome that holds it.
        if (record.kind().equals("hold")
                || (record.kind().equals("outcome") && record.text("status").equals("withheld"))) {
            asked.putIfAbsent(record.id(), record.time());
        } else if (record.kind().equals("control")) {
            switch (record.text("act")) {
                case "approval_approve" -> approved(record, findings);
                case "break_glass" ->
                    findings.add(
                            Check.BREAK_GLASS,
                            Severity.HIGH,
                            "let through without those who are asked else",
                            record,
                            record.subject(),
                            record.text("person"));
                default -> {}
            }
        }
    }

    private void approved(Seen yes, Findings findings) {
        Instant since = asked.get(yes.subject());
        Deque<Seen> row = quick.computeIfAbsent(yes.text("person"), ignored -> new ArrayDeque<>());
        if (since == null || Duration.between(since, yes.time()).compareTo(SECONDS) > 0) {
            row.clear();
            return;
        }
        row.addLast(yes);
        if (row.size() == SERIES) {
            findings.addSeries(
                    Check.HASTY_APPROVALS,
                    Severity.MEDIUM,
                    SERIES + " in a row, each within " + SECONDS.toSeconds() + " s of being asked",
                    List.copyOf(row),
                    yes.text("person"));
            row.clear();
        }
    }
}
