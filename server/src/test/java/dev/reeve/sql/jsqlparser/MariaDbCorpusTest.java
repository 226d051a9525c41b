package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statements for MySQL on MariaDB, under a user that may do what was said of them and nothing else. */
final class MariaDbCorpusTest {
    /** What MySQL has and MariaDB has not: it says that it does not understand. */
    private static final String MYSQL_ONLY = "->";

    private static final int SYNTAX = 1064;

    private final JSqlParserInspector inspector = new JSqlParserInspector();

    @Test
    void whatIsSentTouchesNoMoreThanWasSaid(@TempDir Path folder) throws Exception {
        SqlSchema schema = SqlCorpus.schema(SqlDialect.MYSQL);
        List<String> wrong = new ArrayList<>();
        int accepted = 0;
        int ran = 0;
        try (MariaDb server = MariaDb.start(folder);
                Connection boss = server.connect("boss", "")) {
            prepare(boss);
            for (SqlCorpus.Vector vector : SqlCorpus.read(SqlDialect.MYSQL)) {
                if (vector.isAccepted()
                        && inspector.inspect(vector.sql(), SqlDialect.MYSQL, schema)
                                instanceof SqlInspection.Statement statement) {
                    accepted++;
                    ran += compare(server, boss, vector, statement, wrong) ? 1 : 0;
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
        assertTrue(ran >= 50, "only " + ran + " were run");
        assertEquals(2, accepted - ran, "what MariaDB does not understand");
    }

    private static void prepare(Connection boss) throws SQLException {
        try (Statement setup = boss.createStatement()) {
            setup.execute("SET SESSION sql_mode = 'ANSI_QUOTES'");
            for (String name : List.of("exact", "wide")) {
                setup.execute("CREATE DATABASE " + name);
                setup.execute("USE " + name);
                for (String one :
                        (SqlCorpus.schemaText(SqlDialect.MYSQL) + SqlCorpus.file("rows.sql")).split(";\n", -1)) {
                    if (!one.isBlank()) {
                        setup.execute(one);
                    }
                }
            }
            for (String table : List.of("customers", "sales", "leads", "Orders", "codes", "people", "stock")) {
                setup.execute("ALTER TABLE " + table + " ADD COLUMN of_" + table + " VARCHAR(10) DEFAULT 'secret'");
            }
            setup.execute("CREATE OR REPLACE SQL SECURITY INVOKER VIEW clients AS"
                    + " SELECT id, name, country, 'secret' AS of_clients FROM customers WHERE email IS NOT NULL");
            setup.execute("CREATE OR REPLACE SQL SECURITY INVOKER VIEW buyers (who, spent, of_buyers) AS"
                    + " SELECT c.name, SUM(s.amount), 'secret' FROM clients c JOIN sales s ON s.customer_id = c.id"
                    + " GROUP BY c.name");
        }
    }

    /** @return whether the engine understands the text at all */
    private static boolean compare(
            MariaDb server, Connection boss, SqlCorpus.Vector vector, SqlInspection.Statement said, List<String> wrong)
            throws SQLException {
        String user = "u" + vector.line();
        try (Statement rights = boss.createStatement()) {
            rights.execute("CREATE USER " + user + "@'%' IDENTIFIED BY ''");
            // The right to be in the database at all, where no table is touched.
            rights.execute("GRANT EXECUTE ON wide.* TO " + user + "@'%'");
            for (TableAccess access : said.tables()) {
                rights.execute(grant(access.action(), access) + user + "@'%'");
                if (vector.sql().contains("ON DUPLICATE KEY") && access.action() == SqlAction.CREATE) {
                    // MariaDB asks for it on what is inserted, too, whether it is set or not.
                    rights.execute(grant(SqlAction.UPDATE, access) + user + "@'%'");
                }
            }
            String original = run(server, "boss", "exact", vector.sql());
            assertEquals(plain(original), plain(run(server, user, "wide", said.rendering())));
            return true;
        } catch (SQLException | AssertionError e) {
            boolean unknown = e instanceof SQLException failed
                    && failed.getErrorCode() == SYNTAX
                    && vector.sql().contains(MYSQL_ONLY);
            if (!unknown) {
                wrong.add(vector + "\n  sent " + said.rendering() + "\n  " + e.getMessage());
            }
            return false;
        }
    }

    /** A column without an alias is called as it is written, and we write with other spaces and letters. */
    private static String plain(String rows) {
        return rows.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    private static String run(MariaDb server, String user, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(user, database)) {
            connection.setAutoCommit(false);
            return SqlCorpusTest.run(connection, List.of(), sql);
        }
    }

    private static String grant(SqlAction action, TableAccess access) {
        String table = access.table().equals("orders") ? "Orders" : access.table();
        List<String> columns = new ArrayList<>();
        new TreeSet<>(access.columns()).forEach(column -> columns.add("`" + column + "`"));
        String some = columns.isEmpty() ? "of_" + table : String.join(", ", columns);
        String right = switch (action) {
            case QUERY -> "SELECT (" + some + ")";
            case CREATE -> "INSERT (" + some + ")";
            case UPDATE -> "UPDATE (" + some + ")";
            case DELETE -> "DELETE";
        };
        return "GRANT " + right + " ON wide." + table + " TO ";
    }
}
