package dev.reeve.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which policies were in force, one after the other. Their files are in the ledger; what is here says where, and which is the one that a
 * process that starts goes on from (R27, R29).
 */
public final class StoredPolicyVersions {
    private static final SealedTable TABLE = new SealedTable(
            "policy_versions", List.of("number"), List.of("policy", "since", "person", "seconded", "record"));

    private final Store store;

    public StoredPolicyVersions(Store store) {
        this.store = store;
    }

    /**
     * @param number from 1 on; a policy that was put back has a new one
     * @param policy the version by content: SHA-256 over its files
     * @param person whose edit it was
     * @param seconded who agreed to it, where a second person had to
     * @param record of the ledger, with all its files
     */
    public record Version(
            long number, String policy, Instant since, String person, Optional<String> seconded, long record) {}

    /** Oldest first. */
    public List<Version> all() throws StoreException {
        return store.read(reading -> TABLE.rows(reading).stream()
                .map(row -> new Version(
                        row.number("number"),
                        row.text("policy"),
                        row.time("since"),
                        row.text("person"),
                        row.optionalText("seconded"),
                        row.number("record")))
                .toList());
    }

    /** Durable when it returns. */
    public void add(Version version) throws StoreException {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("number", version.number());
        row.put("policy", version.policy());
        row.put("since", Micros.of(version.since()));
        row.put("person", version.person());
        row.put("seconded", version.seconded().orElse(null));
        row.put("record", version.record());
        store.write(writing -> {
            TABLE.put(writing, row);
            return true;
        });
    }
}
