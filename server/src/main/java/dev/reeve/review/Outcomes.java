package dev.reeve.review;

import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Joins each outcome with its intent and compares: status, what was reserved, the policy of the moment. */
final class Outcomes implements Detector {
    /** Beyond so many that run at once, the oldest is not waited for any more, and an outcome without intent proves nothing. */
    private static final int MOST_OPEN = 10_000;

    /** What runs longer is told. Calls end after `gateway.call_timeout`, a day at most. */
    private static final Duration LONG = Duration.ofDays(1);

    private final Volumes volumes = new Volumes();
    private final Map<String, Seen> open = new LinkedHashMap<>();
    private String policy = "";
    private boolean forgot;

    @Override
    public void take(Seen record, Findings findings) {
        if (record.isDecision()) {
            policy = record.text("policy");
        } else if (record.kind().equals("control") && record.text("act").equals("policy")) {
            // Nothing need be decided by it before what was begun under another one ends.
            policy = record.subject();
        }
        switch (record.kind()) {
            case "intent" -> begin(record);
            case "outcome" -> finish(record, findings);
            default -> {}
        }
    }

    private void begin(Seen intent) {
        open.put(intent.id(), intent);
        if (open.size() > MOST_OPEN) {
            Iterator<String> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
            forgot = true;
        }
    }

    private void finish(Seen outcome, Findings findings) {
        Seen intent = open.remove(outcome.id());
        if (intent == null) {
            if (!forgot) {
                findings.add(Check.NO_INTENT, Severity.HIGH, "its id is of no open intent", outcome, outcome.agent());
            }
            return;
        }
        status(intent, outcome, findings);
        volumes.compare(intent, outcome, findings);
        if (exceeds(intent, outcome)) {
            findings.add(
                    Check.MORE_THAN_RESERVED,
                    Severity.HIGH,
                    "the outcome counts more than the intent reserved",
                    outcome,
                    intent.agent(),
                    intent.subject());
        }
        if (!intent.text("policy").equals(policy)) {
            findings.add(
                    Check.POLICY_BETWEEN,
                    intent.changes() ? Severity.MEDIUM : Severity.LOW,
                    "decided by another version than was in force at its end",
                    outcome,
                    intent.agent(),
                    intent.subject());
        }
    }

    private static void status(Seen intent, Seen outcome, Findings findings) {
        switch (outcome.text("status")) {
            case "outcome_unknown" -> unknown(intent, outcome, findings);
            case "withheld" ->
                findings.add(
                        Check.WITHHELD,
                        Severity.MEDIUM,
                        "code " + code(outcome),
                        outcome,
                        intent.agent(),
                        intent.subject(),
                        code(outcome));
            default -> {}
        }
    }

    private static void unknown(Seen intent, Seen outcome, Findings findings) {
        findings.add(
                Check.UNKNOWN_OUTCOME,
                intent.changes() ? Severity.HIGH : Severity.LOW,
                intent.changes() ? "it may have changed something" : "it only read",
                outcome,
                intent.agent(),
                intent.subject());
    }

    private static String code(Seen outcome) {
        return outcome.leaf()
                .object("denial")
                .flatMap(denial -> denial.string("code"))
                .orElse("");
    }

    private static boolean exceeds(Seen intent, Seen outcome) {
        Map<String, Double> reserved = new HashMap<>();
        intent.items("limits").forEach(limit -> amount(limit).ifPresent(amount -> reserved.put(id(limit), amount)));
        return outcome.items("limits").stream()
                .anyMatch(limit -> amount(limit)
                        .filter(amount -> amount > reserved.getOrDefault(id(limit), Double.MAX_VALUE))
                        .isPresent());
    }

    private static String id(Json limit) {
        return ((Json.Obj) limit).string("id").orElse("");
    }

    private static Optional<Double> amount(Json limit) {
        return ((Json.Obj) limit)
                .get("amount")
                .filter(Json.Num.class::isInstance)
                .map(number -> ((Json.Num) number).value());
    }

    /** Each belongs to the range in which it became overdue, so to one only: the range of its intent ended before. */
    @Override
    public void end(Instant upTo, Findings findings) {
        for (Seen intent : open.values()) {
            Instant overdue = intent.time().plus(LONG);
            if (overdue.isBefore(upTo)) {
                findings.addSince(
                        overdue,
                        Check.NO_OUTCOME,
                        Severity.HIGH,
                        "more than a day ago, and no outcome since",
                        intent,
                        intent.agent(),
                        intent.subject());
            }
        }
    }
}
