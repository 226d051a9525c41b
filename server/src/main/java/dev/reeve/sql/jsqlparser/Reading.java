package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.TableAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what a statement touches. */
final class Reading {
    private record Key(String table, SqlAction action) {}

    private final Map<Key, Set<String>> touched = new LinkedHashMap<>();

    void table(String table, SqlAction action) {
        touched.computeIfAbsent(new Key(table, action), ignored -> new TreeSet<>());
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
