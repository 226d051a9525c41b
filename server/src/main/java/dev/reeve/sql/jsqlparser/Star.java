package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/**
 * What {@code *} stands for, written out: the columns that were decided about. A column that the database has and the schema file does not
 * know of would otherwise be sent without a decision.
 */
final class Star {
    /** Before the number of a query in FROM that has no alias. */
    static final String UNNAMED = "#";

    private static final Set<String> RESERVED = Set.of(
            "all",
            "and",
            "any",
            "as",
            "asc",
            "between",
            "by",
            "case",
            "cast",
            "check",
            "column",
            "constraint",
            "create",
            "cross",
            "default",
            "desc",
            "distinct",
            "do",
            "else",
            "end",
            "except",
            "for",
            "foreign",
            "from",
            "full",
            "grant",
            "group",
            "having",
            "in",
            "index",
            "inner",
            "into",
            "is",
            "join",
            "key",
            "left",
            "like",
            "limit",
            "natural",
            "not",
            "null",
            "offset",
            "on",
            "or",
            "order",
            "outer",
            "primary",
            "references",
            "right",
            "select",
            "set",
            "some",
            "table",
            "then",
            "to",
            "union",
            "unique",
            "user",
            "using",
            "values",
            "when",
            "where",
            "window",
            "with");

    private final SqlSchema schema;
    private final Reading reading;
    private List<Place> places = new ArrayList<>();
    private boolean allMade = true;
    private boolean unclear;

    /** @param alias null: the column that a join with USING made of two */
    private record Place(@Nullable String alias, String column, boolean made) {}

    Star(SqlSchema schema, Reading reading) {
        this.schema = schema;
        this.reading = reading;
    }

    /**
     * Sources beside those before.
     *
     * @param using columns of which the join makes one; null if it makes none
     */
    void add(Map<String, Source> added, @Nullable Set<String> using) {
        List<Place> right = places(added);
        if (using == null) {
            places.addAll(right);
            return;
        }
        List<Place> joined = new ArrayList<>();
        unclear |= places.stream().anyMatch(Place::made) || right.stream().anyMatch(Place::made);
        if (reading.isSqlite()) {
            // The column stays where the left side has it.
            places.forEach(place ->
                    joined.add(using.contains(place.column()) ? new Place(null, place.column(), false) : place));
        } else {
            places.stream()
                    .map(Place::column)
                    .filter(using::contains)
                    .distinct()
                    .forEach(column -> joined.add(new Place(null, column, false)));
            places.stream().filter(place -> !using.contains(place.column())).forEach(joined::add);
        }
        right.stream().filter(place -> !using.contains(place.column())).forEach(joined::add);
        places = joined;
    }

    /** Names that both sides have: what NATURAL compares. */
    Set<String> common(Map<String, Source> added) {
        Set<String> common = new java.util.HashSet<>();
        places.forEach(place -> common.add(place.column()));
        common.retainAll(places(added).stream().map(Place::column).toList());
        return common;
    }

    static boolean isUnnamed(@Nullable String alias) {
        return alias != null && alias.startsWith(UNNAMED);
    }

    private List<Place> places(Map<String, Source> added) {
        List<Place> found = new ArrayList<>();
        added.forEach((alias, source) -> {
            if (source.table().isPresent()) {
                allMade = false;
                source.columns().forEach(column -> found.add(new Place(alias, column, false)));
            } else {
                found.add(new Place(alias, "*", true));
            }
        });
        return found;
    }

    /**
     * @param merged a join within parentheses made one column of two
     * @return empty if {@code *} can stand as it is, because nothing but queries of this statement stand behind it
     */
    List<SelectItem<?>> all(boolean merged) {
        if (allMade) {
            return List.of();
        }
        if (unclear || merged || places.stream().anyMatch(place -> place.made() && isUnnamed(place.alias()))) {
            throw new RefusedSqlException("sql_not_supported", "`*` is not accepted here; name the columns");
        }
        List<SelectItem<?>> items = new ArrayList<>();
        places.forEach(place -> items.add(item(place)));
        return items;
    }

    /** What {@code alias.*} stands for. */
    List<SelectItem<?>> allOf(String alias, Source source) {
        List<SelectItem<?>> items = new ArrayList<>();
        if (source.table().isPresent()) {
            source.columns().forEach(column -> items.add(item(new Place(alias, column, false))));
        }
        return items;
    }

    private SelectItem<?> item(Place place) {
        Table table = place.alias() == null ? null : new Table(reading.written(place.alias()));
        return place.made()
                ? new SelectItem<>(new AllTableColumns(table))
                : new SelectItem<>(new Column(table, written(place.column())));
    }

    /** As it must be written to be read as this name. */
    String written(String name) {
        String exact = schema.spellings().getOrDefault(name, name);
        return exact.equals(name) && !RESERVED.contains(name) ? name : reading.quoted(exact);
    }

    static Map<String, Source> added(Map<String, Source> before, Map<String, Source> now) {
        Map<String, Source> added = new LinkedHashMap<>(now);
        added.keySet().removeAll(before.keySet());
        return added;
    }
}
