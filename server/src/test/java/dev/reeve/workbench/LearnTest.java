package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.config.PolicyFiles;
import dev.reeve.gate.Verdict;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.PolicySource;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.RecordedAction.Touched;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proposals from the record: narrow roles, and the narrow rule that a denial lacked. */
final class LearnTest {
    private static final String ROLES = ReplayTest.POLICY.substring(0, ReplayTest.POLICY.indexOf("conditions:\n"));
    private static final String REST = ReplayTest.POLICY.substring(ROLES.length());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path other;

    @SuppressWarnings("NullAway.Init")
    private Workshop workshop;

    @BeforeEach
    void open() throws Exception {
        for (Path folder : List.of(home, other)) {
            Workshop.write(folder, "catalog/systems.yaml", ReplayTest.CATALOG);
            Workshop.write(folder, "catalog/sales.sql", "CREATE TABLE customers (id INTEGER, name TEXT, email TEXT);");
            Workshop.write(
                    folder, "catalog/staff.sql", "CREATE TABLE people (id INTEGER, name TEXT, department TEXT);");
            Workshop.write(folder, "policies/roles.yaml", ROLES);
            Workshop.write(folder, "policies/rest.yaml", REST);
        }
        workshop = new Workshop(home);
        workshop.enforce();
    }

    @AfterEach
    void close() throws Exception {
        workshop.close();
    }

    private PolicySource source() {
        return PolicyFiles.read(home, Workshop::schema).value().orElseThrow().source();
    }

    private Learning.Learned learned() throws Exception {
        return Learning.of(workshop.house.folder, EventFilter.ALL, source(), Workshop.tools(), 2, Progress.silent());
    }

    /** The files with the proposal in the place of the roles. */
    private ReplayReport taken(String text) throws Exception {
        Workshop.write(other, "policies/roles.yaml", text);
        return workshop.replay(other);
    }

    @Test
    void learnedRolesAllowWhatWasAllowedAndNothingThatWasNot() throws Exception {
        Random random = new Random(20261126);
        for (int i = 0; i < 600; i++) {
            workshop.now = workshop.now.plusSeconds(random.nextInt(4_000));
            String agent =
                    List.of("ann", "cleo", "stored-clerk", "stored-analyst").get(random.nextInt(4));
            workshop.does(agent, ReplayTest.any(random));
        }
        Learning.Learned learned = learned();
        assertTrue(learned.allowed() > 100, learned.text());
        assertEquals(0, learned.tried().wider() + learned.tried().tighter(), learned.text());
        ReplayReport taken = taken(learned.text());
        assertEquals(0, taken.wider() + taken.tighter(), taken.table().toString());
        assertEquals(learned.tried().json(), taken.json(), "what was tried is what is written");
    }

    @Test
    void valuesStayValuesUntilTheyAreManyAndWhatNothingNeededIsMarked() throws Exception {
        for (int i = 0; i < 20; i++) {
            workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/a/" + i));
        }
        workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/b/1"));
        workshop.does("cleo", Workshop.call("mail.send", "to", "bo@example.com"));
        workshop.does("ann", Workshop.call("pg.query", "sql", "SELECT name FROM customers"));
        String text = learned().text();
        assertTrue(text.contains("- { resource: \"url:https://example.org/a/*\", actions: [\"read\"] }"), text);
        assertTrue(text.contains("- { resource: \"url:https://example.org/b/1\", actions: [\"read\"] }"), text);
        assertTrue(
                text.contains("\"mail:bo@example.com\", actions: [\"create\"], conditions: [\"business_hours\"] }"),
                text);
        assertTrue(
                text.contains("\"db:sales/customers\", actions: [\"query\"], conditions: [\"no_pii_access\"]"), text);
        assertTrue(text.contains("# never used: { resource: \"payments\""), text);
        assertFalse(text.contains("url:**"), text);
        assertEquals(0, taken(text).tighter());
    }

    @Test
    void withNothingRecordedEveryPermissionIsMarkedAndTheFileIsAPolicyAllTheSame() throws Exception {
        Learning.Learned learned = learned();
        assertEquals(9, learned.unused());
        assertEquals(0, taken(learned.text()).actions());
    }

    private Proposal.Proposed proposed(Verdict denied) throws Exception {
        return proposed(denied, EventFilter.ALL);
    }

    private Proposal.Proposed proposed(Verdict denied, EventFilter filter) throws Exception {
        Stored record = new AuditReader(workshop.house.folder)
                .find(denied.ticket())
                .getFirst()
                .record();
        return new Proposal(source(), Workshop.tools()).of(record, workshop.house.folder, filter, 2, Progress.silent());
    }

    @Test
    void aDenialBecomesTheNarrowRuleThatItLackedAndWhatElseItWouldAllowIsCounted() throws Exception {
        Verdict denied = workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/a"));
        workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/a/b"));
        workshop.does("cleo", Workshop.call("pay.out", "amount", "900"));
        String text = proposed(denied).text().orElseThrow();
        assertTrue(text.contains("it allows this and nothing else"), text);
        assertTrue(
                text.contains("- allow: { resource: \"url:https://example.org/a\", action: read, agent: \"ann\" }"),
                text);
        assertTrue(text.contains("when: \"arguments.url == \\\"https://example.org/a\\\"\""), text);
        Workshop.write(other, "policies/proposed.yaml", text);
        ReplayReport taken = workshop.replay(other);
        assertEquals(1, taken.wider());
        workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/a"));
        assertTrue(proposed(denied).text().orElseThrow().contains("and 1 other action that was"), "the same once more");
    }

    /** What was read at one server is proposed there: its bare name would allow it at every other one. */
    @Test
    void aServersFileIsProposedByItsNameThere() throws Exception {
        Workshop.write(home, "policies/files.yaml", """
                agent_roles:
                  reader:
                    permissions:
                      - { resource: "file:/srv/**", actions: [read] }
                """);
        workshop.enforce();
        Operation read = new Operation.ResourceRead("web", "file:///srv/a.txt");
        assertTrue(workshop.does("stored-reader", read) instanceof Verdict.Allow);
        for (int i = 0; i < 20; i++) {
            workshop.does("stored-reader", new Operation.ResourceRead("web", "file:///srv/many/" + i));
        }
        String text = learned().text();
        assertTrue(text.contains("- { resource: \"mcp:web/file:///srv/a.txt\", actions: [\"read\"] }"), text);
        assertTrue(text.contains("- { resource: \"mcp:web/file:///srv/many/*\", actions: [\"read\"] }"), text);
        assertFalse(text.contains("resource: \"file:"), text);
        ReplayReport taken = taken(text);
        assertEquals(0, taken.wider() + taken.tighter(), taken.table().toString());
        Verdict denied = workshop.does("ann", new Operation.ResourceRead("pg", "file:///srv/b.txt"));
        String proposed = proposed(denied).text().orElseThrow();
        assertTrue(
                proposed.contains("- allow: { resource: \"mcp:pg/file:///srv/b.txt\", action: read, agent: \"ann\" }"),
                proposed);
    }

    /** Records from before a server's file had a name there. */
    @Test
    void anOlderRecordIsReadAsItWouldBeWrittenToday() {
        Operation read = new Operation.ResourceRead("web", "file:///srv/a");
        Touched now = new Touched(List.of("mcp:web/file:///srv/a", "file:/srv/a"), "read", Optional.empty());
        Touched then = new Touched(List.of("file:/srv/a"), "read", Optional.empty());
        assertEquals(Set.of(now), Rebuilding.atServer(Set.of(then), read));
        assertEquals(Set.of(now), Rebuilding.atServer(Set.of(now), read));
        Operation tool = Workshop.call("files.read", "path", "/srv/a");
        assertEquals(Set.of(then), Rebuilding.atServer(Set.of(then), tool));
        Touched box = new Touched(List.of("mcp:web/box:1"), "read", Optional.empty());
        assertEquals(Set.of(box), Rebuilding.atServer(Set.of(box), new Operation.ResourceRead("web", "box:1")));
    }

    /** Agents choose names: one with a star would be a pattern in a rule, and allow more than was done. */
    @Test
    void aNameThatWouldBeAPatternIsNeverProposed() throws Exception {
        Verdict denied = workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/?q=**"));
        assertEquals(Optional.empty(), proposed(denied).text());
        assertTrue(
                proposed(denied).why().contains("would be a pattern"),
                proposed(denied).why());
        workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/?q=*"));
        workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/a"));
        String text = learned().text();
        assertTrue(
                text.contains(
                        "# left out, as it would be a pattern, or is too long for one: \"url:https://example.org/?q=*\""),
                text);
        assertFalse(text.contains("resource: \"url:https://example.org/?q=*"), text);
        assertTrue(text.contains("resource: \"url:https://example.org/a\""), text);
        // What was left out is denied by it, and nothing more is allowed.
        assertEquals(1, taken(text).tighter());
        assertEquals(0, taken(text).wider());
    }

    @Test
    void aPermissionThatWasUsedForPatternsOnlyLeavesARoleThatLoads() throws Exception {
        workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/?q=*"));
        assertEquals(1, taken(learned().text()).tighter());
    }

    /** The denial may lie outside of the range that it is tried on. */
    @Test
    void whatElseWouldBeAllowedIsCountedWithoutTheDenialItself() throws Exception {
        Verdict denied = workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/a"));
        workshop.now = workshop.now.plusSeconds(3_600);
        workshop.does("ann", Workshop.call("web.fetch", "url", "https://example.org/a"));
        EventFilter later = EventFilter.of(EventQuery.of(
                Map.of(EventQuery.Part.SINCE, workshop.now.minusSeconds(1).toString())));
        String text = proposed(denied, later).text().orElseThrow();
        assertTrue(text.contains("it allows this and 1 other action that was not allowed."), text);
    }

    @Test
    void whatTheRuleDoesNotAskAndWhatTheRecordHidesIsSaid() throws Exception {
        workshop.does("cleo", Workshop.call("vault.read", "name", "red"));
        Verdict denied = workshop.does("ann", Workshop.call("pay.out", "amount", "5", "note", "rent"));
        String text = proposed(denied).text().orElseThrow();
        assertTrue(
                text.contains("# It asks nothing of these arguments, and allows whatever they say: [\"amount\"]"),
                text);
        assertTrue(text.contains("arguments.note == "), text);
        assertTrue(
                text.contains("it allows this and nothing else; of 1 action the record says too little to know."),
                text);
    }

    @Test
    void whatADenialCannotBeMendedByIsSaid() throws Exception {
        Verdict held = workshop.does("cleo", Workshop.call("mail.send", "to", "bo@elsewhere.com"));
        assertEquals(Optional.empty(), proposed(held).text());
        assertTrue(proposed(held).why().contains("holds it"), proposed(held).why());
        Verdict gift = workshop.does("cleo", Workshop.call("pay.out", "amount", "5", "note", "gift"));
        assertTrue(proposed(gift).why().contains("denies it"), proposed(gift).why());
        Verdict gone = workshop.does("cleo", Workshop.call("pg.gone"));
        assertTrue(
                proposed(gone).why().contains("no policy stopped it"),
                proposed(gone).why());
        Verdict allowed = workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        assertEquals("it was allowed", proposed(allowed).why());
    }
}
