package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What it says of any text, the JDK says. */
final class PlainTimeTest {
    private static final long SEED = Long.getLong("reeve.seed", 58);
    private static final String SIGNS = "0123456789:-.TZ+ ";

    private final Random random = new Random(SEED);

    private static Optional<Instant> jdk(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Test
    void everyInstantIsReadAsItWasWritten() {
        for (int i = 0; i < 200_000; i++) {
            Instant one = Instant.ofEpochSecond(
                    random.nextLong(-80_000_000_000L, 260_000_000_000L), round(random.nextInt(1_000_000_000)));
            assertEquals(Optional.of(one), PlainTime.of(one.toString()), () -> "seed " + SEED);
        }
    }

    /** To thousandths, millionths, or not at all. */
    private int round(int nanos) {
        int to = (int) Math.pow(1_000, random.nextInt(4));
        return nanos / to * to;
    }

    @Test
    void whatIsNearlyATimeIsWhatTheJdkSays() {
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(
                    Instant.ofEpochSecond(random.nextLong(4_000_000_000L), round(random.nextInt(1_000_000_000)))
                            .toString());
            for (int change = random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(text.length());
                char sign = SIGNS.charAt(random.nextInt(SIGNS.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, sign);
                    default -> text.setCharAt(at, sign);
                }
            }
            assertEquals(jdk(text.toString()), PlainTime.of(text.toString()), () -> "seed " + SEED + ": " + text);
        }
        assertEquals(Optional.empty(), PlainTime.of(""));
    }
}
