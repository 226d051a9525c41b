package dev.reeve.sql.jsqlparser;

import java.util.HashMap;
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
    private final Map<String, Source> hidden = new LinkedHashMap<>();
    private boolean merged;
    /** By name: where it stands in the result, from 1 on; 0 if it stands there twice. */
    private final Map<String, Integer> outputs = new HashMap<>();

    private int lastOutput;

    /** Stands for a column of a query whose name only the engine knows. No name is written so. */
    static final String ANONYMOUS = "?";

    /** Something that has columns. {@code table} is the real table; empty for what a query made, whose reading is counted there. */
    record Source(Optional<String> table, List<String> columns, Set<String> all) {
        Source(Optional<String> table, List<String> columns) {
            this(table, List.copyOf(columns), Set.copyOf(columns));
        }

        boolean has(String column) {
            return all.contains(column);
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

    /** A join within parentheses made one column of two. */
    void merge() {
        merged = true;
    }

    boolean isMerged() {
        return merged;
    }

    /** The number of sources so far, as a mark for {@link #between}. */
    int mark() {
        return sources.size();
    }

    /**
     * What the ON of a join sees: the sources of its own group up to the joined one. One engine looks at those before and behind too, another
     * goes on with the enclosing query; so a name that only those have is refused.
     *
     * @param from the mark where the group begins
     * @param to the mark behind the joined source
     */
    Scope between(int from, int to) {
        Scope seen = new Scope(outer);
        int at = 0;
        for (Map.Entry<String, Source> source : sources.entrySet()) {
            (at < from || at >= to ? seen.hidden : seen.sources).put(source.getKey(), source.getValue());
            at++;
        }
        return seen;
    }

    /** Whether a source that an ON does not see has such a column. */
    boolean hides(String column) {
        return hidden.values().stream().anyMatch(source -> source.has(column));
    }

    /**
     * Names of the result. ORDER BY may use them by themselves; elsewhere a column of the same name wins, and a table may have one that the schema file does
     * not know.
     */
    void output(String name) {
        lastOutput++;
        outputs.merge(name.toLowerCase(Locale.ROOT), lastOutput, (first, next) -> 0);
    }

    boolean isOutput(String name) {
        return outputs.containsKey(name);
    }

    /** Where in the result it stands, from 1 on; 0 if nowhere or twice. */
    int position(String name) {
        return outputs.getOrDefault(name, 0);
    }

    Map<String, Source> sources() {
        return sources;
    }

    Optional<Source> named(String alias) {
        Source found = sources.get(alias.toLowerCase(Locale.ROOT));
        if (found != null) {
            return Optional.of(found);
        }
        refuse(hidden.containsKey(alias.toLowerCase(Locale.ROOT)), alias);
        return outer == null ? Optional.empty() : outer.named(alias);
    }

    /** Every source of the innermost query that has such a column; an ambiguous name counts for each. */
    List<Source> having(String column) {
        List<Source> found =
                sources.values().stream().filter(source -> source.has(column)).toList();
        if (!found.isEmpty()) {
            return found;
        }
        refuse(hides(column), column);
        List<Source> further = outer == null ? List.of() : outer.having(column);
        if (!further.isEmpty() && !isDerived()) {
            throw new RefusedSqlException(
                    "sql_ambiguous",
                    "`" + column
                            + "` is of an enclosing query, unless a table here has one that the schema file does not"
                            + " know; write the table before it");
        }
        return further;
    }

    /** Whether a source of this query, not of enclosing ones, has such a column. */
    boolean has(String column) {
        return sources.values().stream().anyMatch(source -> source.has(column));
    }

    /** Whether all that this query reads was made by queries, so that no column is unknown. */
    boolean isDerived() {
        return sources.values().stream().noneMatch(source -> source.table().isPresent());
    }

    private static void refuse(boolean isHidden, String name) {
        if (isHidden) {
            throw new RefusedSqlException(
                    "sql_ambiguous",
                    "`" + name
                            + "` is of a table that this join does not see; write joins as JOIN, and each ON behind the"
                            + " last table that it names");
        }
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    static final Set<String> SYSTEM_COLUMNS = Set.of(
            "ctid",
            "oid",
            "xmin",
            "xmax",
            "cmin",
            "cmax",
            "tableoid",
            "rowid",
            "_rowid_",
            "current_user",
            "session_user",
            "system_user",
            "current_role",
            "current_catalog",
            "current_schema");
}
