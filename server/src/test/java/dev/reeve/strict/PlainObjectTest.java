package dev.reeve.strict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.json.PlainObject;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read the quick way is what the strict reader reads; what the quick one does not take is no matter of guessing. */
final class PlainObjectTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64, 10_000, false);
    private static final String INTENT =
            "{\"agent\":\"clerk\",\"counter\":10756,\"facts\":{\"accesses\":[{\"tags\":[],\"verb\":\"read\"}],"
                    + "\"clock_doubtful\":false,\"session_read\":[]},\"findings\":[{\"result\":\"allowed\",\"stage\":\"identity\"}],"
                    + "\"hidden\":{\"arguments\":\"8gQRCEUJgOUyBcPVqv3Y_HE1jXTiNnMvtYgbYVQNDHM\",\"reasons\":\"x\"},"
                    + "\"id\":\"rv_b37w77n027ec8g1s4w9bcs0316\",\"kind\":\"intent\",\"node\":\"n1\",\"offset\":-12,"
                    + "\"result\":{\"nested\":{\"deeper\":1},\"rows_returned\":null},\"v\":1}";

    @Test
    void anOrdinaryRecordIsReadTheFastWay() {
        PlainObject record = read("  " + INTENT + "  ", 2);
        int counter = record.find(bytes("counter"), 0);
        assertEquals(OptionalLong.of(10_756), record.number(counter));
        assertTrue(record.isText(record.find(bytes("kind"), counter), bytes("intent"), 0, 6));
        assertEquals("rv_b37w77n027ec8g1s4w9bcs0316", record.text(record.find(bytes("id"), 0)));
        assertEquals(OptionalLong.of(-12), record.number(record.find(bytes("offset"), 0)));
        assertEquals(OptionalLong.empty(), record.number(record.find(bytes("kind"), 0)));
        int hidden = record.find(bytes("hidden"), 0);
        int second = record.next(record.inner(hidden));
        assertTrue(record.isNamed(second, bytes("reasons"), 0, 7));
        assertEquals(record.next(hidden), record.next(second));
        assertEquals(PlainObject.NONE, record.find(bytes("arguments"), 0), "it is a member of another object");
        assertEquals(PlainObject.NONE, record.find(bytes("agent"), 1), "it stands before");
    }

    @Test
    void manyMembersAreKeptToo() {
        Json.Builder many = Json.object();
        for (int i = 1_000; i < 3_000; i++) {
            many.put("m" + i, Json.object().put("i", i).build());
        }
        Json.Obj object = many.build();
        assertEquals(object, tree(read(object.toString(), 0), 0, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}x",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"ab\":1,\"aa\":2}",
                "{\"aa\":1,\"a\":2}",
                "{\"a\": 1}",
                "{\"a\":\"\\u0061\"}",
                "{\"a\":\"\u00e9\"}",
                "{\"a\":\"1234567\u00e9\"}",
                "{\"a\":\"123456789abcdef\\n\"}",
                "{\"a\":\"123456789ab\tcdef\"}",
                "{\"a\":1.5}",
                "{\"a\":01}",
                "{\"a\":-0}",
                "{\"a\":-}",
                "{\"a\":1e3}",
                "{\"a\":1234567890123456}",
                "{\"a\":[1,]}",
                "{\"a\":1,}",
                "{\"a\":tru}",
                "{\"a\":tru",
                "{\"a\":\"1234567890",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
                "[]"
            })
    void whateverIsOtherwiseIsLeftToTheStrictReader(String text) {
        byte[] bytes = bytes(text);
        PlainObject record = new PlainObject();
        assertTrue(record.read(bytes("{\"a\":1}"), 0, 7));
        assertFalse(record.read(bytes, 0, bytes.length));
        assertEquals(PlainObject.NONE, record.find(bytes("a"), 0));
    }

    @Test
    void whatItReadsTheStrictReaderReadsTheSame() throws JsonRefusedException {
        Random random = new Random(5);
        String signs = "{}[]:,\"\\0123456789-+.eEtfnull \t\u0000\u001f!#[]~\u007f\u0080\u00a2\u00dcabkz";
        PlainObject record = new PlainObject();
        int fast = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] text = INTENT.getBytes(StandardCharsets.ISO_8859_1);
            for (int change = random.nextInt(4); change > 0; change--) {
                text[random.nextInt(text.length)] = (byte) signs.charAt(random.nextInt(signs.length()));
            }
            if (record.read(text, 0, text.length)) {
                fast++;
                assertEquals(shallow(StrictJson.readObject(text, LIMITS)), tree(record, 0, Integer.MAX_VALUE));
            }
        }
        int read = fast;
        assertTrue(read > 100_000, () -> "only " + read + " were read");
    }

    /** Texts and numbers of the object and of the objects in it; of anything else that it is there. */
    private static Json.Obj shallow(Json.Obj record) {
        Json.Builder members = Json.object();
        record.members()
                .forEach((name, value) ->
                        members.put(name, value instanceof Json.Obj inner ? flat(inner) : flat(value)));
        return members.build();
    }

    private static Json.Obj flat(Json.Obj inner) {
        Json.Builder members = Json.object();
        inner.members()
                .forEach((name, value) -> members.put(name, value instanceof Json.Obj ? Json.Null.NULL : flat(value)));
        return members.build();
    }

    private static Json flat(Json value) {
        return value instanceof Json.Str || value instanceof Json.Num ? value : Json.Null.NULL;
    }

    private static Json.Obj tree(PlainObject record, int from, int to) {
        Json.Builder members = Json.object();
        for (int one = from; one < Math.min(to, record.size()); one = record.next(one)) {
            OptionalLong number = record.number(one);
            Json value = record.isText(one)
                    ? Json.of(record.text(one))
                    : number.isPresent() ? Json.of(number.getAsLong()) : Json.Null.NULL;
            boolean nested = record.kind(one) == '{' && to == Integer.MAX_VALUE;
            members.put(record.name(one), nested ? tree(record, record.inner(one), record.next(one)) : value);
        }
        return members.build();
    }

    private static PlainObject read(String text, int from) {
        PlainObject record = new PlainObject();
        assertTrue(record.read(bytes(text), from, text.length() - from));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
