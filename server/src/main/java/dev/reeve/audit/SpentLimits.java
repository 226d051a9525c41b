package dev.reeve.audit;

import dev.reeve.budget.Budgets;
import dev.reeve.budget.Per;
import dev.reeve.gate.Spending;
import dev.reeve.json.Json;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of the limits was used up, read back from the record: the ledger is what counts, whatever was in memory when a process died. */
public final class SpentLimits {
    /** Records are canonical, so this is how it begins in every one of them. */
    private static final String MARK = "\"limits\":[{\"amount\":";
    /** So many records are read for nothing rather than looking for a closer place to begin. */
    private static final long CLOSE = 50_000;

    /** A record may be written so much later than what it tells of. */
    private static final Duration LATE = Duration.ofMinutes(10);

    private SpentLimits() {}

    /**
     * Called at the start, before anything is served.
     *
     * @param since what happened before counts no more
     * @return how many records were read
     */
    public static long readBack(Ledger ledger, Instant since, Budgets.Restoring into)
            throws LedgerUnavailableException {
        return readBack(ledger, since, into, CLOSE);
    }

    static long readBack(Ledger ledger, Instant since, Budgets.Restoring into, long close)
            throws LedgerUnavailableException {
        long from = begin(ledger, since.minus(LATE), close);
        long[] read = new long[1];
        ledger.read(from, (index, leaf, disclosures) -> {
            read[0]++;
            if (new String(leaf, StandardCharsets.ISO_8859_1).contains(MARK)) {
                try {
                    take(StoredRecords.read(index, leaf, disclosures), into);
                } catch (JsonRefusedException e) {
                    throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
                }
            }
            return true;
        });
        return read[0];
    }

    /** An index before which nothing is as young as that. Times in the record never go back by more than what is late. */
    private static long begin(Ledger ledger, Instant since, long close) throws LedgerUnavailableException {
        long low = 0;
        long high = ledger.size();
        while (high - low > close) {
            long middle = low + (high - low) / 2;
            if (time(ledger, middle).filter(when -> when.isBefore(since)).isPresent()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Optional<Instant> time(Ledger ledger, long at) throws LedgerUnavailableException {
        List<Instant> found = new ArrayList<>(1);
        ledger.read(at, (index, leaf, disclosures) -> {
            try {
                StoredRecords.read(index, leaf, List.of())
                        .leaf()
                        .string("time")
                        .flatMap(SpentLimits::instant)
                        .ifPresent(found::add);
            } catch (JsonRefusedException e) {
                throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
            }
            return false;
        });
        return found.stream().findFirst();
    }

    private static void take(Stored record, Budgets.Restoring into) {
        List<Spending> spendings = spendings(record.leaf());
        switch (record.kind()) {
            case "intent", "verdict" -> into.reserved(record.id(), who(record.leaf()), spendings);
            case "outcome" -> into.spent(record.id(), spendings);
            default -> {}
        }
    }

    private static Per.Who who(Json.Obj leaf) {
        Set<String> roles = new HashSet<>();
        leaf.array("roles").orElse(Json.Arr.EMPTY).items().forEach(item -> {
            if (item instanceof Json.Str role) {
                roles.add(role.value());
            }
        });
        return new Per.Who(
                text(leaf, "tenant"),
                text(leaf, "agent"),
                text(leaf, "instance"),
                roles,
                text(leaf, "user"),
                text(leaf, "session"),
                leaf.object("operation")
                        .map(operation -> text(operation, "subject"))
                        .orElse(""));
    }

    private static String text(Json.Obj object, String member) {
        return object.string(member).orElse("");
    }

    private static List<Spending> spendings(Json.Obj leaf) {
        List<Spending> spendings = new ArrayList<>();
        for (Json item : leaf.array("limits").orElse(Json.Arr.EMPTY).items()) {
            if (item instanceof Json.Obj one) {
                Optional<Instant> at = one.string("at").flatMap(SpentLimits::instant);
                Optional<Long> amount = one.get("amount")
                        .filter(Json.Num.class::isInstance)
                        .flatMap(number -> ((Json.Num) number).whole());
                if (at.isPresent() && amount.isPresent()) {
                    spendings.add(new Spending(text(one, "id"), text(one, "limit"), at.get(), amount.get()));
                }
            }
        }
        return spendings;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
