package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import dev.reeve.sql.jsqlparser.Scope.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.ReturningClause;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.update.UpdateSet;
import org.jspecify.annotations.Nullable;

/** One statement: what it touches. */
final class Statements {
    private final SqlSchema schema;
    private final Reading reading;
    private final Queries queries;
    private final Expressions expressions;

    private Statements(SqlSchema schema, SqlDialect dialect, Extent extent) {
        this.schema = schema;
        this.reading = new Reading(schema.generated(), dialect, extent);
        this.queries = new Queries(schema, reading, this::change);
        this.expressions = queries.expressions();
    }

    /** @param extent a new one: what this very statement comes to is counted in it */
    static Reading read(Statement statement, SqlDialect dialect, SqlSchema schema, Extent extent) {
        Statements reader = new Statements(schema, dialect, extent);
        switch (statement) {
            case Values ignored -> throw new RefusedSqlException("sql_statement", "VALUES alone is not accepted");
            case Select select -> reader.queries.select(select, null);
            default -> reader.change(statement);
        }
        return reader.reading;
    }

    /** @return the names of the columns that it returns */
    private List<String> change(Statement statement) {
        List<String> names = new ArrayList<>();
        switch (statement) {
            case Insert insert -> queries.within(insert.getWithItemsList(), () -> names.addAll(insert(insert)));
            case Update update -> queries.within(update.getWithItemsList(), () -> names.addAll(update(update)));
            case Delete delete -> queries.within(delete.getWithItemsList(), () -> names.addAll(delete(delete)));
            case Merge merge -> queries.within(merge.getWithItemsList(), () -> names.addAll(merge(merge)));
            default ->
                throw new RefusedSqlException(
                        "sql_statement",
                        "`" + statement.getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT)
                                + "` is not accepted; SELECT, INSERT, UPDATE and DELETE are");
        }
        return names;
    }

    /**
     * What a view shows and reads.
     *
     * @param names of the columns; {@link Scope#ANONYMOUS} where only the engine knows it
     */
    record View(List<String> names, List<TableAccess> reads) {}

    static View view(Select definition, SqlDialect dialect, SqlSchema schema) {
        Statements reader = new Statements(schema, dialect, Extent.written());
        List<String> names = reader.queries.select(definition, null);
        return new View(names, reader.reading.accesses());
    }

    private List<String> insert(Insert insert) {
        Nodes.only(
                insert,
                Set.of(
                        "table",
                        "columns",
                        "select",
                        "usevalues",
                        "returningclause",
                        "withitemslist",
                        "conflicttarget",
                        "conflictaction",
                        "duplicateaction",
                        "duplicateupdatesets",
                        "useduplicate",
                        "rowalias"));
        String table = Queries.tableName(insert.getTable());
        Source target = queries.changed(table);
        reading.table(table, SqlAction.CREATE);
        Select source = insert.getSelect();
        if (source instanceof Values values) {
            // PostgreSQL and SQLite take WITH, ORDER BY and LIMIT around VALUES, and the parser with them.
            Nodes.only(values, Set.of("expressions"));
            expressions.readAll(values.getExpressions(), new Scope(null));
        } else if (source != null) {
            queries.select(source, null);
        }
        if (insert.getColumns() == null) {
            insert.setColumns(firstColumns(source, target.columns()));
        }
        insert.getColumns().forEach(column -> written(column, table, target, SqlAction.CREATE));
        Scope scope = new Scope(null);
        scope.add(Expressions.alias(insert.getTable().getAlias(), table), target);
        name(insert.getTable());
        new Conflicts(reading, expressions).read(insert, table, target);
        Star star = new Star(schema, reading);
        star.add(scope.sources(), null);
        return returning(insert.getReturningClause(), scope, star);
    }

    private List<String> merge(Merge merge) {
        String table = Queries.tableName(merge.getTable());
        Source target = queries.changed(table);
        name(merge.getTable());
        Scope scope = new Merges(reading, queries).read(merge, table, target);
        ReturningClause clause = merge.getReturningClause();
        if (clause != null && clause.stream().anyMatch(item -> item.getExpression() instanceof AllColumns)) {
            throw new RefusedSqlException("sql_not_supported", "name the columns that MERGE returns");
        }
        return returning(clause, scope, new Star(schema, reading));
    }

    /**
     * The columns that an INSERT without names fills. Written out: the database may have more than the schema file knows of, and would fill those,
     * too.
     */
    private ExpressionList<Column> firstColumns(@Nullable Select source, List<String> known) {
        int width = source == null ? 0 : Width.of(source);
        if (width == 0 || width > known.size()) {
            throw new RefusedSqlException("sql_columns", "name the columns of INSERT, as many as there are values");
        }
        Star star = new Star(schema, reading);
        ExpressionList<Column> columns = new ExpressionList<>();
        known.subList(0, width).forEach(column -> columns.add(new Column(star.written(column))));
        return columns;
    }

    private List<String> update(Update update) {
        Nodes.only(
                update,
                Set.of(
                        "table",
                        "updatesets",
                        "where",
                        "fromitem",
                        "joins",
                        "returningclause",
                        "columns",
                        "expressions",
                        "select",
                        "usecolumnsbrackets",
                        "withitemslist"));
        String table = Queries.tableName(update.getTable());
        Source target = queries.changed(table);
        reading.table(table, SqlAction.UPDATE);
        Scope scope = new Scope(null);
        scope.add(Expressions.alias(update.getTable().getAlias(), table), target);
        name(update.getTable());
        int mark = scope.mark();
        Star star = new Star(schema, reading);
        queries.from(update.getFromItem(), scope, null, Slot.FIXED);
        star.add(scope.sources(), null);
        queries.joins(update.getJoins(), scope, null, mark, star);
        for (UpdateSet set : update.getUpdateSets()) {
            set.getColumns().forEach(column -> written(column, table, target, SqlAction.UPDATE));
            expressions.readAll(set.getValues(), scope);
        }
        expressions.read(update.getWhere(), scope);
        return returning(update.getReturningClause(), scope, star);
    }

    private List<String> delete(Delete delete) {
        Nodes.only(
                delete,
                Set.of(
                        "table",
                        "where",
                        "returningclause",
                        "hasfrom",
                        "usinglist",
                        "usingfromitemlist",
                        "withitemslist"));
        String table = Queries.tableName(delete.getTable());
        Source target = queries.changed(table);
        reading.table(table, SqlAction.DELETE);
        Scope scope = new Scope(null);
        scope.add(Expressions.alias(delete.getTable().getAlias(), table), target);
        name(delete.getTable());
        if (delete.getUsingFromItemList() != null) {
            delete.getUsingFromItemList().forEach(used -> queries.from(used, scope, null, Slot.FIXED));
        }
        expressions.read(delete.getWhere(), scope);
        Star star = new Star(schema, reading);
        star.add(scope.sources(), null);
        return returning(delete.getReturningClause(), scope, star);
    }

    private void name(Table table) {
        reading.name(
                table.getAlias() == null ? table.getName() : table.getAlias().getName());
    }

    private void written(Column column, String table, Source target, SqlAction action) {
        written(reading, column, table, target, action);
    }

    static void written(Reading reading, Column column, String table, Source target, SqlAction action) {
        if (column.getArrayConstructor() != null) {
            throw new RefusedSqlException("sql_not_supported", "a part of a column is not set; set all of it");
        }
        String name = Expressions.unquoted(column.getColumnName());
        if ((column.getTable() != null && column.getTable().getName() != null) || !target.has(name)) {
            throw new RefusedSqlException("sql_unknown_column", "unknown column `" + name + "` of `" + table + "`");
        }
        reading.column(table, action, name);
    }

    /** What a change returns is read; {@code *} is also what stands beside the changed table in FROM or USING. */
    private List<String> returning(@Nullable ReturningClause clause, Scope scope, Star star) {
        if (clause == null) {
            return List.of();
        }
        if ((clause.getDataItems() != null && !clause.getDataItems().isEmpty())
                || (clause.getOutputAliases() != null
                        && !clause.getOutputAliases().isEmpty())) {
            throw new RefusedSqlException("sql_not_supported", "RETURNING INTO is not accepted");
        }
        List<SelectItem<?>> written = queries.starless(List.copyOf(clause), scope, star);
        clause.clear();
        clause.addAll(written);
        return queries.items(written, scope);
    }
}
