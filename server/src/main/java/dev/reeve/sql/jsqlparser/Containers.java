package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JsonExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.relational.JsonOperator;

/**
 * JSON operators and arrays. What they are made of is read; a part of a column is the column. Only what the dialect has under this spelling:
 * {@code tags[1]} is a column with another name to SQLite, {@code &&} is AND to MySQL.
 */
final class Containers {
    private static final Set<String> PATHS = Set.of("->", "->>", "#>", "#>>");
    private static final Set<String> COMPARISONS = Set.of("@>", "<@", "?", "?|", "?&");

    private final SqlDialect dialect;
    private final Expressions expressions;

    Containers(SqlDialect dialect, Expressions expressions) {
        this.dialect = dialect;
        this.expressions = expressions;
    }

    /** {@code doc -> 'a' ->> 'b'}. */
    void path(JsonExpression path, Scope scope) {
        Nodes.only(path, Set.of("expression", "identlist", "idents", "operators"));
        for (Map.Entry<Expression, String> step : path.getIdentList()) {
            String operator = step.getValue();
            boolean known = dialect == SqlDialect.POSTGRESQL ? PATHS.contains(operator) : operator.startsWith("->");
            if (!known) {
                throw refused("the operator `" + operator + "`");
            }
            if (dialect == SqlDialect.MYSQL && !(step.getKey() instanceof StringValue)) {
                throw refused("a path that is not a text");
            }
            expressions.read(step.getKey(), scope);
        }
        expressions.read(path.getExpression(), scope);
    }

    /** @throws RefusedSqlException if the dialect has no such comparison */
    void check(JsonOperator comparison) {
        if (dialect != SqlDialect.POSTGRESQL || !COMPARISONS.contains(comparison.getStringExpression())) {
            throw refused("the operator `" + comparison.getStringExpression() + "`");
        }
    }

    /** {@code ARRAY[1, 2]}, and what stands behind a name to take a part of it. */
    void array(ArrayConstructor array, Scope scope) {
        requireArrays();
        Nodes.only(array, Set.of("expressions", "arraykeyword"));
        for (Expression item : array.getExpressions()) {
            if (item instanceof JsonExpression slice && isSlice(slice)) {
                expressions.read(slice.getExpression(), scope);
                slice.getIdentList().forEach(end -> expressions.read(end.getKey(), scope));
            } else {
                expressions.read(item, scope);
            }
        }
    }

    /** The parser takes {@code 1:2} within brackets for a path. */
    private static boolean isSlice(JsonExpression within) {
        return within.getIdentList().size() == 1
                && within.getIdentList().getFirst().getValue().equals(":");
    }

    /** {@code (x)[1]}. */
    void part(ArrayExpression part, Scope scope) {
        requireArrays();
        Nodes.only(part, Set.of("objexpression", "indexexpression", "startindexexpression", "stopindexexpression"));
        expressions.read(part.getObjExpression(), scope);
        expressions.read(part.getIndexExpression(), scope);
        expressions.read(part.getStartIndexExpression(), scope);
        expressions.read(part.getStopIndexExpression(), scope);
    }

    void requireArrays() {
        if (dialect != SqlDialect.POSTGRESQL) {
            throw refused("an array");
        }
    }

    private static RefusedSqlException refused(String what) {
        return new RefusedSqlException("sql_not_supported", what + " is not accepted");
    }
}
