package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
import dev.reeve.config.PolicyFiles;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.PolicySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShadowsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private static final String POLICY = """
            rules:
              - { name: pays, allow: { tool: pay.out, agent: ann } }
              - { name: large, deny: { tool: pay.out }, when: arguments.amount > 300, mode: shadow, until: 2026-12-01T00:00:00Z }
              - { name: ask, require_approval: { tool: pay.out }, when: arguments.amount > 200, mode: shadow }
              - { name: mails, allow: { tool: mail.send }, mode: shadow, until: 2026-12-01T00:00:00Z }
              - { name: no-bob, deny: { tool: mail.send, agent: bob } }
            agents:
              ann: { roles: [] }
              bob: { roles: [] }
            """;

    @Test
    void whatARuleInShadowWouldHaveDoneIsRecordedAndSummedUpAndDecidesNothing() throws Exception {
        Workshop.write(home, "policies/all.yaml", POLICY);
        try (Workshop workshop = new Workshop(home).enforce()) {
            assertInstanceOf(Verdict.Allow.class, workshop.does("ann", Workshop.call("pay.out", "amount", "100")));
            assertInstanceOf(Verdict.Allow.class, workshop.does("ann", Workshop.call("pay.out", "amount", "400")));
            assertInstanceOf(Verdict.Deny.class, workshop.does("ann", Workshop.call("mail.send", "to", "x")));
            assertInstanceOf(Verdict.Deny.class, workshop.does("bob", Workshop.call("mail.send", "to", "x")));
            ReplayReport report = Shadows.run(workshop.house.folder, EventFilter.ALL, 2, Progress.silent());
            List<String> found = new ArrayList<>();
            report.groups()
                    .forEach(group ->
                            found.add(group.key().what() + " " + group.key().agent() + " "
                                    + group.key().rule().orElseThrow().name() + " "
                                    + group.key().then() + " -> "
                                    + group.key().now()));
            found.sort(null);
            assertEquals(
                    List.of(
                            "TIGHTER ann ask allow -> hold",
                            "TIGHTER ann large allow -> deny",
                            "WIDER ann mails deny -> allow"),
                    found);
            // The rule that decided is the one in force, whatever stands before it in the record.
            new AuditReader(workshop.house.folder).read(0, happened -> {
                if (EventText.status(happened).equals("success")) {
                    assertEquals(
                            "pays (policies/all.yaml:2)",
                            EventText.rule(happened).orElse(""));
                }
                return true;
            });
            assertEquals(
                    0,
                    workshop.replay(home).groups().size(),
                    workshop.replay(home).table().toString());
        }
    }

    /** Of what it touches beside, the record does not say whether anything would allow it. */
    @Test
    void anAllowForOneOfManyThingsIsUnknown() throws Exception {
        Workshop.write(
                home, "catalog/web.yaml", "tools: { web.get: { acts_on: \"url:{arguments.urls}\", action: read } }\n");
        Workshop.write(home, "policies/all.yaml", """
                rules: [ { name: one, allow: { resource: "url:https://a.example/" }, mode: shadow } ]
                agents: { ann: { roles: [] } }
                """);
        try (Workshop workshop = new Workshop(home).enforce()) {
            Json.Arr urls = Json.Arr.ofStrings(List.of("https://a.example/", "https://b.example/"));
            workshop.does(
                    "ann",
                    new Operation.ToolCall(
                            "web", "get", Json.object().put("urls", urls).build()));
            ReplayReport report = Shadows.run(workshop.house.folder, EventFilter.ALL, 1, Progress.silent());
            assertEquals(0, report.wider(), report.table().toString());
            assertEquals(1, report.unknown(), report.table().toString());
            workshop.does("ann", Workshop.call("web.get", "urls", "https://a.example/"));
            report = Shadows.run(workshop.house.folder, EventFilter.ALL, 1, Progress.silent());
            assertEquals(1, report.wider(), report.table().toString());
        }
    }

    @Test
    void theDayOfTheEndPutsADenyInForceAndNoAllow() throws Exception {
        Workshop.write(home, "policies/all.yaml", POLICY);
        try (Workshop workshop = new Workshop(home).enforce()) {
            workshop.now = Instant.parse("2026-12-01T00:00:00Z");
            assertInstanceOf(Verdict.Deny.class, workshop.does("ann", Workshop.call("pay.out", "amount", "400")));
            assertInstanceOf(Verdict.Deny.class, workshop.does("ann", Workshop.call("mail.send", "to", "x")));
        }
    }

    @Test
    void aShadowThatHasEndedIsAWarning() throws Exception {
        Workshop.write(home, "policies/all.yaml", POLICY);
        PolicySource source =
                PolicyFiles.read(home, Workshop::schema).value().orElseThrow().source();
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        source.rules().forEach(rule -> {
            rule.shadowEnded(Instant.parse("2026-11-30T23:59:59Z")).ifPresent(it -> before.add(it.toString()));
            rule.shadowEnded(Instant.parse("2026-12-01T00:00:00Z")).ifPresent(it -> after.add(it.toString()));
        });
        assertEquals(List.of(), before);
        assertEquals(2, after.size(), after.toString());
        assertTrue(after.getFirst().contains("the rule is in force"), after.toString());
        assertFalse(after.getLast().contains("the rule is in force"), after.toString());
    }
}
