package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a terminal shows of what an agent, a server or a forger wrote (R9). */
final class EventTextTest {
    /** Colour, an 8-bit control sequence, right-to-left override, zero width, a letter that draws nothing, a tag, a line of its own. */
    private static final String EVIL =
            "a\u001b[2J\u009b31m\u202egnp\u200b\u3164\u2800\ufe0f\u00a0\udb40\udc41\u2028\r\nFORGED\u0007\ud800";

    private static Happened evil() {
        Json.Obj leaf = Json.object()
                .put("kind", "denial")
                .put("id", "rv_" + EVIL)
                .put("time", EVIL)
                .put("agent", EVIL)
                .put("instance", EVIL)
                .put("policy", EVIL)
                .put(
                        "operation",
                        Json.object().put("kind", EVIL).put("subject", EVIL).put("upstream", EVIL))
                .put("denial", Json.object().put("code", EVIL).put("class", EVIL))
                .put(
                        "findings",
                        new Json.Arr(List.of(Json.object()
                                .put("stage", EVIL)
                                .put("result", EVIL)
                                .put(
                                        "rule",
                                        Json.object()
                                                .put("name", EVIL)
                                                .put("file", EVIL)
                                                .put("line", 1))
                                .build())))
                .build();
        Json.Obj reasons = Json.object()
                .put("denial", EVIL)
                .put("findings", Json.Arr.ofStrings(List.of(EVIL)))
                .put("help", EVIL)
                .put("tell", EVIL)
                .build();
        Json.Obj arguments = Json.object().put(EVIL, EVIL).build();
        return new Happened(new Stored(1, leaf, Map.of("arguments", arguments, "reasons", reasons)), Optional.empty());
    }

    private static void showsEverything(String shown) {
        shown.codePoints().forEach(c -> assertFalse(Unseen.is(c), () -> "%X in %s".formatted(c, shown)));
    }

    @Test
    void aLineObeysNothingAndStaysOneLine() {
        String line = EventText.line(evil());
        showsEverything(line);
        assertTrue(line.contains("\\u{1B}"), line);
    }

    @Test
    void theWholeEventObeysNothing() {
        EventText.whole(evil()).forEach(EventTextTest::showsEverything);
    }

    @Test
    void jsonObeysNothingEitherAndMeansTheSame() throws Exception {
        Json.Obj value = Json.object()
                .put(EVIL.replace("\ud800", ""), EVIL.replace("\ud800", ""))
                .build();
        String text = EventText.json(value);
        showsEverything(text);
        assertEquals(value, StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER));
    }

    @Test
    void ordinaryLettersOfAllPeopleStayReadable() {
        for (String text : List.of("Grüße", "日本語", "שלום", "مرحبا", "e\u0301", "naïve – “quoted” €", "😀")) {
            assertEquals(text, EventText.escape(text));
        }
    }

    private static Happened happened(long index, Json.Obj leaf, Json.Obj reasons) {
        return new Happened(new Stored(index, leaf, Map.of("reasons", reasons)), Optional.empty());
    }

    @Test
    void aLineBeginsWithTheNumberAndEndsWithTheTicketAndIsReadableAtAHundredColumns() {
        Json.Obj leaf = Json.object()
                .put("kind", "control")
                .put("id", "c_0123456789abcdefghjkmnpqrs")
                .put("time", "2026-11-24T10:00:00.123456Z")
                .put("person", "local:ana")
                .put("act", "policy")
                .put("subject", "f".repeat(500))
                .build();
        String line = EventText.line(happened(1, leaf, Json.Obj.EMPTY));
        assertTrue(line.endsWith("...  c_01234567"), line);
        assertTrue(line.startsWith("    1 2026-11-24T10:00:00Z CONTROL   local:ana policy fff"), line);
        assertEquals(100, line.length());
        String late = EventText.line(happened(12_345_678, leaf, Json.Obj.EMPTY));
        assertTrue(late.startsWith("12345678 2026-"), late);
        assertEquals(100, late.length());
    }

    @Test
    void whatSucceededHasItsTicketToo() {
        Json.Obj intent = Json.object()
                .put("kind", "intent")
                .put("id", "rv_f0yqzm6k8c2n4t7w1x3v5b9d0h")
                .put("time", "2026-11-24T10:00:00Z")
                .put("agent", "clerk")
                .put("operation", Json.object().put("subject", "pg.query_database"))
                .build();
        Stored outcome = new Stored(25, Json.object().put("status", "success").build(), Map.of());
        String line = EventText.line(new Happened(new Stored(24, intent, Map.of()), Optional.of(outcome)));
        assertEquals("   24 2026-11-24T10:00:00Z SUCCESS   clerk pg.query_database  rv_f0yqzm6k", line);
    }

    @Test
    void aSummarySaysWhatItCounted() {
        Json.Obj leaf = Json.object()
                .put("kind", "summary")
                .put("id", "s_1")
                .put("time", "2026-11-24T10:00:00Z")
                .put("counts", Json.object().put("mcp-http.key_unknown", 7))
                .build();
        String line = EventText.line(happened(1, leaf, Json.Obj.EMPTY));
        assertEquals("    1 2026-11-24T10:00:00Z SUMMARY   {\"mcp-http.key_unknown\":7}  s_1", line);
    }

    @Test
    void whatIsNoDecisionSaysSoAndWhatItIs() {
        for (String kind : List.of("control", "summary", "outcome", "other")) {
            Json.Obj leaf = Json.object().put("kind", kind).put("id", "x_1").build();
            List<String> lines = EventText.whole(happened(1, leaf, Json.Obj.EMPTY));
            assertTrue(
                    lines.stream().anyMatch(line -> line.startsWith("decision           none: this ")),
                    lines::toString);
        }
    }
}
