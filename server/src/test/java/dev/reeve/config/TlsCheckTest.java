package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.secrets.Secret;
import dev.reeve.tls.TestCa;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reeve.yaml says of TLS, and what is told of the files that it names. */
final class TlsCheckTest {
    @TempDir
    private Path folder;

    private final TestCa authority = new TestCa("Test CA");

    TlsCheckTest() throws Exception {}

    private Loaded<ReeveConfig> load(String text) throws IOException {
        Files.writeString(folder.resolve("reeve.yaml"), text);
        return ReeveFile.read(Home.of(
                folder,
                Optional.empty(),
                Map.of("XDG_CONFIG_HOME", folder.resolve("cfg").toString())));
    }

    private void bad(String text, String... lines) throws IOException {
        assertEquals(
                List.of(lines),
                load(text).problems().stream().map(ProblemText::of).toList());
    }

    private List<String> checked(String agents) throws IOException {
        ReeveConfig config =
                load("listen: { agents: " + agents + " }\n").value().orElseThrow();
        return TlsCheck.of(config, Instant.now()).stream().map(ProblemText::of).toList();
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("cfg/reeve")).resolve("secrets.yaml");
        Files.writeString(secrets, "pw: \"open sesame\"\n");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        ReeveConfig config = load("""
                listen:
                  agents:
                    address: 0.0.0.0:7443
                    names: [Reeve.example.com]
                    tls: { certificate: a.pem, key: a.key, key_password: { secret: pw }, client_ca: ca.pem }
                  control:
                    address: "[::1]:7444"
                    tls: { certificate: a.pem, key: a.key, client_ca: ca.pem, client_certificates: optional }
                upstreams:
                  up:
                    url: https://up.example.com/mcp
                    tls: { ca: ca.pem, certificate: c.pem, key: c.key, server_name: inner.example.com }
                  plain: { url: https://plain.example.com/mcp }
                """).value().orElseThrow();
        ListenerConfig agents = config.listen().agents();
        assertEquals("0.0.0.0", agents.address().getAddress().getHostAddress());
        assertEquals(Set.of("reeve.example.com"), agents.names());
        ListenerConfig.Tls tls = agents.tls().orElseThrow();
        assertEquals(folder.resolve("a.pem"), tls.files().pair().orElseThrow().certificate());
        assertEquals(folder.resolve("a.key"), tls.files().pair().orElseThrow().key());
        assertEquals(
                Optional.of(Secret.of("open sesame")),
                tls.files().pair().orElseThrow().password());
        assertEquals(Optional.of(folder.resolve("ca.pem")), tls.files().roots());
        assertTrue(tls.clientRequired());
        assertFalse(config.listen().control().tls().orElseThrow().clientRequired());
        UpstreamConfig.Http up = (UpstreamConfig.Http) config.upstreams().getFirst();
        assertEquals(Optional.of("inner.example.com"), up.tls().orElseThrow().serverName());
        assertEquals(
                folder.resolve("c.pem"),
                up.tls().orElseThrow().files().pair().orElseThrow().certificate());
        assertEquals(Optional.empty(), ((UpstreamConfig.Http) config.upstreams().get(1)).tls());
    }

    @Test
    void whatDoesNotFitTogetherIsToldWithItsFix() throws IOException {
        bad(
                "listen: { agents: { address: \"example.com:1\", tls: { certificate: a, key: b } } }\n",
                "reeve.yaml:1: listen.agents: \"example.com\" is not an address; write it as numbers, 0.0.0.0 for all; what clients"
                        + " call it stands under `names`");
        bad(
                "listen: { agents: { tls: { certificate: a, key: b, client_certificates: optional } } }\n",
                "reeve.yaml:1: listen.agents.tls.client_certificates: means nothing without `client_ca`; name the authorities, or"
                        + " remove it");
        bad(
                "upstreams: { a: { url: \"https://a.example/\", tls: { certificate: c } } }\n",
                "reeve.yaml:1: upstreams.a.tls: has `certificate` but no `key`; a client certificate needs both");
        bad(
                "upstreams: { a: { url: \"http://127.0.0.1:1/\", tls: { ca: c } } }\n",
                "reeve.yaml:1: upstreams.a.tls: means nothing without an https address; remove it");
        bad(
                "listen: { agents: { tls: { certificate: a, key: b, verify: false } } }\n",
                "reeve.yaml:1: listen.agents.tls.verify: unknown key; known are certificate, key, key_password,"
                        + " client_ca, client_certificates");
    }

    @Test
    void loopbackIsWrittenAndNeverLookedUp() throws IOException {
        for (String address : List.of("localhost.localdomain:1", "loopback.example:1", "ip6-localhost:1")) {
            bad(
                    "listen: { agents: \"" + address + "\" }\n",
                    "reeve.yaml:1: listen.agents: \"" + address
                            + "\" is not loopback and needs TLS; use 127.0.0.1, or give it a"
                            + " certificate: `{ address: HOST:PORT, tls: { certificate: FILE, key: FILE } }`");
        }
    }

    @Test
    void aGoodPairHasNothingToTell() throws Exception {
        TestCa.write(authority.server(), folder, "a");
        assertEquals(List.of(), checked("{ tls: { certificate: a.pem, key: a.key } }"));
    }

    @Test
    void filesThatAreWrongAreErrorsWithThePlaceOfTheirKey() throws Exception {
        X509Bundle bundle = authority.server();
        TestCa.write(bundle, folder, "a");
        TestCa.key(folder.resolve("b.key"), authority.server().getPrivateKeyPEM());
        assertEquals(
                List.of("reeve.yaml:1: listen.agents.tls: the key `" + folder
                        + "/b.key` does not belong to the certificate `" + folder
                        + "/a.pem`; put the pair there that was made together"),
                checked("{ tls: { certificate: a.pem, key: b.key } }"));
        assertEquals(
                List.of("reeve.yaml:1: listen.agents.tls: there is no file `" + folder + "/none.pem`"),
                checked("{ tls: { certificate: none.pem, key: b.key } }"));
    }

    @Test
    void theEndOfACertificateIsToldBeforeItComes() throws Exception {
        TestCa.write(
                authority.issue(TestCa.leaf("localhost")
                        .notAfter(Instant.now().plus(Duration.ofDays(5).plusHours(1)))),
                folder,
                "a");
        String soon = checked("{ tls: { certificate: a.pem, key: a.key } }").getFirst();
        assertTrue(soon.contains("warning: ") && soon.contains("the certificate expires in 5 days"), soon);
        TestCa.write(
                authority.issue(TestCa.leaf("localhost").notAfter(Instant.now().minus(Duration.ofHours(1)))),
                folder,
                "a");
        assertTrue(checked("{ tls: { certificate: a.pem, key: a.key } }")
                .getFirst()
                .contains("has expired at"));
        TestCa.write(
                authority.issue(TestCa.leaf("localhost").notBefore(Instant.now().plus(Duration.ofHours(1)))),
                folder,
                "a");
        assertTrue(checked("{ tls: { certificate: a.pem, key: a.key } }")
                .getFirst()
                .contains("is not valid before"));
    }

    @Test
    void namesThatTheCertificateDoesNotHaveAreWarnings() throws Exception {
        TestCa.write(authority.issue(TestCa.leaf("a.example.com")), folder, "a");
        List<String> warned =
                checked("{ names: [a.example.com, b.example.com], tls: { certificate: a.pem, key: a.key } }");
        assertEquals(1, warned.size());
        assertTrue(warned.getFirst().contains("is not for \"b.example.com\""), warned.getFirst());
        assertTrue(checked("{ tls: { certificate: a.pem, key: a.key } }")
                .getFirst()
                .contains("the certificate is not for this address; it is for a.example.com"));
    }
}
