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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Tells people of every question that waits, at least once: it looks at what waits, and not at what it heard of, so that nothing is lost when
 * a receiver is down or the process ends. After a restart, what still waits is told again, under the same id.
 */
public final class Notices implements AutoCloseable {
    /** After a fault of ours. */
    private static final Duration REST = Duration.ofMinutes(5);

    private final ApprovalDesk desk;
    private final Post post;
    private final Function<String, Optional<String>> page;
    private final Consumer<String> incidents;
    private final Semaphore changed = new Semaphore(1);
    private final Thread thread;

    /** Touched by the thread only. */
    private final Set<String> told = new HashSet<>();

    private final Attempts attempts;
    private volatile String trouble = "";
    private volatile boolean closed;

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
        this.desk = desk;
        this.post = post;
        this.page = page;
        this.attempts = new Attempts(firstPause, nanos);
        this.incidents = incidents;
        desk.onChange(ignored -> wake());
        this.thread = Thread.ofVirtual().name("notices").start(this::run);
    }

    private void wake() {
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
                pause = tell(desk.list(Filter.PENDING));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                incidents.accept("people could not be told: " + e.getClass().getSimpleName());
                pause = Optional.of(REST);
            }
        }
    }

    /** @return after which time to try again; empty if everybody was told everything */
    private Optional<Duration> tell(List<Approval> waiting) {
        Map<String, Approval> byId = new LinkedHashMap<>();
        waiting.forEach(one -> byId.put(Message.id(one), one));
        told.retainAll(byId.keySet());
        attempts.keepOnly(byId.keySet());
        String now = "";
        List<String> untold =
                byId.keySet().stream().filter(id -> !told.contains(id)).toList();
        for (String id : attempts.due(untold)) {
            now = Optional.ofNullable(byId.get(id))
                    .flatMap(one -> deliver(one, id))
                    .orElse(now);
        }
        if (!now.isEmpty() && trouble.isEmpty()) {
            incidents.accept("people could not be told of what waits: " + now);
        }
        // What rests still fails.
        trouble = attempts.areWell() ? "" : now.isEmpty() ? trouble : now;
        return attempts.untilNext();
    }

    private Optional<String> deliver(Approval one, String id) {
        try {
            post.deliver(id, one, page.apply(one.ticket()));
            told.add(id);
            attempts.done(id);
            return Optional.empty();
        } catch (IOException e) {
            attempts.failed(id);
            return Optional.of(String.valueOf(e.getMessage()));
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
    }
}
