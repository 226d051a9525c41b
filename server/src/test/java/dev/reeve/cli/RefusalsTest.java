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
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final Metrics metrics = new Metrics();
    private final Refusals refusals = new Refusals(() -> now, metrics);
    private final List<String> written = new ArrayList<>();

    private void write(Instant from, Json.Obj counts) {
        written.add(from + " " + counts);
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
                List.of("2026-11-24T10:00:00Z {\"connector.key_revoked\":1,\"denied.clerk.no_rule\":1,"
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
        refusals.record((from, counts) -> {
            throw new UnrecordableException("the disk is full");
        });
        now = now.plusSeconds(60);
        refusals.refused("mcp-http", "key_unknown");
        refusals.record(this::write);
        assertEquals(List.of("2026-11-24T10:00:00Z {\"mcp-http.key_unknown\":2}"), written);
        refusals.record(this::write);
        assertEquals(1, written.size(), "counted once");
    }

    @Test
    void aSummaryIsNeverTooLargeToBeRecorded() {
        for (int i = 0; i < Refusals.MOST_CODES + 3; i++) {
            refusals.denied("agent" + i, "no_rule");
        }
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            refusals.record((from, counts) -> sizes.add(counts.members().size()));
        }
        assertEquals(List.of(Refusals.MOST_CODES, 3), sizes);
    }
}
