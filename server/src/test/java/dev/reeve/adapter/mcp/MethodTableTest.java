package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** R18: the closed table of methods is one visible place, and the page that people read is held to it. */
final class MethodTableTest {
    private static final String BEGIN = "<!-- methods -->\n";
    private static final String END = "<!-- /methods -->";

    @Test
    void thePageHasTheTableThatTheCodeReads() throws IOException {
        Path page = Path.of("..").toAbsolutePath().normalize().resolve("docs/mcp.md");
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        assertTrue(from > BEGIN.length() && to >= from, "docs/mcp.md has lost its marks");
        if (Boolean.getBoolean("reeve.publish")) {
            Files.writeString(page, text.substring(0, from) + Method.table() + text.substring(to));
        }
        assertEquals(
                Method.table(),
                Files.readString(page).substring(from, Files.readString(page).indexOf(END)),
                "run this test with -Dreeve.publish=true");
    }
}
