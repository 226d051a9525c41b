package dev.reeve.cli;

import dev.reeve.config.ReviewConfig;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.review.ReviewSchedule;
import dev.reeve.review.ScheduledReview;
import dev.reeve.review.ScheduledReview.Teller;
import dev.reeve.review.Severity;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reviews of the record that come by themselves, where {@code review} of {@code reeve.yaml} says when. On a thread of its own. */
final class ReviewRoom {
    private static final int LOOK_SECONDS = 60;

    private final ScheduledReview reviews;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("review").factory());

    private ReviewRoom(ScheduledReview reviews) {
        this.reviews = reviews;
        worker.scheduleWithFixedDelay(this::look, 1, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** @param notices who is told of findings of high severity, beside the log */
    static Optional<ReviewRoom> open(
            Foundation foundation, PolicyRoom policy, Optional<NoticeRoom> notices, Metrics metrics) {
        Optional<ReviewConfig> config = foundation.config().review();
        return config.map(it -> {
            ScheduledReview reviews = new ScheduledReview(
                    foundation.config().data().resolve("ledger"),
                    foundation.config().data().resolve("reviews"),
                    new ReviewSchedule(it.every(), it.at()),
                    it.keep(),
                    foundation.clock().source(),
                    () -> Optional.of(policy.source()),
                    (report, difference) -> foundation.recordReading("reeve", "review", report, difference),
                    ways(notices));
            foundation.room().health().tell("review", () -> new Json.Str(said(reviews)));
            for (Severity severity : Severity.values()) {
                metrics.gauge(
                        "reeve_review_" + severity.wire(),
                        "Findings of this severity in the last scheduled review.",
                        () -> reviews.last()
                                .map(last -> last.report().count(severity))
                                .orElse(0L));
            }
            return new ReviewRoom(reviews);
        });
    }

    private static Map<String, Teller> ways(Optional<NoticeRoom> notices) {
        Map<String, Teller> ways = new LinkedHashMap<>();
        ways.put("log", one -> Log.warn("review", one.title() + " (" + one.id() + "): see `reeve audit review`"));
        notices.map(NoticeRoom::announcements)
                .orElse(Map.of())
                .forEach((name, way) -> ways.put(name, one -> way.announce(one.id(), one.title(), one.lines())));
        return ways;
    }

    private static String said(ScheduledReview reviews) {
        return reviews.last()
                .map(last -> "up to " + last.until() + ": " + last.report().summary())
                .orElse("none since the start");
    }

    private void look() {
        try {
            reviews.tick();
        } catch (IOException | UnrecordableException | RuntimeException | Error e) {
            Log.warn("review", "it is tried again in a minute: " + e.getMessage());
        }
    }

    /** What runs is left: the next start takes its range too. */
    void close() {
        worker.shutdownNow();
    }
}
