package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is masked and limited, seen in what a real SQLite gives. */
final class TableRestrictionTest {
    private static final String SCHEMA = """
            CREATE TABLE c (id INTEGER, name TEXT, email TEXT, dept TEXT, shown TEXT GENERATED ALWAYS AS (lower(email)) STORED);
            CREATE TABLE o (id INTEGER, c_id INTEGER, note TEXT);
            CREATE VIEW v AS SELECT id, email FROM c;
            """;
    private static final Restriction MASKED =
            new Restriction(Map.of(), Map.of("c", Set.of("email")), OptionalInt.empty());

    private final JSqlParserInspector inspector = new JSqlParserInspector();
    private SqlSchema schema = new SqlSchema(Map.of());
    private Connection database = open();

    private static Connection open() {
        try {
            return DriverManager.getConnection("jdbc:sqlite::memory:");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void fill() throws Exception {
        schema = CreateStatements.read(SCHEMA, SqlDialect.SQLITE);
        try (Statement statement = database.createStatement()) {
            for (String one : SCHEMA.split(";\n", -1)) {
                statement.executeUpdate(one);
            }
            statement.executeUpdate("INSERT INTO c (id, name, email, dept) VALUES"
                    + " (1, 'Ann', 'secret1', 'a'), (2, 'Bob', 'secret2', 'b'), (3, 'Cy', 'secret3', 'a')");
            statement.executeUpdate("INSERT INTO o VALUES (1, 1, 'x'), (2, 2, 'secret1')");
        }
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    private SqlInspection restrict(String sql, Restriction restriction) {
        return inspector.restrict(sql, SqlDialect.SQLITE, schema, restriction);
    }

    private List<String> run(String sql, Restriction restriction) throws SQLException {
        SqlInspection found = restrict(sql, restriction);
        String text = assertInstanceOf(SqlInspection.Statement.class, found, found::toString)
                .rendering();
        List<String> rows = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(text)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    /** Whatever it is called, compared with, joined by, sorted by or made of. */
    @Test
    void noQuerySeesWhatIsMasked() throws Exception {
        assertEquals(List.of("1|[email]", "2|[email]", "3|[email]"), run("SELECT id, email AS x FROM c", MASKED));
        assertEquals(List.of("[email]|[shown]"), run("SELECT DISTINCT k.email, k.shown FROM c AS k", MASKED));
        assertEquals(List.of(), run("SELECT id FROM c WHERE email LIKE 'secret1%'", MASKED));
        assertEquals(List.of(), run("SELECT o.id FROM o JOIN c ON c.email = o.note", MASKED));
        assertEquals(List.of("[email]"), run("SELECT max(email) FROM c", MASKED));
        for (String sql : List.of(
                "SELECT * FROM c",
                "SELECT k.* FROM c k, o",
                "SELECT substr(email, 1, 3) || email FROM c",
                "SELECT shown FROM c",
                "SELECT x.e FROM (SELECT email AS e FROM c) x",
                "SELECT email FROM c UNION SELECT note FROM o WHERE id = 1",
                "(SELECT email FROM c ORDER BY email LIMIT 1)")) {
            try {
                assertFalse(run(sql, MASKED).toString().contains("secret"), sql);
            } catch (SQLException e) {
                assertTrue(sql.startsWith("("), sql + ": " + e.getMessage());
            }
        }
    }

    @Test
    void masksAndRowsApplyTogether() throws Exception {
        Restriction both = new Restriction(
                Map.of("c", List.of(new RowEquals("dept", "a"))), Map.of("c", Set.of("email")), OptionalInt.of(1));
        assertEquals(List.of("3|[email]"), run("SELECT id, email FROM c ORDER BY id DESC", both));
    }

    /** Only what the statement reads is read: the others may be nobody's right. */
    @Test
    void maskingReadsNoOtherColumns() {
        SqlInspection.Statement statement = (SqlInspection.Statement) restrict("SELECT id, email FROM c", MASKED);
        assertEquals(Set.of("id"), statement.tables().getFirst().columns());
    }

    @Test
    void whatCannotBeMaskedIsRefused() {
        for (String sql : List.of(
                "SELECT email FROM v",
                "WITH x AS (SELECT email FROM v) SELECT email FROM x",
                "UPDATE c SET name = 'x' WHERE email = 'secret1'",
                "DELETE FROM c RETURNING email")) {
            assertInstanceOf(SqlInspection.Refused.class, restrict(sql, MASKED), sql);
        }
    }

    @Test
    void whatIsReadBelowWithAndInSubqueriesIsRestrictedWhereItIsRead() throws Exception {
        assertEquals(List.of("[email]"), run("WITH x AS (SELECT email FROM c) SELECT DISTINCT email FROM x", MASKED));
        assertEquals(List.of(), run("SELECT id FROM o WHERE note IN (SELECT email FROM c)", MASKED));
        assertEquals(
                List.of("1|[email]"),
                run("SELECT id, (SELECT max(k.email) FROM c k WHERE k.id = o.id) FROM o WHERE id = 1", MASKED));
        Restriction rows =
                new Restriction(Map.of("c", List.of(new RowEquals("dept", "a"))), Map.of(), OptionalInt.empty());
        assertEquals(List.of("2"), run("SELECT count(*) FROM c", rows));
        assertEquals(List.of("1"), run("SELECT o.id FROM o WHERE EXISTS (SELECT 1 FROM c WHERE c.id = o.c_id)", rows));
        assertEquals(
                List.of("1", "3"),
                run("WITH x AS (SELECT id FROM c) SELECT id FROM x WHERE id IN (SELECT id FROM c) ORDER BY id", rows));
    }

    /** A name of WITH is not the table, and what is called like the table but is read through it is the table. */
    @Test
    void aQueryOfWithThatIsCalledLikeATableIsNotRestricted() {
        String sent = ((SqlInspection.Statement)
                        restrict("WITH c AS (SELECT o.note AS email FROM o) SELECT c.email FROM c", MASKED))
                .rendering();
        assertFalse(sent.contains("[email]"), sent);
    }

    @Test
    void theLowerLimitCounts() throws Exception {
        Restriction two = new Restriction(Map.of(), Map.of(), OptionalInt.of(2));
        assertEquals(2, run("SELECT id FROM c", two).size());
        assertEquals(1, run("SELECT id FROM c LIMIT 1", two).size());
        assertEquals(
                2, run("SELECT id FROM c LIMIT 9999999999999999999999", two).size());
        assertEquals(List.of("2", "3"), run("SELECT id FROM c ORDER BY id LIMIT 100 OFFSET 1", two));
        assertEquals(2, run("SELECT id FROM c UNION ALL SELECT id FROM o", two).size());
        assertEquals(
                2, run("WITH x AS (SELECT id FROM c) SELECT id FROM x", two).size());
        for (String sql : List.of(
                "SELECT id FROM c LIMIT -1", "SELECT id FROM c LIMIT (SELECT 5)", "DELETE FROM c RETURNING id")) {
            SqlInspection found = restrict(sql, two);
            assertTrue(
                    found instanceof SqlInspection.Refused refused
                            && refused.code().equals(dev.reeve.sql.SqlInspector.UNLIMITED),
                    sql + found);
        }
    }
}
