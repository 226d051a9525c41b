package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The one thread that writes: takes what waits, writes it as one frame, forces once, releases the group. */
final class GroupWriter implements Runnable {
    private static final int MOST_ENTRIES = 4096;
    /** About 20 us: shorter than putting a thread to sleep and waking it. Only where several callers write at once: one alone comes later. */
    private static final int SPINS = 400;

    private static final long SPACE_WAIT_NANOS = 200_000;

    private final Intake intake;
    private final Wal wal;
    private final Keeper keeper;
    private final InstantSource clock;
    private volatile List<Ticket> inFlight = List.of();
    private volatile long busySince;

    GroupWriter(Intake intake, Wal wal, Keeper keeper, InstantSource clock) {
        this.intake = intake;
        this.wal = wal;
        this.keeper = keeper;
        this.clock = clock;
    }

    @Override
    public void run() {
        boolean traffic = false;
        while (true) {
            List<Ticket> group = intake.take(MOST_ENTRIES);
            if (!group.isEmpty()) {
                commit(group);
                traffic = group.size() > 1;
            } else if (isClosed()) {
                return;
            } else {
                intake.awaitWork(traffic ? SPINS : 0);
                traffic = false;
            }
        }
    }

    private boolean isClosed() {
        Trouble trouble = intake.trouble();
        return trouble != null && trouble.reason() != Reason.SLOW_DISK && intake.isEmpty();
    }

    /** Nanoseconds that the present group is on its way; 0 if there is none. */
    long busyNanos() {
        long since = busySince;
        return since == 0 ? 0 : Math.max(1, System.nanoTime() - since);
    }

    /** Lets those go who wait for the present group; it may still become durable. */
    void refuseInFlight(Trouble why) {
        List<Ticket> refused =
                inFlight.stream().filter(ticket -> ticket.refuse(why)).toList();
        Futures.complete(refused);
    }

    private void commit(List<Ticket> group) {
        busySince = System.nanoTime() | 1;
        inFlight = group;
        try {
            List<Ticket> admitted = admit(group);
            if (!admitted.isEmpty()) {
                write(admitted);
            }
        } catch (IOException e) {
            fail(group, Trouble.of(e));
        } catch (RuntimeException | Error e) {
            // A bug: loud, and nothing is recorded any more.
            fail(group, new Trouble(Reason.IO_ERROR, "the ledger's writer failed: " + e));
            throw e;
        } finally {
            inFlight = List.of();
            busySince = 0;
            intake.reopen();
        }
    }

    private void write(List<Ticket> group) throws IOException {
        List<Entry> entries = new ArrayList<>(group.size());
        for (Ticket ticket : group) {
            entries.add(ticket.entry);
        }
        long index = wal.end().index();
        wal.write(entries, wal.room(bytes(group), true), clock.millis());
        for (Ticket ticket : group) {
            ticket.durable(index++);
        }
        Futures.complete(group);
        keeper.written();
    }

    /** Those of the group that there is space for; waits for the next file if it is on its way. */
    private List<Ticket> admit(List<Ticket> group) {
        List<Ticket> left = group;
        while (!left.isEmpty()) {
            boolean ordinary = left.stream().anyMatch(ticket -> !ticket.control);
            @Nullable Trouble held = keeper.ordinaryTrouble();
            boolean fits = wal.room(bytes(left), !ordinary) != Wal.Room.NONE;
            if (fits && (held == null || !ordinary)) {
                return left;
            }
            @Nullable Trouble trouble = held == null ? keeper.spaceTrouble() : held;
            if (trouble == null) {
                keeper.hurry();
                LockSupport.parkNanos(SPACE_WAIT_NANOS);
            } else {
                left = refuse(left, ordinary, trouble);
            }
        }
        return left;
    }

    private static List<Ticket> refuse(List<Ticket> group, boolean onlyOrdinary, Trouble why) {
        List<Ticket> left = new ArrayList<>();
        List<Ticket> refused = new ArrayList<>();
        for (Ticket ticket : group) {
            if (onlyOrdinary && ticket.control) {
                left.add(ticket);
            } else {
                ticket.refuse(why);
                refused.add(ticket);
            }
        }
        Futures.complete(refused);
        return left;
    }

    private void fail(List<Ticket> group, Trouble why) {
        intake.shut(why);
        group.forEach(ticket -> ticket.refuse(why));
        Futures.complete(group);
        intake.refuseWaiting(why);
    }

    private static int bytes(List<Ticket> group) {
        int bytes = FrameEncoder.overhead() + SegmentHeader.BYTES;
        for (Ticket ticket : group) {
            bytes += ticket.bytes;
        }
        return bytes;
    }
}
