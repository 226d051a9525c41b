package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;

final class SqlTest {
    private final Sql sql = new Sql(JDBC.createConnection("jdbc:sqlite::memory:", new Properties()));

    SqlTest() throws SQLException {
        sql.execute("CREATE TABLE t (a TEXT, n BIGINT UNIQUE, b BLOB)");
    }

    @AfterEach
    void close() {
        sql.close();
    }

    private List<String> names() {
        return sql.query("SELECT a FROM t ORDER BY n", List.of(), row -> row.getString("a"));
    }

    private void put(String name, long number) {
        sql.execute("INSERT INTO t (a, n) VALUES (?, ?)", name, number);
    }

    @Test
    void valuesGoWhereTheirMarkStandsAndAreNeverSql() {
        sql.execute("INSERT INTO t (n, a, b) VALUES (?, ?, ?)", 7L, "'); DROP TABLE t; --?", new byte[] {1, 2});
        assertEquals(List.of("'); DROP TABLE t; --?"), names());
        assertArrayEquals(
                new byte[] {1, 2},
                sql.query("SELECT b FROM t WHERE n = ?", List.of(7L), row -> row.getBytes("b"))
                        .getFirst());
        assertEquals(2, sql.<Long>one("SELECT 5 - 3", row -> row.getLong(1)));
    }

    @Test
    void nothingIsBoundAsNull() {
        sql.execute("INSERT INTO t (a, n) VALUES (?, ?)", null, 1L);
        assertEquals(1, sql.<Long>one("SELECT COUNT(*) FROM t WHERE a IS NULL AND n = 1", row -> row.getLong(1)));
    }

    @Test
    void whatIsNoTextNoNumberAndNoBytesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> sql.execute("SELECT ?", List.of(List.of("a"))));
    }

    @Test
    void tooFewOrTooManyValuesAreRefused() {
        String two = "INSERT INTO t (a, n) VALUES (?, ?)";
        assertThrows(IllegalArgumentException.class, () -> sql.execute(two, "a"));
        assertThrows(IllegalArgumentException.class, () -> sql.execute(two, "a", 1L, 2L));
        assertEquals(List.of(), names());
    }

    @Test
    void aFailureSaysNoValue() {
        put("first", 1);
        SqlFailure failed = assertThrows(SqlFailure.class, () -> put("correct-horse-battery", 1));
        assertFalse(String.valueOf(failed.getMessage()).contains("correct-horse"), failed.getMessage());
    }

    @Test
    void oneRowIsOneRow() {
        assertThrows(SqlFailure.class, () -> sql.one("SELECT a FROM t", row -> row.getString(1)));
    }

    @Test
    void aTransactionIsAllOrNothing() {
        assertThrows(
                SqlFailure.class,
                () -> sql.transaction(() -> {
                    put("a", 1);
                    put("b", 1);
                }));
        assertEquals(List.of(), names());
        sql.transaction(() -> put("a", 1));
        assertEquals(List.of("a"), names());
    }

    @Test
    void aPartThatFailsLeavesTheRest() {
        sql.begin();
        put("a", 1);
        assertThrows(
                IllegalStateException.class,
                () -> sql.part(() -> {
                    put("b", 2);
                    throw new IllegalStateException("no");
                }));
        sql.part(() -> {
            put("c", 3);
            return true;
        });
        sql.commit();
        assertEquals(List.of("a", "c"), names());
        sql.begin();
        put("d", 4);
        sql.rollback();
        assertEquals(List.of("a", "c"), names());
    }
}
