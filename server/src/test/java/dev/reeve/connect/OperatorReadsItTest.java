package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What connecting writes is what the server reads. */
final class OperatorReadsItTest {
    @TempDir
    Path folder;

    @Test
    void serversAndTheirValuesArriveWithoutAProblem() throws Exception {
        Desk desk = new Desk(folder);
        desk.write("project/.mcp.json", """
                { "mcpServers": {
                  "files": { "command": "npx", "args": ["-y", "server", "no", "0777", "a: b", "#x", "--"], "env": { "A": "1: 2 # \\"x\\"\\n", "B": "" } },
                  "web": { "type": "http", "url": "https://a.example.com/mcp?x=1", "headers": { "X-Key": "k v" } },
                  "dev": { "type": "http", "url": "http://127.0.0.1:3000/mcp" } } }
                """);
        desk.run("claude", new ScriptedPerson());

        Loaded<ReeveConfig> loaded = ReeveFile.read(Home.of(desk.home, Optional.of(desk.keys), Map.of()));

        assertEquals(List.of(), loaded.problems());
        Map<String, UpstreamConfig> upstreams = new java.util.TreeMap<>();
        loaded.value().orElseThrow().upstreams().forEach(upstream -> upstreams.put(upstream.name(), upstream));
        assertEquals(List.of("dev", "files", "web"), List.copyOf(upstreams.keySet()));
        UpstreamConfig.Stdio files = assertInstanceOf(UpstreamConfig.Stdio.class, upstreams.get("files"));
        assertEquals(List.of("npx", "-y", "server", "no", "0777", "a: b", "#x", "--"), files.argv());
        assertEquals(desk.project, files.folder());
        assertEquals(Map.of("A", Secret.of("1: 2 # \"x\"\n"), "B", Secret.of("")), files.environment());
        UpstreamConfig.Http web = assertInstanceOf(UpstreamConfig.Http.class, upstreams.get("web"));
        assertEquals(Map.of("X-Key", Secret.of("k v")), web.headers());
        UpstreamConfig.Http dev = assertInstanceOf(UpstreamConfig.Http.class, upstreams.get("dev"));
        assertEquals("[127.0.0.1/32]", dev.allowAddresses().toString());
    }
}
