package dev.reeve.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What may stand at a place of a file. The one declaration of each key: the check of files, the JSON Schema and the reference are made
 * from it, so they cannot disagree.
 */
sealed interface Shape {
    /** A text. {@code form} is for messages: {@code a host and a port, as 127.0.0.1:7070}. */
    record Text(String form, Pattern pattern, boolean numbersToo) implements Shape {}

    record Whole(long least, long most) implements Shape {}

    record Flag() implements Shape {}

    /** Any value: what it means is somebody else's, as the arguments of a tool are. */
    record Free() implements Shape {}

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 90d}. */
    record Time(Duration least, Duration most) implements Shape {}

    /** Bytes: {@code 4096}, {@code 64KiB}, {@code 4MiB}, {@code 1GiB}. */
    record Size(long least, long most) implements Shape {}

    /** @param later values of features that do not exist yet */
    record Choice(List<String> values, Set<String> later) implements Shape {}

    /** @param alone whether one item may stand without brackets */
    record ListOf(Shape item, int least, boolean alone) implements Shape {}

    /** Names of the operator's own. */
    record MapOf(String of, Pattern names, Shape value) implements Shape {}

    /**
     * Known names only.
     *
     * @param later names of features that do not exist yet
     * @param others what people write for it elsewhere, and what it is called here
     * @param rest names of the operator's own beside the known ones; one that is nearly a known one is taken for a typing mistake
     */
    record Struct(List<Field> fields, Set<String> later, Map<String, String> others, Optional<MapOf> rest)
            implements Shape {
        public Struct {
            fields = List.copyOf(fields);
        }

        Optional<Field> field(String name) {
            return fields.stream().filter(it -> it.name().equals(name)).findFirst();
        }

        List<String> names() {
            return fields.stream().map(Field::name).toList();
        }

        /** With names that are refused as not supported yet. */
        Struct later(String... names) {
            return new Struct(fields, Set.of(names), others, rest);
        }

        Struct others(Map<String, String> names) {
            return new Struct(fields, later, names, rest);
        }

        Struct rest(MapOf names) {
            return new Struct(fields, later, others, Optional.of(names));
        }
    }

    /** One of several; at most one for each kind of value (mapping, list, single value), by which it is chosen. */
    record Either(List<Shape> shapes) implements Shape {}

    /** @param fallback what holds if it is not there, as one would write it; empty if it then simply is not there */
    record Field(String name, Shape shape, boolean required, String fallback, String about) {}

    static Struct struct(Field... fields) {
        return new Struct(List.of(fields), Set.of(), Map.of(), Optional.empty());
    }

    static Field must(String name, Shape shape, String about) {
        return new Field(name, shape, true, "", about);
    }

    static Field may(String name, Shape shape, String about) {
        return new Field(name, shape, false, "", about);
    }

    static Field may(String name, Shape shape, String fallback, String about) {
        return new Field(name, shape, false, fallback, about);
    }

    Pattern ANYTHING = Pattern.compile("[^\\p{Cntrl}]{1,4096}");

    static Shape text() {
        return new Text("a text", ANYTHING, true);
    }

    static Shape text(String form, String pattern) {
        return new Text(form, Pattern.compile(pattern), false);
    }

    static Shape texts() {
        return new ListOf(text(), 0, false);
    }

    static Choice choice(String... values) {
        return new Choice(List.of(values), Set.of());
    }

    static Shape either(Shape... shapes) {
        return new Either(List.of(shapes));
    }
}
