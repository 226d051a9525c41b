package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client's servers of npm and PyPI, as their own documentation has one write them: {@code reeve connect} installs them, they start confined, and
 * {@code --undo} puts the client's config back.
 */
final class ConnectConfinedTest {
    @TempDir
    Path folder;

    @Test
    void serversOfNpmAndPypiAreInstalledStartConfinedAndAreUndone() throws IOException {
        Outside.slow("installing servers from their registries");
        if (Outside.confined(folder).startsWith("confine: none")) {
            return;
        }
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("hello.txt"), "hello from a file\n");
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.createDirectory(home.resolve("user-config"));
        Files.setPosixFilePermissions(home.resolve("user-config"), PosixFilePermissions.fromString("rwx------"));
        Path config = folder.resolve("mcp.json");
        String before = "{\"mcpServers\":{\"files\":{\"command\":\"npx\",\"args\":[\"-y\","
                + "\"@modelcontextprotocol/server-filesystem@2026.8.31\",\"" + files + "\"]},"
                + "\"time\":{\"command\":\"uvx\",\"args\":[\"mcp-server-time==2026.10.19\"]}}}";
        Files.writeString(config, before);
        Commands.Ran ran = Product.reeve(home, 300, "connect", "claude-code", "--config", config.toString(), "--yes");
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("installed for files:") && ran.out().contains("installed for time:"), ran.out());
        assertTrue(ran.out().contains("read_text_file") && ran.out().contains("get_current_time"), ran.out());
        String yaml = Files.readString(home.resolve("reeve.yaml"));
        assertFalse(yaml.contains("    confine: none"), yaml);
        assertTrue(yaml.contains("confine: default") && yaml.contains(files.toString()), yaml);
        Commands.Ran undo = Product.reeve(home, 60, "connect", "claude-code", "--undo");
        assertEquals(0, undo.exit(), undo.out() + undo.err());
        assertEquals(before, Files.readString(config));
    }
}
