package dev.reeve.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CanonicalLengthTest {
    private static final long SEED = Long.getLong("reeve.seed", 58);
    private static final int[] STARTS = {0, '"', '\\', 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00};
    private static final List<String> NUMBERS =
            List.of("0", "-0", "-12", "1.50", "1e3", "1E-7", "123456789012345678", "0.1e-400", "1e999");

    private final Random random = new Random(SEED);

    @Test
    void isAsLongAsWhatIsWritten() {
        for (int i = 0; i < 200_000; i++) {
            Json value = value(4);
            assertEquals(
                    JsonWriter.canonical(value).length, CanonicalLength.of(value), () -> "seed " + SEED + ": " + value);
        }
    }

    private Json value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> Json.Null.NULL;
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> new Json.Num(NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 3 -> Json.of(random.nextLong() >> random.nextInt(64));
            case 4, 5 -> new Json.Str(text());
            case 6 -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(depth - 1));
                }
                yield new Json.Arr(items);
            }
            default -> {
                Json.Builder members = Json.object();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(i + text(), value(depth - 1));
                }
                yield members.build();
            }
        };
    }

    /** Code units, halves of pairs too. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append((char) (STARTS[random.nextInt(STARTS.length)] + random.nextInt(32)));
        }
        return text.toString();
    }
}
