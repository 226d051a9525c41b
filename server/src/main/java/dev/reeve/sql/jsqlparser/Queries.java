package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/** Queries of one statement, however nested. */
final class Queries {
    private static final Set<String> COMMON = Set.of("withitemslist", "orderbyelements", "limit", "offset", "alias");
    private static final int DEEPEST = 40;

    private final SqlSchema schema;
    private final Reading reading;
    private final Expressions expressions;
    private Map<String, List<String>> named = new HashMap<>();
    private int depth;

    Queries(SqlSchema schema, Reading reading) {
        this.schema = schema;
        this.reading = reading;
        this.expressions = new Expressions(reading, this);
    }

    Expressions expressions() {
        return expressions;
    }

    /** @return the names of the columns it gives */
    List<String> select(Select select, @Nullable Scope outer) {
        if (++depth > DEEPEST) {
            throw new RefusedSqlException("sql_too_deep", "queries are nested deeper than " + DEEPEST);
        }
        Map<String, List<String>> before = named;
        named = new HashMap<>(named);
        try {
            with(select.getWithItemsList(), outer);
            return switch (select) {
                case PlainSelect plain -> plain(plain, outer);
                case ParenthesedSelect inner -> parenthesed(inner, outer);
                case SetOperationList set -> set(set, outer);
                default ->
                    throw new RefusedSqlException(
                            "sql_not_supported",
                            "`" + select.getClass().getSimpleName() + "` is not accepted as a query");
            };
        } finally {
            named = before;
            depth--;
        }
    }

    private void with(@Nullable List<WithItem<?>> items, @Nullable Scope outer) {
        if (items == null) {
            return;
        }
        for (WithItem<?> item : items) {
            Nodes.only(
                    item,
                    Set.of(
                            "parenthesedstatement",
                            "alias",
                            "aliasname",
                            "unquotedaliasname",
                            "recursive",
                            "statement",
                            "withitemlist",
                            "select",
                            "insert",
                            "update",
                            "delete"));
            if (!(item.getParenthesedStatement() instanceof ParenthesedSelect query)) {
                throw new RefusedSqlException("sql_not_supported", "WITH may only name queries");
            }
            String name = Expressions.unquoted(item.getAlias().getName());
            List<String> columns = withColumns(item);
            if (item.isRecursive()) {
                named.put(name, columns.isEmpty() ? firstNames(query) : columns);
            }
            List<String> given = select(query, outer);
            named.put(name, columns.isEmpty() ? given : columns);
        }
    }

    private static List<String> withColumns(WithItem<?> item) {
        List<String> names = new ArrayList<>();
        if (item.getWithItemList() != null) {
            for (SelectItem<?> column : item.getWithItemList()) {
                names.add(Expressions.unquoted(column.getExpression().toString()));
            }
        }
        return names;
    }

    /** A recursive query may refer to itself by the names of its first part. */
    private static List<String> firstNames(ParenthesedSelect query) {
        Select first = query.getSelect() instanceof SetOperationList set
                ? set.getSelects().getFirst()
                : query.getSelect();
        while (first instanceof ParenthesedSelect inner) {
            first = inner.getSelect();
        }
        List<String> names = new ArrayList<>();
        if (first instanceof PlainSelect plain) {
            for (SelectItem<?> item : plain.getSelectItems()) {
                outputName(item).ifPresent(names::add);
            }
        }
        return names;
    }

    private List<String> parenthesed(ParenthesedSelect inner, @Nullable Scope outer) {
        Nodes.only(inner, union(Set.of("select")));
        List<String> names = select(inner.getSelect(), outer);
        tail(inner, outputs(names, outer));
        return names;
    }

    private List<String> set(SetOperationList set, @Nullable Scope outer) {
        Nodes.only(set, union(Set.of("selects", "operations")));
        List<String> names = List.of();
        for (int i = 0; i < set.getSelects().size(); i++) {
            List<String> given = select(set.getSelects().get(i), outer);
            names = i == 0 ? given : names;
        }
        tail(set, outputs(names, outer));
        return names;
    }

    private static Scope outputs(List<String> names, @Nullable Scope outer) {
        Scope scope = new Scope(outer);
        names.forEach(scope::output);
        return scope;
    }

    private void tail(Select select, Scope scope) {
        expressions.order(select.getOrderByElements(), scope);
        limit(select.getLimit(), scope);
        if (select.getOffset() != null) {
            expressions.read(select.getOffset().getOffset(), scope);
        }
    }

    private void limit(@Nullable Limit limit, Scope scope) {
        if (limit != null) {
            Nodes.only(limit, Set.of("rowcount", "offset"));
            expressions.read(limit.getRowCount(), scope);
            expressions.read(limit.getOffset(), scope);
        }
    }

    private static Set<String> union(Set<String> more) {
        Set<String> all = new java.util.HashSet<>(COMMON);
        all.addAll(more);
        return all;
    }

    private List<String> plain(PlainSelect plain, @Nullable Scope outer) {
        Nodes.only(
                plain,
                union(Set.of(
                        "selectitems",
                        "fromitem",
                        "joins",
                        "where",
                        "groupby",
                        "having",
                        "distinct",
                        "windowdefinitions")));
        if (plain.getDistinct() != null) {
            Nodes.only(plain.getDistinct(), Set.of("onselectitems"));
        }
        if (plain.getWindowDefinitions() != null) {
            throw new RefusedSqlException(
                    "sql_not_supported", "named windows are not accepted; write the window where it is used");
        }
        Scope scope = new Scope(outer);
        from(plain.getFromItem(), scope, outer);
        joins(plain.getJoins(), scope, outer);
        List<String> names = items(plain, scope);
        if (plain.getDistinct() != null && plain.getDistinct().getOnSelectItems() != null) {
            plain.getDistinct().getOnSelectItems().forEach(item -> expressions.read(item.getExpression(), scope));
        }
        expressions.read(plain.getWhere(), scope);
        names.forEach(scope::output);
        group(plain.getGroupBy(), scope);
        expressions.read(plain.getHaving(), scope);
        tail(plain, scope);
        return names;
    }

    private void group(@Nullable GroupByElement group, Scope scope) {
        if (group == null) {
            return;
        }
        Nodes.only(group, Set.of("usingbrackets", "groupbyexpressionlist", "groupbyexpressions"));
        expressions.readAll(group.getGroupByExpressionList(), scope);
    }

    private List<String> items(PlainSelect plain, Scope scope) {
        List<String> names = new ArrayList<>();
        for (SelectItem<?> item : plain.getSelectItems()) {
            Expression expression = item.getExpression();
            expressions.read(expression, scope);
            if (expression instanceof AllTableColumns all) {
                scope.named(Expressions.unquoted(all.getTable().getFullyQualifiedName()))
                        .ifPresent(source -> names.addAll(source.columns()));
            } else if (expression instanceof AllColumns) {
                scope.sources().values().forEach(source -> names.addAll(source.columns()));
            } else {
                outputName(item).ifPresent(names::add);
            }
        }
        return names;
    }

    private static Optional<String> outputName(SelectItem<?> item) {
        if (item.getAlias() != null) {
            return Optional.of(Expressions.alias(item.getAlias(), ""));
        }
        return item.getExpression() instanceof Column column
                ? Optional.of(Expressions.unquoted(column.getColumnName()))
                : Optional.empty();
    }

    void joins(@Nullable List<Join> joins, Scope scope, @Nullable Scope outer) {
        if (joins == null) {
            return;
        }
        for (Join join : joins) {
            Nodes.only(
                    join,
                    Set.of(
                            "simple",
                            "innerjoin",
                            "inner",
                            "outer",
                            "left",
                            "right",
                            "natural",
                            "full",
                            "cross",
                            "rightitem",
                            "fromitem",
                            "onexpression",
                            "onexpressions",
                            "usingcolumns"));
            Map<String, Source> left = Map.copyOf(scope.sources());
            from(join.getFromItem(), scope, outer);
            expressions.readAll(join.getOnExpressions(), scope);
            if (join.getUsingColumns() != null) {
                expressions.readAll(join.getUsingColumns(), scope);
            }
            if (join.isNatural()) {
                natural(left, scope);
            }
        }
    }

    /** A natural join compares every column that both sides have. */
    private void natural(Map<String, Source> left, Scope scope) {
        for (Source one : left.values()) {
            for (String column : one.columns()) {
                List<Source> having = scope.having(column);
                if (having.size() > 1) {
                    having.forEach(source ->
                            source.table().ifPresent(table -> reading.column(table, SqlAction.QUERY, column)));
                }
            }
        }
    }

    void from(@Nullable FromItem item, Scope scope, @Nullable Scope outer) {
        switch (item) {
            case null -> {}
            case Table table -> table(table, scope);
            case ParenthesedSelect inner -> {
                Nodes.only(inner, union(Set.of("select")));
                String alias = Expressions.alias(
                        inner.getAlias(), "derived" + scope.sources().size());
                scope.add(alias, new Source(Optional.empty(), select(inner, outer)));
            }
            case ParenthesedFromItem inner -> {
                Nodes.only(inner, Set.of("fromitem", "joins"));
                from(inner.getFromItem(), scope, outer);
                joins(inner.getJoins(), scope, outer);
            }
            default ->
                throw new RefusedSqlException(
                        "sql_not_supported", "`" + item.getClass().getSimpleName() + "` is not accepted in FROM");
        }
    }

    private void table(Table table, Scope scope) {
        String name = tableName(table);
        String alias = Expressions.alias(table.getAlias(), name);
        List<String> given = named.get(name);
        if (given != null) {
            scope.add(alias, new Source(Optional.empty(), given));
            return;
        }
        scope.add(alias, known(name));
        reading.table(name, SqlAction.QUERY);
    }

    Source known(String name) {
        List<String> columns = schema.tables().get(name);
        if (columns == null) {
            throw new RefusedSqlException("sql_unknown_table", "unknown table `" + name + "`");
        }
        return new Source(
                Optional.of(name),
                columns.stream().map(column -> column.toLowerCase(Locale.ROOT)).toList());
    }

    static String tableName(Table table) {
        Nodes.only(
                table,
                Set.of(
                        "name",
                        "alias",
                        "fullyqualifiedname",
                        "unquotedname",
                        "nameparts",
                        "namepartdelimiters",
                        "database"));
        if (table.getNameParts().size() != 1 || !table.getFullyQualifiedName().equals(table.getName())) {
            throw new RefusedSqlException(
                    "sql_qualified_table",
                    "the table `" + table.getFullyQualifiedName() + "` is qualified; leave the schema out");
        }
        return Expressions.unquoted(table.getName());
    }
}
