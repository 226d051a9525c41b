package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a short text may come to: each of these took the memory of the process, or minutes. */
@Timeout(120)
final class StatementExtentTest {
    private static final SqlSchema SCHEMA = new SqlSchema(Map.of(
            "customers", List.of("id", "name", "email", "country"),
            "wide", IntStream.range(0, 1_000).mapToObj(i -> "c" + i).toList()));

    private final JSqlParserInspector inspector = new JSqlParserInspector();

    private static String many(int count, String between, IntFunction<String> one) {
        return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(between));
    }

    private SqlInspection inspect(String sql) {
        return inspector.inspect(sql, SqlDialect.POSTGRESQL, SCHEMA);
    }

    private String refusal(String sql) {
        return assertInstanceOf(SqlInspection.Refused.class, inspect(sql), sql).code();
    }

    private String sent(String sql) {
        return assertInstanceOf(SqlInspection.Statement.class, inspect(sql), sql)
                .rendering();
    }

    @Test
    void starsAreCountedBeforeTheyAreWrittenOut() {
        assertEquals(
                "sql_too_many",
                refusal("SELECT " + many(2_000, ",", i -> "*") + " FROM " + many(60, ",", i -> "customers a" + i)));
        assertEquals("sql_too_many", refusal("SELECT " + many(501, ",", i -> "*") + " FROM customers"));
        assertEquals("sql_too_many", refusal("SELECT " + many(501, ",", i -> "a.*") + " FROM customers a"));
        assertTrue(
                sent("SELECT " + many(500, ",", i -> "*") + " FROM customers").contains("customers.email, "));
        assertTrue(sent("SELECT * FROM wide a, wide b").contains("b.c999"), "what a person would write goes through");
    }

    @Test
    void starsAreCountedOverTheWholeStatement() {
        assertEquals("sql_too_many", refusal(many(3, " UNION ", i -> "SELECT * FROM wide")));
        assertEquals(
                "sql_too_many",
                refusal("SELECT id FROM customers WHERE " + many(3, " AND ", i -> "EXISTS (SELECT * FROM wide)")));
        assertEquals(
                "sql_too_many", refusal("INSERT INTO customers (id) VALUES (1) RETURNING " + many(501, ",", i -> "*")));
    }

    /** Lists that double with each WITH: 25 of them are 33 million names. */
    @Test
    void namesOfQueriesInWithAreCounted() {
        String doubled = "WITH a0 AS (SELECT id FROM customers), "
                + many(24, ", ", i -> "a" + (i + 1) + " AS (SELECT x.*, y.* FROM a" + i + " x, a" + i + " y)");
        assertEquals("sql_too_many", refusal(doubled + " SELECT 1"));
        assertEquals("sql_too_many", refusal(doubled.replace("x.*, y.*", "*") + " SELECT 1"));
        String few = "WITH a0 AS (SELECT id FROM customers), a1 AS (SELECT x.*, y.* FROM a0 x, a0 y) SELECT 1 FROM a1";
        assertTrue(sent(few).contains("x.*, y.*"));
    }

    @Test
    void aStatementReadsFromSoManyTablesOnly() {
        assertTrue(
                sent("SELECT 1 FROM " + many(64, ",", i -> "customers a" + i)).contains("a63"));
        assertEquals("sql_too_many", refusal("SELECT 1 FROM " + many(65, ",", i -> "customers a" + i)));
        assertEquals(
                "sql_too_many",
                refusal("SELECT 1 FROM customers a " + many(64, " ", i -> "JOIN customers a" + i + " USING (id)")));
        assertEquals(
                "sql_too_many",
                refusal("SELECT " + many(65, ",", i -> "(SELECT 1 FROM customers)") + " FROM customers"));
        assertEquals(
                "sql_too_many", refusal("WITH " + many(65, ",", i -> "a" + i + " AS (SELECT 1 AS z)") + " SELECT 1"));
    }

    /** Each pair of sources was looked through for each column: minutes for 7 KB. */
    @Test
    void naturalJoinsOfQueriesDoNotMultiply() {
        String query = "WITH q AS (SELECT " + many(600, ",", i -> "1 AS d" + i) + ") SELECT 1 FROM q a"
                + many(60, "", i -> " NATURAL JOIN q a" + i);
        assertTrue(sent(query).contains("NATURAL JOIN q a59"));
    }

    @Test
    void aNameHasFewDots() {
        assertEquals("sql_name", refusal("SELECT " + many(5_000, ".", i -> "a") + " FROM customers"));
        assertEquals("sql_qualified_table", refusal("SELECT 1 FROM " + many(8, ".", i -> "a")));
        assertTrue(sent("SELECT a.id, 1.5, a.name FROM customers a").contains("1.5"));
    }

    /** As many tables as may stand there may be restricted, too. */
    @Test
    void whatIsPutInTheirPlaceIsCountedApart() {
        Restriction rows = new Restriction(
                Map.of("customers", List.of(new RowEquals("country", "x"))), Map.of(), OptionalInt.empty());
        String sql = "SELECT a0.id FROM " + many(64, ",", i -> "customers a" + i);
        SqlInspection restricted = inspector.restrict(sql, SqlDialect.POSTGRESQL, SCHEMA, rows);
        assertTrue(
                assertInstanceOf(SqlInspection.Statement.class, restricted, restricted.toString())
                        .rendering()
                        .contains("country = 'x') a63"),
                restricted.toString());
        Restriction masks = new Restriction(Map.of(), Map.of("wide", Set.of("c0")), OptionalInt.empty());
        SqlInspection many =
                inspector.restrict("SELECT a.* FROM wide a, wide b, wide d", SqlDialect.POSTGRESQL, SCHEMA, masks);
        assertEquals(
                "sql_too_many",
                assertInstanceOf(SqlInspection.Refused.class, many).code());
    }

    /** Whoever looks again at what runs must not parse long statements again and again. */
    @Test
    void whatWasReadOfLongStatementsIsKeptToo() {
        String sql = "SELECT id FROM customers WHERE name IN (" + many(1_500, ",", i -> "'name " + i + "'") + ")";
        assertSame(inspect(sql), inspect(sql));
        Restriction one = new Restriction(Map.of(), Map.of(), OptionalInt.of(1));
        assertSame(
                inspector.restrict(sql, SqlDialect.POSTGRESQL, SCHEMA, one),
                inspector.restrict(sql, SqlDialect.POSTGRESQL, SCHEMA, one));
    }

    @Test
    void whatIsKeptIsBoundedByItsLength() {
        SqlInspection first = inspect("SELECT id FROM customers");
        for (int i = 0; i < 300; i++) {
            inspect("SELECT id FROM customers WHERE name = '" + i + "x".repeat(30_000) + "'");
        }
        assertNotSame(first, inspect("SELECT id FROM customers"), "9 million characters were read after it");
    }
}
