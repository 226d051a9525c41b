package dev.reeve.sql.jsqlparser;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What names mean at one place of a statement: tables and derived tables by their alias, outwards through the enclosing queries. */
final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final List<String> outputs = new ArrayList<>();

    /** Something that has columns. {@code table} is the real table; empty for what a query made, whose reading is counted there. */
    record Source(Optional<String> table, List<String> columns) {
        Source {
            columns = List.copyOf(columns);
        }
    }

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    void add(String alias, Source source) {
        if (sources.putIfAbsent(alias.toLowerCase(Locale.ROOT), source) != null) {
            throw new RefusedSqlException("sql_ambiguous", "two tables are called `" + alias + "`");
        }
    }

    /** Names that ORDER BY, GROUP BY and HAVING may use for what was already looked at. */
    void output(String name) {
        outputs.add(name.toLowerCase(Locale.ROOT));
    }

    boolean isOutput(String name) {
        return outputs.contains(name);
    }

    Map<String, Source> sources() {
        return sources;
    }

    Optional<Source> named(String alias) {
        Source found = sources.get(alias.toLowerCase(Locale.ROOT));
        if (found != null) {
            return Optional.of(found);
        }
        return outer == null ? Optional.empty() : outer.named(alias);
    }

    /** Every source of the innermost query that has such a column; an ambiguous name counts for each. */
    List<Source> having(String column) {
        List<Source> found = sources.values().stream()
                .filter(source -> source.columns().contains(column))
                .toList();
        if (!found.isEmpty() || outer == null) {
            return found;
        }
        return outer.having(column);
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    static final Set<String> SYSTEM_COLUMNS =
            Set.of("ctid", "oid", "xmin", "xmax", "cmin", "cmax", "tableoid", "rowid", "_rowid_");
}
