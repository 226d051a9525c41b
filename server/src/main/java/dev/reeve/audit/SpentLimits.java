package dev.reeve.audit;

import dev.reeve.action.Action;
import dev.reeve.budget.Per;
import dev.reeve.budget.Tally;
import dev.reeve.gate.Spending;
import dev.reeve.json.Json;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.record.RecordTime;
import dev.reeve.strict.JsonRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of the limits was used up, read back from the record: the ledger is what counts, whatever was in memory when a process died. */
final class SpentLimits {
    /** Records are canonical, so this is how it begins in every one of them. */
    private static final String MARK = "\"limits\":[{\"amount\":";
    /** What a start writes of a call that nobody knows the end of: without limits. */
    private static final String UNKNOWN = "\"status\":\"outcome_unknown\"";

    private static final List<String> NAMES = List.of("agent", "instance", "tenant", "user");
    /** Its own, and those of the context. */
    private static final List<String> ROLES = List.of("roles", "assigned");

    private static final List<String> NAMES_OF_OPERATION = List.of("kind", "upstream");
    /** So many records are read for nothing rather than looking for a closer place to begin. */
    private static final long CLOSE = 50_000;

    /** A record may be written so much later than what it tells of. */
    private static final Duration LATE = Duration.ofMinutes(10);

    private SpentLimits() {}

    /** From where on the record is read if nothing is known. {@code since}: what happened before counts no more. */
    static long begin(Ledger ledger, Instant since) throws LedgerUnavailableException {
        return begin(ledger, since.minus(LATE), CLOSE);
    }

    /**
     * Reads all from one place on.
     *
     * @param from the first that {@code into} does not tell of
     * @return up to which record
     */
    static long readOn(Ledger ledger, long from, Tally into) throws LedgerUnavailableException {
        long[] next = {from};
        ledger.read(from, (index, leaf, disclosures) -> {
            next[0] = index + 1;
            String text = new String(leaf, StandardCharsets.ISO_8859_1);
            if (text.contains(MARK) || text.contains(UNKNOWN)) {
                try {
                    take(index, leaf, disclosures, into);
                } catch (JsonRefusedException e) {
                    throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
                }
            }
            return true;
        });
        return next[0];
    }

    /** An index before which nothing is as young as that. Times in the record never go back by more than what is late. */
    static long begin(Ledger ledger, Instant since, long close) throws LedgerUnavailableException {
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

    /** Of a call of before, people released the result: the call itself counted when it ran. */
    private static final Set<String> NOTHING_SENT = Set.of("not_sent", "released");

    private static void take(long index, byte[] bytes, List<Disclosure> disclosures, Tally into)
            throws JsonRefusedException {
        Json.Obj leaf = StoredRecords.whole(index, bytes, disclosures);
        List<Spending> spendings = spendings(leaf);
        String id = text(leaf, "id");
        String subject = StoredRecords.subject(leaf, disclosures);
        switch (text(leaf, "kind")) {
            case "intent" ->
                into.intent(
                        id, who(leaf, subject, disclosures, into), spendings, () -> call(leaf, subject, disclosures));
            case "verdict" ->
                into.verdict(
                        id, who(leaf, subject, disclosures, into), spendings, () -> call(leaf, subject, disclosures));
            case "denial" -> into.denial(who(leaf, subject, disclosures, into), spendings);
            case "outcome" ->
                leaf.string("time")
                        .flatMap(SpentLimits::instant)
                        .ifPresent(at -> into.outcome(id, !NOTHING_SENT.contains(text(leaf, "status")), at, spendings));
            default -> {}
        }
    }

    /**
     * Empty if the arguments were not recorded as they were, or are erased: what is left does not give the digest of the action. So too where
     * values were put in the place of tokens, or taken out of the record: what reads the same is not the same.
     */
    private static Optional<String> call(Json.Obj leaf, String subject, List<Disclosure> disclosures) {
        if (leaf.has("restored") || leaf.has("taken_out")) {
            return Optional.empty();
        }
        try {
            Json.Obj arguments =
                    StoredRecords.disclosed("arguments", disclosures).orElse(Json.Obj.EMPTY) instanceof Json.Obj object
                            ? object
                            : Json.Obj.EMPTY;
            Optional<Json> input = StoredRecords.disclosed("input", disclosures);
            Map<String, String> names = new HashMap<>();
            NAMES.forEach(name -> leaf.string(name).ifPresent(value -> names.put(name, value)));
            Json.Obj operation = leaf.object("operation").orElse(Json.Obj.EMPTY);
            NAMES_OF_OPERATION.forEach(name -> names.put(name, text(operation, name)));
            names.put("subject", subject);
            Json digest = new Json.Str(Action.digest(names, arguments, input));
            return StoredRecords.disclosed("digest", disclosures)
                    .filter(digest::equals)
                    .map(same -> Tally.call(
                            text(operation, "kind"), subject, text(operation, "upstream"), arguments, input));
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("a record is not ours: " + e.getMessage(), e);
        }
    }

    private static Per.Who who(Json.Obj leaf, String subject, List<Disclosure> disclosures, Tally into)
            throws JsonRefusedException {
        Set<String> roles = new HashSet<>();
        ROLES.forEach(member -> leaf.array(member)
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(item -> {
                    if (item instanceof Json.Str role) {
                        roles.add(role.value());
                    }
                }));
        return new Per.Who(
                text(leaf, "tenant"),
                text(leaf, "agent"),
                text(leaf, "instance"),
                roles,
                text(leaf, "user"),
                text(leaf, "session"),
                subject,
                into.countsByModel() ? models(disclosures) : Set.of());
    }

    /** Of an action whose names are erased, nobody can tell. */
    private static Set<String> models(List<Disclosure> disclosures) throws JsonRefusedException {
        return StoredRecords.disclosed("resources", disclosures).orElse(Json.Arr.EMPTY) instanceof Json.Arr accesses
                ? Per.Who.models(accesses.items().stream()
                        .filter(Json.Arr.class::isInstance)
                        .flatMap(names -> ((Json.Arr) names).items().stream())
                        .filter(Json.Str.class::isInstance)
                        .map(name -> ((Json.Str) name).value()))
                : Set.of();
    }

    private static String text(Json.Obj object, String member) {
        return object.string(member).orElse("");
    }

    private static List<Spending> spendings(Json.Obj leaf) {
        List<Spending> spendings = new ArrayList<>();
        String said = "";
        Optional<Instant> at = Optional.empty();
        for (Json item : leaf.array("limits").orElse(Json.Arr.EMPTY).items()) {
            if (item instanceof Json.Obj one) {
                // Mostly it is the same of all, and reading a time is the dearest part of this.
                String now = text(one, "at");
                at = now.equals(said) ? at : instant(now);
                said = now;
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
            return Optional.of(RecordTime.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
