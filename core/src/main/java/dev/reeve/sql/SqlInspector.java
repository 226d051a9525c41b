package dev.reeve.sql;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Says what a statement touches. Pure, bounded, safe for use by many threads; never throws for bad SQL. */
public interface SqlInspector {
    SqlInspection inspect(String sql, SqlDialect dialect, SqlSchema schema);

    /** The code of what is refused only because the number of its rows cannot be limited. */
    String UNLIMITED = "sql_limit";

    /**
     * The statement restricted at each reference of the tables that are named.
     *
     * @return refused if that cannot be done
     */
    SqlInspection restrict(String sql, SqlDialect dialect, SqlSchema schema, Restriction restriction);

    /**
     * What a query may see.
     *
     * @param rows by table; all of a table's must hold
     * @param masked columns by table: wherever the query reads one, it reads {@code [name]}
     * @param most rows that it gives
     */
    record Restriction(Map<String, List<RowEquals>> rows, Map<String, Set<String>> masked, OptionalInt most) {
        public Restriction {
            rows = Map.copyOf(rows);
            masked = Map.copyOf(masked);
        }

        public boolean isNone() {
            return rows.isEmpty() && masked.isEmpty() && most.isEmpty();
        }

        public Restriction unlimited() {
            return new Restriction(rows, masked, OptionalInt.empty());
        }
    }

    /** Rows whose {@code column} equals {@code value}. */
    record RowEquals(String column, String value) {}
}
