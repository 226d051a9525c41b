package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditHouse;
import dev.reeve.gate.Journal.Ruling;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code reeve audit review} on a real ledger: what it ends with, and whose policy it looks at. */
final class AuditReviewTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private record Ended(int code, String out) {}

    private Ended review(String... typed) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line(config -> OfflineRecords.none());
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        List<String> words = new ArrayList<>(List.of("audit", "review"));
        words.addAll(List.of(typed));
        words.addAll(List.of("--ledger", folder.resolve("copy/ledger").toString(), "--home", folder.toString()));
        return new Ended(line.execute(words.toArray(String[]::new)), out.toString());
    }

    /** Two calls that ended, one that was denied, and the glass. */
    @BeforeEach
    void record() throws Exception {
        try (AuditHouse house = new AuditHouse(folder.resolve("copy"))) {
            house.done("rv_ana0000001", "ana");
            house.decide("rv_ana0000002", "ana", Ruling.DENY);
            house.journal.completed(AuditHouse.completion(house.decide("rv_bob0000003", "bob", Ruling.ALLOW)));
            house.control("bo", "break_glass", "rv_bob0000003");
        }
    }

    private void policy() throws IOException {
        Files.writeString(folder.resolve("reeve.yaml"), "upstreams: { pg: { url: \"http://127.0.0.1:1/mcp\" } }\n");
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(
                folder.resolve("policies/all.yaml"),
                "agent_roles: { clerk: { permissions: [ { resource: \"tool:pg.drop\", actions: [execute] } ] } }\n");
    }

    @Test
    void whatIsGraveEnoughEndsWithFour() {
        Ended usual = review();
        assertEquals(ExitCodes.CHANGED, usual.code(), usual.out());
        assertTrue(usual.out().contains("high  the glass was broken  [break-glass rf_"), usual.out());
        assertTrue(usual.out().contains("6 records, 3 actions: 1 high, 0 medium, 0 low"), usual.out());
        assertTrue(usual.out().contains("permissions were not looked at"), usual.out());
        assertEquals(ExitCodes.OK, review("--fail-on", "nothing").code());
        assertEquals(ExitCodes.OK, review("--until", "2026-11-24T09:00:00Z").code(), "nothing had happened then");
    }

    @Test
    void permissionsAreThoseOfTheFilesAsTheyStand() throws IOException {
        policy();
        Ended found = review("--json", "--fail-on", "low");
        assertEquals(ExitCodes.CHANGED, found.code());
        assertTrue(found.out().contains("\"unused-permission\""), found.out());
        assertTrue(found.out().contains("tool:pg.drop"), found.out());
        assertFalse(review().out().contains("permissions were not looked at"));
    }

    @Test
    void aRangeThatIsNoneIsAUsageError() {
        assertEquals(ExitCodes.USAGE, review("--since", "yesterday").code());
        assertEquals(
                ExitCodes.USAGE,
                review("--since", "2026-11-24T09:00:00Z", "--last", "1d").code());
    }
}
