package dev.reeve.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DutyTest {
    private long now;

    private Duty duty(int share) {
        return new Duty(new Pace(Duration.ofSeconds(2), share, () -> now));
    }

    @Test
    void overTimeItTakesItsShareAndNoMore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int share : new int[] {1, 10, 50, 99}) {
            Duty duty = duty(share);
            long begun = now;
            long worked = 0;
            for (int i = 0; i < 10_000; i++) {
                long work = random.nextInt(400_000);
                now += work;
                worked += work;
                long owed = duty.owed();
                if (owed > 0) {
                    now += owed;
                    duty.begin();
                }
            }
            now += duty.owed();
            double taken = 100.0 * worked / (now - begun);
            assertTrue(taken <= share + 0.2 && taken >= share - 0.2, "seed " + seed + ": " + taken + " of " + share);
        }
    }

    @Test
    void shortWorkIsNotInterrupted() {
        Duty duty = duty(10);
        now += 1_999_999;
        assertEquals(0, duty.owed());
        now += 1;
        assertEquals(18_000_000, duty.owed());
    }

    @Test
    void thatWhichIsHurriedOwesNothing() {
        Duty duty = duty(10);
        now += 5_000_000_000L;
        duty.begin();
        assertEquals(0, duty.owed());
    }

    @Test
    void aHundredNeverRests() {
        Duty duty = duty(100);
        now += 5_000_000_000L;
        assertEquals(0, duty.owed());
    }

    @Test
    void aShareIsAPercentage() {
        assertThrows(IllegalArgumentException.class, () -> duty(101));
        assertThrows(IllegalArgumentException.class, () -> duty(-1));
    }
}
