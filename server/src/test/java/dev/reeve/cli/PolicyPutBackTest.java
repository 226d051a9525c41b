package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.config.PolicyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an older policy, put into a folder in which people work. */
final class PolicyPutBackTest {
    private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

    @TempDir
    private Path home = Path.of("");

    @Test
    void theFilesAreThoseOfThenAndWhatStoodThereIsKept() throws Exception {
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(home.resolve("policies/a.yaml"), "now");
        Files.writeString(home.resolve("policies/b.yaml"), "broken: [");
        Files.writeString(home.resolve("policies/notes.txt"), "mine");
        PolicyPutBack back = PolicyPutBack.of(
                home, new TreeMap<>(Map.of("policies/a.yaml", "then\n", "catalog/c.sql", "create table t (a int);\n")));
        assertEquals(3, back.changes().size());
        Path kept = back.apply(NOW);
        assertEquals("then\n", Files.readString(home.resolve("policies/a.yaml")));
        assertEquals("create table t (a int);\n", Files.readString(home.resolve("catalog/c.sql")));
        assertFalse(Files.exists(home.resolve("policies/b.yaml")));
        assertEquals("mine", Files.readString(home.resolve("policies/notes.txt")));
        assertEquals("now", Files.readString(kept.resolve("policies/a.yaml")));
        assertEquals("broken: [", Files.readString(kept.resolve("policies/b.yaml")));
        assertTrue(PolicyPutBack.of(
                        home,
                        new TreeMap<>(
                                Map.of("policies/a.yaml", "then\n", "catalog/c.sql", "create table t (a int);\n")))
                .changes()
                .isEmpty());
    }

    /** Whatever is read as a policy is put back, and is taken away. */
    @Test
    void documentsOfApisArePutBackAndTakenAwaySoThatTheVersionIsThatOfThen() throws Exception {
        Files.createDirectories(home.resolve("catalog"));
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(home.resolve("policies/a.yaml"), "reeve: 1\n");
        String without = PolicyFiles.version(home);
        Files.writeString(home.resolve("catalog/shop.openapi.json"), "{}");
        String with = PolicyFiles.version(home);
        var first = new TreeMap<>(Map.of("policies/a.yaml", "reeve: 1\n"));
        PolicyPutBack.of(home, first).apply(NOW);
        assertEquals(without, PolicyFiles.version(home));
        var second = new TreeMap<>(first);
        second.put("catalog/shop.openapi.json", "{}");
        PolicyPutBack.of(home, second).apply(NOW.plusSeconds(1));
        assertEquals(with, PolicyFiles.version(home));
    }

    @Test
    void aCrashInTheMiddleLeavesNoPolicyAndAnotherTryMendsIt() throws Exception {
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(home.resolve("policies/put-back-under-way.yaml"), "put_back_under_way: say it again\n");
        var read = PolicyFiles.read(home, PolicyRoom::schema);
        assertTrue(read.value().isEmpty());
        assertTrue(read.text().contains("put_back_under_way"), read.text());
        PolicyPutBack.of(home, new TreeMap<>(Map.of("policies/a.yaml", "reeve: 1\n")))
                .apply(NOW);
        assertTrue(PolicyFiles.read(home, PolicyRoom::schema).value().isPresent());
    }

    @Test
    void aNameThatIsNoPolicyFileIsRefused() {
        for (String name : new String[] {
            "reeve.yaml", "policies/../reeve.yaml", "policies/.a.yaml", "policies/a.sh", "policies/x.openapi.json", "/a"
        }) {
            assertThrows(CommandException.class, () -> PolicyPutBack.of(home, new TreeMap<>(Map.of(name, ""))), name);
        }
    }
}
