package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.create.index.CreateIndex;
import net.sf.jsqlparser.statement.create.table.ColumnDefinition;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.insert.Insert;

/**
 * Reads the operator's {@code schema.sql}: CREATE TABLE gives tables and columns; CREATE INDEX and INSERT are passed over; anything else is an
 * error, because it might change what was read. Views are not read: what they show is not known from here, so reading one is denied.
 */
public final class CreateStatements {
    private static final Pattern LINE = Pattern.compile("line (\\d+)");
    private static final int LONGEST = 4 << 20;

    private CreateStatements() {}

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
    private static void spelled(String name, Map<String, String> spellings) throws UnreadableException {
        String bare = name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT);
        String before = spellings.putIfAbsent(bare.toLowerCase(Locale.ROOT), bare);
        if (before != null && !before.equals(bare)) {
            throw new UnreadableException(0, "the names `" + before + "` and `" + bare + "` differ in case only");
        }
    }

    public static SqlSchema read(String text) throws UnreadableException {
        if (text.length() > LONGEST) {
            throw new UnreadableException(0, "a schema has at most " + LONGEST + " characters");
        }
        Map<String, List<String>> tables = new LinkedHashMap<>();
        Map<String, String> spellings = new HashMap<>();
        for (Statement statement : parse(text)) {
            switch (statement) {
                case CreateTable table -> add(table, tables, spellings);
                case CreateIndex ignored -> {}
                case Insert ignored -> {}
                default ->
                    throw new UnreadableException(
                            0,
                            "only CREATE TABLE, CREATE INDEX and INSERT are read; this is `"
                                    + statement.getClass().getSimpleName() + "`");
            }
        }
        spellings.entrySet().removeIf(name -> name.getKey().equals(name.getValue()));
        return new SqlSchema(tables, spellings);
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

    private static void add(CreateTable table, Map<String, List<String>> tables, Map<String, String> spellings)
            throws UnreadableException {
        try {
            String name = Expressions.unquoted(table.getTable().getName());
            spelled(table.getTable().getName(), spellings);
            List<String> columns = new ArrayList<>();
            if (table.getColumnDefinitions() == null) {
                throw new UnreadableException(0, "the table `" + name + "` has no columns");
            }
            for (ColumnDefinition column : table.getColumnDefinitions()) {
                columns.add(Expressions.unquoted(column.getColumnName()));
                spelled(column.getColumnName(), spellings);
            }
            if (tables.put(name, columns) != null) {
                throw new UnreadableException(0, "the table `" + name + "` is there twice");
            }
        } catch (RefusedSqlException e) {
            throw new UnreadableException(0, String.valueOf(e.getMessage()));
        }
    }
}
