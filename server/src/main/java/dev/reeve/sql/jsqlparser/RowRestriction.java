package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlInspector.RowEquals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Puts a filtered query in the place of each reference to a table: {@code t a} becomes {@code (SELECT * FROM t WHERE c = 'v') a}. Only where
 * every reference is seen: queries whose subqueries stand in FROM. Anything else that names a filtered table is refused.
 */
final class RowRestriction {
    private final Map<String, List<RowEquals>> filters;

    private final Map<String, Integer> replaced = new HashMap<>();

    private RowRestriction(Map<String, List<RowEquals>> filters) {
        this.filters = filters;
    }

    /** @param read what the statement reads: each reference must have been replaced, wherever it stood */
    static Statement apply(Statement statement, Map<String, List<RowEquals>> filters, Reading read) {
        if (!(statement instanceof Select select)) {
            throw refused("only queries can be filtered by rows");
        }
        RowRestriction restriction = new RowRestriction(filters);
        restriction.select(select);
        for (String table : filters.keySet()) {
            if (read.references(table) != restriction.replaced.getOrDefault(table, 0)) {
                throw refused("a subquery that reads `" + table + "` stands where it cannot be filtered by rows");
            }
        }
        return statement;
    }

    private static RefusedSqlException refused(String reason) {
        return new RefusedSqlException("sql_rows", reason);
    }

    private void select(Select select) {
        if (select.getWithItemsList() != null && !select.getWithItemsList().isEmpty()) {
            throw refused("a query with WITH cannot be filtered by rows");
        }
        switch (select) {
            case PlainSelect plain -> plain(plain);
            case ParenthesedSelect inner -> select(inner.getSelect());
            case SetOperationList set -> set.getSelects().forEach(this::select);
            default -> throw refused("this form of query cannot be filtered by rows");
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
            default -> throw refused("this form of FROM cannot be filtered by rows");
        };
    }

    private FromItem table(Table table) {
        String name = Queries.tableName(table);
        List<RowEquals> rows = filters.get(name);
        if (rows == null) {
            return table;
        }
        replaced.merge(name, 1, Integer::sum);
        PlainSelect inner = new PlainSelect();
        inner.addSelectItems(new SelectItem<>(new AllColumns()));
        inner.setFromItem(new Table(table.getName()));
        inner.setWhere(condition(rows));
        ParenthesedSelect filtered = new ParenthesedSelect().withSelect(inner);
        filtered.setAlias(new Alias(Expressions.alias(table.getAlias(), name), false));
        return filtered;
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
