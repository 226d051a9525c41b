package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RestartsTest {
    private static final Links.Key KEY = new Links.Key("default", "k1");
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void eachCrashInARowDoublesTheRestUpToHalfAMinute() {
        Restarts restarts = new Restarts(() -> 0.5);
        restarts.ended(KEY, YOUNG, false, 0);
        assertEquals(Optional.empty(), restarts.refusal(KEY, 0), "the first is forgiven");
        long[] rests = {187, 375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500};
        for (long rest : rests) {
            restarts.ended(KEY, YOUNG, false, 0);
            assertTrue(restarts.refusal(KEY, millis(rest - 1)).isPresent(), rest + " ms");
            assertEquals(Optional.empty(), restarts.refusal(KEY, millis(rest + 1)), rest + " ms");
        }
        assertEquals(10, restarts.total());
    }

    @Test
    void theJitterIsBetweenHalfOfTheRestAndAllOfIt() {
        for (double jitter : new double[] {0, 1}) {
            Restarts restarts = new Restarts(() -> jitter);
            restarts.ended(KEY, YOUNG, false, 0);
            restarts.ended(KEY, YOUNG, false, 0);
            long rest = jitter == 0 ? 125 : 250;
            assertTrue(restarts.refusal(KEY, millis(rest - 1)).isPresent());
            assertEquals(Optional.empty(), restarts.refusal(KEY, millis(rest)));
        }
    }

    @Test
    void oneThatLivedLongOrWasEndedBeginsAnewAndOthersAreNotHeldUp() {
        Restarts restarts = new Restarts(() -> 1);
        restarts.ended(KEY, YOUNG, false, 0);
        restarts.ended(KEY, YOUNG, false, 0);
        assertEquals(Optional.empty(), restarts.refusal(new Links.Key("default", "k2"), 0));
        restarts.ended(KEY, YOUNG, true, 0);
        assertEquals(Optional.empty(), restarts.refusal(KEY, 0));
        restarts.ended(KEY, Duration.ofMinutes(1), false, 0);
        assertEquals(Optional.empty(), restarts.refusal(KEY, 0));
    }
}
