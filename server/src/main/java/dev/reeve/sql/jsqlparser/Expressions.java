package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnyComparisonExpression;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TrimFunction;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.DoubleAnd;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.NotEqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/** Expressions of one statement. A class that is not named here is refused. */
final class Expressions {
    private static final Set<Class<?>> BINARY = Set.of(
            Addition.class,
            Subtraction.class,
            Multiplication.class,
            Division.class,
            Modulo.class,
            Concat.class,
            AndExpression.class,
            OrExpression.class,
            EqualsTo.class,
            NotEqualsTo.class,
            GreaterThan.class,
            GreaterThanEquals.class,
            MinorThan.class,
            MinorThanEquals.class,
            LikeExpression.class,
            IsDistinctExpression.class,
            JsonOperator.class,
            DoubleAnd.class);

    private final Reading reading;
    private final Queries queries;
    private final Containers containers;

    Expressions(Reading reading, Queries queries) {
        this.reading = reading;
        this.queries = queries;
        this.containers = new Containers(reading.dialect(), this);
    }

    void readAll(@Nullable Iterable<? extends Expression> expressions, Scope scope) {
        if (expressions != null) {
            expressions.forEach(one -> read(one, scope));
        }
    }

    /** Null is an absent clause. */
    void read(@Nullable Expression expression, Scope scope) {
        switch (expression) {
            case null -> {}
            case Column column -> column(column, scope);
            case LongValue ignored -> {}
            case DoubleValue ignored -> {}
            case NullValue ignored -> {}
            case BooleanValue ignored -> {}
            case StringValue text -> text(text);
            case TimeKeyExpression ignored -> {}
            case DateTimeLiteralExpression ignored -> {}
            case Select select -> queries.select(select, scope);
            case ExpressionList<?> list -> readAll(list, scope);
            case BinaryExpression binary -> binary(binary, scope);
            case SignedExpression signed -> read(signed.getExpression(), scope);
            case NotExpression not -> read(not.getExpression(), scope);
            case Between between -> between(between, scope);
            case InExpression in -> in(in, scope);
            case IsNullExpression isNull -> read(isNull.getLeftExpression(), scope);
            case IsBooleanExpression isTrue -> read(isTrue.getLeftExpression(), scope);
            case AnyComparisonExpression any -> {
                Nodes.only(any, Set.of("anytype", "select", "usingbracketsforvalues"));
                read(any.getSelect(), scope);
            }
            case ExistsExpression exists -> read(exists.getRightExpression(), scope);
            case CaseExpression choice -> choice(choice, scope);
            case WhenClause when -> {
                read(when.getWhenExpression(), scope);
                read(when.getThenExpression(), scope);
            }
            case CastExpression cast -> cast(cast, scope);
            case JsonExpression path -> containers.path(path, scope);
            case ArrayConstructor array -> containers.array(array, scope);
            case ArrayExpression part -> containers.part(part, scope);
            case ExtractExpression extract -> read(extract.getExpression(), scope);
            case IntervalExpression interval -> read(interval.getExpression(), scope);
            case TrimFunction trim -> {
                read(trim.getExpression(), scope);
                read(trim.getFromExpression(), scope);
            }
            case Function function -> function(function, scope);
            case AnalyticExpression window -> window(window, scope);
            case AllTableColumns all -> refuseRow(source(all.getTable().getFullyQualifiedName(), scope));
            case AllColumns all -> scope.sources().values().forEach(Expressions::refuseRow);
            default ->
                throw new RefusedSqlException(
                        "sql_not_supported",
                        "`" + expression.getClass().getSimpleName() + "` is not accepted in an expression");
        }
    }

    /** A prefix, or a backslash, means different things to different servers. */
    private static void text(StringValue text) {
        if (text.getPrefix() != null || text.getValue().contains("\\") || !"'".equals(text.getQuoteStr())) {
            throw new RefusedSqlException(
                    "sql_string_form",
                    "a text with a prefix, a backslash or unusual quotes is not accepted; write 'text'");
        }
    }

    private void binary(BinaryExpression binary, Scope scope) {
        if (!BINARY.contains(binary.getClass())) {
            throw new RefusedSqlException(
                    "sql_not_supported", "the operator `" + binary.getStringExpression() + "` is not accepted");
        }
        if (binary instanceof JsonOperator comparison) {
            containers.check(comparison);
        } else if (binary instanceof DoubleAnd) {
            containers.requireArrays();
        }
        if (binary instanceof LikeExpression like) {
            read(like.getEscape(), scope);
        } else if (!(binary instanceof AndExpression) && !(binary instanceof OrExpression)) {
            Nodes.only(binary, OPERANDS_AND_FORM);
        }
        read(binary.getLeftExpression(), scope);
        read(binary.getRightExpression(), scope);
    }

    private static final Set<String> OPERANDS_AND_FORM =
            Set.of("leftexpression", "rightexpression", "stringexpression", "not", "useand");

    private void between(Between between, Scope scope) {
        Nodes.only(between, Set.of("leftexpression", "betweenexpressionstart", "betweenexpressionend", "not"));
        read(between.getLeftExpression(), scope);
        read(between.getBetweenExpressionStart(), scope);
        read(between.getBetweenExpressionEnd(), scope);
    }

    private void in(InExpression in, Scope scope) {
        Nodes.only(in, Set.of("leftexpression", "rightexpression", "not"));
        // SQLite reads a bare name behind IN as a table.
        if (!(in.getRightExpression() instanceof ParenthesedExpressionList<?>)
                && !(in.getRightExpression() instanceof ParenthesedSelect)) {
            throw new RefusedSqlException("sql_not_supported", "IN takes a list or a query in parentheses");
        }
        read(in.getLeftExpression(), scope);
        read(in.getRightExpression(), scope);
    }

    private void choice(CaseExpression choice, Scope scope) {
        read(choice.getSwitchExpression(), scope);
        readAll(choice.getWhenClauses(), scope);
        read(choice.getElseExpression(), scope);
    }

    private void cast(CastExpression cast, Scope scope) {
        String type = String.valueOf(cast.getColDataType())
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s*\\([0-9, ]*\\)", "")
                .strip();
        if (reading.dialect() == SqlDialect.POSTGRESQL) {
            type = type.replaceAll("(\\s*\\[\\s*])+$", "");
        }
        if (!Functions.TYPES.contains(type) || cast.getFormat() != null) {
            throw new RefusedSqlException("sql_type", "a cast to `" + type + "` is not accepted");
        }
        read(cast.getLeftExpression(), scope);
    }

    private void function(Function function, Scope scope) {
        if (!isOfDialect(function)) {
            allowed(function.getName());
        }
        Nodes.only(
                function,
                Set.of(
                        "name",
                        "multipartname",
                        "parameters",
                        "distinct",
                        "allcolumns",
                        "orderbyelements",
                        "namedparameters"));
        if (function.getNamedParameters() != null) {
            readAll(function.getNamedParameters(), scope);
        }
        if (function.getParameters() != null) {
            for (Expression parameter : function.getParameters()) {
                if (!isCountOfRows(function.getName(), parameter)) {
                    read(parameter, scope);
                }
            }
        }
        order(function.getOrderByElements(), scope);
    }

    /** What is written like a function with one argument, and is none. */
    private boolean isOfDialect(Function function) {
        Set<String> names = switch (reading.dialect()) {
            case POSTGRESQL -> Set.of("any", "all", "some", "array");
            case MYSQL -> Set.of("values");
            case SQLITE -> Set.of();
        };
        return names.contains(function.getName().toLowerCase(Locale.ROOT))
                && function.getParameters() != null
                && function.getParameters().size() == 1;
    }

    /** {@code COUNT(*)} counts rows; it reads no column. */
    private static boolean isCountOfRows(String function, @Nullable Expression parameter) {
        return parameter instanceof AllColumns
                && !(parameter instanceof AllTableColumns)
                && function.equalsIgnoreCase("count");
    }

    private static void allowed(String name) {
        if (!Functions.ALLOWED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new RefusedSqlException(
                    "sql_function", "the function `" + name + "` is not on the list of functions");
        }
    }

    private void window(AnalyticExpression window, Scope scope) {
        allowed(window.getName());
        Nodes.only(
                window,
                Set.of(
                        "name",
                        "expression",
                        "offset",
                        "defaultvalue",
                        "type",
                        "distinct",
                        "windowelement",
                        "windowname",
                        "windowdefinition",
                        "allcolumns",
                        "filterexpression",
                        "orderbyelements",
                        "partitionexpressionlist",
                        "partitionbybrackets",
                        "funcorderby"));
        if (!isCountOfRows(window.getName(), window.getExpression())) {
            read(window.getExpression(), scope);
        }
        read(window.getOffset(), scope);
        read(window.getDefaultValue(), scope);
        read(window.getFilterExpression(), scope);
        readAll(window.getPartitionExpressionList(), scope);
        order(window.getOrderByElements(), scope);
        order(window.getFuncOrderBy(), scope);
        if (window.getWindowElement() != null) {
            String frame = window.getWindowElement().toString().toLowerCase(Locale.ROOT);
            if (!frame.matches(
                    "(rows|range|groups)( between)?( (and|unbounded|current row|preceding|following|[0-9]+))*")) {
                throw new RefusedSqlException("sql_not_supported", "this window frame is not accepted");
            }
        }
    }

    private void order(@Nullable List<OrderByElement> elements, Scope scope) {
        if (elements == null) {
            return;
        }
        for (OrderByElement element : elements) {
            Nodes.only(element, Set.of("asc", "expression", "nullordering"));
            read(element.getExpression(), scope);
        }
    }

    /** Of a query: a name of its result that stands by itself was read where it is made. */
    void orderOfQuery(@Nullable List<OrderByElement> elements, Scope scope) {
        if (elements == null) {
            return;
        }
        for (OrderByElement element : elements) {
            Nodes.only(element, Set.of("asc", "expression", "nullordering"));
            Optional<String> name = bare(element.getExpression());
            if (name.isEmpty() || !scope.isOutput(name.get()) || scope.has(name.get())) {
                read(element.getExpression(), scope);
            }
        }
    }

    /** Behind parentheses and set operations ORDER BY sees the result; within expressions, one engine sees more. */
    void orderOfResult(@Nullable List<OrderByElement> elements, Scope scope) {
        if (elements == null) {
            return;
        }
        for (OrderByElement element : elements) {
            boolean plain = element.getExpression() instanceof LongValue
                    || bare(element.getExpression()).filter(scope::isOutput).isPresent();
            if (!plain) {
                throw new RefusedSqlException(
                        "sql_not_supported",
                        "behind parentheses and set operations ORDER BY takes names of the result and numbers only");
            }
        }
        orderOfQuery(elements, scope);
    }

    /** The name, if this is nothing but a column's without its table. */
    static Optional<String> bare(Expression expression) {
        return expression instanceof Column column
                        && (column.getTable() == null || column.getTable().getName() == null)
                        && column.getArrayConstructor() == null
                ? Optional.of(unquoted(column.getColumnName()))
                : Optional.empty();
    }

    /** The whole row of a table holds the columns, too, that the schema file does not know; only {@code *} can be written out. */
    private static void refuseRow(Source source) {
        source.table().ifPresent(table -> {
            throw new RefusedSqlException(
                    "sql_row", "a whole row of `" + table + "` is not accepted; name its columns");
        });
    }

    /** {@code *} as an item. */
    void all(AllColumns all, Scope scope) {
        Nodes.only(all, Set.of());
        scope.sources().values().forEach(this::readWhole);
    }

    /** {@code t.*} as an item. */
    void allOf(AllTableColumns all, Scope scope) {
        Nodes.only(all, Set.of("table"));
        readWhole(source(all.getTable().getFullyQualifiedName(), scope));
    }

    private void readWhole(Source source) {
        source.table()
                .ifPresent(table -> source.columns().forEach(column -> reading.column(table, SqlAction.QUERY, column)));
    }

    private static Source source(String alias, Scope scope) {
        return scope.named(unquoted(alias))
                .orElseThrow(() -> new RefusedSqlException("sql_unknown_table", "unknown table `" + alias + "`"));
    }

    static String unquoted(String name) {
        String plain = name;
        if (name.length() >= 2
                && (name.charAt(0) == '"' || name.charAt(0) == '`')
                && name.charAt(name.length() - 1) == name.charAt(0)) {
            plain = name.substring(1, name.length() - 1);
        }
        if (!plain.matches("[A-Za-z_][A-Za-z0-9_$]{0,62}")) {
            // PostgreSQL cuts longer names off, and two names become one.
            throw new RefusedSqlException(
                    "sql_name", "the name `" + name + "` is not accepted: at most 63 letters, digits and `_`");
        }
        return plain.toLowerCase(Locale.ROOT);
    }

    private void column(Column column, Scope scope) {
        Nodes.only(
                column,
                Set.of(
                        "table",
                        "tablename",
                        "unquotedtablename",
                        "columnname",
                        "unquotedcolumnname",
                        "fullyqualifiedname",
                        "unquotedname",
                        "arrayconstructor",
                        "tabledelimiter"));
        if (column.getArrayConstructor() != null) {
            containers.array(column.getArrayConstructor(), scope);
        }
        String name = unquoted(column.getColumnName());
        if (Scope.SYSTEM_COLUMNS.contains(name)) {
            throw new RefusedSqlException("sql_system_column", "the system column `" + name + "` is not accepted");
        }
        if (column.getTable() != null && column.getTable().getName() != null) {
            qualified(column.getTable().getFullyQualifiedName(), name, scope);
        } else {
            plain(name, scope);
        }
    }

    private void qualified(String alias, String name, Scope scope) {
        Source source = source(alias, scope);
        if (!source.has(name)) {
            throw new RefusedSqlException("sql_unknown_column", "unknown column `" + alias + "." + name + "`");
        }
        source.table().ifPresent(table -> reading.column(table, SqlAction.QUERY, name));
    }

    private void plain(String name, Scope scope) {
        List<Source> sources = scope.having(name);
        if (!sources.isEmpty()) {
            sources.forEach(source -> source.table().ifPresent(table -> reading.column(table, SqlAction.QUERY, name)));
            return;
        }
        Optional<Source> wholeRow = scope.named(name);
        if (wholeRow.isPresent()) {
            refuseRow(wholeRow.get());
        } else if (!scope.isOutput(name)) {
            throw new RefusedSqlException("sql_unknown_column", "unknown column `" + name + "`");
        } else if (!scope.isDerived()) {
            throw new RefusedSqlException(
                    "sql_ambiguous", "`" + name + "` is a name of the result here; write what it stands for");
        }
    }

    static String alias(@Nullable Alias alias, String otherwise) {
        if (alias == null) {
            return otherwise;
        }
        Nodes.only(alias, Set.of("name", "unquotedname", "useas"));
        return unquoted(alias.getName());
    }
}
