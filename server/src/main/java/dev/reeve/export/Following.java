package dev.reeve.export;

import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import dev.reeve.search.Cursor;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Page;
import dev.reeve.search.SearchUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Brings one sink everything, in order, at least once. */
final class Following {
    private static final int PIECE = 200;
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Exports.Configured sink;
    private final Position position;
    private final EventSearch search;
    private final Exports.Pauses pauses;
    private final Consumer<String> incidents;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile long next;
    /** Where the last delivery began, if it may be lost in spite of its success: after a failure it comes again. */
    private OptionalLong doubtful = OptionalLong.empty();

    private final AtomicLong failures = new AtomicLong();
    private volatile Optional<String> trouble = Optional.empty();
    private boolean known;

    Following(
            Exports.Configured sink,
            Position position,
            EventSearch search,
            Exports.Pauses pauses,
            Consumer<String> incidents) {
        this.sink = sink;
        this.position = position;
        this.search = search;
        this.pauses = pauses;
        this.incidents = incidents;
        this.thread = Thread.ofVirtual().name("export-" + sink.name()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    String name() {
        return sink.name();
    }

    /** Records that it has not got. */
    long lag() {
        return Math.max(0, search.indexed() + search.lag() - next);
    }

    Optional<String> trouble() {
        return trouble;
    }

    Json status() {
        Json.Builder status = Json.object()
                .put("name", sink.name())
                .put("kind", sink.kind())
                .put("next", next)
                .put("behind", lag())
                .put("failures", failures.get());
        trouble.ifPresent(why -> status.put("trouble", why));
        return status.build();
    }

    private void run() {
        Duration pause = pauses.first();
        while (isOn()) {
            try {
                if (!known) {
                    next = position.read();
                    known = true;
                }
                boolean more = step();
                healed();
                pause = pauses.first();
                if (!more) {
                    search.awaitUnhurried(next, LOOK);
                }
            } catch (IOException | SearchUnavailableException | RuntimeException | Error e) {
                failed(e);
                rest(pause);
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(pauses.most()) > 0 ? pauses.most() : twice;
            }
        }
    }

    /** True if there may be more at once. */
    private boolean step() throws IOException, SearchUnavailableException {
        Page page = search.following(sink.asked(), Scope.ALL, next, PIECE);
        if (!page.events().isEmpty()) {
            sink.sink().deliver(page.events());
            // The one before it has arrived: the receiver took another since.
            doubtful = sink.sink().isCertain() ? OptionalLong.empty() : OptionalLong.of(next);
        }
        long reached = page.next().map(Cursor::before).orElse(next);
        if (reached != next) {
            // After the delivery, never before: what is not known to be there comes again.
            position.save(doubtful.orElse(reached));
            next = reached;
        }
        return reached < page.indexed();
    }

    private void goBack() {
        next = doubtful.orElse(next);
        doubtful = OptionalLong.empty();
    }

    private void failed(Throwable e) {
        failures.incrementAndGet();
        goBack();
        String why = String.valueOf(e.getMessage());
        if (trouble.isEmpty()) {
            incidents.accept("export `" + sink.name() + "` does not go on, and is tried again: " + why);
        }
        trouble = Optional.of(why);
    }

    private void healed() {
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            incidents.accept("export `" + sink.name() + "` goes on");
        }
    }

    private boolean isOn() {
        return stopping.getCount() > 0;
    }

    private void rest(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }

    void stop() {
        stopping.countDown();
        thread.interrupt();
    }

    void join() {
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.sink().close();
    }
}
