package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditHouse;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.ControlListener;
import dev.reeve.control.ControlRoutes;
import dev.reeve.control.ControlSocket;
import dev.reeve.control.LedgerKeysRoute;
import dev.reeve.metrics.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reeve audit key rotate} beside the running process: it changes them, and goes on. */
final class LedgerKeysRouteTest {
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Foundation foundation;

    @SuppressWarnings("NullAway.Init")
    private ControlListener listener;

    @SuppressWarnings("NullAway.Init")
    private ControlSocket socket;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve("reeve.yaml"), "keys: ./keys\n");
        ReeveConfig config = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        foundation = Foundation.open(config, new Metrics(), incident -> {});
        ControlRoutes routes = foundation.room().routes(List.of(LedgerKeysRoute.of(foundation::changeKeys)));
        listener = ControlListener.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                routes,
                foundation.room().administrators());
        socket = ControlSocket.open(config.data(), routes);
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        listener.close();
        foundation.close();
    }

    private Typed reeve(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", folder.toString()));
        return Typed.run(all);
    }

    private void done(String id) throws Exception {
        var action = AuditHouse.action(id, "clerk", dev.reeve.json.Json.Obj.EMPTY);
        foundation.journal().decided(AuditHouse.decision(action, dev.reeve.gate.Journal.Ruling.ALLOW));
        foundation.journal().completed(AuditHouse.completion(action));
    }

    @Test
    void theRunningProcessChangesThemAndWhoHasTheOldOnesVerifiesOn() throws Exception {
        String old = reeve("audit", "key").out();
        done("rv_before");
        Typed rotated = reeve("audit", "key", "rotate");
        assertEquals(0, rotated.code(), rotated.err());
        assertFalse(rotated.out().contains(old.lines().toList().getFirst()), rotated.out());
        assertEquals(rotated.out(), reeve("audit", "key").out());
        done("rv_after");
        Typed again = reeve("audit", "key", "rotate", "--json");
        assertEquals(0, again.code(), again.err());
        assertTrue(again.out().contains("\"keys\":[\"reeve.local/"), again.out());
        Typed verified = reeve("audit", "verify", "--key", old.strip());
        assertEquals(0, verified.code(), verified.out() + verified.err());
        assertEquals(2, verified.out().split("named in record ", -1).length - 1, verified.out());
        Typed who = reeve(
                "audit",
                "search",
                "--kind",
                "control",
                "--ledger",
                folder.resolve("reeve-data/ledger").toString());
        assertTrue(who.out().contains("ledger_keys"), who.out() + who.err());
        assertTrue(who.out().contains("local:" + System.getProperty("user.name")), who.out());
    }

    /** Who may change them must be able to keep copies of them: not whoever has a token somewhere. */
    @Test
    void overTheNetworkNobodyChangesThem() throws Exception {
        String token = reeve("admin", "token", "ana")
                .out()
                .lines()
                .reduce((one, last) -> last)
                .orElse("")
                .strip();
        String before = reeve("audit", "key").out();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + listener.port() + "/v1/ledger-keys/rotate"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertEquals(
                    403,
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
        assertEquals(before, reeve("audit", "key").out());
    }

    @Test
    void keysThatAnotherInstallationCameToShareAreNotChanged() throws Exception {
        String before = reeve("audit", "key").out();
        Files.write(folder.resolve("keys/store-00000000.key"), new byte[32]);
        Typed refused = reeve("audit", "key", "rotate");
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("more than one installation signs with"), refused.err());
        assertEquals(before, reeve("audit", "key").out());
        done("rv_after");
        assertEquals(0, reeve("audit", "verify").code());
    }
}
