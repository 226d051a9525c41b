package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;

/**
 * Puts a query in the place of each reference to a table: {@code t a} becomes {@code (SELECT * FROM t WHERE c = 'v') a}, or, with masks,
 * {@code (SELECT id, '[email]' AS email FROM t) a}, so that no name, filter or join of the statement ever sees what is masked. Only where every
 * reference is seen: queries whose subqueries stand in FROM. Anything else that names such a table is refused.
 */
final class TableRestriction {
    private final Map<String, List<RowEquals>> filters;
    private final Map<String, Set<String>> masked;
    private final Reading read;
    private final Star names;

    private final Map<String, Integer> replaced = new HashMap<>();

    private TableRestriction(Restriction restriction, Map<String, Set<String>> masked, Reading read, SqlSchema schema) {
        this.filters = restriction.rows();
        this.masked = masked;
        this.read = read;
        this.names = new Star(schema, read);
    }

    /** @param read what the statement reads: each reference must have been replaced, wherever it stood */
    static void apply(Statement statement, Restriction restriction, Reading read, SqlSchema schema) {
        Map<String, Set<String>> masked = withComputed(restriction.masked(), schema);
        if (restriction.rows().isEmpty() && masked.isEmpty()) {
            return;
        }
        if (!(statement instanceof Select select)) {
            throw refused(
                    masked.isEmpty()
                            ? "only queries can be filtered by rows"
                            : "only in queries can columns be masked");
        }
        TableRestriction applied = new TableRestriction(restriction, masked, read, schema);
        applied.select(select);
        Set<String> tables = new HashSet<>(restriction.rows().keySet());
        tables.addAll(masked.keySet());
        for (String table : tables) {
            if (read.references(table) != applied.replaced.getOrDefault(table, 0)) {
                throw refused("a subquery or a view that reads `" + table + "` stands where it cannot be restricted");
            }
        }
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

    private void select(Select select) {
        if (select.getWithItemsList() != null && !select.getWithItemsList().isEmpty()) {
            throw refused("a query with WITH cannot be restricted by tables");
        }
        switch (select) {
            case PlainSelect plain -> plain(plain);
            case ParenthesedSelect inner -> select(inner.getSelect());
            case SetOperationList set -> set.getSelects().forEach(this::select);
            default -> throw refused("this form of query cannot be restricted by tables");
        }
    }

    private void plain(PlainSelect plain) {
        plain.setFromItem(from(plain.getFromItem()));
        if (plain.getJoins() != null) {
            for (Join join : plain.getJoins()) {
                join.setFromItem(from(join.getFromItem()));
            }
        }
    }

    private FromItem from(FromItem item) {
        return switch (item) {
            case null -> throw refused("a query without FROM has no rows to filter");
            case Table table -> table(table);
            case ParenthesedSelect inner -> {
                select(inner.getSelect());
                yield inner;
            }
            default -> throw refused("this form of FROM cannot be restricted by tables");
        };
    }

    private FromItem table(Table table) {
        String name = Queries.tableName(table);
        List<RowEquals> rows = filters.get(name);
        Set<String> hidden = masked.get(name);
        if (rows == null && hidden == null) {
            return table;
        }
        replaced.merge(name, 1, Integer::sum);
        PlainSelect inner = new PlainSelect();
        if (hidden == null) {
            inner.addSelectItems(new SelectItem<>(new AllColumns()));
        } else {
            readOf(name).forEach(column -> inner.addSelectItems(item(column, hidden)));
        }
        inner.setFromItem(new Table(table.getName()));
        if (rows != null) {
            inner.setWhere(condition(rows));
        }
        ParenthesedSelect restricted = new ParenthesedSelect().withSelect(inner);
        restricted.setAlias(new Alias(
                table.getAlias() == null ? table.getName() : table.getAlias().getName(), false));
        return restricted;
    }

    /** Of the columns only those that the statement reads: the others are nobody's right. */
    private Set<String> readOf(String table) {
        Set<String> columns = new TreeSet<>();
        for (TableAccess access : read.accesses()) {
            if (access.table().equals(table) && access.action() == SqlAction.QUERY) {
                columns.addAll(access.columns());
            }
        }
        return columns;
    }

    private SelectItem<?> item(String column, Set<String> hidden) {
        return hidden.contains(column)
                ? new SelectItem<>(new StringValue("'[" + column + "]'"), new Alias(names.written(column), true))
                : new SelectItem<>(new Column(names.written(column)));
    }

    private static Expression condition(List<RowEquals> rows) {
        Expression all = null;
        for (RowEquals row : rows) {
            if (row.value().contains("\\") || row.value().chars().anyMatch(Character::isISOControl)) {
                throw refused("the value to filter by cannot be written safely");
            }
            Expression one = new EqualsTo(
                    new Column(row.column()), new StringValue("'" + row.value().replace("'", "''") + "'"));
            all = all == null ? one : new AndExpression(all, one);
        }
        if (all == null) {
            throw refused("nothing to filter by");
        }
        return all;
    }
}
