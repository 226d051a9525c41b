package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other people's clients over https with an authority of ours, through Reeve, onto a server behind https that has another authority and
 * wants a client certificate. The certificates come from the commands of docs/integrations/tls.md.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TlsTest {
    @TempDir
    static Path folder;

    private static Path ours;
    private static Path theirs;
    private static Running upstream;
    private static Product product;
    private static String key;

    @BeforeAll
    static void startEverybody() throws IOException, InterruptedException {
        Outside.slow("other people's clients and servers over TLS");
        Assumptions.assumeTrue(
                Commands.run(folder, Map.of(), 10, List.of("openssl", "version"))
                                .exit()
                        == 0,
                "openssl is not there");
        ours = certificates("ours");
        theirs = certificates("theirs");
        upstream = Running.start(
                Outside.python(),
                Map.of(),
                Pattern.compile("\"url\": \"(https://[^\"]+)\""),
                Outside.python(
                        "server.py",
                        "http",
                        "--tls",
                        theirs.resolve("server.pem").toString(),
                        theirs.resolve("server.key").toString(),
                        theirs.resolve("ca.pem").toString()));
        product = Product.start(home());
        assertEquals(
                0,
                product.reeve("agent", "create", "tester", "--role", "tester").exit());
        key = Text.find(
                product.reeve("key", "create", "tester", "--json").out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
        Tools.waitUntilPinned(product, List.of("modern"));
    }

    @AfterAll
    static void stopEverybody() {
        if (product != null) {
            product.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    /** As the page says. */
    private static Path certificates(String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Commands.text(Path.of("..", "docs", "integrations", "tls.md")));
        assertTrue(block.find());
        Commands.Ran ran = Commands.run(made, Map.of(), 60, List.of("sh", "-e", "-c", block.group(1)));
        assertEquals(0, ran.exit(), ran.err());
        return made;
    }

    private static Path home() throws IOException {
        Path home = Homes.home(Files.createDirectory(folder.resolve("home")), "{}");
        Homes.file(home, "reeve.yaml", """
                listen:
                  agents: { address: "127.0.0.1:0", tls: { certificate: ../ours/server.pem, key: ../ours/server.key } }
                  control:
                    address: "127.0.0.1:0"
                    tls: { certificate: ../ours/server.pem, key: ../ours/server.key, client_ca: ../ours/ca.pem }
                data: ./reeve-data
                upstreams:
                  modern:
                    url: "%1$s"
                    definitions: trust-first-use
                    tls: { ca: ../theirs/ca.pem, certificate: ../theirs/client.pem, key: ../theirs/client.key }
                  stranger: { url: "%1$s" }
                  bare: { url: "%1$s", tls: { ca: ../theirs/ca.pem } }
                  misnamed: { url: "%1$s", tls: { ca: ../theirs/ca.pem, server_name: other.example } }
                """.formatted(upstream.matched()));
        Homes.file(home, "policies/tester.yaml", """
                agent_roles:
                  tester:
                    permissions:
                      - { resource: "tool:modern.*", actions: [execute] }
                """);
        return home;
    }

    private static Commands.Ran run(Map<String, String> environment, List<String> command) {
        return Commands.run(folder, environment, 60, command);
    }

    private static Commands.Ran curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20"));
        command.addAll(List.of(arguments));
        return run(Map.of(), command);
    }

    private static Commands.Ran openssl(String input, String... arguments) {
        String words = String.join(" ", arguments);
        return run(
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "printf '" + input + "' | timeout 15 openssl s_client -connect localhost:" + port()
                                + " -CAfile " + ours.resolve("ca.pem") + " " + words + " 2>&1"));
    }

    private static String port() {
        return Text.find(product.mcp(), "https://localhost:(\\d+)/mcp");
    }

    @Test
    @Order(1)
    void thePythonClientCallsThroughBothConnections() {
        Commands.Ran ran = run(
                Map.of("SSL_CERT_FILE", ours.resolve("ca.pem").toString()),
                Outside.python(
                        "client.py",
                        "http",
                        product.mcp(),
                        "--token",
                        key,
                        "--call",
                        "modern.add",
                        "--args",
                        "{\"a\":2,\"b\":3}"));
        assertTrue(ran.exit() == 0 && ran.out().contains("5"), ran.out() + ran.err());
    }

    @Test
    @Order(1)
    void theTypeScriptClientCallsThroughBothConnections() {
        Commands.Ran ran = run(
                Map.of("NODE_EXTRA_CA_CERTS", ours.resolve("ca.pem").toString()),
                Outside.node(
                        "client.mjs",
                        "http",
                        product.mcp(),
                        "--token",
                        key,
                        "--call",
                        "modern.add",
                        "--args",
                        "{\"a\":2,\"b\":3}"));
        assertTrue(ran.exit() == 0 && ran.out().contains("5"), ran.out() + ran.err());
    }

    @Test
    @Order(1)
    void clientsThatDoNotKnowTheAuthorityRefuseUs() {
        assertNotEquals(
                0,
                run(Map.of(), Outside.python("client.py", "http", product.mcp(), "--token", key))
                        .exit());
        assertEquals(60, curl(product.mcp()).exit(), "the peer certificate cannot be authenticated");
    }

    @Test
    @Order(1)
    void curlIsToldWhichSchemeIsMeant() {
        Commands.Ran plain = curl(product.mcp().replace("https://", "http://"));
        assertTrue(plain.out().contains("this port speaks https"), plain.out() + plain.err());
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void oldVersionsAreRefused(String version) {
        Commands.Ran ran = openssl("", version, "-cipher", "ALL:@SECLEVEL=0");
        assertTrue(ran.out().contains("Cipher is (NONE)") || ran.out().contains("alert"), ran.out());
        assertFalse(ran.out().contains("Verification: OK\nNew, TLSv1"), ran.out());
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(
            strings = {
                "AES128-SHA",
                "AES128-GCM-SHA256",
                "ECDHE-ECDSA-AES128-SHA",
                "ECDHE-ECDSA-AES256-SHA384",
                "DHE-RSA-AES128-GCM-SHA256",
                "NULL",
                "aNULL"
            })
    void suitesWithoutForwardSecrecyOrAuthenticationAreRefused(String suite) {
        Commands.Ran ran = openssl("", "-tls1_2", "-cipher", suite + ":@SECLEVEL=0");
        assertTrue(ran.out().contains("Cipher is (NONE)") || ran.out().contains("no cipher match"), ran.out());
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void presentVersionsAreServedWithAlpn(String version) {
        Commands.Ran ran = openssl("", version, "-alpn", "h2,http/1.1", "-servername", "somebody.else");
        assertTrue(ran.out().contains("Verify return code: 0 (ok)"), ran.out());
        assertTrue(ran.out().contains("ALPN protocol: http/1.1"), ran.out());
    }

    /** `R` asks for a new handshake inside the connection. */
    @Test
    @Order(1)
    void renegotiationIsRefused() {
        Commands.Ran ran = openssl("R\\n", "-tls1_2");
        assertTrue(ran.out().contains("no renegotiation") || ran.out().contains("NO_RENEGOTIATION"), ran.out());
    }

    @Test
    @Order(1)
    void theControlAddressWantsACertificateFirst() {
        String ready = product.control() + "/readyz";
        String authority = ours.resolve("ca.pem").toString();
        assertNotEquals(0, curl("--cacert", authority, ready).exit());
        Commands.Ran known = curl(
                "--cacert",
                authority,
                "--cert",
                ours.resolve("client.pem").toString(),
                "--key",
                ours.resolve("client.key").toString(),
                ready);
        assertTrue(known.out().contains("\"ready\":true"), known.out() + known.err());
    }

    @Test
    @Order(1)
    void statusSaysWhyAServerIsNotReachedAndTheAgentIsNotTold() throws IOException {
        String status = untilStatus("if it wants a client certificate");
        assertTrue(status.contains("tls_unknown_authority"), status);
        assertTrue(status.contains("tls_wrong_host"), status);
        assertTrue(status.contains("BoringSSL") || status.contains("JDK"), status);
        Commands.Ran agent = run(
                Map.of("SSL_CERT_FILE", ours.resolve("ca.pem").toString()),
                Outside.python("client.py", "http", product.mcp(), "--token", key));
        assertFalse(agent.out().contains("tls_"), agent.out());
    }

    private static String untilStatus(String wanted) {
        String said = "";
        for (int i = 0; i < 40 && !said.contains(wanted); i++) {
            said = product.reeve("status").out();
        }
        assertTrue(said.contains(wanted), said);
        return said;
    }

    @Test
    @Order(2)
    void aRenewedCertificateIsServedWithoutARestartAndABadOneIsNot() throws IOException, InterruptedException {
        Process stream = new ProcessBuilder(
                        "curl",
                        "-sSN",
                        "--max-time",
                        "120",
                        "--cacert",
                        ours.resolve("ca.pem").toString(),
                        "-H",
                        "Authorization: Bearer " + key,
                        "-H",
                        "Accept: application/json, text/event-stream",
                        "-H",
                        "Content-Type: application/json",
                        "-H",
                        "MCP-Protocol-Version: 2026-07-28",
                        "-H",
                        "Mcp-Method: subscriptions/listen",
                        "-d",
                        LISTEN,
                        product.mcp())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader events =
                new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
            String first = events.readLine();
            assertTrue(first != null && first.startsWith("event"), String.valueOf(first));
            String before = served();
            Path next = certificates("next");
            swap(next.resolve("server.pem"), ours.resolve("server.pem"));
            untilStatus("not in force");
            assertEquals(before, served(), "half a pair is not taken");
            swap(next.resolve("server.key"), ours.resolve("server.key"));
            String now = before;
            for (int i = 0; i < 100 && now.equals(before); i++) {
                LockSupport.parkNanos(100_000_000);
                now = served();
            }
            assertNotEquals(before, now);
            assertTrue(stream.isAlive(), "the open stream went on");
        } finally {
            stream.destroy();
        }
        assertTrue(product.output().contains("tls_refused"), product.output());
        Commands.Ran record = product.reeve("audit", "search", "--kind", "control");
        assertTrue(record.out().contains("tls_renewed"), record.out());
    }

    private static final String LISTEN =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{\"toolsListChanged\":true},\"_meta\":"
                    + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},"
                    + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"curl\",\"version\":\"1\"}}}}";

    /** The authority of the certificate that new connections get. */
    private static String served() {
        return run(
                        Map.of(),
                        List.of(
                                "sh",
                                "-c",
                                "openssl s_client -connect localhost:" + port()
                                        + " </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256"))
                .out();
    }

    private static void swap(Path from, Path to) throws IOException {
        Path beside = Files.copy(from, to.resolveSibling("new"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
