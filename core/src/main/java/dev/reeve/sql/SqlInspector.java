package dev.reeve.sql;

import java.util.List;
import java.util.Map;

/** Says what a statement touches. Pure, bounded, safe for use by many threads; never throws for bad SQL. */
public interface SqlInspector {
    SqlInspection inspect(String sql, SqlDialect dialect, SqlSchema schema);

    /**
     * The statement with these filters added at each reference of their tables.
     *
     * @param filters by table; all of a table's must hold
     * @return refused if that cannot be done
     */
    SqlInspection restrict(String sql, SqlDialect dialect, SqlSchema schema, Map<String, List<RowEquals>> filters);

    /** Rows whose {@code column} equals {@code value}. */
    record RowEquals(String column, String value) {}
}
