package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.create.index.CreateIndex;
import net.sf.jsqlparser.statement.create.table.ColumnDefinition;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.create.view.CreateView;
import net.sf.jsqlparser.statement.insert.Insert;

/**
 * Reads the operator's {@code schema.sql}: CREATE TABLE gives tables and columns; CREATE INDEX and INSERT are passed over; anything else is an
 * error, because it might change what was read. CREATE VIEW is read with its definition, by the rules for the queries of agents: who reads the view
 * reads all that the definition reads. A generated column counts with the columns that it is computed from.
 */
public final class CreateStatements {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");
    private static final int LONGEST = 4 << 20;

    private static final Pattern NAME = Pattern.compile("\"[^\"]+\"|`[^`]+`|[A-Za-z_][A-Za-z0-9_$]*");
    private static final Set<String> READ_OF_VIEW = Set.of(
            "view",
            "select",
            "columnnames",
            "orreplace",
            "ifnotexists",
            "ifnotexistsafterviewname",
            "materialized",
            "withdata",
            "temporary",
            "storageparameters",
            "checkoption",
            "effectivecheckoption");

    private final SqlDialect dialect;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final Map<String, String> spellings = new HashMap<>();
    private final Map<String, List<TableAccess>> views = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> generated = new HashMap<>();

    private CreateStatements(SqlDialect dialect) {
        this.dialect = dialect;
    }

    /** The text is not understood whole. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        UnreadableException(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        /** From 1; 0 if it is not known. */
        public int line() {
            return line;
        }
    }

    /** What was created in quotes keeps its letters; two names that differ in nothing but them cannot be told apart here. */
    private void spelled(String name) throws UnreadableException {
        String bare = name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT);
        String before = spellings.putIfAbsent(bare.toLowerCase(Locale.ROOT), bare);
        if (before != null && !before.equals(bare)) {
            throw new UnreadableException(0, "the names `" + before + "` and `" + bare + "` differ in case only");
        }
    }

    public static SqlSchema read(String text, SqlDialect dialect) throws UnreadableException {
        if (text.length() > LONGEST) {
            throw new UnreadableException(0, "a schema has at most " + LONGEST + " characters");
        }
        CreateStatements read = new CreateStatements(dialect);
        for (Statement statement : parse(text)) {
            switch (statement) {
                case CreateTable table -> read.add(table);
                case CreateView view -> read.add(view);
                case CreateIndex ignored -> {}
                case Insert ignored -> {}
                default ->
                    throw new UnreadableException(
                            0,
                            "only CREATE TABLE, CREATE VIEW, CREATE INDEX and INSERT are read; this is `"
                                    + statement.getClass().getSimpleName() + "`");
            }
        }
        return read.schema();
    }

    private SqlSchema schema() {
        Map<String, String> unusual = new HashMap<>(spellings);
        unusual.entrySet().removeIf(name -> name.getKey().equals(name.getValue()));
        return new SqlSchema(tables, unusual, views, generated);
    }

    private static List<Statement> parse(String text) throws UnreadableException {
        try {
            return CCJSqlParserUtil.parseStatements(text);
        } catch (JSQLParserException | RuntimeException e) {
            Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
            throw new UnreadableException(
                    line.find() ? Integer.parseInt(line.group(1)) : 0, "the SQL cannot be parsed");
        }
    }

    private void add(CreateTable table) throws UnreadableException {
        try {
            String name = Expressions.unquoted(table.getTable().getName());
            spelled(table.getTable().getName());
            List<String> columns = new ArrayList<>();
            if (table.getColumnDefinitions() == null) {
                throw new UnreadableException(0, "the table `" + name + "` has no columns");
            }
            for (ColumnDefinition column : table.getColumnDefinitions()) {
                columns.add(Expressions.unquoted(column.getColumnName()));
                spelled(column.getColumnName());
            }
            create(name, columns);
            Map<String, Set<String>> computed = computed(table.getColumnDefinitions(), columns);
            if (!computed.isEmpty()) {
                generated.put(name, computed);
            }
        } catch (RefusedSqlException e) {
            throw new UnreadableException(0, String.valueOf(e.getMessage()));
        }
    }

    private void create(String name, List<String> columns) throws UnreadableException {
        if (tables.put(name, columns) != null) {
            throw new UnreadableException(0, "the table `" + name + "` is there twice");
        }
    }

    private void add(CreateView view) throws UnreadableException {
        String name = String.valueOf(view.getView().getName());
        try {
            name = Expressions.unquoted(name);
            Nodes.only(view, READ_OF_VIEW);
            Statements.View read = Statements.view(view.getSelect(), dialect, schema());
            List<String> columns = view.getColumnNames() == null ? read.names() : given(view, read.names());
            if (columns.contains(Scope.ANONYMOUS) || Set.copyOf(columns).size() != columns.size()) {
                throw new RefusedSqlException("sql_name", "each column needs a name of its own");
            }
            spelled(view.getView().getName());
            create(name, columns);
            views.put(name, read.reads());
        } catch (RefusedSqlException e) {
            throw new UnreadableException(
                    0,
                    "the view `" + name + "` cannot be read: " + e.getMessage()
                            + "; write its columns as CREATE TABLE if whoever reads it may see all that it shows");
        }
    }

    private List<String> given(CreateView view, List<String> before) throws UnreadableException {
        List<String> names = new ArrayList<>();
        for (Column column : view.getColumnNames()) {
            names.add(Expressions.unquoted(column.getColumnName()));
            spelled(column.getColumnName());
        }
        names.addAll(before.subList(Math.min(names.size(), before.size()), before.size()));
        return names;
    }

    /** By generated column: every column of its table whose name stands in its expression, or in theirs. */
    private static Map<String, Set<String>> computed(List<ColumnDefinition> definitions, List<String> columns) {
        Map<String, Set<String>> computed = new HashMap<>();
        for (int i = 0; i < definitions.size(); i++) {
            Set<String> from = new TreeSet<>(named(definitions.get(i)));
            from.retainAll(columns);
            if (!from.isEmpty()) {
                computed.put(columns.get(i), from);
            }
        }
        for (int round = 0; round < computed.size(); round++) {
            computed.values()
                    .forEach(from ->
                            List.copyOf(from).forEach(column -> from.addAll(computed.getOrDefault(column, Set.of()))));
        }
        return computed;
    }

    /** What stands behind {@code AS}, in parentheses. */
    private static List<String> named(ColumnDefinition column) {
        List<String> names = new ArrayList<>();
        List<String> specs = column.getColumnSpecs() == null ? List.of() : column.getColumnSpecs();
        for (int i = 1; i < specs.size(); i++) {
            if (specs.get(i - 1).equalsIgnoreCase("AS") && specs.get(i).startsWith("(")) {
                Matcher name = NAME.matcher(specs.get(i));
                while (name.find()) {
                    names.add(name.group().replaceAll("[\"`]", "").toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
