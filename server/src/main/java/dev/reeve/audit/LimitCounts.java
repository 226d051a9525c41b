package dev.reeve.audit;

import dev.reeve.budget.Limits;
import dev.reeve.budget.Tally;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the record says was used up of the limits, for a start that does not read all of it: from the last snapshot on. A snapshot is never made
 * of what is in memory: it is the one before, and what was recorded since. For one thread at a time.
 */
public final class LimitCounts {
    private final Ledger ledger;
    private final LimitSnapshot snapshot;
    private final InstantSource clock;
    private final long every;
    /** The first record that the snapshot does not tell of. */
    private long saved;
    /** Up to where the record went when a snapshot was last tried. */
    private long tried;

    private long read;

    private record Counted(Tally tally, long upTo) {}

    /**
     * @param clock that never goes back (R7)
     * @param every so many records there is a new snapshot
     */
    public LimitCounts(Ledger ledger, LimitSnapshot snapshot, InstantSource clock, long every) {
        this.ledger = ledger;
        this.snapshot = snapshot;
        this.clock = clock;
        this.every = every;
    }

    /** What counts up to the end of the record. Called at the start, before anything is served. */
    public Tally open(Limits limits) throws LedgerUnavailableException {
        Counted now = count(limits);
        if (read >= every) {
            try {
                save(now);
            } catch (IOException e) {
                saved = 0; // so the next look tries again, and tells why not
            }
        }
        return now.tally();
    }

    /** How many records the last reading read. */
    public long read() {
        return read;
    }

    /**
     * Takes up what was recorded since, if that is much. What failed is not tried again before as much came again.
     *
     * @throws IOException if it cannot be written, or the record not be read: that costs the next start time, and nothing else
     */
    public void advance(Limits limits) throws LedgerUnavailableException, IOException {
        long size = ledger.size();
        if (size - Math.max(saved, tried) >= every) {
            tried = size;
            finish(limits);
        }
    }

    /** Takes up what was recorded since. */
    public void finish(Limits limits) throws LedgerUnavailableException, IOException {
        if (ledger.size() > saved && !limits.longest().isZero()) {
            save(count(limits));
        }
    }

    private Counted count(Limits limits) throws LedgerUnavailableException {
        if (limits.longest().isZero()) {
            saved = ledger.size();
            return new Counted(snapshot.fresh(limits.all()), saved);
        }
        Optional<LimitSnapshot.Taken> taken = snapshot.load(ledger, limits.all());
        long from = taken.isPresent()
                ? taken.get().index()
                : SpentLimits.begin(ledger, clock.instant().minus(limits.longest()));
        saved = from;
        Tally tally = taken.map(LimitSnapshot.Taken::tally).orElseGet(() -> snapshot.fresh(limits.all()));
        long upTo = SpentLimits.readOn(ledger, from, tally);
        read = upTo - from;
        return new Counted(tally, upTo);
    }

    private void save(Counted counted) throws LedgerUnavailableException, IOException {
        snapshot.save(ledger, counted.tally(), counted.upTo(), clock.instant());
        saved = counted.upTo();
    }
}
