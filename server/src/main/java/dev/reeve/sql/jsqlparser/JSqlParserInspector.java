package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.statement.Statement;

/**
 * Reads statements with JSqlParser.
 *
 * <p>Security guarantees: a node, a property of a node, a function, a type, a table or a column that is not known here refuses the statement;
 * what is sent is a rendering that was parsed and read again, and touches the same. Not guaranteed: what views, triggers and functions of
 * the database itself do; behind it belongs a login of least privilege (R22).
 */
public final class JSqlParserInspector implements SqlInspector {
    /** The kind of the token behind the last one. */
    private static final int END = 0;

    private static final int LONGEST = 64 * 1024;
    private static final String TOO_LONG = "a statement has at most " + LONGEST + " characters";
    private static final int REMEMBERED = 2_000;

    private final Remembered remembered;

    public JSqlParserInspector() {
        this(REMEMBERED);
    }

    /** @param most statements that are kept read, if they are not too long together */
    public JSqlParserInspector(int most) {
        this.remembered = new Remembered(most);
    }

    @Override
    public SqlInspection inspect(String sql, SqlDialect dialect, SqlSchema schema) {
        return once(
                Remembered.Key.of(sql, dialect, schema, Optional.empty()),
                () -> inspectNow(sql, dialect, schema, false));
    }

    @Override
    public SqlInspection restrict(String sql, SqlDialect dialect, SqlSchema schema, Restriction restriction) {
        return once(
                Remembered.Key.of(sql, dialect, schema, Optional.of(restriction)),
                () -> restrictNow(sql, dialect, schema, restriction));
    }

    private SqlInspection once(Remembered.Key key, Inspecting inspecting) {
        if (key.sql().length() > LONGEST) {
            return new SqlInspection.Refused("sql_too_long", TOO_LONG);
        }
        return remembered.find(key).orElseGet(() -> {
            SqlInspection found = guarded(inspecting);
            remembered.keep(key, found);
            return found;
        });
    }

    private static SqlInspection restrictNow(String sql, SqlDialect dialect, SqlSchema schema, Restriction restriction)
            throws JSQLParserException, ParseException {
        Statement statement = parse(sql, dialect);
        Reading read = Statements.read(statement, dialect, schema, Extent.written());
        List<TableAccess> before = read.accesses();
        TableRestriction.apply(statement, restriction, read, schema);
        if (restriction.most().isPresent()) {
            RowLimit.apply(statement, restriction.most().getAsInt());
        }
        SqlInspection after = inspectNow(statement.toString(), dialect, schema, true);
        if (after instanceof SqlInspection.Statement restricted) {
            check(restricted.tables(), before, restriction);
            Statement sent = parse(restricted.rendering(), dialect);
            TableRestriction.check(restriction, Statements.read(sent, dialect, schema, Extent.restricted()), schema);
        }
        return after;
    }

    private static void check(List<TableAccess> after, List<TableAccess> before, Restriction restriction) {
        if (!tables(after).equals(tables(before))) {
            throw new RefusedSqlException("sql_rendering", "the restricted statement does not touch the same tables");
        }
        for (TableAccess access : after) {
            Set<String> shown = new HashSet<>(access.columns());
            shown.retainAll(restriction.masked().getOrDefault(access.table(), Set.of()));
            restriction.rows().getOrDefault(access.table(), List.of()).forEach(row -> shown.remove(row.column()));
            if (!shown.isEmpty()) {
                throw new RefusedSqlException("sql_rendering", "the restricted statement still reads " + shown);
            }
        }
    }

    private static Set<String> tables(List<TableAccess> accesses) {
        Set<String> tables = new HashSet<>();
        accesses.forEach(access -> tables.add(access.table()));
        return tables;
    }

    private interface Inspecting {
        SqlInspection run() throws JSQLParserException, ParseException;
    }

    private static SqlInspection guarded(Inspecting inspecting) {
        try {
            return inspecting.run();
        } catch (RefusedSqlException e) {
            return new SqlInspection.Refused(e.code(), String.valueOf(e.getMessage()));
        } catch (JSQLParserException | ParseException e) {
            return new SqlInspection.Refused("sql_malformed", "the statement cannot be parsed");
        } catch (RuntimeException | StackOverflowError e) {
            return new SqlInspection.Refused("sql_malformed", "the statement cannot be read");
        }
    }

    /** @param ours whether we put queries in the place of tables */
    private static SqlInspection inspectNow(String sql, SqlDialect dialect, SqlSchema schema, boolean ours)
            throws JSQLParserException, ParseException {
        Statement statement = parse(sql, dialect);
        Reading read = Statements.read(statement, dialect, schema, extent(ours));
        Words.of(sql, dialect).check(dialect, schema, read.names());
        String rendering = statement.toString();
        if (rendering.contains("\\")) {
            throw new RefusedSqlException("sql_string_form", "a backslash means different things to different servers");
        }
        Reading again = Statements.read(parse(rendering, dialect), dialect, schema, extent(ours));
        if (!again.accesses().equals(read.accesses())) {
            throw new RefusedSqlException(
                    "sql_rendering", "the statement means something else when it is written again");
        }
        return new SqlInspection.Statement(read.accesses(), rendering);
    }

    private static Extent extent(boolean ours) {
        return ours ? Extent.restricted() : Extent.written();
    }

    private static Statement parse(String sql, SqlDialect dialect) throws ParseException {
        checkText(sql, dialect);
        Words.of(sql, dialect);
        CCJSqlParser parser = CCJSqlParserUtil.newParser(sql).withAllowComplexParsing(false);
        Statement statement = parser.Statement();
        if (parser.getToken(0).kind != END && parser.getToken(1).kind != END) {
            throw new RefusedSqlException("sql_statement", "one statement only");
        }
        return statement;
    }

    /** Where MySQL reads two signs, the parser reads a comment. */
    private static boolean takesAway(String sql) {
        char quote = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '`') {
                quote = c;
            } else if (sql.startsWith("--", i) && i + 2 < sql.length() && !Character.isWhitespace(sql.charAt(i + 2))) {
                return true;
            }
        }
        return false;
    }

    /** What must be known before a parser looks at it. */
    private static void checkText(String sql, SqlDialect dialect) {
        if (sql.length() > LONGEST) {
            throw new RefusedSqlException("sql_too_long", TOO_LONG);
        }
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == 0 || (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
                throw new RefusedSqlException("sql_characters", "a statement holds a control character");
            }
        }
        checkForms(sql, dialect);
    }

    private static void checkForms(String sql, SqlDialect dialect) {
        String lower = sql.toLowerCase(Locale.ROOT);
        if (lower.contains("/*!") || lower.contains("/*m!") || lower.contains("/*+") || lower.contains("--+")) {
            throw new RefusedSqlException("sql_comment", "a comment that a server would run is not accepted");
        }
        if (dialect == SqlDialect.MYSQL && takesAway(sql)) {
            throw new RefusedSqlException("sql_comment", "`--` begins a comment only with a space behind it");
        }
        if (dialect == SqlDialect.MYSQL && (sql.contains("\"") || sql.contains("#"))) {
            throw new RefusedSqlException(
                    "sql_quotes", "double quotes and `#` mean different things to different MySQL settings");
        }
        if (lower.contains("u&\"") || lower.contains("u&'") || sql.contains("$$")) {
            throw new RefusedSqlException("sql_string_form", "this form of text is not accepted; write 'text'");
        }
    }
}
