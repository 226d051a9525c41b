package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlInspector;
import java.math.BigInteger;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.Select;

/** The lower of the number that a query asks for and the one that it may have. */
final class RowLimit {
    private RowLimit() {}

    static void apply(Statement statement, int most) {
        if (!(statement instanceof Select select)) {
            throw refused("only a query can be limited");
        }
        Limit limit = select.getLimit();
        if (limit == null) {
            select.setLimit(new Limit().withRowCount(new LongValue(most)));
        } else if (limit.getRowCount() instanceof LongValue asked) {
            if (new BigInteger(asked.getStringValue()).compareTo(BigInteger.valueOf(most)) > 0) {
                limit.setRowCount(new LongValue(most));
            }
        } else {
            // LIMIT ALL, LIMIT -1, LIMIT (SELECT ...): how many that is, only the engine knows.
            throw refused("its LIMIT is no number");
        }
    }

    private static RefusedSqlException refused(String reason) {
        return new RefusedSqlException(SqlInspector.UNLIMITED, reason);
    }
}
