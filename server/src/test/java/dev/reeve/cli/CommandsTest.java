package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.KeyText;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.AdminRecords;
import dev.reeve.control.ControlRoom;
import dev.reeve.control.ControlSocket;
import dev.reeve.control.StopRoute;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.secrets.Secret;
import dev.reeve.store.DataLock;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a person or a script uses them, with and without a running process. */
final class CommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private final List<String> acts = new ArrayList<>();

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(
                home.resolve("reeve.yaml"), "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\" }\n");
        Files.setPosixFilePermissions(home.resolve("reeve.yaml"), PosixFilePermissions.fromString("rw-------"));
    }

    private record Ended(int code, String out, String err) {
        Json.Obj json() throws Exception {
            return StrictJson.readObject(out.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        }
    }

    private Path data() {
        return home.resolve("reeve-data");
    }

    private Path keys() {
        return home.resolve("keys");
    }

    private Ended reeve(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.toString(), "--keys", keys().toString()));
        return bare(all.toArray(String[]::new));
    }

    private Ended bare(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line(this::record);
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = line.execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private OfflineRecords.Opened record(ReeveConfig ignored) {
        return new OfflineRecords.Opened() {
            @Override
            public void record(String person, String act, String subject, Json.Obj difference) {
                acts.add(person + " " + act + " " + subject);
            }

            @Override
            public void close() {
                acts.add("closed");
            }
        };
    }

    /** What `reeve serve` does with the data folder, without the rest of it. */
    private final class Serving implements AutoCloseable {
        private final DataLock lock;
        private final ControlRoom room;
        private final ControlSocket socket;

        Serving() throws IOException {
            this(() -> {});
        }

        Serving(Runnable stop) throws IOException {
            lock = DataLock.take(data()).orElseThrow();
            AdminRecords records = (person, act, subject, difference) -> acts.add(person + " " + act + " " + subject);
            room = ControlRoom.open(new ControlRoom.Settings(
                    data(),
                    keys(),
                    "n1",
                    records,
                    InstantSource.system(),
                    new SecureRandom(),
                    new Metrics(),
                    acts::add));
            socket = ControlSocket.open(data(), room.routes(List.of(StopRoute.of(records, stop))));
        }

        @Override
        public void close() throws IOException {
            socket.close();
            room.close();
            lock.close();
        }
    }

    @Test
    void aKeyIsMadeWithoutAProcessAndIsGoodInTheNextOne() throws Exception {
        assertEquals(
                0,
                reeve("agent", "create", "clerk", "--role", "data_analyst,hr").code());
        Ended key = reeve("key", "create", "clerk", "--expires", "12h");
        assertEquals(0, key.code());
        assertTrue(KeyText.AGENT.wellFormed(Secret.of(key.out().strip())), "nothing but the key on standard output");
        assertTrue(key.err().contains("is not shown again"));
        String user = "local:" + System.getProperty("user.name");
        assertEquals(user + " agent_create clerk", acts.getFirst());
        assertEquals("closed", acts.getLast());
        try (Serving process = new Serving()) {
            Ended list = reeve("agent", "list");
            assertTrue(list.out().contains("clerk  active  data_analyst,hr"), list.out());
            assertFalse(list.out().contains("\u001b"), "no colour without a terminal");
            assertEquals(1, process.room.directory().roster().credentials().size());
        }
    }

    @Test
    void theWholeLifeOfAnAgentThroughARunningProcess() throws Exception {
        try (Serving process = new Serving()) {
            assertEquals(
                    0,
                    reeve("agent", "create", "clerk", "--owner", "ana@example.com")
                            .code());
            Ended again = reeve("agent", "create", "clerk", "--owner", "ana@example.com");
            assertEquals(0, again.code());
            assertTrue(again.out().contains("is there already, unchanged"));
            Ended other = reeve("agent", "create", "clerk", "--owner", "bob@example.com");
            assertEquals(1, other.code());
            assertEquals(
                    "reeve: the agent `clerk` exists with other values; `reeve agent show clerk` says how it is now\n",
                    other.err());
            Json.Obj key = reeve("key", "create", "clerk", "--json").json();
            String id = key.string("id").orElseThrow();
            Json.Obj rotated =
                    reeve("key", "rotate", id, "--overlap", "1h", "--json").json();
            assertFalse(rotated.string("id").orElseThrow().equals(id));
            assertTrue(reeve("key", "list", "clerk").out().contains(id));
            assertEquals(0, reeve("key", "revoke", id).code());
            assertEquals(0, reeve("agent", "suspend", "clerk").code());
            assertEquals(0, reeve("agent", "resume", "clerk").code());
            Ended shown = reeve("agent", "show", "clerk");
            assertTrue(shown.out().contains("owner: ana@example.com"), shown.out());
            assertFalse(shown.out().contains(key.string("key").orElseThrow()));
            Ended retired = reeve("agent", "retire", "clerk");
            assertEquals(0, retired.code());
            assertTrue(retired.out().contains(id + " tried again: agent_retired"), retired.out());
            assertEquals(1, reeve("key", "create", "clerk").code());
            Ended nobody = reeve("key", "create", "nobody");
            assertEquals(1, nobody.code());
            assertTrue(
                    nobody.err().contains("there is no agent `nobody`; `reeve agent list` shows them"), nobody.err());
            Ended king = reeve("admin", "token", "ana", "--role", "king");
            assertEquals(2, king.code(), king.err());
            assertTrue(acts.contains("local:" + System.getProperty("user.name") + " agent_retire clerk"));
            assertEquals(0, process.room.administration().unsettled());
        }
    }

    @Test
    void stopAsksTheProcessAndWaitsUntilItHasGivenTheFolderBack() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Serving process = new Serving(asked::countDown);
        Thread ends = Thread.ofPlatform().start(() -> {
            try {
                asked.await();
                process.close();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Ended stopped = reeve("stop", "--json");
        assertEquals(0, stopped.code(), stopped.err());
        assertEquals(
                Json.object()
                        .put("pid", ProcessHandle.current().pid())
                        .put("stopped", true)
                        .build(),
                stopped.json());
        assertTrue(acts.contains("local:" + System.getProperty("user.name") + " serve_stop serve"), acts.toString());
        ends.join();
        Ended none = reeve("stop");
        assertEquals(3, none.code());
        assertTrue(none.err().contains("is not running"), none.err());
    }

    @Test
    void stopSaysThatAProcessStillRuns() throws Exception {
        try (Serving process = new Serving()) {
            Ended ended = reeve("stop", "--wait", "0");
            assertEquals(1, ended.code());
            assertTrue(ended.out().contains("still runs after 0 s"), ended.out());
            assertEquals(2, reeve("stop", "--wait", "-1").code());
            assertEquals(0, process.room.administration().unsettled());
        }
    }

    /** Whoever gets a link can open it as it is. */
    @Test
    void aLinkNamesTheAddressOfThePagesWhereTheFilesSayIt() throws Exception {
        Map<String, String> addresses = Map.of(
                "listen: { control: \"127.0.0.1:7099\" }", "http://127.0.0.1:7099",
                "listen: { control: \"[::1]:7099\" }", "http://[::1]:7099",
                "listen: { control: \"127.0.0.1:0\" }", "",
                "approvals: { address: \"https://reeve.example.com\" }", "https://reeve.example.com");
        for (Map.Entry<String, String> one : addresses.entrySet()) {
            Path folder = Files.createDirectories(home.resolve("of-links"));
            Files.writeString(folder.resolve("reeve.yaml"), one.getKey() + "\n");
            ReeveConfig config = ReeveFile.read(Home.of(folder, Optional.of(folder.resolve("keys")), Map.of()))
                    .value()
                    .orElseThrow();
            assertEquals(one.getValue(), AdminAccounts.Invite.address(config).orElse(""), one.getKey());
        }
    }

    @Test
    void tokensOfAdministratorsAreMadeShownAndEnded() throws Exception {
        try (Serving process = new Serving()) {
            Ended token = reeve("admin", "token", "ana", "--expires", "1h");
            assertEquals(0, token.code());
            assertTrue(KeyText.ADMIN.wellFormed(Secret.of(token.out().strip())));
            Json.Obj listed = (Json.Obj) reeve("admin", "list", "--json")
                    .json()
                    .array("tokens")
                    .orElseThrow()
                    .items()
                    .getFirst();
            assertEquals(
                    0,
                    reeve("admin", "revoke", listed.string("id").orElseThrow()).code());
            assertTrue(reeve("admin", "list").out().contains("revoked"));
            assertEquals(1, reeve("admin", "revoke", "a_nothing").code());
            assertTrue(process.room.administrators().firstLink().isPresent());
        }
    }

    @Test
    void statusSaysWhyItIsNotReady() throws Exception {
        assertEquals(3, reeve("status").code());
        try (Serving process = new Serving()) {
            assertEquals(0, reeve("status").code());
            process.room.health().check("ledger", () -> Optional.of("the disk is \u001b[31mfull"));
            process.room.health().tell("approvals_untold", () -> new Json.Str(""));
            process.room
                    .health()
                    .tell(
                            "judges",
                            () -> new Json.Arr(List.of(Json.object()
                                    .put("cached", 1)
                                    .put("down", 2)
                                    .put("heard", 3)
                                    .put("name", "main")
                                    .put("trouble", "it answers 500")
                                    .build())));
            Ended status = reeve("status");
            assertEquals(1, status.code());
            assertTrue(
                    status.out()
                            .contains(
                                    "judge main: heard 3 times, 1 from before, 2 not heard; the last time: it answers 500\n"),
                    status.out());
            assertFalse(status.out().contains("untold") || status.out().contains("\"name\""), status.out());
            assertTrue(status.out().contains("  ledger: the disk is \\u{1B}[31mfull\n"), status.out());
            assertEquals(
                    Json.Bool.FALSE,
                    reeve("status", "--json").json().get("ready").orElseThrow());
        }
    }

    @Test
    void aFolderThatIsTakenButSilentIsUnreachable() throws Exception {
        try (var _ = DataLock.take(data()).orElseThrow()) {
            Ended ended = reeve("agent", "list");
            assertEquals(3, ended.code());
            assertTrue(ended.err().contains("does not answer"), ended.err());
        }
    }

    @Test
    void wrongUseEndsWithTwoAndSaysHow() {
        assertEquals(2, bare().code());
        assertEquals(2, bare("agnet", "list").code());
        assertEquals(2, reeve("agent", "create").code());
        assertEquals(2, reeve("key", "create", "clerk", "--expiers", "1d").code());
        Ended nowhere = bare("agent", "list", "--home", home.resolve("nowhere").toString());
        assertEquals(2, nowhere.code());
        assertTrue(nowhere.err().contains("there is no "), nowhere.err());
    }

    @Test
    void foreignTextIsShownNotObeyed() {
        Ended ended = reeve("agent", "show", "x\u001b]0;y\u0007");
        assertEquals(1, ended.code());
        assertFalse(ended.err().contains("\u001b"));
        assertEquals("a\\u{202E}b\\u{1B}[1m\\u{200B}c\\u{A}", Screen.escape("a\u202eb\u001b[1m\u200bc\n"));
    }

    @Test
    void everyCommandHasHelp() {
        CommandLine line = Main.line(config -> OfflineRecords.none());
        List<List<String>> paths = new ArrayList<>();
        collect(line, List.of(), paths);
        assertTrue(paths.size() > 15, paths.toString());
        for (List<String> path : paths) {
            List<String> arguments = new ArrayList<>(path);
            arguments.add("--help");
            Ended help = bare(arguments.toArray(String[]::new));
            assertEquals(0, help.code(), path.toString());
            assertTrue(help.out().contains("Usage: reeve"), path.toString());
            assertTrue(help.out().contains(path.isEmpty() ? "Start with: reeve " : "Example:  "), path.toString());
        }
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> paths) {
        paths.add(path);
        line.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, paths);
        });
    }

    @Test
    void completionIsPrintedForTheShell() {
        Ended printed = bare("completion");
        assertEquals(0, printed.code());
        assertTrue(printed.out().contains("complete -F _complete_reeve"), printed.out());
    }

    @Test
    void checkTellsTheMistakesOfAllFilesAtOnceAndJsonIsOneObject() throws Exception {
        Files.writeString(home.resolve("reeve.yaml"), "lisen: {}\nupstreams: { a: { url: \"ftp://x\" } }\n");
        Files.createDirectory(home.resolve("policies"));
        Files.writeString(home.resolve("policies/p.yaml"), "agents: { x: { roles: [none] } }\n");
        Ended text = reeve("check");
        assertEquals(2, text.code());
        assertTrue(text.out().contains("reeve.yaml:1: lisen: unknown key; did you mean \"listen\"?"), text.out());
        assertTrue(text.out().contains("reeve.yaml:2: upstreams.a.url: "), text.out());
        assertTrue(text.out().contains("policies/p.yaml:1: agents.x: unknown role `none`"), text.out());
        Ended json = reeve("check", "--json");
        assertEquals(2, json.code());
        assertEquals(Json.of(3), json.json().get("errors").orElseThrow());
    }

    @Test
    void thirtyMistakesAreToldInOneGoEachWithItsFile() throws Exception {
        Files.writeString(home.resolve("reeve.yaml"), """
                reeve: 2
                listen: { agents: 0.0.0.0:7070, control: "127.0.0.1:99999" }
                upstream: {}
                upstreams:
                  a: { stdio: [npx, x] }
                  b: { url: "http://example.com/mcp" }
                  c: { url: "https://x.example", stdio: [y], confine: none }
                  "bad name!": { url: "https://x.example" }
                  d: { stdio: npx, confine: none }
                  e: { url: "https://x.example", timeouts: { connect: 5 } }
                  f: { stdio: [x], confine: none, definitions: trust }
                  g: { url: "https://x.example", max_answer: 1TB, headers: { A: { secret: nope.A } } }
                gateway: { max_body: -1 }
                """);
        Files.createDirectory(home.resolve("catalog"));
        Files.writeString(home.resolve("catalog/c.yaml"), """
                resources:
                  s: { database: { dialect: oracle, schema: nope.sql } }
                  t: { database: { dialect: sqlite, schema: ../../etc/passwd } }
                tools:
                  a.r: { acts_on: s, action: read, sql: arguments.x }
                  a.s: { action: read }
                """);
        Path policies = Files.createDirectory(home.resolve("policies"));
        Files.writeString(policies.resolve("p.yaml"), """
                agent_roles:
                  r: { permissions: [ { resource: s, actoins: [read] } ] }
                rules:
                  - { allow: { tool: "a.q" }, deny: { tool: "a.q" } }
                  - deny: {}
                  - { deny: { tool: "a.q" }, mode: shadwo }
                agents:
                  x: { roles: r }
                limits: []
                """);
        Files.writeString(policies.resolve("q.yaml"), "agents: { x: { roles: [r] } }\n");
        Files.writeString(policies.resolve("alias.yaml"), "rules: &a []\nagents: *a\n");
        Files.write(policies.resolve("binary.yaml"), new byte[] {0, 1, 2, (byte) 0xff});
        Files.createDirectory(policies.resolve("folder.yaml"));
        Files.createSymbolicLink(policies.resolve("nowhere.yaml"), Path.of("/nonexistent/file"));
        Files.write(policies.resolve("huge.yaml"), new byte[3 << 20]);
        Files.writeString(policies.resolve("deep.yaml"), "rules: " + "[".repeat(100_000));
        Files.writeString(policies.resolve("half.yaml"), "agent_roles: { r: { permissions: [ { resource: x, act");
        Ended told = reeve("check");
        assertEquals(2, told.code());
        List<String> lines = told.out().lines().toList();
        assertTrue(lines.size() >= 30, told.out());
        assertTrue(lines.getLast().matches("\\d+ errors, .*"), told.out());
        for (String line : lines.subList(0, lines.size() - 1)) {
            assertTrue(line.matches("(reeve\\.yaml|catalog/|policies/).*: .+"), line);
            assertFalse(line.contains("Exception") || line.contains("\tat "), line);
        }
    }

    @Test
    void checkKnowsTheNamesOfUpstreamsAlsoIfTheirFileIsWrong() throws Exception {
        Files.writeString(
                home.resolve("reeve.yaml"), "lisen: {}\nupstreams: { mail: { url: \"https://example.com\" } }\n");
        Files.createDirectory(home.resolve("catalog"));
        Files.writeString(
                home.resolve("catalog/c.yaml"), "tools: { mail.send: { acts_on: \"mail:{arguments.to}\" } }\n");
        Ended text = reeve("check");
        assertFalse(text.out().contains("no upstream of reeve.yaml offers such a tool"), text.out());
    }

    @Test
    void aRoleThatNoPolicyHasIsToldWhenAnAgentIsMade() {
        Ended made = reeve("agent", "create", "clerk", "--role", "redaer");
        assertEquals(0, made.code(), made.err());
        assertTrue(made.err().contains("no policy has a role `redaer`"), made.err());
    }

    @Test
    void doctorNamesWhatIsWrongAndWhatToDo() throws Exception {
        Ended healthy = reeve("doctor");
        assertEquals(0, healthy.code(), healthy.out());
        assertTrue(healthy.out().contains("warn  process: it does not run"), healthy.out());
        try (var _ = new Serving()) {
            assertTrue(reeve("doctor").out().contains("ok    process: it runs and is ready"));
        }
        try (var files = Files.list(keys())) {
            Files.setPosixFilePermissions(
                    files.findFirst().orElseThrow(), PosixFilePermissions.fromString("rw-r--r--"));
        }
        Ended open = reeve("doctor", "--json");
        assertEquals(1, open.code());
        assertTrue(open.out().contains("chmod go= "), open.out());
        Files.writeString(home.resolve("reeve.yaml"), "lisen: {}\n");
        Ended broken = reeve("doctor");
        assertEquals(1, broken.code());
        assertTrue(broken.out().contains("FAIL  configuration: "), broken.out());
    }

    @Test
    void anActThatCannotBeRecordedIsNotDone() {
        StringWriter err = new StringWriter();
        CommandLine line = Main.line(config -> OfflineRecords.none());
        line.setErr(new PrintWriter(err)).setOut(new PrintWriter(new StringWriter()));
        String[] create = {"agent", "create", "x", "--home", home.toString(), "--keys", keys().toString()};
        assertEquals(1, line.execute(create));
        assertTrue(err.toString().contains("it cannot be recorded, so it is not done"), err.toString());
        assertFalse(reeve("agent", "list").out().contains("x "));
    }
}
