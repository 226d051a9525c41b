package dev.reeve.control;

import dev.reeve.audit.EventQuery;
import dev.reeve.audit.Quotas;
import dev.reeve.audit.Scope;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Writes down who reads the record. One record for each answer, however many events it shows; beyond a person's quota readings are counted,
 * and the counts are recorded, so that reading is no way to fill the disk (R15). What cannot be recorded is not shown.
 */
public final class Readings {
    static final String ACT = "audit_read";
    /** Recorded one by one at once. */
    static final int BURST = 200;
    /** And then one more each so often. */
    static final Duration REFILL = Duration.ofSeconds(1);

    private final AdminRecords records;
    private final Consumer<String> counted;
    /** By person: whoever has a token. */
    private final Quotas<String> quotas;

    /** @param counted takes the person of each reading that is only counted */
    public Readings(AdminRecords records, Consumer<String> counted, InstantSource clock) {
        this.records = records;
        this.counted = counted;
        this.quotas = new Quotas<>(BURST, REFILL, clock);
    }

    /** What was read; a part that says nothing is left away. */
    record Reading(String what, EventQuery asked, Scope scope, Json.Obj shown) {
        Json.Obj difference() {
            Json.Builder filter = Json.object();
            new TreeMap<>(asked.parts()).forEach((part, value) -> filter.put(part.wire(), value));
            Json.Builder difference = Json.object().put("filter", filter);
            scope.agents().ifPresent(agents -> difference.put("scope", Json.Arr.ofStrings(new TreeSet<>(agents))));
            shown.members().forEach(difference::put);
            return difference.build();
        }
    }

    /**
     * Elsewhere than by a route of the control API; by the same quota. Returns when it is recorded, or counted.
     *
     * @param what {@code log}, ...
     */
    public void record(String person, String what, Json.Obj shown) throws UnrecordableException {
        if (quotas.take(person)) {
            records.record(person, ACT, what, shown);
        } else {
            counted.accept(person);
        }
    }

    /** Returns when it is recorded, or counted. */
    void record(Caller caller, Reading reading) throws RefusedException {
        try {
            record(caller.person(), reading.what(), reading.difference());
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable(
                    "unrecordable",
                    "it cannot be recorded that this is read, so it is not shown (on the machine itself,"
                            + " `reeve audit search --ledger` reads the files): " + e.getMessage());
        }
    }
}
