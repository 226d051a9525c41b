package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.config.Home;
import dev.reeve.config.ReeveFile;
import dev.reeve.metrics.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a changed file does to the policy in force. */
final class PolicyRoomTest {
    private static final String GOOD =
            "agent_roles: { clerk: { permissions: [ { resource: 'tool:up.t', actions: [execute] } ] } }\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aBadFileIsRefusedWholeSaidInStatusAndMendedByAGoodOne() throws Exception {
        Files.writeString(
                folder.resolve("reeve.yaml"), "keys: ./keys\nupstreams: { up: { url: 'http://127.0.0.1:9/mcp' } }\n");
        Path file = Files.createDirectories(folder.resolve("policies")).resolve("p.yaml");
        Files.writeString(file, GOOD);
        var config = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        try (Foundation foundation = Foundation.open(config, new Metrics(), incident -> {})) {
            PolicyRoom room =
                    new PolicyRoom(foundation, new PinnedSchemas(foundation.definitions(), () -> Set.of("up")));
            assertTrue(room.reload().isEmpty());
            String version = room.get().version();
            Files.writeString(file, GOOD + "rules:\n  - deny: { tool: nowhere.t }\n");
            assertFalse(room.reload().isEmpty());
            assertEquals(version, room.get().version());
            String trouble = room.trouble().orElseThrow();
            assertTrue(trouble.contains("policies/p.yaml:3"), trouble);
            assertTrue(trouble.endsWith("; what was in force stays"), trouble);
            Files.writeString(file, GOOD);
            assertTrue(room.reload().isEmpty());
            assertEquals(Optional.empty(), room.trouble());
            assertEquals(version, room.get().version());
        }
    }
}
