package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.ParenthesedStatement;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.ParenthesedDelete;
import net.sf.jsqlparser.statement.insert.ParenthesedInsert;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.statement.update.ParenthesedUpdate;
import org.jspecify.annotations.Nullable;

/** Queries of one statement, however nested. */
final class Queries {
    private static final Set<String> COMMON = Set.of("withitemslist", "orderbyelements", "limit", "offset", "alias");
    private static final int DEEPEST = 40;

    private final SqlSchema schema;
    private final Reading reading;
    private final Expressions expressions;
    private final Function<Statement, List<String>> changes;
    private final Map<String, Source> tables = new HashMap<>();
    private Map<String, Source> named = new HashMap<>();
    private int depth;

    /** @param changes reads a change, and gives the names of what it returns */
    Queries(SqlSchema schema, Reading reading, Function<Statement, List<String>> changes) {
        this.changes = changes;
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
        Map<String, Source> before = named;
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

    /** A change with WITH before it. */
    void within(@Nullable List<WithItem<?>> items, Runnable change) {
        Map<String, Source> before = named;
        named = new HashMap<>(named);
        try {
            with(items, null);
            change.run();
        } finally {
            named = before;
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
                            "materialized",
                            "usingnot",
                            "statement",
                            "withitemlist",
                            "select",
                            "insert",
                            "update",
                            "delete"));
            String name = Expressions.unquoted(item.getAlias().getName());
            reading.name(item.getAlias().getName());
            reading.extent().query();
            List<String> columns = WithNames.given(item);
            if (item.getParenthesedStatement() instanceof ParenthesedSelect query) {
                if (item.isRecursive()) {
                    named.put(name, made(WithNames.renamed(columns, WithNames.first(query))));
                }
                named.put(name, made(WithNames.renamed(columns, select(query, outer))));
            } else {
                named.put(name, made(WithNames.renamed(columns, change(item.getParenthesedStatement()))));
            }
        }
    }

    private static Source made(List<String> names) {
        return new Source(Optional.empty(), names);
    }

    /** PostgreSQL lets WITH of the outermost statement change tables, once, whoever reads from it. */
    private List<String> change(ParenthesedStatement statement) {
        if (depth > 1 || reading.dialect() != SqlDialect.POSTGRESQL) {
            throw new RefusedSqlException("sql_not_supported", "here WITH may only name queries");
        }
        return switch (statement) {
            case ParenthesedInsert insert -> {
                Nodes.only(insert, Set.of("alias", "insert", "usevalues"));
                yield changes.apply(insert.getInsert());
            }
            case ParenthesedUpdate update -> {
                Nodes.only(update, Set.of("alias", "update"));
                yield changes.apply(update.getUpdate());
            }
            case ParenthesedDelete delete -> {
                Nodes.only(delete, Set.of("alias", "delete", "hasfrom"));
                yield changes.apply(delete.getDelete());
            }
            default -> throw new RefusedSqlException("sql_not_supported", "WITH may only name queries and changes");
        };
    }

    private List<String> parenthesed(ParenthesedSelect inner, @Nullable Scope outer) {
        Nodes.only(inner, union(inner instanceof LateralSubSelect ? Set.of("select", "prefix") : Set.of("select")));
        List<String> names = select(inner.getSelect(), outer);
        resultTail(inner, outputs(names, outer));
        return names;
    }

    private List<String> set(SetOperationList set, @Nullable Scope outer) {
        Nodes.only(set, union(Set.of("selects", "operations")));
        List<String> names = List.of();
        for (int i = 0; i < set.getSelects().size(); i++) {
            List<String> given = select(set.getSelects().get(i), outer);
            names = i == 0 ? given : names;
        }
        resultTail(set, outputs(names, outer));
        return names;
    }

    private static Scope outputs(List<String> names, @Nullable Scope outer) {
        Scope scope = new Scope(outer);
        names.forEach(scope::output);
        return scope;
    }

    private void resultTail(Select select, Scope scope) {
        expressions.orderOfResult(select.getOrderByElements(), scope);
        cut(select, scope);
    }

    private void tail(Select select, Scope scope) {
        expressions.orderOfQuery(select.getOrderByElements(), scope);
        cut(select, scope);
    }

    private void cut(Select select, Scope scope) {
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
        Star star = new Star(schema, reading);
        boolean alone = plain.getJoins() == null || plain.getJoins().isEmpty();
        from(plain.getFromItem(), scope, outer, new Slot(plain::setFromItem, alone ? plain : null));
        star.add(scope.sources(), null);
        joins(plain.getJoins(), scope, outer, 0, star);
        plain.setSelectItems(starless(plain.getSelectItems(), scope, star));
        List<String> names = items(plain.getSelectItems(), scope);
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

    /** The items with {@code *} written out. */
    List<SelectItem<?>> starless(List<SelectItem<?>> items, Scope scope, Star star) {
        List<SelectItem<?>> written = new ArrayList<>();
        for (SelectItem<?> item : items) {
            List<SelectItem<?>> columns = switch (item.getExpression()) {
                case AllTableColumns all -> {
                    String alias = Expressions.unquoted(all.getTable().getFullyQualifiedName());
                    scope.named(alias).ifPresent(this::count);
                    expressions.allOf(all, scope);
                    yield star.allOf(alias, scope.named(alias).orElseThrow());
                }
                case AllColumns all -> {
                    scope.sources().values().forEach(this::count);
                    expressions.all(all, scope);
                    yield star.all(scope.isMerged());
                }
                default -> List.of();
            };
            written.addAll(columns.isEmpty() ? List.of(item) : columns);
        }
        return written;
    }

    /** What {@code *} stands for is written out, or becomes names of the result. */
    private void count(Source source) {
        reading.extent().names(source.columns().size());
    }

    private void group(@Nullable GroupByElement group, Scope scope) {
        if (group == null) {
            return;
        }
        Nodes.only(group, Set.of("usingbrackets", "groupbyexpressionlist", "groupbyexpressions"));
        numbered(group, scope);
        expressions.readAll(group.getGroupByExpressionList(), scope);
    }

    /** Names of the result as numbers: to an engine, a column of the same name that the schema file does not know would come first. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void numbered(GroupByElement group, Scope scope) {
        ExpressionList all = group.getGroupByExpressionList();
        if (all == null || group.isUsingBrackets() || scope.isDerived()) {
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            Optional<String> name = Expressions.bare((Expression) all.get(i));
            int position =
                    name.filter(one -> !scope.has(one)).map(scope::position).orElse(0);
            if (position > 0) {
                all.set(i, new LongValue(position));
            }
        }
    }

    /** Reads what is selected or returned, and says what its columns are called. */
    List<String> items(List<SelectItem<?>> selected, Scope scope) {
        List<String> names = new ArrayList<>();
        for (SelectItem<?> item : selected) {
            Expression expression = item.getExpression();
            if (expression instanceof AllTableColumns all) {
                scope.named(Expressions.unquoted(all.getTable().getFullyQualifiedName()))
                        .ifPresent(source -> names.addAll(source.columns()));
            } else if (expression instanceof AllColumns) {
                scope.sources().values().forEach(source -> names.addAll(source.columns()));
            } else {
                expressions.read(expression, scope);
                names.add(outputName(item).orElse(Scope.ANONYMOUS));
            }
        }
        return names;
    }

    static Optional<String> outputName(SelectItem<?> item) {
        if (item.getAlias() != null) {
            return Optional.of(Expressions.alias(item.getAlias(), ""));
        }
        return item.getExpression() instanceof Column column
                ? Optional.of(Expressions.unquoted(column.getColumnName()))
                : Optional.empty();
    }

    /** @param mark where the first group of joined tables begins; a comma begins another */
    void joins(@Nullable List<Join> joins, Scope scope, @Nullable Scope outer, int mark, Star star) {
        if (joins == null) {
            return;
        }
        List<Span> spans = new ArrayList<>();
        int group = mark;
        for (Join join : joins) {
            group = join.isSimple() ? scope.mark() : group;
            Map<String, Source> left = new LinkedHashMap<>(scope.sources());
            join(join, scope, outer, group);
            Map<String, Source> added = Star.added(left, scope.sources());
            star.add(added, join.isNatural() ? star.common(added) : using(join));
            spans.add(new Span(join, group, scope.mark()));
        }
        // When all sources are known, so that a name of a later one is not taken for one of the enclosing query.
        spans.forEach(
                span -> expressions.readAll(span.join().getOnExpressions(), scope.between(span.from(), span.to())));
    }

    /** A join, and which sources its ON sees. */
    private record Span(Join join, int from, int to) {}

    private static @Nullable Set<String> using(Join join) {
        return join.getUsingColumns() == null || join.getUsingColumns().isEmpty()
                ? null
                : join.getUsingColumns().stream()
                        .map(column -> Expressions.unquoted(column.getColumnName()))
                        .collect(Collectors.toSet());
    }

    private void join(Join join, Scope scope, @Nullable Scope outer, int group) {
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
        from(join.getFromItem(), scope, outer, new Slot(join::setFromItem, null));
        // Two conditions behind one table belong to two joins, the inner of which sees less than the outer.
        if (join.getOnExpressions() != null && join.getOnExpressions().size() > 1) {
            throw new RefusedSqlException("sql_not_supported", "write each ON right behind the table that it joins");
        }
        Set<String> columns = using(join);
        if (columns != null) {
            columns.forEach(column -> shared(column, scope.between(group, scope.mark())));
            expressions.readAll(join.getUsingColumns(), scope.between(group, scope.mark()));
        }
        if (join.isNatural()) {
            natural(scope);
        }
    }

    /** One engine looks for the left side's column of USING before the comma, too. */
    private static void shared(String column, Scope seen) {
        if (seen.hides(column) || seen.having(column).size() < 2) {
            throw new RefusedSqlException(
                    "sql_ambiguous", "USING takes a column that the tables of this join have: not `" + column + "`");
        }
    }

    /** A natural join compares every column that both sides have; those of queries were read where they are made. */
    private static void natural(Scope scope) {
        if (!scope.isDerived()) {
            throw new RefusedSqlException(
                    "sql_not_supported",
                    "NATURAL JOIN compares columns too that the schema file does not know; write JOIN with USING");
        }
        if (scope.sources().values().stream().anyMatch(source -> source.has(Scope.ANONYMOUS))) {
            throw new RefusedSqlException(
                    "sql_not_supported", "a query in a NATURAL JOIN gives each of its columns a name");
        }
    }

    void from(@Nullable FromItem item, Scope scope, @Nullable Scope outer, Slot slot) {
        if (item != null && !(item instanceof ParenthesedFromItem)) {
            reading.extent().source();
        }
        switch (item) {
            case null -> {}
            case Table table -> table(table, scope, slot);
            case LateralSubSelect lateral -> {
                if (reading.dialect() != SqlDialect.POSTGRESQL || !"LATERAL".equalsIgnoreCase(lateral.getPrefix())) {
                    throw new RefusedSqlException("sql_not_supported", "LATERAL is not accepted here");
                }
                String alias = Expressions.alias(
                        lateral.getAlias(), Star.UNNAMED + scope.sources().size());
                if (lateral.getAlias() != null) {
                    reading.name(lateral.getAlias().getName());
                }
                // It sees what stands before it, and no more is known of the scope yet.
                scope.add(alias, made(select(lateral, scope)));
            }
            case TableFunction function -> rows(function, scope);
            case ParenthesedSelect inner -> {
                Nodes.only(inner, union(Set.of("select")));
                String alias = Expressions.alias(
                        inner.getAlias(), Star.UNNAMED + scope.sources().size());
                if (inner.getAlias() != null) {
                    reading.name(inner.getAlias().getName());
                }
                scope.add(alias, made(select(inner, outer)));
            }
            case ParenthesedFromItem inner -> {
                Nodes.only(inner, Set.of("fromitem", "joins"));
                if (reading.isSqlite()
                        && inner.getJoins() != null
                        && !inner.getJoins().isEmpty()) {
                    // It becomes a query for every column, those too that the schema file does not know.
                    throw new RefusedSqlException("sql_not_supported", "write joins without parentheses");
                }
                int mark = scope.mark();
                from(inner.getFromItem(), scope, outer, new Slot(inner::setFromItem, null));
                if (inner.getJoins() != null
                        && inner.getJoins().stream().anyMatch(join -> join.isNatural() || using(join) != null)) {
                    scope.merge();
                }
                Star within = new Star(schema, reading);
                within.add(scope.sources(), null);
                joins(inner.getJoins(), scope, outer, mark, within);
            }
            default ->
                throw new RefusedSqlException(
                        "sql_not_supported", "`" + item.getClass().getSimpleName() + "` is not accepted in FROM");
        }
    }

    /** A function that gives rows sees what stands before it, with LATERAL or without. */
    private void rows(TableFunction from, Scope scope) {
        Nodes.only(from, Set.of("function", "functions", "expression", "prefix", "alias", "name", "multipartname"));
        net.sf.jsqlparser.expression.Function function = from.getFunction();
        String column = Functions.IN_FROM.get(function.getName().toLowerCase(Locale.ROOT));
        Alias alias = from.getAlias();
        boolean one =
                function.getParameters() != null && function.getParameters().size() == 1;
        if (reading.dialect() != SqlDialect.POSTGRESQL || column == null || alias == null || !one) {
            throw new RefusedSqlException(
                    "sql_not_supported",
                    "in FROM only a function that takes an array or JSON apart, of one argument and with a name, is accepted");
        }
        expressions.read(function, scope);
        Nodes.only(alias, Set.of("name", "unquotedname", "useas", "aliascolumns"));
        String name = Expressions.unquoted(alias.getName());
        reading.name(alias.getName());
        scope.add(name, made(List.of(columnOf(alias, column.isEmpty() ? name : column))));
    }

    private static String columnOf(Alias alias, String otherwise) {
        List<Alias.AliasColumn> given = alias.getAliasColumns();
        if (given == null || given.isEmpty()) {
            return otherwise;
        }
        if (given.size() > 1 || given.getFirst().colDataType != null) {
            throw new RefusedSqlException("sql_not_supported", "a function in FROM has one column, without a type");
        }
        return Expressions.unquoted(given.getFirst().name);
    }

    private void table(Table table, Scope scope, Slot slot) {
        String name = tableName(table);
        String alias = Expressions.alias(table.getAlias(), name);
        reading.name(
                table.getAlias() == null ? table.getName() : table.getAlias().getName());
        Source given = named.get(name);
        if (given != null) {
            scope.add(alias, given);
            return;
        }
        scope.add(alias, known(name));
        reading.reference(name, slot.of(table));
        schema.views().getOrDefault(name, List.of()).forEach(reading::behind);
    }

    /** What a change is made to: a table, and no view. */
    Source changed(String name) {
        if (schema.views().containsKey(name)) {
            throw new RefusedSqlException("sql_view", "`" + name + "` is a view; change its tables");
        }
        return known(name);
    }

    /** One for all places where the table stands. */
    private Source known(String name) {
        return tables.computeIfAbsent(name, this::find);
    }

    private Source find(String name) {
        List<String> columns = schema.tables().get(name);
        if (columns == null) {
            throw new RefusedSqlException("sql_unknown_table", "unknown table `" + name + "`");
        }
        return new Source(
                Optional.of(name),
                columns.stream().map(column -> column.toLowerCase(Locale.ROOT)).toList());
    }

    static String tableName(Table table) {
        if (table.getNameParts().size() != 1) {
            throw new RefusedSqlException(
                    "sql_qualified_table",
                    "the table `" + table.getFullyQualifiedName() + "` is qualified; leave the schema out");
        }
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
        if (!table.getFullyQualifiedName().equals(table.getName())) {
            throw new RefusedSqlException(
                    "sql_qualified_table", "the table `" + table.getFullyQualifiedName() + "` is written unusually");
        }
        return Expressions.unquoted(table.getName());
    }
}
