package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoTest {
    @Test
    void theDemoStopsTheTheftAndNamesTheAlteredRecord() {
        Commands.Ran ran = Commands.run(Path.of(".").toAbsolutePath(), Map.of(), 60, Product.java("demo"));
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("to the thief: none"), ran.out());
        assertTrue(ran.out().contains("2 of 4 rows left out"), ran.out());
        assertTrue(ran.out().contains("card numbers are never mailed"), ran.out());
        assertEquals(1, ran.out().split("\n +WARNED ", -1).length - 1, "one call is new to an agent: " + ran.out());
        assertTrue(ran.out().contains("The record: whole"), ran.out());
        assertTrue(ran.out().contains("all signed"), ran.out());
        assertTrue(ran.out().contains("The altered copy: NOT whole: record "), ran.out());
        assertTrue(ran.out().contains("The verifier names that very record."), ran.out());
        assertFalse(ran.out().contains("\u001b["), "colour without a terminal");
        ran.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    }

    @Test
    void thePackagedCommandKnowsItsVersion() {
        Commands.Ran ran = Commands.run(Path.of(".").toAbsolutePath(), Map.of(), 60, Product.java("--version"));
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.out().matches("(?s)reeve [0-9]+\\.[0-9]+\\.[0-9]+\\R.*"), ran.out());
    }

    @Test
    void whatTheKeptDemoSaysToTypeNextWorks() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(Product.java("demo", "--keep")).start();
        demo.getOutputStream().close();
        List<String> toType = new ArrayList<>();
        try (var out = demo.inputReader()) {
            for (String line = out.readLine(); line != null && !line.startsWith("Ctrl-C"); line = out.readLine()) {
                if (line.startsWith("  ") && line.contains("reeve ") && line.contains(" --home ")) {
                    toType.add(line.substring(line.indexOf("reeve ") + "reeve ".length()));
                }
            }
            assertEquals(8, toType.size(), toType.toString());
            for (String command : toType) {
                Commands.Ran ran =
                        Commands.run(Path.of(".").toAbsolutePath(), Map.of(), 60, Product.java(command.split(" ", -1)));
                assertEquals(0, ran.exit(), command + ": " + ran.out() + ran.err());
            }
        } finally {
            demo.destroy();
            demo.waitFor();
        }
    }
}
