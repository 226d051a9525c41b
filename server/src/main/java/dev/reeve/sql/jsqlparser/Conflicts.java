package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.create.table.Index;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.insert.InsertConflictAction;
import net.sf.jsqlparser.statement.insert.InsertConflictTarget;
import net.sf.jsqlparser.statement.insert.InsertDuplicateAction;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/**
 * What an INSERT does where a row is there already. The columns by which it is looked for are read; what is set is updated; {@code excluded}
 * stands for the row that was to be, whose columns count as read as those of the table.
 */
final class Conflicts {
    private final Reading reading;
    private final Expressions expressions;

    Conflicts(Reading reading, Expressions expressions) {
        this.reading = reading;
        this.expressions = expressions;
    }

    void read(Insert insert, String table, Source target) {
        if (insert.getConflictAction() != null) {
            if (reading.dialect() == SqlDialect.MYSQL) {
                throw refused("ON CONFLICT");
            }
            lookedFor(insert.getConflictTarget(), table, target);
            onConflict(insert.getConflictAction(), scope(insert, table, target, "excluded"), table, target);
        }
        if (insert.getDuplicateAction() != null) {
            if (reading.dialect() != SqlDialect.MYSQL) {
                throw refused("ON DUPLICATE KEY");
            }
            String proposed = insert.getRowAlias() == null ? null : Expressions.alias(insert.getRowAlias(), "");
            if (insert.getRowAlias() != null) {
                reading.name(insert.getRowAlias().getName());
            }
            onDuplicate(insert.getDuplicateAction(), scope(insert, table, target, proposed), table, target);
        } else if (insert.getRowAlias() != null) {
            throw refused("a name for the new row");
        }
    }

    private static Scope scope(Insert insert, String table, Source target, @Nullable String proposed) {
        Scope scope = new Scope(null);
        scope.add(Expressions.alias(insert.getTable().getAlias(), table), target);
        if (proposed != null) {
            scope.add(proposed, target);
        }
        return scope;
    }

    private void lookedFor(@Nullable InsertConflictTarget by, String table, Source target) {
        if (by == null) {
            return;
        }
        Nodes.only(by, Set.of("indexelements", "indexcolumnnames", "indexcolumnname"));
        for (Index.ColumnParams element : by.getIndexElements()) {
            if (element.isExpression() || !element.toString().equals(element.getColumnName())) {
                throw refused("ON CONFLICT with more than names of columns");
            }
            String name = known(element.getColumnName(), table, target);
            reading.column(table, SqlAction.QUERY, name);
        }
    }

    private void onConflict(InsertConflictAction action, Scope scope, String table, Source target) {
        Nodes.only(action, Set.of("updatesets", "conflictactiontype", "whereexpression"));
        switch (action.getConflictActionType()) {
            case DO_NOTHING -> {}
            case DO_UPDATE -> {
                sets(action.getUpdateSets(), scope, table, target);
                expressions.read(action.getWhereExpression(), scope);
            }
            case NOTHING -> throw refused("this form of ON CONFLICT");
        }
    }

    private void onDuplicate(InsertDuplicateAction action, Scope scope, String table, Source target) {
        Nodes.only(action, Set.of("updatesets", "conflictactiontype"));
        if (action.getUpdateSets() == null) {
            throw refused("this form of ON DUPLICATE KEY");
        }
        sets(action.getUpdateSets(), scope, table, target);
        // The number of rows that comes back tells whether they had these values before.
        for (UpdateSet set : action.getUpdateSets()) {
            set.getColumns()
                    .forEach(column ->
                            reading.column(table, SqlAction.QUERY, known(column.getColumnName(), table, target)));
        }
    }

    private void sets(List<UpdateSet> sets, Scope scope, String table, Source target) {
        reading.table(table, SqlAction.UPDATE);
        for (UpdateSet set : sets) {
            for (Column column : set.getColumns()) {
                Statements.written(reading, column, table, target, SqlAction.UPDATE);
            }
            expressions.readAll(set.getValues(), scope);
        }
    }

    private static String known(String written, String table, Source target) {
        String name = Expressions.unquoted(written);
        if (!target.has(name)) {
            throw new RefusedSqlException("sql_unknown_column", "unknown column `" + name + "` of `" + table + "`");
        }
        return name;
    }

    private static RefusedSqlException refused(String what) {
        return new RefusedSqlException("sql_not_supported", what + " is not accepted");
    }
}
