package dev.reeve.cli;

import dev.reeve.audit.ControlActs;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoredPolicyVersions;
import dev.reeve.store.StoredPolicyVersions.Version;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which policies were in force: the list is in the store, the files of each in the record. */
final class PolicyVersions {
    /** What its record is called. */
    static final String ACT = "policy";

    private final Foundation foundation;
    private final StoredPolicyVersions stored;

    PolicyVersions(Foundation foundation) {
        this.foundation = foundation;
        this.stored = new StoredPolicyVersions(foundation.room().store());
    }

    /** The one that was in force when the list was last written. */
    Optional<Version> last() {
        try {
            List<Version> all = stored.all();
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        } catch (StoreException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Its files, by name; empty if the record does not have them, or has others. */
    Optional<SortedMap<String, String>> files(Version version) {
        try {
            return ControlActs.at(foundation.ledger(), version.record())
                    .map(record -> record.disclosed().get("difference"))
                    .filter(Json.Obj.class::isInstance)
                    .map(Json.Obj.class::cast)
                    .filter(difference -> difference.string("after").equals(Optional.of(version.policy())))
                    .flatMap(PolicyVersions::files);
        } catch (LedgerUnavailableException e) {
            return Optional.empty();
        }
    }

    /** What stands in the record of a change. */
    static Optional<SortedMap<String, String>> files(Json.Obj difference) {
        return difference.object("files").map(files -> {
            SortedMap<String, String> texts = new TreeMap<>();
            files.members().forEach((name, text) -> {
                if (text instanceof Json.Str one) {
                    texts.put(name, one.value());
                }
            });
            return texts;
        });
    }

    /**
     * Writes down that a policy comes into force, before it does.
     *
     * @param seconded who agreed, where a second person had to
     */
    void add(String person, String policy, Json.Obj difference, Optional<String> seconded)
            throws UnrecordableException {
        Json.Obj whole = seconded.isEmpty() ? difference : difference.with("seconded_by", Json.of(seconded.get()));
        long record = foundation.recordPolicy(person, policy, whole);
        try {
            stored.add(new Version(
                    last().map(Version::number).orElse(0L) + 1,
                    policy,
                    foundation.clock().latest(),
                    person,
                    seconded,
                    record));
        } catch (StoreException e) {
            throw new UnrecordableException("the list of policies cannot be written: " + e.getMessage(), e);
        }
    }
}
