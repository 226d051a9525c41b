package dev.reeve.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading the log is an act; reading a thousand bundles of it is not a thousand. */
final class VisitsTest {
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final List<String> recorded = new ArrayList<>();
    private boolean isUnrecordable;
    private final Visits visits = new Visits(this::record, () -> now);

    private void record(String person, String what, Json.Obj shown) throws UnrecordableException {
        if (isUnrecordable) {
            throw new UnrecordableException("the disk is full");
        }
        recorded.add(person + " " + what + " " + shown);
    }

    @Test
    void aVisitHasOneRecordForItsBeginningAndOneForItsEnd() throws Exception {
        for (long bundle = 3; bundle < 1003; bundle++) {
            visits.shown("ana", bundle * 256, bundle * 256 + 256);
        }
        visits.shown("ana", 256, 512);
        visits.shown("bo", 0, 100);
        assertEquals(List.of("ana log {\"from\":768}", "bo log {\"from\":0}"), recorded);
        now = now.plus(Visits.IDLE);
        visits.endIdle();
        assertEquals(2, recorded.size());
        now = now.plusMillis(1);
        visits.endIdle();
        visits.endIdle();
        visits.endAll();
        assertEquals(4, recorded.size());
        assertEquals("ana log_end {\"from\":256,\"to\":256768,\"bundles\":1001}", only("ana log_end"));
        assertEquals("bo log_end {\"from\":0,\"to\":100,\"bundles\":1}", only("bo log_end"));
    }

    private String only(String begin) {
        return recorded.stream()
                .filter(one -> one.startsWith(begin))
                .reduce((one, other) -> one + other)
                .orElse("none");
    }

    @Test
    void whoNeverStopsHasARecordNowAndThen() throws Exception {
        for (int minute = 0; minute <= 25; minute++) {
            visits.shown("ana", minute, minute + 1);
            now = now.plus(Duration.ofMinutes(1));
        }
        visits.endAll();
        assertEquals(
                List.of(
                        "ana log {\"from\":0}",
                        "ana log_end {\"from\":0,\"to\":11,\"bundles\":11}",
                        "ana log {\"from\":11}",
                        "ana log_end {\"from\":11,\"to\":22,\"bundles\":11}",
                        "ana log {\"from\":22}",
                        "ana log_end {\"from\":22,\"to\":26,\"bundles\":4}"),
                recorded);
    }

    @Test
    void aVisitThatCannotBeRecordedDoesNotBegin() throws Exception {
        isUnrecordable = true;
        assertThrows(UnrecordableException.class, () -> visits.shown("ana", 0, 256));
        visits.endAll();
        isUnrecordable = false;
        visits.shown("ana", 0, 256);
        isUnrecordable = true;
        // That its end is not recorded stops nothing.
        visits.shown("ana", 256, 512);
        visits.endAll();
        assertEquals(List.of("ana log {\"from\":0}"), recorded);
    }
}
