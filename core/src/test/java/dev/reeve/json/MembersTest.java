package dev.reeve.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MembersTest {
    private static Json.Obj numbered(int count) {
        Json.Builder object = Json.object();
        for (int i = 0; i < count; i++) {
            object.put("n" + i, i);
        }
        return object.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9, 15, 16, 17, 18, 200})
    void anObjectOfAnySizeKeepsItsOrderAndFindsItsMembers(int count) {
        Json.Obj object = numbered(count);
        assertEquals(count, object.members().size());
        List<String> names = new ArrayList<>();
        object.members().forEach((name, value) -> names.add(name));
        assertEquals(List.copyOf(object.members().keySet()), names);
        for (int i = 0; i < count; i++) {
            assertEquals("n" + i, names.get(i));
            assertEquals(Optional.of(Json.of(i)), object.get("n" + i));
        }
        assertEquals(Optional.empty(), object.get("n" + count));
        assertFalse(object.has("absent"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 40})
    void aNameThatComesTwiceKeepsItsPlaceAndTakesTheNewValue(int count) {
        Json.Builder object = Json.object();
        for (int i = 0; i < count; i++) {
            assertTrue(object.add("n" + i, Json.of(i)));
        }
        assertFalse(object.add("n0", Json.of("new")));
        Json.Obj built = object.build();
        assertEquals(count, built.members().size());
        assertEquals("n0", built.members().keySet().iterator().next());
        assertEquals(Optional.of("new"), built.string("n0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 30})
    void whatIsBuiltDoesNotChangeWithItsBuilderNorWithTheMapItCameFrom(int count) {
        Json.Builder builder = Json.object();
        Map<String, Json> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            builder.put("n" + i, i);
            map.put("n" + i, Json.of(i));
        }
        Json.Obj built = builder.build();
        Json.Obj copied = new Json.Obj(map);
        builder.put("n0", "changed").put("more", 1);
        map.put("n0", Json.of("changed"));
        map.clear();
        assertEquals(numbered(count), built);
        assertEquals(numbered(count), copied);
        assertThrows(UnsupportedOperationException.class, () -> built.members().put("x", Json.of(1)));
        assertThrows(
                UnsupportedOperationException.class,
                () -> built.members().entrySet().iterator().remove());
    }

    @Test
    void objectsAreEqualByTheirMembersWhateverTheirOrderAndKind() {
        long seed = 4180;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Map<String, Json> reference = new HashMap<>();
            Json.Builder builder = Json.object();
            for (int i = random.nextInt(30); i > 0; i--) {
                String name = "n" + random.nextInt(25);
                Json value = Json.of(random.nextInt(3));
                assertEquals(reference.put(name, value) == null, builder.add(name, value), "seed " + seed);
            }
            Json.Obj built = builder.build();
            Json.Obj other = new Json.Obj(reference);
            assertEquals(other, built, "seed " + seed);
            assertEquals(other.hashCode(), built.hashCode(), "seed " + seed);
            assertEquals(JsonWriter.canonicalText(other), JsonWriter.canonicalText(built), "seed " + seed);
            assertNotEquals(built.with("another", Json.of(1)), built, "seed " + seed);
        }
    }
}
