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
import java.util.TreeMap;
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
    @ValueSource(ints = {0, 1, 8, 9, 15, 16, 17, 18, 23, 24, 25, 26, 200})
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
    @ValueSource(ints = {1, 16, 17, 24, 25, 40})
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

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 23, 24, 25, 60})
    void aCopyWithAMemberIsAsAMapWouldBe(int count) {
        Json.Obj object = numbered(count);
        for (String name : List.of("n0", "n" + (count - 1), "another", "")) {
            Map<String, Json> reference = new LinkedHashMap<>(object.members());
            reference.put(name, Json.of("new"));
            Json.Obj copy = object.with(name, Json.of("new"));
            assertEquals(
                    List.copyOf(reference.entrySet()),
                    List.copyOf(copy.members().entrySet()));
            assertEquals(numbered(count), object, "the original stays as it was");
            assertEquals(
                    copy.members().size() + 1,
                    copy.with("more", Json.of(1)).members().size());
        }
    }

    @Test
    void theCanonicalFormIsInTheOrderOfUtf16WhateverTheSize() {
        long seed = 90_210;
        Random random = new Random(seed);
        String letters = "aAbB09_\u00e9\u4e2d\ud83d\ude00\ufb01\"\\\n~\u007f";
        for (int round = 0; round < 400; round++) {
            Map<String, Json> sorted = new TreeMap<>();
            Json.Builder builder = Json.object();
            for (int i = random.nextInt(40); i > 0; i--) {
                StringBuilder name = new StringBuilder();
                for (int length = random.nextInt(4); length > 0; length--) {
                    name.append(letters.charAt(random.nextInt(11)));
                }
                Json value = Json.of(letters.substring(random.nextInt(11)));
                sorted.put(name.toString(), value);
                builder.put(name.toString(), value);
            }
            StringBuilder expected = new StringBuilder("{");
            sorted.forEach((name, value) -> expected.append(expected.length() > 1 ? "," : "")
                    .append(new Json.Str(name))
                    .append(':')
                    .append(value));
            assertEquals(expected.append('}').toString(), JsonWriter.canonicalText(builder.build()), "seed " + seed);
        }
    }
}
