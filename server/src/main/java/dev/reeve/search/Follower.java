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

/** The thread that brings the index after the ledger: now and then, and at once when somebody searches. */
final class Follower implements AutoCloseable {
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    private final IndexFile file;
    private final LedgerEntries entries;
    private final LongSupplier size;
    private final Duration every;
    private final Consumer<String> incidents;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition reached = lock.newCondition();
    private boolean wake;
    private boolean anew;
    private boolean closed;
    private volatile long next;
    private volatile Optional<String> trouble = Optional.empty();

    /** Touched by the thread only. */
    private @Nullable Indexer indexer;

    Follower(IndexFile file, LedgerEntries entries, LongSupplier size, Duration every, Consumer<String> incidents) {
        this.file = file;
        this.entries = entries;
        this.size = size;
        this.every = every;
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
            wake = true;
            wanted.signalAll();
        });
    }

    /** Waits until so many records are indexed, or the time is over. */
    void reach(long records, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            wake = true;
            wanted.signalAll();
            while (next < records && !closed && trouble.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                // Somebody may record meanwhile: nobody wakes the follower for that.
                long waited = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                if (reached.awaitNanos(waited) <= 0) {
                    wake = true;
                    wanted.signalAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isClosed()) {
            Duration rest = every;
            try {
                catchUp();
                healed();
            } catch (SQLException | IOException | RuntimeException e) {
                rest = AFTER_TROUBLE;
                failed(e);
            }
            rest(rest);
        }
        closeIndex();
    }

    private void catchUp() throws SQLException, IOException {
        Indexer now = indexer == null ? Indexer.open(file, entries, size.getAsLong()) : indexer;
        indexer = takeAnew() ? now.again() : now;
        Indexer current = indexer;
        next = current.next();
        long end = size.getAsLong();
        while (current.next() < end && !isClosed()) {
            long before = current.next();
            current.advance(end);
            next = current.next();
            locked(reached::signalAll);
            if (current.next() == before) {
                throw new IOException("record " + before + " cannot be read");
            }
            end = size.getAsLong();
        }
        locked(reached::signalAll);
    }

    /** What is damaged is made anew; anything else is tried again. */
    private void failed(Exception e) {
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
