package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JSqlParserInspectorTest {
    private static final SqlSchema SCHEMA = new SqlSchema(new LinkedHashMap<>(Map.of(
            "customers", List.of("id", "name", "email", "country"),
            "sales", List.of("id", "customer_id", "amount", "region"))));
    private final JSqlParserInspector inspector = new JSqlParserInspector();

    /** Statement, and what it touches: table:ACTION(columns), sorted. */
    private static final String[][] ACCEPTED = {
        {"SELECT 1", ""},
        {"SELECT id FROM customers", "customers:QUERY(id)"},
        {"select ID from CUSTOMERS", "customers:QUERY(id)"},
        {"SELECT * FROM customers", "customers:QUERY(country,email,id,name)"},
        {"SELECT c.* FROM customers c", "customers:QUERY(country,email,id,name)"},
        {"SELECT COUNT(*) FROM customers", "customers:QUERY()"},
        {"SELECT id FROM customers WHERE email LIKE 'a%'", "customers:QUERY(email,id)"},
        {"SELECT id FROM customers ORDER BY email DESC LIMIT 3 OFFSET 1", "customers:QUERY(email,id)"},
        {
            "SELECT country, COUNT(*) AS n FROM customers GROUP BY country HAVING MAX(email) > 'a'",
            "customers:QUERY(country,email)"
        },
        {
            "SELECT c.id FROM customers c JOIN sales s ON s.customer_id = c.id WHERE s.amount > 10",
            "customers:QUERY(id) sales:QUERY(amount,customer_id)"
        },
        {"SELECT c.name FROM customers c LEFT JOIN sales s USING (id)", "customers:QUERY(id,name) sales:QUERY(id)"},
        {
            "SELECT id FROM customers WHERE id IN (SELECT customer_id FROM sales WHERE amount > 5)",
            "customers:QUERY(id) sales:QUERY(amount,customer_id)"
        },
        {
            "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM sales s WHERE s.customer_id = c.id AND c.email IS NOT NULL)",
            "customers:QUERY(email,id) sales:QUERY(customer_id)"
        },
        {"SELECT (SELECT MAX(email) FROM customers) AS m FROM sales", "customers:QUERY(email) sales:QUERY()"},
        {"SELECT x.e FROM (SELECT email AS e FROM customers) x", "customers:QUERY(email)"},
        {
            "WITH big AS (SELECT customer_id FROM sales WHERE amount > 9) SELECT name FROM customers JOIN big ON big.customer_id = customers.id",
            "customers:QUERY(id,name) sales:QUERY(amount,customer_id)"
        },
        {"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x FROM n", ""},
        {
            "SELECT id FROM customers UNION SELECT customer_id FROM sales ORDER BY id",
            "customers:QUERY(id) sales:QUERY(customer_id)"
        },
        {"SELECT CASE WHEN email IS NULL THEN 'no' ELSE 'yes' END FROM customers", "customers:QUERY(email)"},
        {"SELECT CAST(amount AS INTEGER) FROM sales WHERE amount BETWEEN 1 AND 5", "sales:QUERY(amount)"},
        {"SELECT SUM(amount) OVER (PARTITION BY region ORDER BY id) FROM sales", "sales:QUERY(amount,id,region)"},
        {"SELECT UPPER(c.name) || '-' || c.country FROM customers AS c", "customers:QUERY(country,name)"},
        {"INSERT INTO sales (customer_id, amount) VALUES (1, 2.5)", "sales:CREATE(amount,customer_id)"},
        {
            "INSERT INTO sales (customer_id) SELECT id FROM customers WHERE email = 'a'",
            "customers:QUERY(email,id) sales:CREATE(customer_id)"
        },
        {"UPDATE sales SET amount = amount * 2 WHERE region = 'n'", "sales:QUERY(amount,region) sales:UPDATE(amount)"},
        {"DELETE FROM sales WHERE id = 3", "sales:DELETE() sales:QUERY(id)"},
        {"DELETE FROM sales WHERE id = 3 RETURNING amount", "sales:DELETE() sales:QUERY(amount,id)"},
        {"SELECT id /* a note */ FROM customers -- another", "customers:QUERY(id)"},
    };

    @Test
    void findsTablesAndColumnsWhereverTheyHide() {
        List<String> wrong = new ArrayList<>();
        for (String[] row : ACCEPTED) {
            SqlInspection found = inspector.inspect(row[0], SqlDialect.SQLITE, SCHEMA);
            String touched = found instanceof SqlInspection.Statement statement
                    ? describe(statement.tables())
                    : found.toString();
            if (!touched.equals(row[1])) {
                wrong.add(row[0] + " -> " + touched);
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Each accepted query gives the same rows as its rendering, on a real engine on which nothing else exists than what was found. */
    @Test
    void theRenderingGivesTheSameRowsAndReadsNothingElse() throws SQLException {
        for (String[] row : ACCEPTED) {
            boolean runs = row[0].regionMatches(true, 0, "SELECT", 0, 6) || row[0].startsWith("WITH");
            if (runs) {
                SqlInspection.Statement statement =
                        (SqlInspection.Statement) inspector.inspect(row[0], SqlDialect.SQLITE, SCHEMA);
                String original = rows(row[0], SCHEMA.tables());
                assertEquals(original, rows(statement.rendering(), SCHEMA.tables()), row[0]);
                if (!row[0].contains("*")) {
                    assertEquals(original, rows(statement.rendering(), onlyWhatWasFound(statement.tables())), row[0]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT name FROM customers NATURAL JOIN sales",
                "SELECT 1; DROP TABLE sales",
                "SELECT 1; SELECT 2",
                "DROP TABLE sales",
                "TRUNCATE sales",
                "CREATE TABLE x (id INT)",
                "ALTER TABLE sales ADD COLUMN x INT",
                "CALL do_it()",
                "EXPLAIN DELETE FROM sales",
                "EXPLAIN ANALYZE DELETE FROM sales",
                "MERGE INTO sales USING customers ON (sales.id = customers.id) WHEN NOT MATCHED THEN INSERT VALUES (1)",
                "SET search_path = evil",
                "SELECT pg_read_file('/etc/passwd')",
                "SELECT load_extension('x')",
                "SELECT pg_sleep(100)",
                "SELECT set_config('a', 'b', false)",
                "SELECT lo_import('/etc/passwd')",
                "SELECT * FROM generate_series(1, 10)",
                "SELECT id INTO evil FROM customers",
                "SELECT id FROM customers FOR UPDATE",
                "SELECT id FROM information_schema.tables",
                "SELECT id FROM pg_catalog.pg_user",
                "SELECT id FROM other.customers",
                "SELECT id FROM sqlite_master",
                "SELECT secret FROM customers",
                "SELECT c.secret FROM customers c",
                "SELECT rowid FROM customers",
                "SELECT ctid FROM customers",
                "SELECT id FROM customers WHERE id = ?",
                "SELECT id FROM customers WHERE id = :id",
                "SELECT id FROM customers WHERE id = $1",
                "SELECT id FROM customers WHERE name = E'a\\'b'",
                "SELECT id FROM customers WHERE name = 'a\\'",
                "SELECT U&\"d\\0061t\" FROM customers",
                "SELECT id FROM customers /*! UNION SELECT email FROM customers */",
                "SELECT 'x'::regclass",
                "SELECT CAST('customers' AS regclass)",
                "VALUES (1)",
                "SELECT id FROM customers WHERE name ~ 'a'",
                "SELECT @@version",
                "SELECT id FROM customers LIMIT (SELECT secret FROM x)",
                "INSERT INTO sales (id) VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING",
                "INSERT OR REPLACE INTO sales (id) VALUES (1)",
                "REPLACE INTO sales (id) VALUES (1)",
                "UPDATE sales SET secret = 1",
                "DELETE FROM other",
                "PRAGMA table_info(sales)",
                "ATTACH DATABASE 'x' AS y",
                "COPY sales TO '/tmp/x'",
                "SELECT id FROM \"cust omers\"",
                "SELECT id FROM customers@evil",
                "",
                "SELECT",
                "not sql at all",
            })
    void refusesWhatItCannotVouchFor(String sql) {
        SqlInspection found = inspector.inspect(sql, SqlDialect.POSTGRESQL, SCHEMA);
        assertInstanceOf(SqlInspection.Refused.class, found, sql + " -> " + found);
    }

    /** On most machines two spellings are two tables for MySQL, but one column. */
    @Test
    void mysqlTablesAreSpelledInOneWay() {
        assertRefused("WITH CUSTOMERS AS (SELECT 'x' AS email) SELECT email FROM customers", SqlDialect.MYSQL);
        assertRefused(
                "SELECT (SELECT c.email FROM (SELECT 'x' AS email) C LIMIT 1) FROM customers c", SqlDialect.MYSQL);
        assertInstanceOf(
                SqlInspection.Statement.class,
                inspector.inspect("SELECT ID FROM customers WHERE id = 1", SqlDialect.MYSQL, SCHEMA));
    }

    /** What MySQL takes for the end of a text is not what the parser takes for it. */
    @Test
    void noBackslashIsSent() {
        assertRefused(
                "SELECT DATE '\\', name FROM customers WHERE name = ', email FROM customers -- '", SqlDialect.MYSQL);
        assertRefused("SELECT now() + INTERVAL '\\' DAY FROM customers", SqlDialect.MYSQL);
    }

    @Test
    void anotherSchemaIsAnotherAnswer() {
        String sql = "SELECT * FROM customers";
        inspector.inspect(sql, SqlDialect.SQLITE, SCHEMA);
        SqlInspection found =
                inspector.inspect(sql, SqlDialect.SQLITE, new SqlSchema(Map.of("customers", List.of("id"))));
        assertEquals("customers:QUERY(id)", describe(((SqlInspection.Statement) found).tables()));
    }

    @Test
    void starIsWrittenOut() {
        SqlInspection found = inspector.inspect("SELECT * FROM sales s", SqlDialect.SQLITE, SCHEMA);
        assertEquals(
                "SELECT s.id, s.customer_id, s.amount, s.region FROM sales s",
                ((SqlInspection.Statement) found).rendering());
    }

    @Test
    void limitsHoldBeforeParsing() {
        assertRefused("SELECT " + "(".repeat(5_000) + "1" + ")".repeat(5_000));
        assertRefused("SELECT '" + "a".repeat(70_000) + "'");
        assertRefused("SELECT 1 " + "+ 1".repeat(20_000));
        assertRefused("SELECT\u0000 1");
        assertRefused("SELECT ')' " + "||(')'".repeat(100) + ")".repeat(100));
        assertRefused("SELECT 1 " + "+ 1".repeat(6_000));
    }

    @Test
    void rowFiltersStandAtEveryReference() {
        SqlInspector.Restriction filters = new SqlInspector.Restriction(
                Map.of("sales", List.of(new RowEquals("region", "o'hare"))), Map.of(), OptionalInt.empty());
        SqlInspection found = inspector.restrict(
                "SELECT s.amount FROM sales s JOIN customers c ON c.id = s.customer_id",
                SqlDialect.SQLITE,
                SCHEMA,
                filters);
        String text = assertInstanceOf(SqlInspection.Statement.class, found, found.toString())
                .rendering();
        assertTrue(text.contains("FROM sales WHERE sales.region = 'o''hare') s"), text);
        int restricted = 0;
        for (String sql : List.of(
                "SELECT amount FROM sales WHERE id IN (SELECT id FROM sales)",
                "WITH x AS (SELECT id FROM sales) SELECT id FROM x",
                "SELECT (SELECT MAX(id) FROM sales) FROM customers",
                "SELECT DISTINCT ON ((SELECT MAX(id) FROM sales)) amount FROM sales",
                "SELECT id FROM sales UNION SELECT id FROM sales LIMIT (SELECT COUNT(*) FROM sales)",
                "(SELECT id FROM sales) ORDER BY (SELECT MAX(id) FROM sales)",
                "SELECT id FROM sales OFFSET (SELECT COUNT(*) FROM sales)",
                "SELECT x.id FROM (SELECT id FROM sales LIMIT (SELECT COUNT(*) FROM sales)) x",
                "SELECT s.id FROM sales s JOIN customers c ON c.id = (SELECT MAX(id) FROM sales)")) {
            switch (inspector.restrict(sql, SqlDialect.SQLITE, SCHEMA, filters)) {
                case SqlInspection.Refused ignored -> {}
                case SqlInspection.Statement statement -> {
                    String sent = statement.rendering();
                    assertEquals(
                            count(sql, "FROM sales"), count(sent, "FROM sales WHERE sales.region = 'o''hare'"), sent);
                    assertEquals(count(sql, "FROM sales"), count(sent, "FROM sales"), sent);
                    restricted++;
                }
            }
        }
        assertTrue(restricted >= 6, restricted + " were understood");
        assertInstanceOf(
                SqlInspection.Refused.class,
                inspector.restrict("DELETE FROM sales", SqlDialect.SQLITE, SCHEMA, filters));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void mutatedStatementsNeverDoAnythingButAnswer() {
        long seed = 22;
        Random random = new Random(seed);
        String[] pieces = {
            "SELECT",
            "(",
            ")",
            "'",
            "\"",
            "*",
            ",",
            "FROM",
            "customers",
            "--",
            "/*",
            "*/",
            ";",
            "UNION",
            "\\",
            "email",
            "1"
        };
        for (int round = 0; round < 3_000; round++) {
            StringBuilder sql = new StringBuilder(ACCEPTED[random.nextInt(ACCEPTED.length)][0]);
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = random.nextInt(sql.length());
                sql.replace(
                        at,
                        Math.min(sql.length(), at + random.nextInt(4)),
                        " " + pieces[random.nextInt(pieces.length)] + " ");
            }
            SqlInspection found = inspector.inspect(sql.toString(), SqlDialect.SQLITE, SCHEMA);
            if (found instanceof SqlInspection.Statement statement) {
                assertEquals(
                        statement.tables(),
                        ((SqlInspection.Statement) inspector.inspect(statement.rendering(), SqlDialect.SQLITE, SCHEMA))
                                .tables(),
                        () -> "seed " + seed + ": " + sql);
            }
        }
    }

    private void assertRefused(String sql) {
        assertRefused(sql, SqlDialect.SQLITE);
    }

    private void assertRefused(String sql, SqlDialect dialect) {
        assertInstanceOf(SqlInspection.Refused.class, inspector.inspect(sql, dialect, SCHEMA), sql);
    }

    private static String describe(List<TableAccess> tables) {
        Set<String> sorted = new TreeSet<>();
        for (TableAccess table : tables) {
            sorted.add(table.table() + ":" + table.action() + "(" + String.join(",", new TreeSet<>(table.columns()))
                    + ")");
        }
        return String.join(" ", sorted);
    }

    private static Map<String, List<String>> onlyWhatWasFound(List<TableAccess> tables) {
        Map<String, List<String>> only = new TreeMap<>();
        for (TableAccess table : tables) {
            assertEquals(SqlAction.QUERY, table.action());
            List<String> columns = new ArrayList<>();
            for (String column : SCHEMA.tables().getOrDefault(table.table(), List.of())) {
                // A table needs one column; a different name shows that no other is read.
                columns.add(table.columns().contains(column) ? column : "hidden_" + column);
            }
            only.put(table.table(), columns);
        }
        return only;
    }

    private static String rows(String sql, Map<String, List<String>> tables) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, List<String>> table : tables.entrySet()) {
                statement.execute("CREATE TABLE " + table.getKey() + " (" + String.join(", ", table.getValue()) + ")");
                for (int row = 1; row <= 3; row++) {
                    List<String> values = new ArrayList<>();
                    for (int column = 0; column < table.getValue().size(); column++) {
                        values.add(column == 0 ? Integer.toString(row) : "'" + (char) ('a' + row + column) + "'");
                    }
                    statement.execute("INSERT INTO " + table.getKey() + " VALUES (" + String.join(", ", values) + ")");
                }
            }
            StringBuilder out = new StringBuilder();
            try (ResultSet rows = statement.executeQuery(sql)) {
                int width = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (int column = 1; column <= width; column++) {
                        out.append(rows.getString(column)).append('|');
                    }
                    out.append('\n');
                }
            }
            return out.toString();
        }
    }
}
