package dev.reeve.sql.jsqlparser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlInspector.RowEquals;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator's schema file says, and what it must not leave unsaid. */
final class CreateStatementsTest {
    private static final String TABLES =
            "CREATE TABLE t (id INT, email TEXT, low TEXT AS (lower(email)), short TEXT AS (substr(low, 1)));";

    private static SqlSchema read(String text) throws CreateStatements.UnreadableException {
        return CreateStatements.read(TABLES + text, SqlDialect.SQLITE);
    }

    @Test
    void aViewReadsWhatItsDefinitionReads() throws Exception {
        SqlSchema schema = read("CREATE OR REPLACE VIEW v (n) AS SELECT id FROM t WHERE email > 'a'");
        assertEquals(List.of("n"), schema.tables().get("v"));
        assertEquals(
                List.of(new TableAccess("t", SqlAction.QUERY, Set.of("id", "email"))),
                schema.views().get("v"));
    }

    @Test
    void aGeneratedColumnIsComputedFromOthersThroughOthers() throws Exception {
        assertEquals(
                Map.of("low", Set.of("email"), "short", Set.of("low", "email")),
                read("").generated().get("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIEW v AS SELECT secret FROM t",
                "CREATE VIEW v AS SELECT id FROM nowhere",
                "CREATE VIEW v AS SELECT id, lower(email) FROM t",
                "CREATE VIEW v AS SELECT id, id FROM t",
                "CREATE VIEW v AS SELECT t FROM t",
                "CREATE VIEW v AS SELECT readfile('/etc/passwd') AS x",
                "CREATE VIEW t AS SELECT 1 AS id",
                "CREATE RECURSIVE VIEW v (n) AS SELECT 1",
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END",
                "DROP TABLE t",
            })
    void whatIsNotUnderstoodWholeIsAnError(String text) {
        assertThrows(CreateStatements.UnreadableException.class, () -> read(text));
    }

    /** The condition cannot be put into the view. */
    @Test
    void aViewOfATableWhoseRowsAreFilteredIsRefused() throws Exception {
        SqlSchema schema = read("CREATE VIEW v AS SELECT id FROM t");
        SqlInspection found = new JSqlParserInspector()
                .restrict(
                        "SELECT id FROM v",
                        SqlDialect.SQLITE,
                        schema,
                        new SqlInspector.Restriction(
                                Map.of("t", List.of(new RowEquals("email", "a"))), Map.of(), OptionalInt.empty()));
        assertTrue(
                found instanceof SqlInspection.Refused refused && refused.code().equals("sql_rows"), found::toString);
    }
}
