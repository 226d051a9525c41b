package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditHouse;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `reeve policy ...` as a person or a CI job uses it. */
final class PolicyCommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @BeforeEach
    void write() throws IOException {
        write("reeve.yaml", "upstreams: { pg: { url: \"http://127.0.0.1:1/mcp\" } }\n");
        write("policies/all.yaml", rules("query_*"));
        write("tests/all.yaml", """
                cases:
                  - { given: { agent: ana }, when: { tool: pg.query_database }, then: allow }
                  - { given: { agent: ana }, when: { tool: pg.drop }, then: deny }
                """);
    }

    private static String rules(String tools) {
        return """
                rules:
                  - { name: queries, allow: { tool: "pg.%s", agent: ana } }
                  - { name: none-at-night, deny: { tool: "pg.*" }, when: time.getHours() < 4 }
                agents:
                  ana: { roles: [] }
                """.formatted(tools);
    }

    private void write(String file, String text) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    private record Ended(int code, String out) {
        Json.Obj json() throws Exception {
            return StrictJson.readObject(out.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        }

        long number(String name) throws Exception {
            return ((Json.Num) json().get(name).orElseThrow()).whole().orElseThrow();
        }
    }

    private Ended policy(String command, String... arguments) {
        StringWriter out = new StringWriter();
        return new Ended(policy(out, command, arguments), out.toString());
    }

    private int policy(StringWriter out, String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("policy", command));
        all.addAll(List.of(arguments));
        all.addAll(List.of(
                "--home", home.toString(), "--keys", home.resolve("keys").toString()));
        CommandLine line = Main.line(config -> OfflineRecords.none());
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        return line.execute(all.toArray(String[]::new));
    }

    private String recorded() throws Exception {
        try (AuditHouse house = new AuditHouse(home.resolve("copy"))) {
            house.done("rv_ana0000001", "ana");
            house.decide("rv_ana0000002", "ana", Ruling.DENY);
        }
        return home.resolve("copy/ledger").toString();
    }

    @Test
    void aReplayEndsByWhatChangesAndSaysWhichActions() throws Exception {
        String ledger = recorded();
        Ended all = policy("replay", "--ledger", ledger, "--json");
        // What they read before is not in these records, nor whether the clock was right: one rule asks for the time.
        assertEquals(2, all.number("actions"), all.out());
        assertEquals(2, all.number("unknown"), all.out());
        assertEquals(ExitCodes.OK, all.code());
        assertEquals(
                ExitCodes.UNKNOWN,
                policy("replay", "--ledger", ledger, "--strict").code());
        write("policies/all.yaml", rules("query_*").replace("  - { name: none-at-night", "#"));
        Ended wider = policy("replay", "--ledger", ledger);
        assertEquals(ExitCodes.CHANGED, wider.code());
        assertTrue(wider.out().contains("deny -> allow"), wider.out());
        assertTrue(wider.out().contains("rv_ana0000002"), wider.out());
        assertTrue(wider.out().contains("2 actions: 1 as they were, 1 wider, 0 tighter, 0 unknown"), wider.out());
        assertEquals(
                ExitCodes.OK,
                policy("replay", "--ledger", ledger, "--fail-on", "tighter").code());
        assertEquals(
                ExitCodes.CHANGED,
                policy("replay", "--ledger", ledger, "--fail-on", "wider").code());
    }

    @Test
    void aReplayOfAnotherFolderLeavesTheInstallationAlone() throws Exception {
        String ledger = recorded();
        write(
                "next/policies/all.yaml",
                rules("query_*").replace("agent: ana }", "agent: bob }").replace("  - { name: none-at-night", "#"));
        Ended ended = policy("replay", home.resolve("next").toString(), "--ledger", ledger, "--json");
        assertEquals(1, ended.number("tighter"), ended.out());
        assertEquals(
                "queries",
                ended.json()
                        .array("groups")
                        .map(groups -> (Json.Obj) groups.items().getFirst())
                        .flatMap(group -> group.object("rule"))
                        .flatMap(rule -> rule.string("name"))
                        .orElse(""));
    }

    @Test
    void aReplayThatCannotBeAskedForIsWrongUsage() throws Exception {
        String ledger = recorded();
        assertEquals(
                ExitCodes.USAGE,
                policy("replay", "--ledger", ledger, "--last", "soon").code());
        assertEquals(
                ExitCodes.USAGE,
                policy("replay", "--ledger", ledger, "--last", "1d", "--since", "x")
                        .code());
        assertEquals(
                ExitCodes.USAGE,
                policy("replay", home.resolve("nowhere").toString()).code());
        write("policies/all.yaml", "rules: [ { alow: { tool: x } } ]\n");
        assertEquals(ExitCodes.USAGE, policy("replay", "--ledger", ledger).code());
    }

    @Test
    void testsEndByWhatHoldsAndByHowMuchWasLookedAt() throws Exception {
        Ended good = policy("test", "--json");
        assertEquals(ExitCodes.OK, good.code());
        assertEquals(2, good.number("cases"));
        assertEquals(0, good.number("failures"));
        Ended low = policy("test", "--min-coverage", "100");
        assertEquals(ExitCodes.FAILED, low.code());
        assertTrue(low.out().contains("not covered: none-at-night (policies/all.yaml:3): decided nothing"), low.out());
        write("tests/night.yaml", """
                cases:
                  - { name: at night, given: { agent: ana, time: 2026-01-05T03:00:00Z }, when: { tool: pg.query_all }, then: allow }
                """);
        Path report = home.resolve("report.xml");
        Ended bad = policy("test", "--junit", report.toString());
        assertEquals(ExitCodes.FAILED, bad.code());
        assertTrue(bad.out().contains("at night"), bad.out());
        assertTrue(bad.out().contains("is deny instead of allow by none-at-night"), bad.out());
        assertTrue(Files.readString(report).contains("tests=\"3\" failures=\"1\""));
        write("tests/night.yaml", "case: []\n");
        assertEquals(ExitCodes.USAGE, policy("test").code());
    }

    @Test
    void watchingRunsThemAgainWhenAFileChanges() throws Exception {
        StringWriter out = new StringWriter();
        Thread watching = Thread.ofPlatform().daemon().start(() -> policy(out, "test", "--watch"));
        await(out, "2 cases, 0 failed");
        write("tests/more.yaml", "cases: [ { given: { agent: ana }, when: { tool: pg.other }, then: deny } ]\n");
        await(out, "3 cases, 0 failed");
        watching.interrupt();
        assertTrue(watching.join(Duration.ofSeconds(60)));
    }

    private static void await(StringWriter out, String text) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!out.toString().contains(text)) {
            assertTrue(System.nanoTime() < end, out.toString());
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void noCaseAtAllIsNoSuccess() throws Exception {
        Files.delete(home.resolve("tests/all.yaml"));
        assertEquals(ExitCodes.USAGE, policy("test").code());
    }

    @Test
    void startersComeFromTheRecord() throws Exception {
        String ledger = recorded();
        Ended made = policy("test", "--generate", "--ledger", ledger);
        assertEquals(ExitCodes.OK, made.code());
        assertTrue(made.out().contains("# 2 actions gave no case"), made.out());
    }

    @Test
    void aHypotheticalCallIsExplainedAndARecordUnderTheFilesAsTheyStand() throws Exception {
        Ended night =
                policy("explain", "--agent", "ana", "--tool", "pg.query_all", "--at", "2026-01-05T03:00:00Z", "--json");
        assertEquals(ExitCodes.OK, night.code());
        assertEquals("deny", night.json().string("verdict").orElse(""));
        assertTrue(night.out().contains("time.getHours()"), night.out());
        Ended other = policy("explain", "--role", "x", "--tool", "pg.query_all", "--args", "{\"a\": 1}");
        assertTrue(other.out().contains("it is for other agents"), other.out());
        write("policies/all.yaml", rules("query_*").replace("  - { name: none-at-night", "#"));
        Ended record = policy("explain", "rv_ana0000002", "--now", "--ledger", recorded());
        assertTrue(record.out().contains("now                allow by queries (policies/all.yaml:2)"), record.out());
    }

    @Test
    void anExplanationNeedsARecordOrACall() {
        assertEquals(ExitCodes.USAGE, policy("explain").code());
        assertEquals(ExitCodes.USAGE, policy("explain", "--tool", "pg.x").code());
        assertEquals(
                ExitCodes.USAGE,
                policy("explain", "--agent", "bob", "--tool", "pg.x").code());
        assertEquals(
                ExitCodes.USAGE,
                policy("explain", "--agent", "ana", "--tool", "pg.x", "--args", "[1]")
                        .code());
        assertEquals(
                ExitCodes.USAGE,
                policy("explain", "--agent", "ana", "--tool", "pg").code());
    }
}
