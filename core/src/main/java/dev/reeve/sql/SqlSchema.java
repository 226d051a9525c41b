package dev.reeve.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * @param tables names in lower case, each with its columns in order; views that may be read stand here too
 * @param spellings names that were created in quotes with letters in upper case: from lower case to how they are written
 */
public record SqlSchema(Map<String, List<String>> tables, Map<String, String> spellings) {
    public SqlSchema {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        tables.forEach((name, columns) -> copy.put(name, List.copyOf(columns)));
        tables = java.util.Collections.unmodifiableMap(copy);
        spellings = Map.copyOf(spellings);
    }

    /** A schema whose names need no quotes. */
    public SqlSchema(Map<String, List<String>> tables) {
        this(tables, Map.of());
    }

    /** Whether a table or a column is called so. */
    public boolean names(String lowerCase) {
        return tables.containsKey(lowerCase)
                || tables.values().stream().anyMatch(columns -> columns.contains(lowerCase));
    }
}
