package dev.reeve.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as the JDK reads them. */
final class RecordTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-24T10:00:00Z",
                "2026-11-24T10:00:00.1Z",
                "2026-11-24T10:00:00.123456789Z",
                "2026-11-24T10:00:00.000000001Z",
                "2026-11-24T10:00:00.1234567890Z",
                "2026-11-24T10:00:00.Z",
                "2026-11-24T10:00:00",
                "2026-11-24T10:00:00z",
                "2026-11-24t10:00:00Z",
                "2026-11-24T10:00:00+01:00",
                "2026-11-24T24:00:00Z",
                "2026-12-31T23:59:60Z",
                "2026-11-24T25:00:00Z",
                "2026-11-24T10:60:00Z",
                "2026-02-29T10:00:00Z",
                "2024-02-29T10:00:00Z",
                "2026-13-01T10:00:00Z",
                "2026-00-01T10:00:00Z",
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "+12026-11-24T10:00:00Z",
                "-0001-11-24T10:00:00Z",
                "2026-11-24T10:00Z",
                "\u0662026-11-24T10:00:00Z",
                "Z",
                ""
            })
    void asTheJdkReadsThem(String text) {
        assertEquals(read(() -> Instant.parse(text)), read(() -> RecordTime.parse(text)), text);
    }

    @Test
    void whateverStandsInThem() {
        Random random = new Random(7);
        String signs = "0123456789-:.TZz+ ";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text =
                    new StringBuilder(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))
                            .toString());
            for (int change = random.nextInt(3); change > 0; change--) {
                text.setCharAt(random.nextInt(text.length()), signs.charAt(random.nextInt(signs.length())));
            }
            asTheJdkReadsThem(text.toString());
        }
    }

    private interface Reading {
        Instant read();
    }

    private static Optional<Instant> read(Reading reading) {
        try {
            return Optional.of(reading.read());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
