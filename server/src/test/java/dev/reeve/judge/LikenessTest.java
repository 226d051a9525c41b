package dev.reeve.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LikenessTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 64, 10_000, true);

    private static long of(String arguments) throws JsonRefusedException {
        return Likeness.of("t", StrictJson.readObject(arguments.getBytes(StandardCharsets.UTF_8), LIMITS));
    }

    @Test
    void orderAndFormMakeNoDifference() throws JsonRefusedException {
        assertEquals(
                of("{\"a\":1,\"b\":{\"c\":[1,2],\"d\":\"x\"}}"),
                of("{\"b\":{\"d\":\"\\u0078\",\"c\":[1.0,2]},\"a\":1e0}"));
    }

    @Test
    void whatIsElseIsElse() throws JsonRefusedException {
        Set<Long> seen = new HashSet<>();
        List<String> others = List.of(
                "{}",
                "{\"a\":1}",
                "{\"a\":\"1\"}",
                "{\"a\":-1}",
                "{\"a\":[1]}",
                "{\"a\":[[1]]}",
                "{\"a\":{\"1\":1}}",
                "{\"a\":null}",
                "{\"a\":true}",
                "{\"a\":false}",
                "{\"b\":1}",
                "{\"a\":[1,2]}",
                "{\"a\":[2,1]}",
                "{\"a\":1,\"b\":2}",
                "{\"a\":2,\"b\":1}",
                "{\"a\":{},\"b\":{}}",
                "{\"a\":{\"b\":{}}}");
        for (String one : others) {
            seen.add(of(one));
        }
        seen.add(Likeness.of("u", Json.Obj.EMPTY));
        assertEquals(others.size() + 1, seen.size());
    }

    @Test
    void manyCallsThatDifferLittleAreAllKnownApart() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            for (int j = 0; j < 200; j++) {
                seen.add(Likeness.of(
                        "t", Json.object().put("from", i).put("to", "r" + j).build()));
            }
        }
        assertEquals(200_000, seen.size());
    }
}
