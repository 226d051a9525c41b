package dev.reeve.notice;

import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalDesk;
import dev.reeve.approval.ApprovalDesk.Filter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells people of every question that waits, at least once: it looks at what waits, and not at what it heard of, so that nothing is lost when
 * a receiver is down or the process ends. After a restart, what still waits is told again, under the same id.
 */
public final class Notices implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final ApprovalDesk desk;
    private final Post post;
    private final Function<String, Optional<String>> page;
    private final Duration firstPause;
    private final Consumer<String> incidents;
    private final Semaphore changed = new Semaphore(1);
    private final Thread thread;

    /** Touched by the thread only. */
    private final Set<String> told = new HashSet<>();

    private final Map<String, Duration> pauses = new HashMap<>();
    private volatile String trouble = "";
    private volatile boolean closed;

    /**
     * @param page where people see a ticket
     * @param firstPause after a failure; doubled each time, up to five minutes
     */
    public Notices(
            ApprovalDesk desk,
            Post post,
            Function<String, Optional<String>> page,
            Duration firstPause,
            Consumer<String> incidents) {
        this.desk = desk;
        this.post = post;
        this.page = page;
        this.firstPause = firstPause;
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
                pause = Optional.of(LONGEST_PAUSE);
            }
        }
    }

    /** @return after which time to try again; empty if everybody was told everything */
    private Optional<Duration> tell(List<Approval> waiting) {
        Set<String> ids = new HashSet<>();
        waiting.forEach(one -> ids.add(Message.id(one)));
        told.retainAll(ids);
        pauses.keySet().retainAll(ids);
        String now = "";
        for (Approval one : waiting) {
            String id = Message.id(one);
            if (!told.contains(id)) {
                now = deliver(one, id).orElse(now);
            }
        }
        if (!now.isEmpty() && trouble.isEmpty()) {
            incidents.accept("people could not be told of what waits: " + now);
        }
        trouble = now;
        return pauses.values().stream().min(Duration::compareTo);
    }

    private Optional<String> deliver(Approval one, String id) {
        try {
            post.deliver(id, one, page.apply(one.ticket()));
            told.add(id);
            pauses.remove(id);
            return Optional.empty();
        } catch (IOException e) {
            pauses.merge(id, firstPause, (before, first) -> min(before.multipliedBy(2)));
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
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
