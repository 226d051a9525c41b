package dev.reeve.search;

import dev.reeve.ledger.LedgerEntries;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The thread that brings the index after the ledger: now and then, within its share of a core, and at full speed from the moment that somebody
 * searches until it has what was recorded then.
 */
final class Follower implements AutoCloseable {
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final IndexFile file;
    private final LedgerEntries entries;
    private final LongSupplier size;
    private final Pace pace;
    private final Duty duty;
    private final Consumer<String> incidents;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition reached = lock.newCondition();
    private boolean wake;
    private boolean anew;
    private boolean closed;
    /** So many records are waited for, or were: up to here it does not rest. */
    private volatile long urgent;

    private volatile long next;
    private volatile Optional<String> trouble = Optional.empty();

    /** Touched by the thread only. */
    private @Nullable Indexer indexer;

    Follower(IndexFile file, LedgerEntries entries, LongSupplier size, Pace pace, Consumer<String> incidents) {
        this.file = file;
        this.entries = entries;
        this.size = size;
        this.pace = pace;
        this.duty = new Duty(pace);
        this.incidents = incidents;
        this.thread = Thread.ofPlatform().daemon().name("search-index").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    long next() {
        return next;
    }

    Optional<String> trouble() {
        return trouble;
    }

    /** Looks now whether there is something to do. */
    void look() {
        locked(() -> {
            wake = true;
            wanted.signalAll();
        });
    }

    void makeAnew(String why) {
        incidents.accept("search_index: " + why + "; it is made anew");
        locked(() -> {
            anew = true;
            next = 0;
            urgent = 0; // Making all of it anew is no matter of one search: each that comes asks for itself.
            wake = true;
            wanted.signalAll();
        });
    }

    /** Hurries until so many records are indexed, as far as they are recorded, and waits for it, or until the time is over. */
    void reach(long records, Duration patience) {
        await(records, patience, () -> {
            urgent = Math.max(urgent, Math.min(records, size.getAsLong()));
            wake = true;
            wanted.signalAll();
        });
    }

    /** Waits until so many records are indexed, or the time is over, and hurries nobody. */
    void await(long records, Duration patience) {
        await(records, patience, () -> {});
    }

    /** @param again now, and now and then while it waits: more may be recorded meanwhile, and nobody tells the follower */
    private void await(long records, Duration patience, Runnable again) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            again.run();
            while (next < records && !closed && trouble.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                if (reached.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50))) <= 0) {
                    again.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private interface Work {
        void run() throws SQLException, IOException;
    }

    private void run() {
        // The index is opened, so that it is known how far it is; what it lacks after a crash does not hold up the
        // start.
        rest(tried(this::current));
        while (!isClosed()) {
            rest(tried(this::catchUp));
        }
        closeIndex();
    }

    /** How long to rest after it. */
    private Duration tried(Work work) {
        try {
            work.run();
            healed();
            return pace.every();
        } catch (SQLException | IOException | RuntimeException | Error e) {
            failed(e);
            return AFTER_TROUBLE;
        }
    }

    private Indexer current() throws SQLException, IOException {
        Indexer now = indexer == null ? Indexer.open(file, entries, size.getAsLong()) : indexer;
        indexer = takeAnew() ? now.again() : now;
        next = indexer.next();
        return indexer;
    }

    private void catchUp() throws SQLException, IOException {
        Indexer current = current();
        duty.begin();
        long end = size.getAsLong();
        while (current.next() < end && isWorking()) {
            long before = current.next();
            current.advance(end, this::breathe);
            next = current.next();
            locked(reached::signalAll);
            if (current.next() == before) {
                throw new IOException("record " + before + " cannot be read");
            }
            breathe();
            end = size.getAsLong();
        }
        locked(reached::signalAll);
    }

    private boolean isWorking() {
        return !isClosed() && (isUrgent() || !pace.isOnDemand());
    }

    private boolean isUrgent() {
        return next < urgent;
    }

    /** Rests from the work of before, in the middle of a piece too: pieces are large because that is cheaper. */
    private void breathe() {
        long owed = duty.owed();
        if (owed == 0) {
            return;
        }
        lock.lock();
        try {
            long left = owed;
            while (!isUrgent() && !closed && !anew && left > 0) {
                left = wanted.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        duty.begin();
    }

    /** What is damaged is made anew; anything else is tried again. */
    private void failed(Throwable e) {
        boolean damaged = e instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code;
        if (trouble.isEmpty()) {
            incidents.accept("search_index: it does not go on: " + e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
        closeIndex();
        locked(() -> {
            anew |= damaged;
            reached.signalAll();
        });
    }

    private void healed() {
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            incidents.accept("search_index: it goes on");
        }
    }

    private void closeIndex() {
        Indexer now = indexer;
        indexer = null;
        if (now != null) {
            try {
                now.close();
            } catch (SQLException e) {
                incidents.accept("search_index: not closed in order: " + e.getMessage());
            }
        }
    }

    private void rest(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!wake && !closed && left > 0) {
                left = wanted.awaitNanos(left);
            }
            wake = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean takeAnew() {
        lock.lock();
        try {
            boolean now = anew;
            anew = false;
            return now;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        locked(() -> {
            closed = true;
            wanted.signalAll();
            reached.signalAll();
        });
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        entries.close();
    }
}
