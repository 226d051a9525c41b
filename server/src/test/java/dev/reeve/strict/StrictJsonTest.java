package dev.reeve.strict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrictJsonTest {
    private static final JsonLimits LIMITS = new JsonLimits(1_000, 8, 50, true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"a\":1,\"a\":2}|duplicate_member",
                "{\"a\":1,\"\\u0061\":2}|duplicate_member",
                "[1,2|malformed",
                "[1 2]|malformed",
                "{} {}|malformed",
                "{\"a\":1,}|malformed",
                "{'a':1}|malformed",
                "[NaN]|malformed",
                "[01]|malformed",
                "[+1]|malformed",
                "[.5]|malformed",
                "// x|malformed",
                "[\"\\ud800\"]|bad_utf8",
                "[\"\\udc00\\ud800\"]|bad_utf8",
                "[[[[[[[[[1]]]]]]]]]|too_deep",
                "[12345678901234567890]|inexact_number",
                "[1e400]|inexact_number",
                "[0.1000000000000000055511151231257827]|inexact_number",
            })
    void refusesWithAName(String text, String code) {
        assertEquals(code, refusal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesWrongUtf8ByteOrderMarksAndTooMuch() {
        assertEquals("bad_utf8", refusal(new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}));
        assertEquals("bad_utf8", refusal(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}));
        assertEquals("malformed", refusal("\uFEFF{}".getBytes(StandardCharsets.UTF_8)));
        assertEquals("too_large", refusal(("\"" + "a".repeat(1_000) + "\"").getBytes(StandardCharsets.UTF_8)));
        assertEquals("too_many_tokens", refusal(("[" + "1,".repeat(60) + "1]").getBytes(StandardCharsets.UTF_8)));
        assertEquals("malformed", refusal(new byte[0]));
    }

    @Test
    void refusalsQuoteNothing() {
        JsonRefusedException e = assertThrows(
                JsonRefusedException.class,
                () -> StrictJson.read("{\"token\":hunter2}".getBytes(StandardCharsets.UTF_8), LIMITS));
        assertFalse(String.valueOf(e.getMessage()).contains("hunter2"), e.getMessage());
    }

    @Test
    void whatItReadsItWritesAgain() throws JsonRefusedException {
        String text = "{\"b\":[1,2.50,-0.0,1e2,true,null],\"a\":\"\u00e9\\n\\u0001 \uD83D\uDE00\"}";
        Json value = StrictJson.read(text.getBytes(StandardCharsets.UTF_8), LIMITS);
        assertEquals(text, JsonWriter.text(value));
    }

    @Test
    void randomBytesNeverDoAnythingButRefuse() {
        long seed = 20261124;
        Random random = new Random(seed);
        byte[] good = "{\"a\":[1,2,{\"b\":\"x\\u00e9\"}],\"c\":-1.5e3}".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            try {
                Json value = StrictJson.read(text, LIMITS);
                assertEquals(
                        value,
                        StrictJson.read(JsonWriter.bytes(value), LIMITS),
                        () -> "seed " + seed + ": " + new String(text, StandardCharsets.ISO_8859_1));
            } catch (JsonRefusedException e) {
                assertFalse(e.code().isEmpty());
            }
        }
    }

    private static String refusal(byte[] text) {
        return assertThrows(JsonRefusedException.class, () -> StrictJson.read(text, LIMITS))
                .code();
    }

    /** Whoever skips what is not wanted must not be easier to deceive than whoever reads everything. */
    @Test
    void readingSomeMembersRefusesWhatReadingAllRefuses() {
        String text = "{\"a\":1,\"b\":{\"c\":[1,2.5,\"\\u00e9\",{\"d\":null}],\"e\":\"x\"},\"f\":true,\"g\":\"y\"}";
        String signs = "{}[]:,\"\\u0d8acefg1.-e\u00e9 ";
        Random random = new Random(11);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) signs.charAt(random.nextInt(signs.length()));
            }
            String all = answer(() -> StrictJson.readObject(bytes, LIMITS));
            String some = answer(() -> StrictJson.readMembers(bytes, LIMITS, Set.of("a", "f", "g")));
            assertEquals(all, some, () -> new String(bytes, StandardCharsets.UTF_8));
            read += all.startsWith("{") ? 1 : 0;
        }
        assertTrue(read > 20_000, () -> "the changes break everything");
    }

    private interface Reading {
        Json.Obj read() throws JsonRefusedException;
    }

    /** What both must agree on: the members, or that it is refused; of two faults they may name another one. */
    private static String answer(Reading reading) {
        try {
            Json.Obj object = reading.read();
            Json.Builder kept = Json.object();
            for (String name : java.util.List.of("a", "f", "g")) {
                object.get(name).ifPresent(value -> kept.put(name, value));
            }
            return JsonWriter.text(kept.build());
        } catch (JsonRefusedException e) {
            return "refused";
        }
    }
}
