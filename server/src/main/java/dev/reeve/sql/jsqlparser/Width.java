package dev.reeve.sql.jsqlparser;

import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.Values;

/** How many values each row has that a query gives. */
final class Width {
    private Width() {}

    /** @return 0 if it cannot be said */
    static int of(Select select) {
        return switch (select) {
            case Values values -> of(values.getExpressions());
            case PlainSelect plain -> {
                boolean clear =
                        plain.getSelectItems().stream().noneMatch(item -> item.getExpression() instanceof AllColumns);
                yield clear ? plain.getSelectItems().size() : 0;
            }
            case ParenthesedSelect inner -> of(inner.getSelect());
            case SetOperationList set -> of(set.getSelects().getFirst());
            default -> 0;
        };
    }

    /** One row in parentheses, or a list of such rows. */
    private static int of(ExpressionList<? extends Expression> values) {
        int width = 0;
        for (Expression one : values) {
            if (!(one instanceof ExpressionList<?> row)) {
                return values.size();
            }
            if (width != 0 && row.size() != width) {
                return 0;
            }
            width = row.size();
        }
        return width;
    }
}
