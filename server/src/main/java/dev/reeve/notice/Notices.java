package dev.reeve.notice;

import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalDesk;
import dev.reeve.approval.ApprovalDesk.Filter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells one receiver of every question that waits, at least once: it looks at what waits, and not at what it heard of, so that nothing is lost when
 * the receiver is down or the process ends. After a restart, what still waits is told again, under the same id. Several are under way at once, so that
 * one on which the receiver hangs delays no other; receivers have nothing in common but the questions.
 */
public final class Notices implements AutoCloseable {
    /** What one receiver is told at the same time, at most. */
    public static final int MOST_AT_ONCE = 4;

    /** After a fault of ours. */
    private static final Duration REST = Duration.ofMinutes(5);

    private final Supplier<List<Approval>> waiting;
    private final Post post;
    private final Function<String, Optional<String>> page;
    private final Consumer<String> incidents;
    private final Semaphore changed = new Semaphore(1);
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final ExecutorService deliveries =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("notice").factory());
    private final Thread thread;

    /** Touched by the thread only. */
    private final Set<String> told = new HashSet<>();

    private final Attempts attempts;
    private volatile String trouble = "";
    private volatile boolean closed;

    /** @param trouble empty if the receiver has it */
    private record Outcome(String id, Optional<String> trouble) {}

    /**
     * @param page where people see a ticket
     * @param firstPause after a failure; doubled each time, up to five minutes
     * @param nanos as {@link System#nanoTime}
     */
    public Notices(
            ApprovalDesk desk,
            Post post,
            Function<String, Optional<String>> page,
            Duration firstPause,
            LongSupplier nanos,
            Consumer<String> incidents) {
        this(() -> desk.list(Filter.PENDING), post, page, firstPause, nanos, incidents);
        desk.onChange(ignored -> wake());
    }

    /** @param waiting asked at the start, and after {@link #wake} */
    Notices(
            Supplier<List<Approval>> waiting,
            Post post,
            Function<String, Optional<String>> page,
            Duration firstPause,
            LongSupplier nanos,
            Consumer<String> incidents) {
        this.waiting = waiting;
        this.post = post;
        this.page = page;
        this.attempts = new Attempts(MOST_AT_ONCE, firstPause, nanos);
        this.incidents = incidents;
        this.thread = Thread.ofVirtual().name("notices").start(this::run);
    }

    /** What waits may be another than before, or time has passed. */
    void wake() {
        if (changed.availablePermits() == 0) {
            changed.release();
        }
    }

    private void run() {
        Optional<Duration> pause = Optional.empty();
        while (!closed) {
            try {
                if (pause.isPresent()) {
                    boolean ignored = changed.tryAcquire(pause.get().toNanos(), TimeUnit.NANOSECONDS);
                } else {
                    changed.acquire();
                }
                changed.drainPermits();
                pause = tell(waiting.get());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                if (!closed) {
                    incidents.accept("people could not be told: " + e.getClass().getSimpleName());
                }
                pause = Optional.of(REST);
            }
        }
    }

    /** @return after which time to try again; empty if nothing is to be tried before something changes */
    private Optional<Duration> tell(List<Approval> questions) {
        Map<String, Approval> byId = new LinkedHashMap<>();
        questions.forEach(one -> byId.put(Message.id(one), one));
        hear();
        told.retainAll(byId.keySet());
        attempts.keepOnly(byId.keySet());
        if (attempts.areWell()) {
            trouble = "";
        }
        List<String> untold =
                byId.keySet().stream().filter(id -> !told.contains(id)).toList();
        for (String id : attempts.begin(untold)) {
            Approval one = Objects.requireNonNull(byId.get(id));
            deliveries.execute(() -> deliver(one, id));
        }
        return attempts.untilNext();
    }

    /** What came of what was under way. */
    private void hear() {
        for (Outcome one = outcomes.poll(); one != null; one = outcomes.poll()) {
            if (one.trouble().isEmpty()) {
                told.add(one.id());
                attempts.done(one.id());
                continue;
            }
            attempts.failed(one.id());
            boolean isNew = trouble.isEmpty();
            trouble = one.trouble().get();
            if (isNew) {
                incidents.accept("people could not be told of what waits: " + trouble);
            }
        }
    }

    private void deliver(Approval one, String id) {
        Optional<String> failure = Optional.of("it was ended");
        try {
            post.deliver(id, one, page.apply(one.ticket()));
            failure = Optional.empty();
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            failure = Optional.of("a fault of Reeve's: " + e.getClass().getSimpleName());
        } finally {
            outcomes.add(new Outcome(id, failure));
            wake();
        }
    }

    /** Why people cannot be told now; empty if they can. */
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        deliveries.shutdownNow();
    }
}
