package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.Set;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.merge.MergeDelete;
import net.sf.jsqlparser.statement.merge.MergeInsert;
import net.sf.jsqlparser.statement.merge.MergeOperation;
import net.sf.jsqlparser.statement.merge.MergeUpdate;
import net.sf.jsqlparser.statement.update.UpdateSet;

/** MERGE of PostgreSQL: it reads its source and what conditions name of its target, and updates, deletes and inserts rows of the target. */
final class Merges {
    private final Reading reading;
    private final Queries queries;
    private final Expressions expressions;

    Merges(Reading reading, Queries queries) {
        this.reading = reading;
        this.queries = queries;
        this.expressions = queries.expressions();
    }

    /** @return what its clauses see, for RETURNING */
    Scope read(Merge merge, String table, Source target) {
        if (reading.dialect() != SqlDialect.POSTGRESQL) {
            throw new RefusedSqlException(
                    "sql_statement", "MERGE is not accepted; SELECT, INSERT, UPDATE and DELETE are");
        }
        Nodes.only(
                merge,
                Set.of(
                        "table",
                        "usingtable",
                        "usingalias",
                        "fromitem",
                        "oncondition",
                        "operations",
                        "mergeinsert",
                        "mergeupdate",
                        "insertfirst",
                        "withitemslist",
                        "returningclause"));
        reading.table(table, SqlAction.QUERY);
        Scope source = new Scope(null);
        queries.from(merge.getFromItem(), source, null, Slot.FIXED);
        Scope scope = new Scope(null);
        scope.add(Expressions.alias(merge.getTable().getAlias(), table), target);
        source.sources().forEach(scope::add);
        expressions.read(merge.getOnCondition(), scope);
        for (MergeOperation operation : merge.getOperations()) {
            switch (operation) {
                case MergeUpdate update -> update(update, scope, table, target);
                case MergeDelete delete -> {
                    Nodes.only(delete, Set.of("andpredicate", "side"));
                    reading.table(table, SqlAction.DELETE);
                    expressions.read(delete.getAndPredicate(), scope);
                }
                case MergeInsert insert -> insert(insert, scope, table, target);
                default -> throw refused("this clause of MERGE");
            }
        }
        return scope;
    }

    private void update(MergeUpdate update, Scope scope, String table, Source target) {
        Nodes.only(update, Set.of("updatesets", "andpredicate", "side"));
        reading.table(table, SqlAction.UPDATE);
        for (UpdateSet set : update.getUpdateSets()) {
            set.getColumns().forEach(column -> written(column, table, target, SqlAction.UPDATE));
            expressions.readAll(set.getValues(), scope);
        }
        expressions.read(update.getAndPredicate(), scope);
    }

    private void insert(MergeInsert insert, Scope scope, String table, Source target) {
        Nodes.only(insert, Set.of("andpredicate", "side", "columns", "values"));
        if (insert.getColumns() == null || insert.getValues() == null) {
            throw refused("INSERT of MERGE without the names of its columns");
        }
        reading.table(table, SqlAction.CREATE);
        insert.getColumns().forEach(column -> written(column, table, target, SqlAction.CREATE));
        expressions.readAll(insert.getValues(), scope);
        expressions.read(insert.getAndPredicate(), scope);
    }

    private void written(Column column, String table, Source target, SqlAction action) {
        Statements.written(reading, column, table, target, action);
    }

    private static RefusedSqlException refused(String what) {
        return new RefusedSqlException("sql_not_supported", what + " is not accepted");
    }
}
