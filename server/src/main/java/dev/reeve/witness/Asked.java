package dev.reeve.witness;

import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.Ledger;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** One witness that is asked, and how that goes. One request at a time: whoever asks has taken its turn. */
final class Asked {
    /** The first may tell us the size that it knows; with that the second is answered. */
    private static final int MOST_REQUESTS = 2;

    private final String name;
    private final CosignerKey key;
    private final WitnessCalls calls;
    private final Backoff backoff;
    private boolean busy;
    /** What it has cosigned last, as far as we know. */
    private long known;

    private volatile Optional<Signed> last = Optional.empty();
    private volatile Optional<Problem> problem = Optional.empty();

    Asked(String name, CosignerKey key, WitnessCalls calls, DoubleSupplier jitter) {
        this.name = name;
        this.key = key;
        this.calls = calls;
        this.backoff = new Backoff(jitter);
    }

    /** @param when it says that it signed */
    record Signed(String line, long size, Instant when) {}

    /**
     * @param why for operators
     * @param grave what it has seen of our log that we do not have, in one word: another history, or a later one; empty if it is no such thing
     */
    record Problem(String why, String grave) {
        boolean isGrave() {
            return !grave.isEmpty();
        }
    }

    /** Takes the turn. */
    synchronized boolean begins(long now) {
        if (busy || !backoff.isOver(now)) {
            return false;
        }
        busy = true;
        return true;
    }

    synchronized void ends(boolean well, long now) {
        busy = false;
        if (well) {
            backoff.succeeded();
        } else {
            backoff.failed(now);
        }
    }

    /** From its turn on; blocks. Empty if it has not signed: {@link #problem} says why. */
    Optional<Signed> ask(Checkpoint checkpoint, Ledger ledger) {
        try {
            for (int i = 0; i < MOST_REQUESTS; i++) {
                long from = Math.min(known, checkpoint.size());
                AddCheckpoint request =
                        new AddCheckpoint(from, ledger.consistency(from, checkpoint), checkpoint.note());
                switch (calls.add(request)) {
                    case WitnessCalls.Answer.Lines(var lines) -> {
                        return signed(checkpoint, lines);
                    }
                    case WitnessCalls.Answer.Conflict(long size) -> {
                        if (!goesOn(size, from, checkpoint, ledger)) {
                            return Optional.empty();
                        }
                    }
                    case WitnessCalls.Answer.Unproven ignored -> {
                        return grave(
                                "unproven",
                                "it does not accept that the " + checkpoint.size()
                                        + " entries begin with the " + from
                                        + " that it has cosigned: another history was signed with this key, or it errs");
                    }
                    case WitnessCalls.Answer.Failed(String why) -> {
                        return failed(why);
                    }
                }
            }
            return failed("it names another size each time");
        } catch (IOException e) {
            return failed("the proof for it cannot be made: " + e.getMessage());
        }
    }

    private boolean goesOn(long size, long from, Checkpoint checkpoint, Ledger ledger) {
        known = size;
        if (size == from) {
            grave(
                    "another_tree",
                    "it has cosigned another tree of " + size + " entries: another history was signed with this key");
        } else if (size > ledger.checkpoint().size()) {
            grave(
                    "later",
                    "it has cosigned " + size + " entries, and the ledger has only "
                            + ledger.checkpoint().size() + " signed: it is an older copy, or its end was cut off");
        } else if (size > checkpoint.size()) {
            failed("it has cosigned a later checkpoint already; it is asked again with the newest");
        } else {
            return true;
        }
        return false;
    }

    private Optional<Signed> signed(Checkpoint checkpoint, List<String> lines) {
        for (String line : lines) {
            Optional<Instant> when = key.signedAt(checkpoint, line);
            if (when.isPresent()) {
                known = checkpoint.size();
                problem = Optional.empty();
                last = Optional.of(new Signed(line + "\n", checkpoint.size(), when.get()));
                return last;
            }
        }
        return failed("it answers 200 without a good cosignature of the key `" + key.name() + "`");
    }

    private Optional<Signed> failed(String why) {
        problem = Optional.of(new Problem(why, ""));
        return Optional.empty();
    }

    private Optional<Signed> grave(String word, String why) {
        problem = Optional.of(new Problem(why, word));
        return Optional.empty();
    }

    /** Where to begin, from what it signed in an earlier run. */
    synchronized void startFrom(long size) {
        known = size;
    }

    String name() {
        return name;
    }

    CosignerKey key() {
        return key;
    }

    Optional<Signed> last() {
        return last;
    }

    Optional<Problem> problem() {
        return problem;
    }

    void close() {
        calls.close();
    }
}
