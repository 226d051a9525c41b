package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is said of each statement of the corpus, and that it is true: on a real engine, under a login that may do nothing else. */
final class SqlCorpusTest {
    /** As the operator wrote it down. */
    private static final String KNOWN = """
            CREATE TABLE customers (id INT, name TEXT, email TEXT, phone TEXT, country TEXT);
            CREATE TABLE sales (id INT, customer_id INT, amount NUMERIC, region TEXT);
            CREATE TABLE leads (id INT, email TEXT, note TEXT);
            CREATE TABLE "Orders" (id INT, "placedBy" TEXT, "order" TEXT);
            """;

    private static final String ROWS = """
            INSERT INTO customers (id, name, email, phone, country) VALUES
                (1, 'Ana', 'a', '1', 'DE'), (2, 'Bo', 'a@example.com', NULL, 'DE'), (3, 'it''s', NULL, '3', 'FR');
            INSERT INTO sales (id, customer_id, amount, region) VALUES (1, 1, 2.5, 'n'), (2, 2, 20, 's'), (3, 1, 9, NULL);
            INSERT INTO leads (id, email, note) VALUES (1, 'a', 'x'), (9, 'z', 'y');
            INSERT INTO "Orders" (id, "placedBy", "order") VALUES (1, 'Ana', 'first');
            """;

    private final JSqlParserInspector inspector = new JSqlParserInspector();

    @Test
    void theCorpusIsLarge() {
        assertTrue(SqlCorpus.read("postgresql.txt").size() >= 200);
    }

    @Test
    void eachStatementIsRefusedOrReportedInFull() throws Exception {
        SqlSchema schema = CreateStatements.read(KNOWN);
        List<String> wrong = new ArrayList<>();
        for (SqlCorpus.Vector vector : SqlCorpus.read("postgresql.txt")) {
            String found = switch (inspector.inspect(vector.sql(), SqlDialect.POSTGRESQL, schema)) {
                case SqlInspection.Refused refused -> "! " + refused.code();
                case SqlInspection.Statement statement -> SqlCorpus.describe(statement.tables());
            };
            if (!found.equals(vector.expected())) {
                wrong.add(vector + "\n  expected " + vector.expected() + "\n  found    " + found);
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
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
        SqlSchema schema = CreateStatements.read(KNOWN);
        List<String> wrong = new ArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Connection connection = postgres.getPostgresDatabase().getConnection()) {
            prepare(connection);
            for (SqlCorpus.Vector vector : SqlCorpus.read("postgresql.txt")) {
                if (vector.isAccepted()
                        && inspector.inspect(vector.sql(), SqlDialect.POSTGRESQL, schema)
                                instanceof SqlInspection.Statement statement) {
                    compare(connection, vector, statement, wrong);
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
    }

    private static void prepare(Connection connection) throws SQLException, IOException {
        try (Statement setup = connection.createStatement()) {
            setup.execute("CREATE ROLE agent");
            for (String name : List.of("exact", "wide")) {
                setup.execute("CREATE SCHEMA " + name + "; GRANT USAGE ON SCHEMA " + name + " TO agent");
                setup.execute("SET search_path = " + name);
                setup.execute(KNOWN + ROWS);
            }
            for (String table : List.of("customers", "sales", "leads", "\"Orders\"")) {
                String secret = "of_" + table.replace("\"", "");
                setup.execute("ALTER TABLE " + table + " ADD COLUMN " + secret + " TEXT DEFAULT 'secret'");
            }
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
    private static String grant(TableAccess access) {
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

    private static String run(Connection connection, List<String> before, String sql) throws SQLException {
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
