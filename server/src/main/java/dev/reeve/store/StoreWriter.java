package dev.reeve.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** The one thread that touches the store. Whatever came together is one transaction; each piece has a savepoint of its own. */
final class StoreWriter {
    private static final int MOST_WAITING = 4_096;
    private static final int LARGEST_GROUP = 256;

    private final Sql sql;
    private final StoreKey key;
    private final Consumer<String> incidents;
    private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private final GenerationMark mark;
    private volatile Seal durable;
    private volatile boolean closed;
    private Seal working;

    StoreWriter(Sql sql, StoreKey key, Seal seal, GenerationMark mark, Consumer<String> incidents) {
        this.mark = mark;
        this.sql = sql;
        this.key = key;
        this.durable = seal;
        this.working = seal;
        this.incidents = incidents;
        this.thread = Thread.ofPlatform().name("reeve-store").daemon().unstarted(this::run);
        thread.start();
    }

    /** @param changes whether the generation grows */
    private record Job<T>(Function<Store.Writing, T> work, boolean changes, CompletableFuture<T> future) {
        /** The answer, given once the group is durable. */
        Runnable run(Store.Writing writing) {
            T answer = work.apply(writing);
            return () -> future.complete(answer);
        }
    }

    <T> CompletableFuture<T> submit(Function<Store.Writing, T> work, boolean changes) {
        Job<T> job = new Job<>(work, changes, new CompletableFuture<>());
        if (closed || !waiting.offer(job)) {
            job.future().completeExceptionally(new StoreException(closed ? "it is closed" : "too much waits for it"));
        }
        return job.future();
    }

    long generation() {
        return durable.generation();
    }

    String id() {
        return durable.store();
    }

    private void run() {
        List<Job<?>> group = new ArrayList<>();
        while (!closed || !waiting.isEmpty()) {
            try {
                group.add(waiting.take());
                waiting.drainTo(group, LARGEST_GROUP - 1);
                commit(group);
            } catch (InterruptedException e) {
                // Woken by close(): the loop's condition decides.
            } finally {
                group.clear();
            }
        }
    }

    private void commit(List<Job<?>> group) {
        List<Runnable> answers = new ArrayList<>();
        try {
            sql.begin();
            boolean changed = false;
            for (Job<?> job : group) {
                changed |= attempt(job, answers);
            }
            if (changed) {
                update(working);
            }
            sql.commit();
            durable = working;
            answers.forEach(Runnable::run);
            mark.seen(durable.generation());
        } catch (RuntimeException | Error e) {
            undo();
            group.forEach(job -> job.future().completeExceptionally(e));
        }
    }

    /** @return whether it changed something */
    private boolean attempt(Job<?> job, List<Runnable> answers) {
        Seal before = working;
        try {
            answers.add(sql.part(() -> job.run(new Work())));
            if (job.changes()) {
                working = working.next();
            }
            return job.changes();
        } catch (RuntimeException | Error e) {
            working = before;
            job.future().completeExceptionally(e);
            return false;
        }
    }

    private void undo() {
        working = durable;
        try {
            sql.rollback();
        } catch (RuntimeException | Error e) {
            incidents.accept("store_stuck: a transaction cannot be undone: " + e.getMessage());
        }
    }

    static void insert(Sql sql, StoreKey key, Seal seal) {
        sql.execute(
                "INSERT INTO store_state (id, store_id, generation, seal, mac) VALUES (1, ?, ?, ?, ?)",
                seal.store(),
                seal.generation(),
                seal.sumBytes(),
                seal.mac(key));
    }

    private void update(Seal seal) {
        sql.execute(
                "UPDATE store_state SET generation = ?, seal = ?, mac = ? WHERE id = 1",
                seal.generation(),
                seal.sumBytes(),
                seal.mac(key));
    }

    private final class Work implements Store.Writing {
        @Override
        public Sql sql() {
            return sql;
        }

        @Override
        public StoreKey key() {
            return key;
        }

        @Override
        public void incident(String line) {
            incidents.accept(line);
        }

        @Override
        public void add(byte[] mac) {
            working = working.plus(mac);
        }

        @Override
        public void subtract(byte[] mac) {
            working = working.minus(mac);
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Job<?>> late = new ArrayList<>();
        waiting.drainTo(late);
        mark.close(durable.generation());
        late.forEach(job -> job.future().completeExceptionally(new StoreException("it is closed")));
        closeInOrder(sql);
    }

    /** Only a closed connection folds the log into the file. */
    static void closeInOrder(Sql sql) {
        try {
            sql.close();
        } catch (SqlFailure e) {
            System.getLogger("dev.reeve.store")
                    .log(System.Logger.Level.WARNING, "the store was not closed in order: " + e.getMessage());
        }
    }
}
