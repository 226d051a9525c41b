package dev.reeve.strict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.json.PlainJson;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made the quick way is what the strict reader makes. */
final class PlainJsonTest {
    private static final JsonLimits LIMITS = new JsonLimits(4 << 20, 64, 5_000_000, false);
    private static final String RECORD =
            "{\"b\":\"rv_b37w77n027ec8g1s4w9bcs0316\",\"a\":[[],{},\"\",\"x\",-7,0,12345678,true,false,null,"
                    + "{\"b\":\"12345678\",\"allowed\":\"123456789\",\"\":1}],\"c\":{\"a\":[{\"a\":[1,2]}]},\"d\":\"twenty four characters!!\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-1",
                "\"\"",
                "true",
                "null",
                "[1,[2,[3]]]",
                "{\"a\":{\"a\":{\"a\":[]}}}",
                RECORD
            })
    void plainTextIsMadeTheSame(String text) throws JsonRefusedException {
        assertEquals(StrictJson.read(bytes(text), LIMITS), PlainJson.read(bytes(text)));
        assertEquals(text, String.valueOf(PlainJson.read(bytes(text))), "in the same order");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " {}",
                "{} ",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{\"a\"}",
                "{\"a\":}",
                "{,}",
                "{\"a\":1,}",
                "[1,]",
                "[,]",
                "[1 ]",
                "\"\\n\"",
                "\"\u00e9\"",
                "1.5",
                "1e3",
                "-0",
                "01",
                "-",
                "1234567890123456",
                "tru",
                "truex",
                "[1",
                "{\"a\":1",
                "\"a",
                "{\"a\":1]",
                "{a:1}"
            })
    void whateverIsOtherwiseIsLeftToTheStrictReader(String text) {
        assertNull(PlainJson.read(bytes(text)));
    }

    @Test
    void depthAndLengthHaveLimits() {
        assertNull(PlainJson.read(bytes("[".repeat(100_000))));
        assertNull(PlainJson.read(bytes("[".repeat(33) + "]".repeat(33))));
        assertTrue(PlainJson.read(bytes("[".repeat(32) + "]".repeat(32))) != null);
        assertNull(PlainJson.read(bytes("\"" + "x".repeat(1 << 20) + "\"")));
    }

    @Test
    void objectsOfManyMembersAreTheSameToo() throws JsonRefusedException {
        StringBuilder text = new StringBuilder("{\"m0\":0");
        for (int i = 1; i < 500; i++) {
            text.append(",\"m").append(i).append("\":").append(i);
            byte[] whole = bytes(text + "}");
            assertEquals(StrictJson.read(whole, LIMITS), PlainJson.read(whole));
            assertNull(PlainJson.read(bytes(text + ",\"m0\":1}")), "a name stands twice");
        }
    }

    @Test
    void whatItMakesTheStrictReaderMakes() throws JsonRefusedException {
        Random random = new Random(9);
        String signs = "{}[]:,\"\\0123456789-+.eEtfnull \t\u0000\u001f!#~\u007f\u0080\u00a2\u00dcabkz";
        int made = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] text = RECORD.getBytes(StandardCharsets.ISO_8859_1);
            for (int change = random.nextInt(4); change > 0; change--) {
                text[random.nextInt(text.length)] = (byte) signs.charAt(random.nextInt(signs.length()));
            }
            Json plain = PlainJson.read(text);
            if (plain != null) {
                made++;
                Json strict = StrictJson.read(text, LIMITS);
                assertEquals(strict, plain);
                assertEquals(strict.toString(), plain.toString());
            }
        }
        int all = made;
        assertTrue(all > 80_000, () -> "only " + all + " were made");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
