package dev.reeve.export;

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

final class FormatTest {
    private static final Json.Obj OPERATION = Json.object()
            .put("kind", "tool_call")
            .put("subject", "pg.query|database")
            .put("upstream", "pg")
            .build();

    private static Happened denial(String agent, String reason) {
        Json.Obj rule = Json.object()
                .put("file", "policies/a.yaml")
                .put("line", 3)
                .put("name", "no=mail")
                .build();
        Json.Obj leaf = Json.object()
                .put("agent", agent)
                .put("denial", Json.object().put("code", "denied_by_rule").put("rule", rule))
                .put("findings", Json.Arr.EMPTY)
                .put("id", "rv_1")
                .put("instance", "k_1")
                .put("kind", "denial")
                .put("operation", OPERATION)
                .put("policy", "v1")
                .put("session", "s_1")
                .put("tenant", "default")
                .put("time", "2026-11-24T10:00:00.123456Z")
                .build();
        return new Happened(
                new Stored(
                        7,
                        leaf,
                        Map.of(
                                "reasons", Json.object().put("denial", reason).build(),
                                "arguments",
                                        Json.object()
                                                .put("sql", "SELECT secretplan")
                                                .build())),
                Optional.empty());
    }

    private static Happened done() {
        Json.Obj access =
                Json.object().put("tags", Json.Arr.EMPTY).put("verb", "query").build();
        Json.Obj leaf = denial("clerk", "")
                .record()
                .leaf()
                .without("denial")
                .with("kind", new Json.Str("intent"))
                .with(
                        "facts",
                        Json.object()
                                .put("accesses", new Json.Arr(List.of(access)))
                                .build());
        Json.Obj outcome = Json.object()
                .put("elapsed_us", 1_500)
                .put("id", "rv_1")
                .put("kind", "outcome")
                .put("status", "success")
                .put("time", "2026-11-24T10:00:01Z")
                .build();
        return new Happened(new Stored(7, leaf, Map.of()), Optional.of(new Stored(9, outcome, Map.of())));
    }

    private static Json.Obj json(String line) throws Exception {
        return StrictJson.readObject(line.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
    }

    @Test
    void hiddenValuesAreWrittenOnlyWhereTheyAreAskedFor() {
        for (Format format : Format.values()) {
            String text = format.text(List.of(denial("clerk", "becausewhy")), false);
            assertFalse(text.contains("secretplan") || text.contains("becausewhy"), format + ": " + text);
            assertTrue(format.text(List.of(denial("clerk", "becausewhy")), true).contains("becausewhy"), format.wire());
        }
    }

    /** Who exports without values does not read that the record has none. */
    @Test
    void argumentsThatAreNotExportedAreNotCalledErased() throws Exception {
        Json.Obj left = json(Format.JSONL.text(List.of(denial("clerk", "")), false));
        assertEquals("null not exported", arguments(left));
        Json.Obj whole = json(Format.JSONL.text(List.of(denial("clerk", "")), true));
        assertEquals("{\"sql\":\"SELECT secretplan\"} kept", arguments(whole));
        assertEquals("null not recorded", arguments(json(Format.JSONL.text(List.of(done()), false))));
    }

    private static String arguments(Json.Obj event) {
        return event.get("arguments").orElseThrow() + " "
                + event.object("reeve")
                        .flatMap(ours -> ours.string("arguments"))
                        .orElseThrow();
    }

    @Test
    void aCellIsNeverAFormula() {
        for (String formula : List.of("=1+1", "+1", "-1", "@x", "  =cmd|' /C calc'!A0", "|x", "%0A=1")) {
            assertTrue(CsvFormat.cell(formula).startsWith("\"'"), formula);
        }
        assertEquals("\"say \"\"hi\"\"\"", CsvFormat.cell("say \"hi\""));
        assertEquals("\"a\\u{A}b\\u{D}\"", CsvFormat.cell("a\nb\r"));
        String row = Format.CSV.text(List.of(denial("=HYPERLINK(1)", "")), true);
        assertTrue(row.contains("\"'=HYPERLINK(1)\""), row);
        assertEquals(2, row.split("\r\n", -1).length);
    }

    @Test
    void cefEscapesWhatItIsBuiltOf() {
        String line = Format.CEF.text(List.of(denial("cle|rk\\x", "a=b\nc")), true);
        assertTrue(line.startsWith("CEF:0|Reeve|Reeve|0.1.0|action:denied|cle\\|rk\\\\x pg.query\\|database|5|"), line);
        assertTrue(line.contains(" cs4=no\\=mail (policies/a.yaml:3) "), line);
        assertTrue(line.contains(" msg=a\\=b\\\\u{A}c"), line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void ocsfSaysWhoDidWhatWithWhichOutcome() throws Exception {
        Json.Obj denied = json(Format.OCSF.text(List.of(denial("clerk", "no")), true));
        assertEquals(Optional.of(Json.of(600399)), denied.get("type_uid"));
        assertEquals(Optional.of(Json.of(2)), denied.get("status_id"));
        assertEquals(Optional.of(Json.of(2)), denied.get("disposition_id"));
        assertEquals(Optional.of("denied_by_rule"), denied.string("status_code"));
        Json.Obj done = json(Format.OCSF.text(List.of(done()), false));
        assertEquals(Optional.of(Json.of(600302)), done.get("type_uid"));
        assertEquals(Optional.of(Json.of(1)), done.get("status_id"));
        assertEquals(Optional.of(Json.of(1_795_514_400_123L)), done.get("time"));
        assertEquals(Optional.of(Json.of(1)), done.get("duration"));
    }

    @Test
    void aPieceOfOtlpIsOneRequest() throws Exception {
        Json.Obj request = json(Format.OTEL.text(List.of(denial("clerk", "no"), done()), false));
        Json.Obj resource =
                (Json.Obj) request.array("resourceLogs").orElseThrow().items().getFirst();
        Json.Obj scope =
                (Json.Obj) resource.array("scopeLogs").orElseThrow().items().getFirst();
        List<Json> records = scope.array("logRecords").orElseThrow().items();
        assertEquals(2, records.size());
        assertEquals(Optional.of("1795514400123456000"), ((Json.Obj) records.getFirst()).string("timeUnixNano"));
    }
}
