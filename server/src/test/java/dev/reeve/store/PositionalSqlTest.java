package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;

class PositionalSqlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT COALESCE(MAX(number), 0) FROM migrations",
                "SELECT a, b FROM t WHERE a = ? AND b < ?",
                "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b, v = t.v + 1",
                "?",
                ""
            })
    void statementsOfTheStoreAreReadAsByTheParserOfJdbi(String sql) throws SQLException {
        try (Handle handle = Jdbi.create(JDBC.createConnection("jdbc:sqlite::memory:", new Properties()))
                        .open();
                var statement = handle.createUpdate(sql)) {
            StatementContext context = statement.getContext();
            ParsedSql theirs = new ColonPrefixSqlParser().parse(sql, context);
            assertEquals(
                    theirs.toString(), new PositionalSql().parse(sql, context).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a?'",
                "SELECT \"a\"",
                "SELECT `a`",
                "SELECT :name",
                "SELECT a::text",
                "SELECT 1 -- ?",
                "SELECT /* ? */ 1",
                "SELECT \\?"
            })
    void whatWouldNeedAGrammarIsRefused(String sql) throws SQLException {
        try (Handle handle = PositionalSql.open(JDBC.createConnection("jdbc:sqlite::memory:", new Properties()))) {
            assertThrows(IllegalArgumentException.class, () -> handle.execute(sql));
        }
    }

    @Test
    void valuesGoWhereTheirMarkStands() throws SQLException {
        try (Handle handle = PositionalSql.open(JDBC.createConnection("jdbc:sqlite::memory:", new Properties()))) {
            long one = handle.createQuery("SELECT ? - ?")
                    .bind(0, 5)
                    .bind(1, 3)
                    .mapTo(Long.class)
                    .one();
            assertEquals(2, one);
        }
    }
}
