package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.child.ChildLimits;
import dev.reeve.child.Confinement;
import dev.reeve.definitions.checks.Check;
import dev.reeve.outbound.Cidr;
import dev.reeve.policy.Problem;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ReeveFileTest {
    @TempDir
    private Path folder;

    private Path homeFolder() throws IOException {
        return Files.createDirectories(folder.resolve("home"));
    }

    private Home home() throws IOException {
        return Home.of(
                homeFolder(),
                Optional.empty(),
                Map.of("XDG_CONFIG_HOME", folder.resolve("cfg").toString()));
    }

    private Loaded<ReeveConfig> load(String text) throws IOException {
        Files.writeString(homeFolder().resolve("reeve.yaml"), text);
        return ReeveFile.read(home());
    }

    private void secrets(String text, String permissions) throws IOException {
        Path file = Files.createDirectories(folder.resolve("cfg/reeve")).resolve("secrets.yaml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private ReeveConfig good(String text) throws IOException {
        Loaded<ReeveConfig> loaded = load(text);
        assertEquals(List.of(), loaded.problems());
        return loaded.value().orElseThrow();
    }

    private void bad(String text, String... lines) throws IOException {
        Loaded<ReeveConfig> loaded = load(text);
        assertEquals(
                List.of(lines), loaded.problems().stream().map(ProblemText::of).toList());
        assertTrue(loaded.value().isEmpty());
    }

    @Test
    void anEmptyFileMeansTheDefaults() throws IOException {
        ReeveConfig config = good("");
        assertEquals(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 7070),
                config.listen().agents().address());
        assertEquals(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 7071),
                config.listen().control().address());
        assertEquals(homeFolder().resolve("reeve-data"), config.data());
        assertEquals(folder.resolve("cfg/reeve"), config.keys());
        assertEquals(homeFolder().resolve("catalog"), config.catalog());
        assertEquals(homeFolder().resolve("policies"), config.policies());
        assertEquals(List.of(), config.upstreams());
        assertEquals(List.of(), config.secrets());
        assertEquals(
                new GatewayConfig(
                        4 << 20,
                        64L << 20,
                        32L << 20,
                        64,
                        200_000,
                        16 << 10,
                        64,
                        12_000,
                        512,
                        4,
                        1024,
                        256,
                        64,
                        20_000,
                        1000,
                        12_000,
                        64,
                        128,
                        16,
                        10_000,
                        256,
                        100,
                        512,
                        256,
                        250,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(75),
                        Duration.ofHours(1),
                        Duration.ofSeconds(25),
                        Duration.ofMinutes(5)),
                config.gateway());
    }

    @Test
    void aReviewHasItsDefaultsAndATimeOfTheDayForWholeDaysOnly() throws IOException {
        assertEquals(Optional.empty(), good("").review());
        assertEquals(
                Optional.of(new ReviewConfig(Duration.ofDays(1), Optional.empty(), 30)),
                good("review: {}\n").review());
        assertEquals(
                Optional.of(new ReviewConfig(Duration.ofDays(7), Optional.of(LocalTime.of(3, 0)), 5)),
                good("review: { every: 7d, at: \"03:00\", keep: 5 }\n").review());
        bad(
                "review: { every: 6h, at: \"03:00\" }\n",
                "reeve.yaml:1: review.at: `at` means nothing with `every: 6h`; write whole days, or remove `at`");
    }

    @Test
    void peopleWorkAtTheMachineAsUsersOfTheSystem() throws IOException {
        assertEquals(Map.of(), good("").systemUsers());
        assertEquals(
                Map.of("root", List.of("ana@example.com"), "deploy-1", List.of("ana", "bo")),
                good("system_users: { root: ana@example.com, deploy-1: [ana, bo] }\n")
                        .systemUsers());
    }

    @Test
    void everyKeyIsRead() throws IOException {
        ReeveConfig config = good("""
                reeve: 1
                listen: { agents: "127.0.0.2:0", control: "[::1]:9000" }
                data: ../data
                keys: ../keys
                gateway:
                  max_body: 1MiB
                  max_bodies: 8MiB
                  max_answers: 20MiB
                  max_depth: 32
                  max_tokens: 1000
                  max_header_bytes: 8KiB
                  max_headers: 32
                  max_connections: 100
                  max_handshakes: 50
                  max_pipelined: 1
                  max_in_flight: 10
                  max_in_flight_per_agent: 5
                  max_in_flight_per_instance: 2
                  max_sessions: 7
                  max_sessions_per_agent: 6
                  max_streams: 9
                  max_in_flight_per_session: 11
                  max_followed: 12
                  max_rounds: 13
                  max_tasks: 14
                  max_tasks_per_agent: 15
                  max_evaluations: 18
                  max_children: 16
                  max_connectors: 17
                  page_size: 3
                  read_timeout: 1s
                  write_timeout: 2s
                  handshake_timeout: 2500ms
                  idle_timeout: 3s
                  session_idle: 4m
                  heartbeat: 5s
                  call_timeout: 1500ms
                """);
        assertEquals(
                "127.0.0.2", config.listen().agents().address().getAddress().getHostAddress());
        assertEquals(0, config.listen().agents().address().getPort());
        assertEquals(9000, config.listen().control().address().getPort());
        assertTrue(config.listen().control().address().getAddress().isLoopbackAddress());
        assertEquals(folder.resolve("data"), config.data());
        assertEquals(folder.resolve("keys"), config.keys());
        assertEquals(
                new GatewayConfig(
                        1 << 20,
                        8L << 20,
                        20L << 20,
                        32,
                        1000,
                        8 << 10,
                        32,
                        100,
                        50,
                        1,
                        10,
                        5,
                        2,
                        7,
                        6,
                        9,
                        11,
                        12,
                        13,
                        14,
                        15,
                        18,
                        16,
                        17,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1500)),
                config.gateway());
    }

    @Test
    void upstreamsHaveTheirDefaults() throws IOException {
        ReeveConfig config = good("""
                upstreams:
                  b: { stdio: [npx, -y, "a server"], confine: none }
                  a: { url: https://example.com/mcp }
                """);
        UpstreamConfig.Common usual = new UpstreamConfig.Common(
                false,
                false,
                Optional.empty(),
                new UpstreamConfig.Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(10)),
                16 << 20,
                1024,
                256);
        assertEquals(
                List.of(
                        new UpstreamConfig.Stdio(
                                "b", usual, List.of("npx", "-y", "a server"), homeFolder(), Map.of(), Optional.empty()),
                        new UpstreamConfig.Http(
                                "a",
                                usual,
                                URI.create("https://example.com/mcp"),
                                Map.of(),
                                List.of(),
                                Optional.empty())),
                config.upstreams());
    }

    @Test
    void everyKeyOfAnUpstreamIsRead() throws IOException {
        secrets("pg.PASSWORD: \"x y\"\ntoken: Bearer abc\nleave.X-Key: 12\n", "rw-------");
        Files.createDirectories(homeFolder().resolve("work"));
        ReeveConfig config = good("""
                upstreams:
                  pg:
                    stdio: [prog]
                    folder: work
                    env: { MODE: test, LIMIT: 5, TOKEN: { secret: token } }
                    confine: none
                    sessions: stateless
                    definitions: trust-first-use
                    accept_findings: [html-comment]
                    revision: 2025-06-18
                    timeouts: { connect: 1s, first_byte: 2s, call: 3s, idle: 4s }
                    max_answer: 1MiB
                    max_sessions: 2
                    max_connections: 3
                    elicitation: any
                    sampling: deny
                    roots: deny
                  named: { stdio: [prog], env: [], confine: none }
                  leave:
                    url: http://127.0.0.1:9999/mcp?x=1
                    headers: [X-Key]
                    allow_addresses: [10.0.0.0/8, "fd00::/8", 192.168.1.1]
                """);
        UpstreamConfig.Stdio pg = (UpstreamConfig.Stdio) config.upstreams().getFirst();
        assertEquals(homeFolder().resolve("work"), pg.folder());
        assertEquals(
                Map.of("MODE", Secret.of("test"), "LIMIT", Secret.of("5"), "TOKEN", Secret.of("Bearer abc")),
                pg.environment());
        assertEquals(
                new UpstreamConfig.Common(
                        true,
                        true,
                        Optional.of("2025-06-18"),
                        new UpstreamConfig.Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4)),
                        1 << 20,
                        2,
                        3,
                        Set.of(Check.HTML_COMMENT),
                        new UpstreamConfig.Asks("any", false, false)),
                pg.common());
        UpstreamConfig.Http leave = (UpstreamConfig.Http) config.upstreams().get(2);
        assertEquals(Map.of("X-Key", Secret.of("12")), leave.headers());
        assertEquals(
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"), Cidr.parse("192.168.1.1")),
                leave.allowAddresses());
        assertEquals(3, config.secrets().size());
    }

    @Test
    void allMistakesAreToldAtOnce() throws IOException {
        bad(
                """
                reeve: 2
                listen: { agents: 0.0.0.0:7070, contrl: 127.0.0.1:1, tls: { cert: x } }
                dta: x
                limits: []
                gateway: { max_body: 4 MiB, read_timeout: 10, max_depth: deep, heartbeat: 0s }
                """,
                "reeve.yaml:1: reeve: \"2\" is not \"1\"",
                "reeve.yaml:2: listen.agents: \"0.0.0.0:7070\" is not loopback and needs TLS;"
                        + " use 127.0.0.1, or give it a certificate: `{ address: HOST:PORT, tls: { certificate: FILE, key: FILE } }`",
                "reeve.yaml:2: listen.contrl: unknown key; did you mean \"control\"?",
                "reeve.yaml:2: listen.tls: unknown key; each listener has its own: `agents: { address: HOST:PORT, tls: { ... } }`",
                "reeve.yaml:3: dta: unknown key; did you mean \"data\"?",
                "reeve.yaml:4: limits: unknown key; what clients may cost stands under `gateway`",
                "reeve.yaml:5: gateway.max_body: \"4 MiB\" is not a size from 1KiB to 64MiB; write bytes, or a unit: 64KiB,"
                        + " 4MiB, 1GiB",
                "reeve.yaml:5: gateway.read_timeout: \"10\" is not a time from 100ms to 10m; write a whole number with its"
                        + " unit: 500ms, 10s, 5m, 1h, 90d",
                "reeve.yaml:5: gateway.max_depth: \"deep\" is not a whole number from 8 to 128",
                "reeve.yaml:5: gateway.heartbeat: \"0s\" is not a time from 1s to 10m; write a whole number with its unit:"
                        + " 500ms, 10s, 5m, 1h, 90d");
    }

    @Test
    void onlyLoopbackIsListenedOn() throws IOException {
        for (String address : List.of(
                "0.0.0.0:1", "\"[::]:1\"", "192.168.1.5:1", "example.com:1", "127.0.0.1.evil.example:1", "127.1:1")) {
            List<Problem> problems =
                    load("listen: { agents: " + address + " }\n").problems();
            assertEquals(1, problems.size(), address);
            assertTrue(ProblemText.of(problems.getFirst()).contains("needs TLS"), address);
        }
        bad("listen: { agents: 127.0.0.1:70000 }\n", "reeve.yaml:1: listen.agents: the port is not from 0 to 65535");
        bad(
                "listen: { agents: 7070 }\n",
                "reeve.yaml:1: listen.agents: is a whole number, where a host and a port, as 127.0.0.1:7070 is expected; put it in quotes");
        bad(
                "listen: { agents: localhost:70, control: 127.0.0.1:70 }\n",
                "reeve.yaml:1: listen: two listeners have the same port; give each its own");
    }

    @Test
    void aServerThatReeveStartsIsConfinedUnlessTheOperatorSaysOtherwise() throws IOException {
        Files.createDirectories(homeFolder().resolve("work/src"));
        ReeveConfig config = good("""
                upstreams:
                  plain: { stdio: [prog] }
                  free:  { stdio: [prog], confine: none }
                  full:
                    stdio: [./work/run, work/src]
                    confine: default
                    folders: [work, { path: /var/tmp, mode: rw }]
                    limits: { memory: 1GiB, processes: 9, open_files: 99, file_size: 1MiB, cpu_time: 1h, nice: 0, tmp: 1MiB }
                """);
        List<Confinement> confinements = config.upstreams().stream()
                .map(UpstreamConfig.Stdio.class::cast)
                .flatMap(one -> one.confinement().stream())
                .toList();
        assertEquals(2, confinements.size());
        assertEquals(ChildLimits.USUAL, confinements.getFirst().limits());
        assertEquals(List.of(), confinements.getFirst().folders());
        assertTrue(confinements
                .getFirst()
                .hidden()
                .containsAll(List.of(homeFolder(), config.data(), config.keys(), config.policies(), config.catalog())));
        assertEquals(
                List.of(
                        new Confinement.Folder(homeFolder().toRealPath().resolve("work"), false),
                        new Confinement.Folder(Path.of("/var/tmp").toRealPath(), true)),
                confinements.getLast().folders());
        assertEquals(
                new ChildLimits(1 << 30, 9, 99, 1 << 20, Optional.of(Duration.ofHours(1)), 0, 1 << 20),
                confinements.getLast().limits());
        UpstreamConfig.Stdio full = (UpstreamConfig.Stdio) config.upstreams().getLast();
        assertEquals(List.of(homeFolder().resolve("work/run").toString(), "work/src"), full.argv());
    }

    @Test
    void noFolderOfAConfinedServerShowsAnythingOfReeves() throws IOException {
        Files.createDirectories(homeFolder().resolve("policies"));
        Files.createDirectories(homeFolder().resolve("reeve-data/x"));
        Files.createDirectories(folder.resolve("cfg/reeve"));
        Files.createSymbolicLink(homeFolder().resolve("innocent"), folder.resolve("cfg/reeve"));
        String help =
                " to the program; a confined program sees nothing of Reeve's (R21); name a narrower folder, or move it";
        bad(
                """
                upstreams:
                  a: { stdio: [prog], folders: [policies] }
                  b: { stdio: [prog], folders: [., reeve-data/x] }
                  c: { stdio: [prog], folders: [innocent, { path: /, mode: rw }] }
                  d: { stdio: [prog], folder: reeve-data }
                  e: { stdio: [prog], folders: [nowhere] }
                """,
                "reeve.yaml:2: upstreams.a.folders[0]: would show policies" + help,
                "reeve.yaml:3: upstreams.b.folders[0]: would show reeve-data" + help,
                "reeve.yaml:3: upstreams.b.folders[1]: would show reeve-data" + help,
                "reeve.yaml:4: upstreams.c.folders[0]: would show " + folder.resolve("cfg/reeve") + help,
                "reeve.yaml:4: upstreams.c.folders[1].path: would show reeve-data" + help,
                "reeve.yaml:5: upstreams.d.folder: would show reeve-data" + help,
                "reeve.yaml:6: upstreams.e.folders[0]: there is no nowhere; make it, or correct the path");
    }

    @Test
    void whatAConfinedServerIsGivenMustBeThereForIt() throws IOException {
        Files.createDirectories(homeFolder().resolve("lib"));
        Files.writeString(homeFolder().resolve("lib/server.py"), "");
        Files.createDirectories(homeFolder().resolve("work"));
        good(
                "upstreams:\n  a: { stdio: [python3, lib/server.py, work/, -v, https://x.example/y], folders: [lib, work] }\n");
        bad(
                "upstreams:\n  a: { stdio: [python3, lib/server.py] }\n  b: { stdio: [prog], confine: none, folders: [lib], limits: { nice: 1 } }\n",
                "reeve.yaml:2: upstreams.a.stdio[1]: the confined program would not see lib/server.py; name it, or the folder that it"
                        + " belongs to: `folders: [lib/server.py]`, or `{ path: lib/server.py, mode: rw }` if it is written to",
                "reeve.yaml:3: upstreams.b.folders: means nothing with `confine: none`; remove one of the two",
                "reeve.yaml:3: upstreams.b.limits: means nothing with `confine: none`; remove one of the two");
    }

    @Test
    void commandsAreNeverSplitByAShell() throws IOException {
        bad(
                "upstreams:\n  pg: { stdio: [npx -y server], confine: none }\n  q: { stdio: npx, confine: none }\n  r: { stdio: [], confine: none }\n",
                "reeve.yaml:2: upstreams.pg.stdio: one text with spaces is not split: no shell is used; write each argument as an"
                        + " item: [npx, -y, package]",
                "reeve.yaml:3: upstreams.q.stdio: is a text, where a list is expected; write it as [a, b]",
                "reeve.yaml:4: upstreams.r.stdio: needs at least 1 item");
    }

    @Test
    void addressesOfServersAreHttpsOrLoopback() throws IOException {
        bad(
                """
                upstreams:
                  a: { url: http://example.com/mcp }
                  b: { url: "ftp://example.com" }
                  c: { url: "https://user:pass@example.com/" }
                  d: { url: "https://example.com/#x" }
                  e: { url: "not an address" }
                  f: { url: https://example.com, stdio: [x] }
                  g: {}
                  h: { url: https://example.com, folder: x, confine: none }
                  i: { url: https://example.com, allow_addresses: [10.0.0.1/8, 300.1.1.1, "fd00::/200"] }
                  "j.k": { url: https://example.com }
                  l: { command: npx, args: [x], cwd: y }
                """,
                "reeve.yaml:2: upstreams.a.url: http goes to loopback only: others could read and change what is sent; use https",
                "reeve.yaml:3: upstreams.b.url: \"ftp://example.com\" is not an address as https://host/path",
                "reeve.yaml:4: upstreams.c.url: an address must not carry credentials; use `headers` with a secret",
                "reeve.yaml:5: upstreams.d.url: an address has no `#` part; remove it",
                "reeve.yaml:6: upstreams.e.url: is not an address as https://host/path",
                "reeve.yaml:7: upstreams.f: has both `stdio` and `url`; a server is either started by Reeve (`stdio`) or runs"
                        + " already (`url`)",
                "reeve.yaml:8: upstreams.g: has neither `stdio` nor `url`; a server is either started by Reeve (`stdio`) or runs"
                        + " already (`url`)",
                "reeve.yaml:9: upstreams.h.folder: means nothing without `stdio`; remove it",
                "reeve.yaml:9: upstreams.h.confine: means nothing without `stdio`; remove it",
                "reeve.yaml:10: upstreams.i.allow_addresses[0]: \"10.0.0.1/8\" is not a block of addresses; write the first"
                        + " address and the bits that are fixed: 10.1.0.0/16, fd00::/8",
                "reeve.yaml:10: upstreams.i.allow_addresses[1]: \"300.1.1.1\" is not a block of addresses; write the first"
                        + " address and the bits that are fixed: 10.1.0.0/16, fd00::/8",
                "reeve.yaml:10: upstreams.i.allow_addresses[2]: \"fd00::/200\" is not a block of addresses; write the first"
                        + " address and the bits that are fixed: 10.1.0.0/16, fd00::/8",
                "reeve.yaml:11: upstreams[\"j.k\"]: \"j.k\" is not a name of letters, digits, `_` and `-`",
                "reeve.yaml:12: upstreams.l: has neither `stdio` nor `url`; a server is either started by Reeve (`stdio`) or runs"
                        + " already (`url`)",
                "reeve.yaml:12: upstreams.l.command: unknown key; write program and arguments as `stdio: [program, argument]`",
                "reeve.yaml:12: upstreams.l.args: unknown key; write program and arguments as `stdio: [program, argument]`",
                "reeve.yaml:12: upstreams.l.cwd: unknown key; did you mean \"folder\"?");
    }

    @Test
    void headersOfTheProtocolAreNotTheOperators() throws IOException {
        secrets("nl: \"a\\nb\"\n", "rw-------");
        bad(
                """
                upstreams:
                  a:
                    url: https://example.com
                    headers: { Host: x, Mcp-Session-Id: y, "bad name": z, X: { secret: nl }, Y: { scret: x } }
                """,
                "reeve.yaml:4: upstreams.a.headers: the header `Host` is the protocol's own; remove it",
                "reeve.yaml:4: upstreams.a.headers: the header `Mcp-Session-Id` is the protocol's own; remove it",
                "reeve.yaml:4: upstreams.a.headers: the value of the header `X` holds characters that no header can carry",
                "reeve.yaml:4: upstreams.a.headers[\"bad name\"]: \"bad name\" is not the name of a header",
                "reeve.yaml:4: upstreams.a.headers.Y: \"secret\" is missing; Name of a line in `secrets.yaml` in the folder of keys.",
                "reeve.yaml:4: upstreams.a.headers.Y.scret: unknown key; did you mean \"secret\"?");
    }

    @Test
    void secretsAreReadFromAFileForItsOwnerAlone() throws IOException {
        String file = folder.resolve("cfg/reeve/secrets.yaml").toString();
        String text = "upstreams:\n  a: { url: https://example.com, headers: { X: { secret: tokn } } }\n";
        bad(
                text,
                "reeve.yaml:2: upstreams.a.headers.X.secret: there is no secret \"tokn\" in " + file
                        + "; add the line `tokn: value` there; only you may read that file (0600)");
        secrets("token: s3cr3t-value\n", "rw-------");
        bad(
                text,
                "reeve.yaml:2: upstreams.a.headers.X.secret: there is no secret \"tokn\" in " + file
                        + "; did you mean \"token\"?");
        secrets("tokn: s3cr3t-value\n", "rw-r-----");
        Loaded<ReeveConfig> loaded = load(text);
        assertEquals(
                file + ": others may read this file of secrets; chmod 600 " + file,
                ProblemText.of(loaded.problems().getFirst()));
    }

    @Test
    void noProblemShowsASecret() throws IOException {
        List<String> broken = List.of(
                "a: s3cr3t: b\n",
                "a: 's3cr3t\n",
                "s3cr3t\n",
                "a: *s3cr3t\n",
                "a: !s3cr3t!x b\n",
                "a: \"\\s3cr3t\"\n",
                "a: &s3cr3t b\n",
                "a: [s3cr3t]\n",
                "a: { s3cr3t: 1 }\n",
                "%s3cr3t\n---\na: b\n",
                "s3cr3t: a\ns3cr3t: b\n",
                "a: |s3cr3t\n b\n");
        for (String text : broken) {
            secrets(text, "rw-------");
            Loaded<ReeveConfig> loaded = load("");
            assertFalse(loaded.problems().isEmpty(), text);
            assertFalse(loaded.text().contains("s3cr3t"), loaded.text());
        }
        secrets("a: s3cr3t\n", "rw-------");
        assertFalse(good("").toString().contains("s3cr3t"));
    }

    @Test
    void keysAndDataLieApart() throws IOException {
        bad(
                "data: d\nkeys: d/keys\n",
                "reeve.yaml:2: keys: the folder of keys and the folder of data lie in each other; keys protect the data: keep them"
                        + " elsewhere");
        Files.writeString(homeFolder().resolve("reeve.yaml"), "keys: elsewhere\n");
        Home given = Home.of(homeFolder(), Optional.of(folder.resolve("given")), Map.of());
        assertEquals(
                folder.resolve("given"),
                ReeveFile.read(given).value().orElseThrow().keys());
    }

    @Test
    void aFileThatEverybodyMayWriteIsNotRead() throws IOException {
        Path file = homeFolder().resolve("reeve.yaml");
        Files.writeString(file, "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(
                "reeve.yaml: everybody on this machine may change this file; chmod o-w reeve.yaml\n",
                ReeveFile.read(home()).text());
    }

    @Test
    @Timeout(180)
    void whatIsNoFileIsNeverWaitedFor() throws IOException, InterruptedException {
        Path home = homeFolder();
        Files.createDirectory(home.resolve("policies"));
        Path pipe = home.resolve("policies/pipe.yaml");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        Assumptions.assumeTrue(made.waitFor() == 0, "no pipes here");
        Files.createSymbolicLink(home.resolve("policies/device.yaml"), Path.of("/dev/zero"));
        Loaded<PolicySet> loaded = PolicyFiles.read(home, TinySchemas::read);
        assertEquals(
                "policies/device.yaml: is not a file; put a file there\npolicies/pipe.yaml: is not a file; put a file there\n",
                loaded.text());
    }

    @Test
    void aMissingFileIsAnError() throws IOException {
        assertEquals(
                "reeve.yaml: there is no such file\n", ReeveFile.read(home()).text());
    }

    @Test
    void limitsThatContradictEachOtherAreErrors() throws IOException {
        bad(
                "gateway: { max_body: 8MiB, max_bodies: 4MiB, max_in_flight_per_agent: 1 }\n",
                "reeve.yaml:1: gateway: `max_bodies` is smaller than `max_body`: no request would fit",
                "reeve.yaml:1: gateway: `max_in_flight_per_agent` is smaller than `max_in_flight_per_instance`");
    }

    @Test
    void anIndexThatFollowsNothingCannotFeedExports() throws IOException {
        bad(
                """
                search: { share: 0 }
                exports:
                  archive: { kind: file, path: /tmp/reeve-events.jsonl }
                """,
                "reeve.yaml:1: search.share: with 0 the index follows only when somebody searches, and `exports` would get"
                        + " nothing; write at least 1, or remove `exports`");
        bad("search: { share: 101 }\n", "reeve.yaml:1: search.share: \"101\" is not a whole number from 0 to 100");
    }

    /** Whatever stands in the file, it ends in a value or in problems. */
    @Test
    void damagedFilesNeverThrow() throws IOException {
        long seed = 31;
        Random random = new Random(seed);
        String sample = """
                listen: { agents: 127.0.0.1:7070, control: "[::1]:7071" }
                data: ./d
                gateway: { max_body: 4MiB, call_timeout: 5m, max_depth: 10 }
                upstreams:
                  pg: { stdio: [npx, -y], env: { A: b, C: { secret: d } }, confine: none }
                  web: { url: "https://a.example/x", headers: [X], allow_addresses: [10.0.0.0/8, "fd00::/8"] }
                """;
        String pieces = "{}[]:,-?&*!|>'\"%@ \n~0x/.#9";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder(sample);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.deleteCharAt(at);
                } else {
                    text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                }
            }
            try {
                Loaded<ReeveConfig> loaded = load(text.toString());
                assertTrue(loaded.value().isPresent() || !loaded.problems().isEmpty());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + ":\n" + text, e);
            }
        }
    }
}
