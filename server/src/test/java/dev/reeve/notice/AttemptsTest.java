package dev.reeve.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
    private long now = Long.MAX_VALUE - 1;
    private final Attempts attempts = new Attempts(Duration.ofSeconds(2), () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void somethingNewIsTriedBeforeAllThatFailsAndWhatFailsHasItsOwnPause() {
        assertEquals(List.of("a", "b"), attempts.due(List.of("a", "b")));
        attempts.failed("a");
        assertEquals(List.of("b"), attempts.due(List.of("a", "b")), "a rests, whatever else happens");
        pass(Duration.ofSeconds(2));
        assertEquals(List.of("b", "a"), attempts.due(List.of("a", "b")));
    }

    @Test
    void pausesDoubleUpToFiveMinutes() {
        for (long seconds : List.of(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L)) {
            attempts.failed("a");
            assertEquals(Optional.of(Duration.ofSeconds(seconds)), attempts.untilNext());
            pass(Duration.ofSeconds(seconds));
        }
        assertEquals(Optional.of(Duration.ZERO), attempts.untilNext());
    }

    @Test
    void onceSomethingGotThroughAllElseIsTriedAgain() {
        attempts.failed("a");
        attempts.failed("a");
        attempts.done("b");
        assertEquals(List.of("a"), attempts.due(List.of("a")));
        attempts.failed("a");
        assertEquals(Optional.of(Duration.ofSeconds(8)), attempts.untilNext(), "its pause goes on");
    }

    @Test
    void whatWasDeliveredOrIsGoneFailsNoMore() {
        attempts.failed("a");
        attempts.failed("b");
        attempts.done("a");
        assertFalse(attempts.areWell());
        attempts.keepOnly(Set.of("c"));
        assertTrue(attempts.areWell());
        assertEquals(Optional.empty(), attempts.untilNext());
    }
}
