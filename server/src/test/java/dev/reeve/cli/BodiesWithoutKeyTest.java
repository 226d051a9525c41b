package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.audit.AuditReader;
import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large body without a key is refused before anybody's code sees it, and counted as what it was sent to. */
@Timeout(120)
final class BodiesWithoutKeyTest {
    private static int status(URI url, String path) throws Exception {
        try (RawClient client = new RawClient(new InetSocketAddress(url.getHost(), url.getPort()))) {
            return client.send("POST " + path + " HTTP/1.1\r\nHost: " + url.getAuthority()
                            + "\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
                            + "x".repeat((64 << 10) + 1))
                    .read()
                    .status();
        }
    }

    @Test
    void eachIsCountedWhereItWasSentTo(@TempDir Path folder) throws Exception {
        try (AuthzenHouse house = AuthzenHouse.open(folder, "resources: {}\n", "agents: { a: {} }\n")) {
            URI url = house.url("/");
            assertEquals(401, status(url, "/mcp"));
            assertEquals(401, status(url, "/mcp/docs"));
            assertEquals(401, status(url, "/elsewhere"));
            assertEquals(401, status(url, AuthzenHttp.EVALUATION));
            assertEquals(401, status(url, AuthzenHttp.EVALUATIONS + "?x=1"));
            assertEquals(401, status(url, AuthzenHttp.SEARCH_RESOURCE));
        }
        assertEquals(
                Map.of("mcp-http.body_without_key", "3", "authzen.body_without_key", "3"), counted(folder), "all six");
    }

    /** What the summary says that is written when the process ends. */
    private static Map<String, String> counted(Path folder) throws Exception {
        Map<String, String> counts = new TreeMap<>();
        new AuditReader(folder.resolve("reeve-data/ledger")).read(0, happened -> {
            Optional<Json.Obj> some = happened.record().leaf().object("counts");
            some.ifPresent(all -> all.members().forEach((name, count) -> counts.put(name, count.toString())));
            return true;
        });
        return counts;
    }
}
