package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a projection says, of {@code find} or {@code $project}.
 *
 * @param names whether it names what is there afterwards; otherwise it names what is not
 * @param listed the paths that it names as they are
 * @param computed by path: expressions
 * @param id whether {@code _id} stays
 */
record Projection(boolean names, List<String> listed, Map<String, Json> computed, boolean id) {
    static Projection of(Json.Obj written) {
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        Map<String, Json> computed = new LinkedHashMap<>();
        flat("", written, (path, value) -> {
            if (value instanceof Json.Num || value instanceof Json.Bool) {
                (isTrue(value) ? in : out).add(path);
            } else {
                computed.put(path, value);
            }
        });
        boolean id = !out.remove(Source.ID);
        boolean names = !in.isEmpty() || !computed.isEmpty();
        if (names && !out.isEmpty()) {
            throw RefusedMongoException.malformed("a projection names what is there or what is not, not both");
        }
        if (names && id && !computed.containsKey(Source.ID) && !in.contains(Source.ID)) {
            in.add(Source.ID);
        }
        return new Projection(names, names ? in : out, computed, id);
    }

    private static boolean isTrue(Json value) {
        return value instanceof Json.Bool flag ? flag.value() : ((Json.Num) value).value() != 0;
    }

    interface Entry {
        void take(String path, Json value);
    }

    /** Documents within the specification are paths: {@code {a: {b: 1}}} is {@code a.b}. */
    static void flat(String above, Json.Obj written, Entry entry) {
        written.members().forEach((name, value) -> {
            String path = Path.of(above + name);
            if (value instanceof Json.Obj inner
                    && !inner.members().isEmpty()
                    && !Literals.isExtended(inner)
                    && !Literals.isOperators(inner)) {
                flat(path + ".", inner, entry);
            } else {
                entry.take(path, value);
            }
        });
    }
}
