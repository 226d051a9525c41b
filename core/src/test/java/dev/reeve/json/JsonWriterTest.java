package dev.reeve.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonWriterTest {
    /** RFC 8785 appendix B, and a few beside it. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2",
    })
    void numbersAreWrittenAsEcmaScriptWritesThem(String bits, String expected) {
        assertEquals(expected, JsonWriter.number(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))));
    }

    @Test
    void membersAreSortedByUtf16Units() {
        Json.Obj object = Json.object()
                .put("\u20ac", "Euro Sign")
                .put("\r", "Carriage Return")
                .put("\ufb33", "Hebrew Letter Dalet With Dagesh")
                .put("1", "One")
                .put("\ud83d\ude00", "Emoji: Grinning Face")
                .put("\u0080", "Control")
                .put("\u00f6", "Latin Small Letter O With Diaeresis")
                .build();
        assertEquals(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
                        + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
                JsonWriter.canonicalText(object));
    }

    @Test
    void canonicalNumbersReadBackAsTheSameDouble() {
        long seed = 8785;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertEquals(value == 0 ? 0.0 : value, Double.parseDouble(JsonWriter.number(value)), "seed " + seed);
            }
        }
    }

    @Test
    void onlyNumbersThatADoubleKeepsSurvive() {
        for (String text :
                new String[] {"0", "-0", "0.0", "1", "0.1", "1.50", "1e2", "9007199254740992", "-0.0e9", "1e-7"}) {
            assertTrue(new Json.Num(text).survives(), text);
        }
        for (String text :
                new String[] {"9007199254740993", "0.1234567890123456789", "1e309", "1e-400", "1".repeat(80)}) {
            assertFalse(new Json.Num(text).survives(), text);
        }
    }

    @Test
    void textOfAnyLengthIsWrittenAsUtf8() {
        String[] pieces = {"a", "\u00e9", "\u20ac", "\ud83d\ude00", "\n", "\u0001", "\"", "\\"};
        Random random = new Random(17);
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 5000}) {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String escaped = text.toString()
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n")
                    .replace("\u0001", "\\u0001");
            byte[] expected = ("\"" + escaped + "\"").getBytes(StandardCharsets.UTF_8);
            assertArrayEquals(expected, JsonWriter.bytes(new Json.Str(text.toString())), "seed 17");
        }
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        assertEquals("\"?x\"", JsonWriter.text(new Json.Str("\ud83dx")));
        assertEquals("\"x?\"", JsonWriter.text(new Json.Str("x\ude00")));
    }

    @Test
    void aHoleIsLeftWhereTheMemberWouldStand() {
        for (int count : new int[] {0, 1, 2, 24, 25, 60}) {
            Json.Builder some = Json.object();
            for (int i = count; i > 0; i--) {
                some.put("n" + i, i);
            }
            Json.Obj others = some.build();
            for (String name : new String[] {"a", "n10x", "z"}) {
                JsonWriter.Holed holed = JsonWriter.canonicalWithout(others, name);
                StringBuilder text = new StringBuilder(new String(holed.bytes(), StandardCharsets.UTF_8));
                text.insert(holed.hole(), "7");
                assertEquals(JsonWriter.canonicalText(others.with(name, Json.of(7))), text.toString());
            }
        }
    }

    @Test
    void wholeNumbersThatAreWrittenPlainlyStayAsTheyAre() {
        for (String text : new String[] {"0", "7", "-7", "999999999999999", "-999999999999999"}) {
            assertTrue(new Json.Num(text).isPlain(), text);
            assertEquals(Double.parseDouble(text), new Json.Num(text).value(), text);
            assertEquals(text, JsonWriter.number(Double.parseDouble(text)));
        }
        for (String text : new String[] {"-0", "-", "", "1.0", "1e3", "1000000000000000", "+1", "01"}) {
            assertFalse(new Json.Num(text).isPlain(), text);
        }
    }
}
