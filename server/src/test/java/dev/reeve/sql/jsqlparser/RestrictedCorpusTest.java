package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Each query of the corpus, restricted: on a real engine it gives what the text itself gives where the tables hold no more than may be seen. So no
 * filter, join, order, group, aggregate, subquery or WITH tells anything of what is hidden.
 */
final class RestrictedCorpusTest {
    private static final Map<String, Set<String>> MASKS = Map.of(
            "customers", Set.of("email", "phone"),
            "people", Set.of("email"),
            "leads", Set.of("email"),
            "orders", Set.of("order"),
            "stock", Set.of("name"),
            "codes", Set.of("code"));

    private static final Map<String, List<RowEquals>> ROWS = Map.of(
            "customers", List.of(new RowEquals("country", "DE")),
            "sales", List.of(new RowEquals("region", "n")),
            "leads", List.of(new RowEquals("note", "x"), new RowEquals("email", "a")),
            "orders", List.of(new RowEquals("placedby", "Ana")),
            "stock", List.of(new RowEquals("name", "bolt")));

    /** What may be seen, and how the tables are made to hold no more. The generated column is computed from a masked one, and masked under its own name. */
    private enum Case {
        MASKED(new Restriction(Map.of(), MASKS, OptionalInt.empty()), """
                UPDATE customers SET email = '[email]', phone = '[phone]';
                UPDATE leads SET email = '[email]';
                UPDATE "Orders" SET "order" = '[order]';
                UPDATE stock SET name = '[name]';
                UPDATE codes SET code = '[code]';
                DROP TABLE people;
                CREATE TABLE people (id INT, email TEXT, mailbox TEXT);
                INSERT INTO people VALUES (1, '[email]', '[mailbox]'), (2, '[email]', '[mailbox]');
                """),
        FILTERED(new Restriction(ROWS, Map.of(), OptionalInt.empty()), """
                DELETE FROM customers WHERE country <> 'DE';
                DELETE FROM sales WHERE region IS NULL OR region <> 'n';
                DELETE FROM leads WHERE id <> 1;
                DELETE FROM "Orders" WHERE "placedBy" <> 'Ana';
                DELETE FROM stock WHERE name <> 'bolt';
                """),
        BOTH(
                new Restriction(
                        ROWS,
                        Map.of("customers", Set.of("country", "name"), "leads", Set.of("note")),
                        OptionalInt.empty()),
                FILTERED.narrowed + """
                UPDATE customers SET country = '[country]', name = '[name]';
                UPDATE leads SET note = '[note]';
                """);

        @SuppressWarnings("ImmutableEnumChecker") // A record of immutable parts.
        private final Restriction restriction;

        private final String narrowed;

        Case(Restriction restriction, String narrowed) {
            this.restriction = restriction;
            this.narrowed = narrowed;
        }

        private String schema() {
            return "only_" + name().toLowerCase(Locale.ROOT);
        }

        private Set<String> tables() {
            Set<String> tables = new java.util.HashSet<>(restriction.rows().keySet());
            tables.addAll(restriction.masked().keySet());
            return tables;
        }
    }

    /** A query of the corpus, and what is sent in its place. */
    private record Restricted(SqlCorpus.Vector vector, SqlInspection.Statement sent) {}

    private final JSqlParserInspector inspector = new JSqlParserInspector();

    /** Whatever only reads tables is restricted. Only what changes something, or reads through a view, is refused. */
    private List<Restricted> restricted(SqlDialect dialect, Case one) {
        SqlSchema schema = SqlCorpus.schema(dialect);
        List<Restricted> all = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (SqlCorpus.Vector vector : SqlCorpus.read(dialect)) {
            if (inspector.inspect(vector.sql(), dialect, schema) instanceof SqlInspection.Statement read
                    && read.tables().stream().anyMatch(access -> one.tables().contains(access.table()))) {
                boolean refusable = read.tables().stream()
                        .anyMatch(access -> access.action() != SqlAction.QUERY
                                || schema.views().containsKey(access.table()));
                switch (inspector.restrict(vector.sql(), dialect, schema, one.restriction)) {
                    case SqlInspection.Statement sent -> all.add(new Restricted(vector, sent));
                    case SqlInspection.Refused(String code, String reason) -> {
                        if (!refusable) {
                            wrong.add(vector + "\n  " + code + ": " + reason);
                        }
                    }
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
        return all;
    }

    private static int many(List<Restricted> all, String word) {
        return (int) all.stream()
                .filter(one -> one.vector().sql().toUpperCase(Locale.ROOT).contains(word))
                .count();
    }

    @Test
    void nestedQueriesAreAmongThem() {
        List<Restricted> all = restricted(SqlDialect.POSTGRESQL, Case.BOTH);
        assertTrue(all.size() > 150, () -> "only " + all.size());
        for (String word : List.of(
                "WITH ", "WITH RECURSIVE", "LATERAL", " IN (SELECT", "EXISTS (SELECT", "UNION", "ARRAY(SELECT")) {
            assertTrue(many(all, word) > 0, word);
        }
        int mysql = many(restricted(SqlDialect.MYSQL, Case.BOTH), "SELECT");
        assertTrue(mysql > 25, () -> "only " + mysql);
    }

    @Test
    void sqliteGivesWhatItWouldIfThereWereNoMore() throws Exception {
        for (Case one : Case.values()) {
            List<Json> cases = new ArrayList<>();
            for (Restricted query : restricted(SqlDialect.SQLITE, one)) {
                cases.add(Json.object()
                        .put("text", query.vector().sql())
                        .put("sent", query.sent().rendering())
                        .put("may", SqlCorpusTest.may(query.sent()))
                        .build());
            }
            assertTrue(cases.size() >= 50, () -> one + ": only " + cases.size());
            Json.Obj given = Json.object()
                    .put("schema", SqlCorpus.schemaText(SqlDialect.SQLITE))
                    .put("rows", SqlCorpus.file("rows.sql"))
                    .put("narrowed", one.narrowed)
                    .put("cases", new Json.Arr(cases))
                    .build();
            assertEquals(
                    "[]",
                    SqlCorpusTest.python(SqlCorpus.FOLDER.resolve("run_sqlite.py"), JsonWriter.text(given)),
                    one::name);
        }
    }

    @Test
    void postgresqlGivesWhatItWouldIfThereWereNoMore() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the PostgreSQL of the tests is for Linux on amd64 only");
        List<String> wrong = new ArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                Connection connection = postgres.getPostgresDatabase().getConnection()) {
            for (Case one : Case.values()) {
                try (Statement setup = connection.createStatement()) {
                    setup.execute("CREATE SCHEMA " + one.schema());
                    setup.execute("SET search_path = " + one.schema());
                    setup.execute(
                            SqlCorpus.schemaText(SqlDialect.POSTGRESQL) + SqlCorpus.file("rows.sql") + one.narrowed);
                }
            }
            SqlCorpusTest.prepare(connection);
            for (Case one : Case.values()) {
                for (Restricted query : restricted(SqlDialect.POSTGRESQL, one)) {
                    compare(connection, one, query, wrong);
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong));
    }

    private static void compare(Connection connection, Case one, Restricted query, List<String> wrong)
            throws SQLException {
        String text = query.vector().sql();
        try {
            String meant = run(connection, List.of("SET LOCAL search_path = " + one.schema()), text);
            List<String> narrow = new ArrayList<>(List.of("SET LOCAL search_path = wide"));
            for (TableAccess access : query.sent().tables()) {
                narrow.add(SqlCorpusTest.grant(access));
            }
            narrow.add("SET LOCAL ROLE agent");
            assertEquals(meant, run(connection, narrow, query.sent().rendering()));
        } catch (SQLException | AssertionError e) {
            wrong.add(one + " " + query.vector() + "\n  sent " + query.sent().rendering() + "\n  " + e.getMessage());
        }
    }

    /** The rows, in whatever order where the text asks for none. */
    private static String run(Connection connection, List<String> before, String sql) throws SQLException {
        String rows = SqlCorpusTest.run(connection, before, sql);
        return sql.toUpperCase(Locale.ROOT).contains("ORDER BY")
                ? rows
                : rows.lines().sorted().collect(Collectors.joining("\n"));
    }
}
