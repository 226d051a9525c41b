package dev.reeve.audit;

import dev.reeve.json.Json;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.record.Event;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a ledger's folder, also while it is being written, and joins intents with their outcomes. Bounded memory: at most
 * {@value #MOST_OPEN} intents wait for their outcome, and an older one is given out as it is.
 */
public final class AuditReader {
    static final int MOST_OPEN = 50_000;

    private final Path ledger;

    public AuditReader(Path ledger) {
        this.ledger = ledger;
    }

    /** One thing that happened: a decision and, if there was one, its outcome; or a record that stands alone. */
    public record Happened(Stored record, Optional<Stored> outcome) {
        public boolean isAction() {
            return switch (record.kind()) {
                case "intent", "verdict", "denial", "hold" -> true;
                default -> false;
            };
        }

        /** Where in the ledger it was finished, or, if it was not, stands. */
        public long finished() {
            return outcome.orElse(record).index();
        }

        /** The source's event for an action; for anything else the record itself, with the values that it hides. */
        public Json.Obj json() {
            return isAction()
                    ? Event.of(record, outcome)
                    : record.leaf()
                            .with("index", Json.of(record.index()))
                            .with("disclosed", new Json.Obj(record.disclosed()));
        }
    }

    /**
     * What {@link Happened#json} wrote.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Happened read(Json.Obj json) {
        Optional<Json.Obj> ours = json.object("reeve");
        if (ours.isEmpty()) {
            return new Happened(stored(json.without("index").without("disclosed"), json, ""), Optional.empty());
        }
        Json.Obj decided = ours.get().object("decided").orElse(Json.Obj.EMPTY);
        return new Happened(
                stored(decided, ours.get(), ""),
                ours.get().object("outcome").map(outcome -> stored(outcome, ours.get(), "outcome_")));
    }

    private static Stored stored(Json.Obj leaf, Json.Obj about, String prefix) {
        long index = about.get(prefix + "index")
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .orElseThrow(() -> new IllegalArgumentException("an event has an index"));
        return new Stored(
                index,
                leaf,
                about.object(prefix + "disclosed").orElse(Json.Obj.EMPTY).members());
    }

    /** Takes what happened, in the order in which it was finished; false ends the reading. */
    @FunctionalInterface
    public interface Visitor {
        boolean visit(Happened happened);
    }

    /** @throws IOException if the folder cannot be read */
    public void read(long from, Visitor visitor) throws IOException {
        Following following = new Following(from, visitor);
        following.advance();
        following.joining.rest();
    }

    /** Reading that can go on later where it ended, without losing what is still open. */
    public Following follow(long from, Visitor visitor) {
        return new Following(from, visitor);
    }

    /** How many records there are now. */
    public long size() throws IOException {
        return LedgerReader.end(ledger);
    }

    /** A place in the ledger, and the intents that wait there for their outcome. */
    public final class Following {
        private final Joining joining;
        private long next;

        private Following(long from, Visitor visitor) {
            this.joining = new Joining(visitor);
            this.next = from;
        }

        /** Reads what has come since. */
        public void advance() throws IOException {
            LedgerReader.read(ledger, next, (index, leaf, disclosures) -> {
                next = index + 1;
                return joining.accept(stored(index, leaf, disclosures));
            });
        }
    }

    /** An entry as a record. */
    public static Stored stored(long index, byte[] leaf, List<Disclosure> disclosures) {
        try {
            return StoredRecords.read(index, leaf, disclosures);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("record " + index + " is not ours: " + e.getMessage(), e);
        }
    }

    /**
     * The newest {@code most} that satisfy the filter, in the order in which they were finished.
     *
     * @param size only what stands before this index
     */
    public List<Happened> last(int most, EventFilter filter, long size) throws IOException {
        return new Backwards(ledger, most, filter).run(size);
    }

    public List<Happened> last(int most, Predicate<Happened> filter) throws IOException {
        return last(most, EventFilter.where(filter), size());
    }

    /** Those whose id is this, or begins so: a few of them if there are many, and none of them if there are none. */
    public List<Happened> find(String begin) throws IOException {
        return new Lookup(ledger).byId(begin);
    }

    /** What stands at this place, or the action that it is a part of. */
    public Optional<Happened> at(long index) throws IOException {
        return new Lookup(ledger).at(index);
    }

    private static final class Joining {
        private final Map<String, Stored> open = new LinkedHashMap<>();
        private final Visitor visitor;
        private boolean ended;

        Joining(Visitor visitor) {
            this.visitor = visitor;
        }

        boolean accept(Stored record) {
            switch (record.kind()) {
                case "intent" -> begin(record);
                case "outcome" -> finish(record);
                default -> give(new Happened(record, Optional.empty()));
            }
            return !ended;
        }

        private void begin(Stored intent) {
            open.put(intent.id(), intent);
            if (open.size() > MOST_OPEN) {
                Stored oldest = open.values().iterator().next();
                open.remove(oldest.id());
                give(new Happened(oldest, Optional.empty()));
            }
        }

        private void finish(Stored outcome) {
            Stored intent = open.remove(outcome.id());
            if (intent != null) {
                give(new Happened(intent, Optional.of(outcome)));
            }
        }

        private void give(Happened happened) {
            if (!ended) {
                ended = !visitor.visit(happened);
            }
        }

        void rest() {
            open.values().forEach(intent -> give(new Happened(intent, Optional.empty())));
        }
    }
}
