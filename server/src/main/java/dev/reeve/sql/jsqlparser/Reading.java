package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.TableAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what a statement touches. */
final class Reading {
    private record Key(String table, SqlAction action) {}

    private final Map<Key, Set<String>> touched = new LinkedHashMap<>();
    private final Map<String, Integer> references = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final char quote;

    /** @param quote what stands around a name that needs it */
    Reading(char quote) {
        this.quote = quote;
    }

    void table(String table, SqlAction action) {
        touched.computeIfAbsent(new Key(table, action), ignored -> new TreeSet<>());
    }

    /** A table in FROM: the place of one reference. */
    void reference(String table) {
        table(table, SqlAction.QUERY);
        references.merge(table, 1, Integer::sum);
    }

    /** How many times the statement reads from the table. */
    int references(String table) {
        return references.getOrDefault(table, 0);
    }

    /** What the statement calls a table, an alias or a WITH query, as it is written there. */
    void name(String written) {
        names.putIfAbsent(Expressions.unquoted(written), written);
    }

    /** In lower case. */
    Set<String> names() {
        return names.keySet();
    }

    String written(String name) {
        return names.getOrDefault(name, name);
    }

    String quoted(String exact) {
        return quote + exact + quote;
    }

    void column(String table, SqlAction action, String column) {
        touched.computeIfAbsent(new Key(table, action), ignored -> new TreeSet<>())
                .add(column);
    }

    List<TableAccess> accesses() {
        List<TableAccess> accesses = new ArrayList<>();
        touched.forEach((key, columns) -> accesses.add(new TableAccess(key.table(), key.action(), columns)));
        return accesses;
    }
}
