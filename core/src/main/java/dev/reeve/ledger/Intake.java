package dev.reeve.ledger;

import dev.reeve.ledger.LedgerUnavailableException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The bounded queue between callers and the one writer. */
final class Intake {
    private final ConcurrentLinkedQueue<Ticket> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicReference<@Nullable Trouble> shut = new AtomicReference<>();
    private final LedgerSettings settings;
    private volatile @Nullable Thread writer;

    Intake(LedgerSettings settings) {
        this.settings = settings;
    }

    /** The thread that {@link #awaitWork} is called on. */
    void writer(Thread thread) {
        writer = thread;
    }

    void offer(Ticket ticket) throws LedgerUnavailableException {
        int most = settings.groupBytes() - FrameEncoder.overhead();
        if (ticket.bytes > most || !ticket.entry.fits()) {
            throw new LedgerUnavailableException(
                    Reason.ENTRY_TOO_LARGE,
                    ticket.entry.fits()
                            ? "a record of " + ticket.bytes + " bytes with its hidden values is over the limit of "
                                    + most
                            : "an entry of " + ticket.entry.mostLeafBytes() + " bytes is over the limit of "
                                    + Entry.MOST_LEAF_BYTES);
        }
        Trouble trouble = shut.get();
        if (trouble != null) {
            throw trouble.exception();
        }
        if (bytes.addAndGet(ticket.bytes) > settings.queueBytes() && !ticket.control) {
            bytes.addAndGet(-ticket.bytes);
            throw new LedgerUnavailableException(
                    Reason.OVERLOADED, "more than " + settings.queueBytes() + " bytes wait to be recorded");
        }
        queue.add(ticket);
        Trouble since = shut.get();
        if (since != null) {
            refuseWaiting(since);
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    /** The writer takes what fits one group: at most these bytes and entries. */
    synchronized List<Ticket> take(int mostEntries) {
        List<Ticket> group = new ArrayList<>();
        long room = (long) settings.groupBytes() - FrameEncoder.overhead();
        Ticket next = queue.peek();
        while (next != null && next.bytes <= room && group.size() < mostEntries) {
            queue.poll(); // the same: only this and refuseWaiting take, and both hold the lock
            bytes.addAndGet(-next.bytes);
            if (next.take()) {
                room -= next.bytes;
                group.add(next);
            }
            next = queue.peek();
        }
        return group;
    }

    /** Returns when there may be work. A short spin first: under traffic the next entry comes before a thread is asleep. */
    void awaitWork(int spins) {
        for (int i = 0; i < spins; i++) {
            if (!queue.isEmpty()) {
                return;
            }
            Thread.onSpinWait();
        }
        asleep.set(true);
        while (asleep.get() && queue.isEmpty() && shut.get() == null) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    /** From now on everybody gets this answer; those who wait too. What was refused for good stays refused. */
    void shut(Trouble why) {
        Trouble now = shut.get();
        if (now == null || now.reason() == Reason.SLOW_DISK) {
            shut.set(why);
        }
        LockSupport.unpark(writer);
    }

    /** A slow disk came back. */
    void reopen() {
        Trouble now = shut.get();
        if (now != null && now.reason() == Reason.SLOW_DISK) {
            shut.compareAndSet(now, null);
        }
    }

    @Nullable
    Trouble trouble() {
        return shut.get();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long waitingBytes() {
        return bytes.get();
    }

    synchronized void refuseWaiting(Trouble why) {
        List<Ticket> refused = new ArrayList<>();
        for (Ticket ticket = queue.poll(); ticket != null; ticket = queue.poll()) {
            bytes.addAndGet(-ticket.bytes);
            if (ticket.refuse(why)) {
                refused.add(ticket);
            }
        }
        Futures.complete(refused);
    }
}
