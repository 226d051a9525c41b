package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/**
 * Puts a query in the place of each reference to a table: {@code t a} becomes {@code (SELECT t.c, t.d FROM t WHERE t.c = 'v') a}, or, with masks,
 * {@code (SELECT t.id, '[email]' AS email FROM t) a}, so that no name, filter, join, order, subquery or WITH of the statement ever sees what is not to
 * be seen. Done at every place where the reader saw the table, and looked at again in what is sent. Changes and views are refused.
 */
final class TableRestriction {
    private final Map<String, List<RowEquals>> filters;
    private final Map<String, Set<String>> masked;
    private final Reading read;
    private final Star names;
    /** Of what is put in: of each table again what the statement reads of it. */
    private final Extent extent = Extent.written();

    private TableRestriction(Restriction restriction, Reading read, SqlSchema schema) {
        this.filters = restriction.rows();
        this.masked = withComputed(restriction.masked(), schema);
        this.read = read;
        this.names = new Star(schema, read);
    }

    /** @param read of this very statement: what stands at its places is replaced */
    static void apply(Statement statement, Restriction restriction, Reading read, SqlSchema schema) {
        TableRestriction applied = new TableRestriction(restriction, read, schema);
        if (applied.tables().isEmpty()) {
            return;
        }
        if (!(statement instanceof Select) || read.changes()) {
            throw refused(
                    applied.masked.isEmpty()
                            ? "only queries can be filtered by rows"
                            : "only in queries can columns be masked");
        }
        for (String table : applied.tables()) {
            List<Slot.Place> places = places(read, table);
            if (places.size() != read.references(table)) {
                throw refused("a view reads `" + table + "`, and cannot be restricted; ask the table itself");
            }
            places.forEach(place -> place.put().accept(applied.instead(table, place.table())));
        }
    }

    /**
     * Each place where what is sent reads from a table whose rows are filtered is the inside of such a query.
     *
     * @param sent of the rendering
     */
    static void check(Restriction restriction, Reading sent, SqlSchema schema) {
        TableRestriction applied = new TableRestriction(restriction, sent, schema);
        for (String table : restriction.rows().keySet()) {
            for (Slot.Place place : places(sent, table)) {
                boolean inside = place.alone()
                        .filter(query ->
                                Objects.equals(text(query.getWhere()), text(applied.where(table, place.table()))))
                        .filter(query -> query.getSelectItems().stream()
                                .noneMatch(item -> applied.isMasked(table, item.getExpression())))
                        .isPresent();
                if (!inside) {
                    throw new RefusedSqlException(
                            "sql_rendering", "`" + table + "` is read where it is not restricted");
                }
            }
        }
    }

    private static @Nullable String text(@Nullable Expression expression) {
        return expression == null ? null : expression.toString();
    }

    private boolean isMasked(String table, Expression item) {
        return item instanceof Column column
                && masked.getOrDefault(table, Set.of()).contains(Expressions.unquoted(column.getColumnName()));
    }

    /** Those that the statement reads something of that it must not see. */
    private Set<String> tables() {
        Set<String> tables = new TreeSet<>(filters.keySet());
        masked.forEach((table, columns) -> {
            if (!Collections.disjoint(columns, readOf(table))) {
                tables.add(table);
            }
        });
        return tables;
    }

    private static List<Slot.Place> places(Reading read, String table) {
        return read.places().stream()
                .filter(place -> Queries.tableName(place.table()).equals(table))
                .toList();
    }

    /** A column that is computed from a masked one tells of it. */
    private static Map<String, Set<String>> withComputed(Map<String, Set<String>> masked, SqlSchema schema) {
        Map<String, Set<String>> all = new HashMap<>();
        masked.forEach((table, columns) -> {
            Set<String> more = new TreeSet<>(columns);
            schema.generated().getOrDefault(table, Map.of()).forEach((computed, from) -> {
                if (from.stream().anyMatch(columns::contains)) {
                    more.add(computed);
                }
            });
            all.put(table, more);
        });
        return all;
    }

    private static RefusedSqlException refused(String reason) {
        return new RefusedSqlException("sql_rows", reason);
    }

    private FromItem instead(String name, Table table) {
        Set<String> hidden = masked.getOrDefault(name, Set.of());
        Table only = new Table(table.getName());
        PlainSelect inner = new PlainSelect();
        Set<String> columns = readOf(name);
        extent.names(columns.size());
        columns.forEach(column -> inner.addSelectItems(item(only, column, hidden)));
        inner.setFromItem(only);
        inner.setWhere(where(name, only));
        ParenthesedSelect restricted = new ParenthesedSelect().withSelect(inner);
        restricted.setAlias(new Alias(
                table.getAlias() == null ? table.getName() : table.getAlias().getName(), false));
        return restricted;
    }

    /** Of the columns only those that the statement reads: the others are nobody's right. Where rows are but counted, what they are filtered by. */
    private Set<String> readOf(String table) {
        Set<String> columns = new TreeSet<>();
        for (TableAccess access : read.accesses()) {
            if (access.table().equals(table)) {
                columns.addAll(access.columns());
            }
        }
        if (columns.isEmpty()) {
            filters.getOrDefault(table, List.of()).forEach(row -> columns.add(row.column()));
        }
        return columns;
    }

    private SelectItem<?> item(Table table, String column, Set<String> hidden) {
        return hidden.contains(column)
                ? new SelectItem<>(new StringValue("'[" + column + "]'"), new Alias(names.written(column), true))
                : new SelectItem<>(column(table, column));
    }

    /** With its table, so that it is never a column of an enclosing query. */
    private Column column(Table table, String name) {
        return new Column(new Table(table.getName()), names.written(name));
    }

    private @Nullable Expression where(String name, Table table) {
        Expression all = null;
        for (RowEquals row : filters.getOrDefault(name, List.of())) {
            if (row.value().contains("\\") || row.value().chars().anyMatch(Character::isISOControl)) {
                throw refused("the value to filter by cannot be written safely");
            }
            Expression one = new EqualsTo(
                    column(table, row.column()),
                    new StringValue("'" + row.value().replace("'", "''") + "'"));
            all = all == null ? one : new AndExpression(all, one);
        }
        return all;
    }
}
