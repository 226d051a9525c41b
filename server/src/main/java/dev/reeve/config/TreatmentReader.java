package dev.reeve.config;

import dev.reeve.policy.Treatment;
import dev.reeve.policy.Treatment.Masks;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What a permission or an allowing rule says of results, as a value. */
final class TreatmentReader {
    static final List<String> KEYS = List.of("columns", "redact", "limit", "warn");

    private TreatmentReader() {}

    /** What is wrong in it was told when its shape was checked. */
    static Treatment read(Node.Mapping entry) {
        if (KEYS.stream().noneMatch(entry::mentions)) {
            return Treatment.NONE;
        }
        List<String> columns = entry.texts("columns");
        return new Treatment(
                columns.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(new HashSet<>(columns))),
                entry.mapping("redact").map(TreatmentReader::masks).orElse(Masks.NONE),
                entry.text("limit").map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty()),
                entry.text("warn").map(List::of).orElse(List.of()));
    }

    private static Masks masks(Node.Mapping redact) {
        return new Masks(
                new HashSet<>(redact.texts("fields")),
                new HashSet<>(redact.texts("tags")),
                new HashSet<>(redact.texts("find")));
    }
}
