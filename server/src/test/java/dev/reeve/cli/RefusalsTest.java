package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets in nowhere must not fill the disk either (R15). */
final class RefusalsTest {
    private int number;
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final Metrics metrics = new Metrics();
    private final Refusals refusals = new Refusals(() -> now, metrics, () -> "rv_" + ++number);
    private final List<String> written = new ArrayList<>();

    private void write(String id, Instant from, Json.Obj counts) {
        written.add(id + " " + from + " " + counts);
    }

    @Test
    void thousandsOfRefusalsAreOneRecord() {
        for (int i = 0; i < 5_000; i++) {
            refusals.refused("mcp-http", "key_unknown");
        }
        refusals.refused("connector", "key_revoked");
        refusals.denied("clerk", "no_rule");
        refusals.record(this::write);
        assertEquals(
                List.of("rv_1 2026-11-24T10:00:00Z {\"connector.key_revoked\":1,\"denied.clerk.no_rule\":1,"
                        + "\"mcp-http.key_unknown\":5000}"),
                written);
        assertTrue(metrics.text().contains("reeve_denials_only_counted_total{code=\"no_rule\"} 1"), metrics.text());
    }

    @Test
    void nothingIsWrittenWhenNothingHappened() {
        refusals.record(this::write);
        assertEquals(List.of(), written);
    }

    @Test
    void whatCannotBeRecordedIsCountedOn() {
        refusals.refused("mcp-http", "key_unknown");
        refusals.record((id, from, counts) -> {
            throw new UnrecordableException("the disk is full");
        });
        now = now.plusSeconds(60);
        refusals.refused("mcp-http", "key_unknown");
        refusals.record(this::write);
        assertEquals(
                List.of(
                        "rv_1 2026-11-24T10:00:00Z {\"mcp-http.key_unknown\":1}",
                        "rv_2 2026-11-24T10:00:00Z {\"mcp-http.key_unknown\":1}"),
                written);
        refusals.record(this::write);
        assertEquals(2, written.size(), "counted once");
    }

    @Test
    void theTicketOfADenialIsThatOfTheSummaryThatCountsIt() {
        assertEquals("rv_1", refusals.denied("clerk", "no_rule"));
        refusals.record((id, from, counts) -> {
            assertEquals("rv_2", refusals.denied("clerk", "late"), "what comes during the writing is for the next");
            throw new UnrecordableException("the disk is full");
        });
        assertEquals("rv_2", refusals.denied("clerk", "late"));
        refusals.record(this::write);
        assertEquals(
                List.of(
                        "rv_1 2026-11-24T10:00:00Z {\"denied.clerk.no_rule\":1}",
                        "rv_2 2026-11-24T10:00:00Z {\"denied.clerk.late\":2}"),
                written);
    }

    @Test
    void denialsStandInTheSummaryWhoseTicketWasGivenHoweverMuchElseWasCounted() {
        for (int i = 0; i < Refusals.MOST_CODES + 3; i++) {
            refusals.refused("a-channel", "code" + i);
        }
        String ticket = refusals.denied("zoe", "no_rule");
        refusals.record(this::write);
        assertTrue(written.getFirst().startsWith(ticket + " "), written.getFirst());
        assertTrue(written.getFirst().contains("denied.zoe.no_rule"), written.getFirst());
    }

    @Test
    void aSummaryIsNeverTooLargeToBeRecorded() {
        for (int i = 0; i < Refusals.MOST_CODES + 3; i++) {
            refusals.denied("agent" + i, "no_rule");
        }
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            refusals.record((id, from, counts) -> sizes.add(counts.members().size()));
        }
        assertEquals(List.of(Refusals.MOST_CODES, 3), sizes);
    }
}
