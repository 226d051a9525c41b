package dev.reeve.sql;

import java.util.Set;

/** @param columns every column that any clause touches: select list, {@code *}, where, join, group, order, set, returning, ... */
public record TableAccess(String table, SqlAction action, Set<String> columns) {
    public TableAccess {
        columns = Set.copyOf(columns);
    }
}
