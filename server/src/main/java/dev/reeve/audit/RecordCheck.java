package dev.reeve.audit;

import dev.reeve.json.Json;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LeafCheck;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonRefusedException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the tree cannot say: whether the records make sense. Counters of each node follow each other without a gap, and each outcome has
 * its intent. Used by {@code audit verify}; one pass, in order.
 */
public final class RecordCheck implements LeafCheck {
    /** What this check depends on. */
    private static final Set<String> MEMBERS = Set.of("counter", "id", "kind", "node");

    private final boolean fromTheBeginning;
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Long> open = new HashMap<>();

    /** From the first record on. */
    public RecordCheck() {
        this(true);
    }

    private RecordCheck(boolean fromTheBeginning) {
        this.fromTheBeginning = fromTheBeginning;
    }

    /** From somewhere within: an outcome whose intent was before that is none without an intent. */
    public static RecordCheck fromWithin() {
        return new RecordCheck(false);
    }

    /**
     * Goes on where another one was.
     *
     * @param state what {@link #state} gave
     * @throws IllegalArgumentException if it is something else
     */
    public static RecordCheck resumed(Json.Obj state) {
        RecordCheck check = new RecordCheck(true);
        numbers(state, "counters", check.counters);
        numbers(state, "open", check.open);
        return check;
    }

    private static void numbers(Json.Obj state, String name, Map<String, Long> into) {
        Json.Obj members =
                state.object(name).orElseThrow(() -> new IllegalArgumentException("`" + name + "` is missing"));
        members.members().forEach((key, value) -> {
            long number = value instanceof Json.Num num ? num.whole().orElse(-1L) : -1L;
            if (number < 0) {
                throw new IllegalArgumentException("`" + name + "` holds something else than numbers");
            }
            into.put(key, number);
        });
    }

    /** What the rest depends on of the records until now. Of the thread that asks for problems. */
    public Json.Obj state() {
        return Json.object()
                .put("counters", object(counters))
                .put("open", object(open))
                .build();
    }

    private static Json.Obj object(Map<String, Long> numbers) {
        Map<String, Json> members = new LinkedHashMap<>();
        numbers.forEach((key, number) -> members.put(key, Json.Num.of(number)));
        return new Json.Obj(members);
    }

    @Override
    public Optional<String> problem(long index, byte[] leaf, List<Disclosure> disclosures) {
        return read(index, leaf, disclosures).get();
    }

    /** Reading the record needs no other record. */
    @Override
    public Supplier<Optional<String>> read(long index, byte[] leaf, List<Disclosure> disclosures) {
        try {
            Stored record = new Stored(index, StoredRecords.read(leaf, MEMBERS), Map.of());
            return () -> counter(record).or(() -> pairing(record));
        } catch (JsonRefusedException e) {
            return () -> Optional.of("it is no record of ours: " + e.getMessage());
        }
    }

    private Optional<String> counter(Stored record) {
        String node = record.leaf().string("node").orElse("");
        Optional<Long> counter = record.leaf()
                .get("counter")
                .filter(Json.Num.class::isInstance)
                .flatMap(value -> ((Json.Num) value).whole());
        if (node.isEmpty() || counter.isEmpty()) {
            return Optional.of("it has no node and counter");
        }
        Long before = counters.put(node, counter.get());
        if (before != null && counter.get() != before + 1) {
            return Optional.of("the counter of node `" + node + "` goes from " + before + " to " + counter.get());
        }
        return Optional.empty();
    }

    private Optional<String> pairing(Stored record) {
        switch (record.kind()) {
            case "intent" -> open.put(record.id(), record.index());
            case "outcome" -> {
                if (open.remove(record.id()) == null && fromTheBeginning) {
                    return Optional.of("an outcome without an intent before it");
                }
            }
            default -> {}
        }
        return Optional.empty();
    }

    /** Intents that have no outcome; running ones too if the ledger is in use. */
    public int open() {
        return open.size();
    }
}
