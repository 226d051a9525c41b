package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.mongo.MongoInspector.FieldEquals;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a request may see.
 *
 * @param rows by collection: which of its documents; all must hold
 * @param masked fields by collection, in small letters: wherever the request reads one, it reads {@code [name]}
 * @param most documents that it gives
 */
public record MongoRestriction(Map<String, List<FieldEquals>> rows, Map<String, Set<String>> masked, OptionalInt most) {
    public static final MongoRestriction NONE = new MongoRestriction(Map.of(), Map.of(), OptionalInt.empty());

    public MongoRestriction {
        rows = Map.copyOf(rows);
        Map<String, Set<String>> copy = new HashMap<>();
        masked.forEach((collection, fields) -> copy.put(collection, Set.copyOf(fields)));
        masked = Map.copyOf(copy);
    }

    List<FieldEquals> rowsOf(String collection) {
        return rows.getOrDefault(collection, List.of());
    }

    boolean masks(String collection, String field) {
        return masked.getOrDefault(collection.toLowerCase(Locale.ROOT), Set.of())
                .contains(field.toLowerCase(Locale.ROOT));
    }

    /** What stands in the place of a masked field. An older server refuses it in the projection of {@code find}. */
    static Json mask(String field) {
        return Json.object().put("$literal", "[" + field + "]").build();
    }
}
