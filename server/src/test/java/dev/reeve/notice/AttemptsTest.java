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
    private final Attempts attempts = new Attempts(4, Duration.ofSeconds(2), () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** Tries them now; all fail. */
    private void fail(String... ids) {
        List<String> tried = attempts.begin(List.of(ids));
        assertEquals(List.of(ids), tried);
        tried.forEach(attempts::failed);
    }

    @Test
    void somethingNewIsTriedBeforeAllThatFailsAndWhatFailsHasItsOwnPause() {
        fail("a");
        assertEquals(List.of("b"), attempts.begin(List.of("a", "b")), "a rests, whatever else happens");
        pass(Duration.ofSeconds(2));
        assertEquals(List.of("c", "a"), attempts.begin(List.of("a", "b", "c")), "b is under way");
    }

    @Test
    void onlySoManyAreUnderWayAndTheNextBeginsWhenOneHasEnded() {
        List<String> all = List.of("a", "b", "c", "d", "e", "f");
        assertEquals(List.of("a", "b", "c", "d"), attempts.begin(all));
        assertEquals(List.of(), attempts.begin(all));
        assertEquals(Optional.empty(), attempts.untilNext(), "nothing to wait for but the end of one");
        attempts.failed("b");
        assertEquals(List.of("e"), attempts.begin(all));
        attempts.done("a");
        assertEquals(List.of("f"), attempts.begin(all.subList(1, 6)));
    }

    @Test
    void whatFailsAgainAndAgainLeavesPlacesForWhatIsNew() {
        fail("a", "b", "c", "d");
        pass(Duration.ofSeconds(2));
        List<String> all = List.of("a", "b", "c", "d", "new", "newer", "newest");
        assertEquals(List.of("a", "b"), attempts.begin(all.subList(0, 4)));
        assertEquals(Optional.empty(), attempts.untilNext(), "the others have no place, so no time either");
        assertEquals(List.of("new", "newer"), attempts.begin(all));
        attempts.failed("a");
        assertEquals(List.of("newest"), attempts.begin(all));
        attempts.failed("b");
        assertEquals(List.of("c"), attempts.begin(all));
    }

    @Test
    void pausesDoubleUpToFiveMinutes() {
        for (long seconds : List.of(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L)) {
            fail("a");
            assertEquals(Optional.of(Duration.ofSeconds(seconds)), attempts.untilNext());
            pass(Duration.ofSeconds(seconds));
        }
        assertEquals(Optional.of(Duration.ZERO), attempts.untilNext());
    }

    @Test
    void onceSomethingGotThroughAllElseIsTriedAgain() {
        fail("a");
        pass(Duration.ofSeconds(2));
        fail("a");
        assertEquals(List.of("b"), attempts.begin(List.of("a", "b")));
        attempts.done("b");
        fail("a");
        assertEquals(Optional.of(Duration.ofSeconds(8)), attempts.untilNext(), "its pause goes on");
    }

    @Test
    void whatWasDeliveredOrIsGoneFailsNoMore() {
        fail("a", "b");
        attempts.done("a");
        assertFalse(attempts.areWell());
        attempts.keepOnly(Set.of("c"));
        assertTrue(attempts.areWell());
        assertEquals(Optional.empty(), attempts.untilNext());
    }

    @Test
    void whatIsGoneWhileItIsTriedKeepsItsPlaceUntilThatHasEnded() {
        fail("a", "b");
        pass(Duration.ofSeconds(2));
        assertEquals(List.of("a", "b"), attempts.begin(List.of("a", "b")));
        attempts.keepOnly(Set.of("c"));
        assertEquals(List.of("c", "d"), attempts.begin(List.of("c", "d", "e")));
        attempts.failed("a");
        assertEquals(List.of("e"), attempts.begin(List.of("c", "d", "e")));
    }
}
