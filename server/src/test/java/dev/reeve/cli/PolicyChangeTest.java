package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edit of a file is an administrative act like any other (R27). */
final class PolicyChangeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private PolicySet written(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.resolveSibling("x").getParent());
        Files.writeString(file, text);
        return read();
    }

    private PolicySet read() {
        Loaded<PolicySet> loaded = PolicyFiles.read(home, PolicyRoom::schema);
        return loaded.value().orElseThrow();
    }

    private static String agent(String name) {
        return "agents:\n  " + name + ": { roles: [] }\n";
    }

    @Test
    void itSaysWhoWhatAndBothVersionsAndHoldsTheWholeContent() throws IOException {
        PolicySet first = written("policies/a.yaml", agent("one"));
        PolicyChange start = PolicyChange.of(new TreeMap<>(), "", first);
        assertEquals(
                "[\"policies/a.yaml\"]",
                start.difference().get("added").orElseThrow().toString());
        assertEquals("file:" + Files.getOwner(home).getName(), start.person(home));

        written("policies/b.yaml", agent("two"));
        PolicySet second = written("policies/a.yaml", agent("three"));
        PolicyChange edit = PolicyChange.of(first.files(), first.version(), second);
        assertEquals(java.util.List.of("policies/b.yaml"), edit.added());
        assertEquals(java.util.List.of("policies/a.yaml"), edit.changed());
        assertEquals(first.version(), edit.difference().string("before").orElseThrow());
        assertEquals(second.version(), edit.difference().string("after").orElseThrow());
        assertEquals(
                agent("three"),
                edit.difference()
                        .object("files")
                        .orElseThrow()
                        .string("policies/a.yaml")
                        .orElseThrow());

        Files.delete(home.resolve("policies/b.yaml"));
        PolicyChange removal = PolicyChange.of(second.files(), second.version(), read());
        assertEquals(java.util.List.of("policies/b.yaml"), removal.removed());
        assertEquals("file:" + Files.getOwner(home.resolve("policies")).getName(), removal.person(home));
    }
}
