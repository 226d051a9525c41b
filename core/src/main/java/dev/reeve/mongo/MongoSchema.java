package dev.reeve.mongo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The collections of one database as the operator wrote them down.
 *
 * @param collections by name: the fields that may be touched, as dotted paths. A field stands for all that is below it; none stands above another
 */
public record MongoSchema(Map<String, List<String>> collections) {
    private static final Pattern FIELD =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}(\\.[A-Za-z_][A-Za-z0-9_]{0,63}){0,7}");
    private static final Pattern COLLECTION = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    /** @throws IllegalArgumentException saying which name is wrong */
    public MongoSchema {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        collections.forEach((name, fields) -> {
            check(COLLECTION.matcher(name).matches(), "`" + name + "` is no name of a collection");
            fields.forEach(field -> {
                check(FIELD.matcher(field).matches(), "`" + field + "` is no field, as `address.city`");
                fields.forEach(other ->
                        check(!other.startsWith(field + "."), "`" + field + "` already covers `" + other + "`"));
            });
            differ(fields);
            copy.put(name, List.copyOf(fields));
        });
        differ(copy.keySet());
        collections = java.util.Collections.unmodifiableMap(copy);
    }

    /** Policies write these names in small letters. */
    private static void differ(Iterable<String> names) {
        Map<String, String> seen = new java.util.HashMap<>();
        names.forEach(name -> check(
                seen.put(name.toLowerCase(java.util.Locale.ROOT), name) == null,
                "`" + name + "` is there twice, or differs from another in case only"));
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
