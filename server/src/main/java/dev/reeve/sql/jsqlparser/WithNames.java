package dev.reeve.sql.jsqlparser;

import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;

/** What the columns of a query in WITH are called. */
final class WithNames {
    private WithNames() {}

    /** A list of names may be shorter than that of the columns; the others keep theirs. */
    static List<String> renamed(List<String> first, List<String> given) {
        List<String> names = new ArrayList<>(first);
        names.addAll(given.subList(Math.min(first.size(), given.size()), given.size()));
        return names;
    }

    /** The names behind the query's own. */
    static List<String> given(WithItem<?> item) {
        List<String> names = new ArrayList<>();
        if (item.getWithItemList() != null) {
            for (SelectItem<?> column : item.getWithItemList()) {
                names.add(Expressions.unquoted(column.getExpression().toString()));
            }
        }
        return names;
    }

    /** A recursive query may refer to itself by the names of its first part. */
    static List<String> first(ParenthesedSelect query) {
        Select first = query.getSelect() instanceof SetOperationList set
                ? set.getSelects().getFirst()
                : query.getSelect();
        while (first instanceof ParenthesedSelect inner) {
            first = inner.getSelect();
        }
        List<String> names = new ArrayList<>();
        if (first instanceof PlainSelect plain) {
            for (SelectItem<?> item : plain.getSelectItems()) {
                names.add(Queries.outputName(item).orElse(Scope.ANONYMOUS));
            }
        }
        return names;
    }
}
