package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of each statement of the corpus, and that it is true: on a real engine, under a login that may do nothing else. */
final class SqlCorpusTest {
    /** The views with a column more than the schema file knows; read with the rights of who asks, so that their definitions count. */
    private static final String WIDE_VIEWS = """
            CREATE OR REPLACE VIEW clients AS
                SELECT id, name, country, 'secret' AS of_clients FROM customers WHERE email IS NOT NULL;
            CREATE OR REPLACE VIEW buyers (who, spent, of_buyers) AS
                SELECT c.name, SUM(s.amount), 'secret' FROM clients c JOIN sales s ON s.customer_id = c.id GROUP BY c.name;
            ALTER VIEW clients SET (security_invoker = true);
            ALTER VIEW buyers SET (security_invoker = true);
            """;

    private final JSqlParserInspector inspector = new JSqlParserInspector();

    @Test
    void theCorpusIsLarge() {
        assertTrue(SqlCorpus.read(SqlDialect.POSTGRESQL).size() >= 530);
        assertTrue(SqlCorpus.read(SqlDialect.SQLITE).size() >= 185);
        assertTrue(SqlCorpus.read(SqlDialect.MYSQL).size() >= 140);
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void noStatementIsThereTwice(SqlDialect dialect) {
        List<String> texts =
                SqlCorpus.read(dialect).stream().map(SqlCorpus.Vector::sql).toList();
        List<String> twice = texts.stream()
                .filter(text -> Collections.frequency(texts, text) > 1)
                .toList();
        assertEquals(List.of(), twice);
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void eachStatementIsRefusedOrReportedInFull(SqlDialect dialect) {
        SqlSchema schema = SqlCorpus.schema(dialect);
        List<String> wrong = new ArrayList<>();
        for (SqlCorpus.Vector vector : SqlCorpus.read(dialect)) {
            String found = switch (inspector.inspect(vector.sql(), dialect, schema)) {
                case SqlInspection.Refused refused -> "! " + refused.code();
                case SqlInspection.Statement statement -> SqlCorpus.describe(statement.tables());
            };
            if (!found.equals(vector.expected())) {
                wrong.add(vector + "\n  expected " + vector.expected() + "\n  found    " + found);
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
    }

    /** SQLite's own authorizer tells each table and column that a statement would read, and refuses what the verdict did not name. */
    @Test
    void whatIsSentToSqliteTouchesNoMoreThanWasSaid() throws Exception {
        List<Json> cases = new ArrayList<>();
        SqlSchema schema = SqlCorpus.schema(SqlDialect.SQLITE);
        for (SqlCorpus.Vector vector : SqlCorpus.read(SqlDialect.SQLITE)) {
            if (inspector.inspect(vector.sql(), SqlDialect.SQLITE, schema)
                    instanceof SqlInspection.Statement statement) {
                cases.add(Json.object()
                        .put("text", vector.sql())
                        .put("sent", statement.rendering())
                        .put("may", may(statement))
                        .build());
            }
        }
        assertTrue(cases.size() >= 80, () -> "only " + cases.size() + " are accepted");
        Json.Obj given = Json.object()
                .put("schema", SqlCorpus.schemaText(SqlDialect.SQLITE))
                .put("rows", SqlCorpus.file("rows.sql"))
                .put("cases", new Json.Arr(cases))
                .build();
        assertEquals("[]", python(SqlCorpus.FOLDER.resolve("run_sqlite.py"), JsonWriter.text(given)));
    }

    static Json.Arr may(SqlInspection.Statement statement) {
        List<Json> accesses = new ArrayList<>();
        for (TableAccess access : statement.tables()) {
            List<Json> columns = new ArrayList<>();
            access.columns().forEach(column -> columns.add(new Json.Str(column)));
            accesses.add(new Json.Arr(List.of(
                    new Json.Str(access.action().name().toLowerCase(Locale.ROOT)),
                    new Json.Str(access.table()),
                    new Json.Arr(columns))));
        }
        return new Json.Arr(accesses);
    }

    static String python(Path program, String input) throws IOException, InterruptedException {
        boolean here = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        assumeTrue(here, "SKIPPED: no python3 on the PATH, so no statement was run on SQLite");
        Process process = new ProcessBuilder("python3", "-S", "-E", program.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return answer;
    }

    /**
     * The rendering runs under a login that may touch what the verdict says and nothing else, on tables that have a column more than the
     * schema file knows; and it gives the rows that the text gives on tables that have not.
     */
    @Test
    void whatIsSentTouchesNoMoreThanWasSaid() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the PostgreSQL of the tests is for Linux on amd64 only");
        SqlSchema schema = SqlCorpus.schema(SqlDialect.POSTGRESQL);
        List<String> wrong = new ArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Connection connection = postgres.getPostgresDatabase().getConnection()) {
            prepare(connection);
            for (SqlCorpus.Vector vector : SqlCorpus.read(SqlDialect.POSTGRESQL)) {
                if (vector.isAccepted()
                        && inspector.inspect(vector.sql(), SqlDialect.POSTGRESQL, schema)
                                instanceof SqlInspection.Statement statement) {
                    compare(connection, vector, statement, wrong);
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
    }

    static void prepare(Connection connection) throws SQLException, IOException {
        try (Statement setup = connection.createStatement()) {
            setup.execute("CREATE ROLE agent");
            for (String name : List.of("exact", "wide")) {
                setup.execute("CREATE SCHEMA " + name + "; GRANT USAGE ON SCHEMA " + name + " TO agent");
                setup.execute("SET search_path = " + name);
                setup.execute(SqlCorpus.schemaText(SqlDialect.POSTGRESQL) + SqlCorpus.file("rows.sql"));
            }
            for (String table : List.of("customers", "sales", "leads", "\"Orders\"", "codes", "people", "stock")) {
                String secret = "of_" + table.replace("\"", "");
                setup.execute("ALTER TABLE " + table + " ADD COLUMN " + secret + " TEXT DEFAULT 'secret'");
            }
            setup.execute(WIDE_VIEWS);
        }
        connection.setAutoCommit(false);
    }

    private static void compare(
            Connection connection, SqlCorpus.Vector vector, SqlInspection.Statement said, List<String> wrong)
            throws SQLException {
        try {
            String original = run(connection, List.of("SET LOCAL search_path = exact"), vector.sql());
            List<String> narrow = new ArrayList<>(List.of("SET LOCAL search_path = wide"));
            said.tables().forEach(access -> narrow.add(grant(access)));
            narrow.add("SET LOCAL ROLE agent");
            assertEquals(original, run(connection, narrow, said.rendering()));
        } catch (SQLException | AssertionError e) {
            wrong.add(vector + "\n  sent " + said.rendering() + "\n  " + e.getMessage());
        }
    }

    /** Rights are given within the transaction, and go with it. */
    static String grant(TableAccess access) {
        String table = access.table().equals("orders") ? "\"Orders\"" : access.table();
        List<String> columns = new ArrayList<>();
        for (String column : new TreeSet<>(access.columns())) {
            columns.add(column.equals("placedby") ? "\"placedBy\"" : "\"" + column + "\"");
        }
        // A row cannot be counted without the right to one column of it: the one that nothing may read by name.
        String some = columns.isEmpty() ? "of_" + table.replace("\"", "") : String.join(", ", columns);
        return switch (access.action()) {
            case QUERY -> "GRANT SELECT (" + some + ") ON " + table + " TO agent";
            case CREATE -> "GRANT INSERT (" + some + ") ON " + table + " TO agent";
            case UPDATE -> "GRANT UPDATE (" + some + ") ON " + table + " TO agent";
            case DELETE -> "GRANT DELETE ON " + table + " TO agent";
        };
    }

    static String run(Connection connection, List<String> before, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : before) {
                statement.execute(one);
            }
            StringBuilder out = new StringBuilder();
            if (statement.execute(sql)) {
                rows(statement, out);
            } else {
                out.append(statement.getUpdateCount());
            }
            return out.toString();
        } finally {
            connection.rollback();
        }
    }

    private static void rows(Statement statement, StringBuilder out) throws SQLException {
        try (ResultSet rows = statement.getResultSet()) {
            int width = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= width; column++) {
                    out.append(rows.getMetaData().getColumnLabel(column))
                            .append('=')
                            .append(rows.getString(column))
                            .append('|');
                }
                out.append('\n');
            }
        }
    }
}
