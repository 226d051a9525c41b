package dev.reeve.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** @param tables names in lower case, each with its columns in order; views that may be read stand here too */
public record SqlSchema(Map<String, List<String>> tables) {
    public SqlSchema {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        tables.forEach((name, columns) -> copy.put(name, List.copyOf(columns)));
        tables = java.util.Collections.unmodifiableMap(copy);
    }
}
