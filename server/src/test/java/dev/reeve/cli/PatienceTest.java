package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PatienceTest {
    private static final long START = Long.MAX_VALUE - 5;

    @Test
    void oneHolderIsWaitedForFiveSeconds() {
        Patience patience = new Patience(START);
        assertTrue(patience.lasts(START, Optional.of(7L)));
        assertTrue(patience.lasts(START + TimeUnit.MILLISECONDS.toNanos(4_999), Optional.of(7L)));
        assertFalse(patience.lasts(START + TimeUnit.SECONDS.toNanos(5), Optional.of(7L)));
    }

    @Test
    void aQueueThatMovesIsWaitedForAMinuteAtMost() {
        Patience patience = new Patience(START);
        int waited = 0;
        while (patience.lasts(START + TimeUnit.SECONDS.toNanos(waited), Optional.of((long) waited / 3))) {
            waited++;
        }
        assertEquals(60, waited);
    }

    @Test
    void aHolderThatCannotBeKnownIsOneHolder() {
        Patience patience = new Patience(START);
        assertTrue(patience.lasts(START, Optional.empty()));
        assertFalse(patience.lasts(START + TimeUnit.SECONDS.toNanos(5), Optional.empty()));
    }
}
