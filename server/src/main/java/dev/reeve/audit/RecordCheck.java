package dev.reeve.audit;

import dev.reeve.json.Json;
import dev.reeve.json.PlainObject;
import dev.reeve.ledger.Leaf;
import dev.reeve.ledger.LeafCheck;
import dev.reeve.strict.JsonRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the tree cannot say: whether the records make sense. Counters of each node follow each other without a gap, and each outcome has
 * its intent. Used by {@code audit verify}; one pass, in order.
 */
public final class RecordCheck implements LeafCheck {
    /** What this check depends on. */
    private static final Set<String> MEMBERS = Set.of("counter", "id", "kind", "node");

    private static final byte[] COUNTER = ascii("counter");
    private static final byte[] ID = ascii("id");
    private static final byte[] KIND = ascii("kind");
    private static final byte[] NODE = ascii("node");
    private static final byte[] INTENT = ascii("intent");
    private static final byte[] OUTCOME = ascii("outcome");

    private final boolean fromTheBeginning;
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Long> open = new HashMap<>();
    private volatile Node lastNode = new Node("", new byte[0]);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

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
    public Optional<String> problem(long index, byte[] leaf) {
        return strictly(index, leaf).get();
    }

    /** Reading the record needs no other record. */
    @Override
    public Supplier<Optional<String>> read(Leaf leaf) {
        Optional<PlainObject> plain = leaf.plain();
        return plain.isPresent() ? plainly(leaf.index(), plain.get()) : strictly(leaf.index(), leaf.copy());
    }

    private Supplier<Optional<String>> plainly(long index, PlainObject record) {
        // In the order of their names, so each is looked for from the one before on.
        int counter = record.find(COUNTER, 0);
        int id = record.find(ID, Math.max(counter, 0));
        int kind = record.find(KIND, Math.max(id, 0));
        int node = record.find(NODE, Math.max(kind, 0));
        return new Read(
                index,
                node(record, node),
                counter == PlainObject.NONE ? OptionalLong.empty() : record.number(counter),
                kind(record, kind),
                id == PlainObject.NONE || !record.isText(id) ? "" : record.text(id));
    }

    private static Kind kind(PlainObject record, int kind) {
        if (kind == PlainObject.NONE) {
            return Kind.OTHER;
        }
        if (record.isText(kind, INTENT, 0, INTENT.length)) {
            return Kind.INTENT;
        }
        return record.isText(kind, OUTCOME, 0, OUTCOME.length) ? Kind.OUTCOME : Kind.OTHER;
    }

    /** The same node writes nearly all records of a ledger: its name is made once. */
    private String node(PlainObject record, int node) {
        if (node == PlainObject.NONE || !record.isText(node)) {
            return "";
        }
        Node last = lastNode;
        if (record.isText(node, last.bytes(), 0, last.bytes().length)) {
            return last.name();
        }
        String name = record.text(node);
        lastNode = new Node(name, ascii(name));
        return name;
    }

    private Supplier<Optional<String>> strictly(long index, byte[] leaf) {
        try {
            Json.Obj record = StoredRecords.read(leaf, MEMBERS);
            OptionalLong counter = record.get("counter")
                    .filter(Json.Num.class::isInstance)
                    .flatMap(value -> ((Json.Num) value).whole())
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty());
            Kind kind = switch (record.string("kind").orElse("")) {
                case "intent" -> Kind.INTENT;
                case "outcome" -> Kind.OUTCOME;
                default -> Kind.OTHER;
            };
            return new Read(
                    index,
                    record.string("node").orElse(""),
                    counter,
                    kind,
                    record.string("id").orElse(""));
        } catch (JsonRefusedException e) {
            return () -> Optional.of("it is no record of ours: " + e.getMessage());
        }
    }

    private enum Kind {
        INTENT,
        OUTCOME,
        OTHER
    }

    /** The last one that was seen, as text and as it stands in records. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record Node(String name, byte[] bytes) {}

    /** What was read of one record; asked for its problem in the order of the records. */
    private final class Read implements Supplier<Optional<String>> {
        private final long index;
        private final String node;
        private final OptionalLong counter;
        private final Kind kind;
        private final String id;

        Read(long index, String node, OptionalLong counter, Kind kind, String id) {
            this.index = index;
            this.node = node;
            this.counter = counter;
            this.kind = kind;
            this.id = id;
        }

        @Override
        public Optional<String> get() {
            Optional<String> problem = counter();
            return problem.isPresent() ? problem : pairing();
        }

        private Optional<String> counter() {
            if (node.isEmpty() || counter.isEmpty()) {
                return Optional.of("it has no node and counter");
            }
            long now = counter.getAsLong();
            Long before = counters.put(node, now);
            if (before != null && now != before + 1) {
                return Optional.of("the counter of node `" + node + "` goes from " + before + " to " + now);
            }
            return Optional.empty();
        }

        private Optional<String> pairing() {
            switch (kind) {
                case INTENT -> open.put(id, index);
                case OUTCOME -> {
                    if (open.remove(id) == null && fromTheBeginning) {
                        return Optional.of("an outcome without an intent before it");
                    }
                }
                case OTHER -> {}
            }
            return Optional.empty();
        }
    }

    /** Intents that have no outcome; running ones too if the ledger is in use. */
    public int open() {
        return open.size();
    }
}
