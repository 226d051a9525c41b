package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainRecordTest {
    private static final Set<String> WANTED = Set.of("counter", "id", "kind", "node");
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64, 10_000, false);
    private static final String INTENT =
            "{\"agent\":\"clerk\",\"counter\":10756,\"facts\":{\"accesses\":[{\"tags\":[],\"verb\":\"read\"}],"
                    + "\"clock_doubtful\":false,\"session_read\":[]},\"findings\":[{\"result\":\"allowed\",\"stage\":\"identity\"}],"
                    + "\"id\":\"rv_b37w77n027ec8g1s4w9bcs0316\",\"kind\":\"intent\",\"node\":\"n1\",\"result\":{\"rows_returned\":null},\"v\":1}";

    @Test
    void anOrdinaryRecordIsReadTheFastWay() {
        Json.Obj members = PlainRecord.members(bytes(INTENT), WANTED);
        assertNotNull(members);
        assertEquals("rv_b37w77n027ec8g1s4w9bcs0316", members.string("id").orElseThrow());
        assertEquals("intent", members.string("kind").orElseThrow());
        assertEquals(new Json.Num("10756"), members.get("counter").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}x",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"a\": 1}",
                "{\"a\":\"\\u0061\"}",
                "{\"a\":\"\u00e9\"}",
                "{\"a\":1.5}",
                "{\"a\":01}",
                "{\"a\":-0}",
                "{\"a\":1e3}",
                "{\"a\":[1,]}",
                "{\"a\":1,}",
                "{\"a\":tru}",
                "{\"kind\":{}}",
                "[]"
            })
    void whateverIsOtherwiseIsLeftToTheStrictReader(String text) {
        assertNull(PlainRecord.members(bytes(text), WANTED));
    }

    @Test
    void whatItReadsTheStrictReaderReadsTheSame() throws JsonRefusedException {
        Random random = new Random(5);
        String signs = "{}[]:,\"\\0123456789-+.eEtfnull \t\u0000abkz";
        int fast = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] text = bytes(INTENT);
            for (int change = random.nextInt(4); change > 0; change--) {
                text[random.nextInt(text.length)] = (byte) signs.charAt(random.nextInt(signs.length()));
            }
            Json.Obj plain = PlainRecord.members(text, WANTED);
            if (plain != null) {
                fast++;
                assertEquals(wanted(StrictJson.readObject(text, LIMITS)), plain);
            }
        }
        int read = fast;
        assertTrue(read > 100_000, () -> "only " + read + " were read");
    }

    private static Json.Obj wanted(Json.Obj record) {
        Json.Builder members = Json.object();
        record.members().forEach((name, value) -> {
            if (WANTED.contains(name)) {
                members.put(name, value);
            }
        });
        return members.build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
