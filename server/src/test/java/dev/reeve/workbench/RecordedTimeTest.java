package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** It reads what the JDK reads, and refuses what the JDK refuses. */
final class RecordedTimeTest {
    @Test
    void everyTimeOfARecord() {
        long seed = 20261127;
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long nanos = List.of(0L, 120_000_000L, 123_456_000L, (long) random.nextInt(1_000_000_000))
                    .get(random.nextInt(4));
            Instant time = Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L), nanos);
            assertEquals(time, RecordedTime.read(time.toString()), "seed " + seed + ", round " + i);
        }
    }

    @Test
    void whatIsWrittenOtherwiseIsReadAsTheJdkReadsIt() {
        for (String text : List.of(
                "2026-11-24T10:30:00.1Z",
                "2026-11-24T10:30:00.1234567Z",
                "2026-11-24T24:00:00Z",
                "2024-02-29T23:59:59.999999999Z",
                "2026-11-24T10:30:00+01:00",
                "2026-11-24t10:30:00z",
                "+12026-11-24T10:30:00Z")) {
            assertEquals(Instant.parse(text), RecordedTime.read(text), text);
        }
    }

    @Test
    void whatIsNoTimeIsRefused() {
        for (String text : List.of(
                "",
                "Z",
                "2026-11-24",
                "2026-11-24T10:30:00",
                "2026-11-24T10:30:00.123456789",
                "2026-11-24T10:30:00.1234567890Z",
                "2026-02-29T10:30:00Z",
                "2026-13-01T10:30:00Z",
                "2026-00-10T10:30:00Z",
                "2026-11-24T25:30:00Z",
                "2026-11-24T10:60:00Z",
                "2026-11-24T10:30:61Z",
                "2026-11-24T10:30:00xZ",
                "2026-11-24T10:30:00.12\u0663Z",
                "2026x11-24T10:30:00Z")) {
            assertThrows(DateTimeException.class, () -> RecordedTime.read(text), text);
        }
    }
}
