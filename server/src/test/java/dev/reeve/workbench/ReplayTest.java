package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.ReplayReport.Group;
import dev.reeve.workbench.ReplayReport.What;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {
    static final String CATALOG = """
            resources:
              sales: { database: { dialect: sqlite, schema: sales.sql }, tags: { "customers.email": pii } }
              staff: { database: { dialect: sqlite, schema: staff.sql }, row: { department: department } }
              directory: { row: { department: department } }
              "vault:red": { tags: secret }
            tools:
              pg.query: { acts_on: sales, sql: arguments.sql }
              hr.query: { acts_on: staff, sql: arguments.sql }
              hr.find: { acts_on: directory, action: read, rows_at: /structuredContent/rows }
              mail.send: { acts_on: "mail:{arguments.to}", action: create }
              web.fetch: { acts_on: "url:{arguments.url}", action: read }
              pay.out: { acts_on: payments, action: create }
              vault.read: { acts_on: "vault:{arguments.name}", action: read }
            """;
    static final String POLICY = """
            agent_roles:
              analyst:
                permissions:
                  - { resource: sales, actions: [query], conditions: [no_pii_access] }
              clerk:
                permissions:
                  - { resource: sales, actions: [query] }
                  - { resource: staff, actions: [query], conditions: [same_department_only] }
                  - { resource: directory, actions: [read], conditions: [same_department_only] }
                  - { resource: "mail:*@*", actions: [create], conditions: [business_hours] }
                  - { resource: "url:**", actions: [read] }
                  - { resource: payments, actions: [create], conditions: [small] }
                  - { resource: "vault:*", actions: [read] }
                  - { resource: "tool:pay.held", actions: [execute] }
            conditions:
              small: arguments.amount <= 500
            rules:
              - name: no-web
                deny: { tool: "web.*" }
                when: '"pii" in session.read'
                reason: personal data was read
              - name: outside
                require_approval: { resource: "mail:*@*", except: "mail:*@example.com" }
                by: [owner]
              - name: no-note
                deny: { tool: pay.out }
                when: has(arguments.note) && arguments.note.contains("gift")
            record:
              - less: { tool: vault.read }
            agents:
              ann: { roles: [analyst], department: sales }
              cleo: { roles: [clerk], owner: ana@example.com, department: sales }
            """;

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
            Workshop.write(folder, "catalog/systems.yaml", CATALOG);
            Workshop.write(folder, "catalog/sales.sql", "CREATE TABLE customers (id INTEGER, name TEXT, email TEXT);");
            Workshop.write(
                    folder, "catalog/staff.sql", "CREATE TABLE people (id INTEGER, name TEXT, department TEXT);");
            Workshop.write(folder, "policies/all.yaml", POLICY);
        }
        workshop = new Workshop(home);
        workshop.enforce();
    }

    @AfterEach
    void close() throws Exception {
        workshop.close();
    }

    private ReplayReport against(String from, String to) throws Exception {
        assertTrue(POLICY.contains(from) || CATALOG.contains(from), from);
        Workshop.write(other, "policies/all.yaml", POLICY.replace(from, to));
        Workshop.write(other, "catalog/systems.yaml", CATALOG.replace(from, to));
        return workshop.replay(other);
    }

    private static Group only(ReplayReport report) {
        assertEquals(1, report.groups().size(), report.table().toString());
        return report.groups().getFirst();
    }

    /** What was in force, asked again, says what it said: over calls of all kinds, by agents of files and of the store. */
    @Test
    void thePolicyThatWasInForceChangesNothingOverItsOwnRecords() throws Exception {
        long seed = 20261126;
        Random random = new Random(seed);
        Set<String> codes = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            workshop.now = workshop.now.plusSeconds(random.nextInt(4_000));
            workshop.doubtful = random.nextInt(20) == 0;
            String agent =
                    List.of("ann", "cleo", "stored-clerk", "stored-analyst").get(random.nextInt(4));
            Verdict verdict = workshop.does(agent, any(random), random.nextInt(30) == 0 ? 0 : 1);
            codes.add(code(verdict));
        }
        assertTrue(
                codes.containsAll(Set.of(
                        "allow",
                        "condition_failed",
                        "denied_by_rule",
                        "approval_required",
                        "no_rule_allows",
                        "definition_held",
                        "tool_unknown",
                        "revoked",
                        "too_many",
                        "arguments_unreadable")),
                () -> "seed " + seed + " shows too little: " + codes);
        ReplayReport report = workshop.replay(home);
        assertEquals(600, report.actions());
        assertEquals(0, report.wider() + report.tighter(), () -> "seed " + seed + ": " + report.table());
        // Of agents in no file the attributes are not known, of `less` the arguments; of cleo's and ann's calls all is.
        assertTrue(
                report.groups().stream()
                        .allMatch(group -> group.key().agent().startsWith("stored-")
                                || group.key().tool().equals("vault.read")),
                () -> "seed " + seed + ": " + report.table());
    }

    /** The guardrail would find nothing in the placeholders, and so say otherwise than it did. */
    @Test
    void whatAGuardrailTookOutOfTheRecordIsUnknownWhereOneLooksForIt() throws Exception {
        Workshop.write(
                home, "policies/all.yaml", POLICY + "guardrails:\n  - { find: [card], in: arguments, do: deny }\n");
        workshop.enforce();
        Verdict verdict = workshop.does("cleo", Workshop.call("hr.find", "q", "card 4539 1488 0343 6467"), 1);
        assertEquals("content_denied", code(verdict));
        ReplayReport report = workshop.replay(home);
        assertEquals(0, report.wider() + report.tighter(), report.table().toString());
        assertEquals(1, report.unknown(), report.table().toString());
        ReplayReport without = workshop.replay(other);
        assertEquals(1, without.wider(), without.table().toString());
    }

    private static String code(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow ignored -> "allow";
            case Verdict.Deny deny -> deny.denial().code();
            case Verdict.Hold hold -> hold.why().code();
        };
    }

    static Operation any(Random random) {
        return switch (random.nextInt(18)) {
            case 0 -> Workshop.call("pg.query", "sql", "SELECT name FROM customers");
            case 1 ->
                Workshop.call("pg.query", "sql", "SELECT id, email FROM customers WHERE id = " + random.nextInt(9));
            case 2 -> Workshop.call("pg.query", "sql", "DROP TABLE customers");
            case 3 -> Workshop.call("pg.query", "sql", "DELETE FROM customers");
            case 4 -> Workshop.call("hr.query", "sql", "SELECT name FROM people WHERE id = " + random.nextInt(5));
            case 5 -> Workshop.call("hr.find", "name", "x");
            case 6 -> Workshop.call("mail.send", "to", "bo@example.com");
            case 7 -> Workshop.call("mail.send", "to", "bo@elsewhere.com");
            case 8 -> Workshop.call("mail.send", "to", "no address");
            case 9 -> Workshop.call("web.fetch", "url", "https://example.org/a");
            case 10 -> Workshop.call("pay.held", "url", "x");
            case 11 -> Workshop.call("pay.out", "amount", Integer.toString(random.nextInt(1_000)));
            case 12 -> Workshop.call("pay.out", "amount", "5", "note", random.nextBoolean() ? "gift" : "rent");
            case 13 -> Workshop.call("pay.out", "amount", "5", "busy", "1");
            case 14 -> Workshop.call("vault.read", "name", "red");
            case 15 -> Workshop.call("pg.gone");
            case 16 -> new Operation.Listing("pg", Operation.Offer.TOOLS);
            default -> new Operation.ResourceRead("pg", "file:///etc/passwd");
        };
    }

    @Test
    void whatANewRuleDeniesIsTighterAndNamesTheRule() throws Exception {
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        Verdict big = workshop.does("cleo", Workshop.call("pay.out", "amount", "400"));
        Group group = only(against("arguments.amount <= 500", "arguments.amount <= 100"));
        assertEquals(What.TIGHTER, group.key().what());
        assertEquals("allow", group.key().then());
        assertEquals("deny", group.key().now());
        assertEquals("pay.out", group.key().tool());
        assertEquals("clerk", group.key().rule().orElseThrow().name());
        assertEquals(List.of(big.ticket()), group.examples());
        assertTrue(group.reason().contains("`small` does not hold"), group.reason());
    }

    @Test
    void whatIsAllowedOrHeldInsteadOfDeniedIsWider() throws Exception {
        workshop.does("ann", Workshop.call("pg.query", "sql", "SELECT email FROM customers"));
        assertEquals(
                What.WIDER,
                only(against(", conditions: [no_pii_access]", "")).key().what());
        ReplayReport held =
                against("      - { resource: sales, actions: [query], conditions: [no_pii_access] }\n", "      []\n");
        assertEquals(0, held.wider(), held.table().toString());
    }

    @Test
    void aTagInTheCatalogueCountsLikeARule() throws Exception {
        workshop.does("ann", Workshop.call("pg.query", "sql", "SELECT name FROM customers"));
        Group group = only(against("\"customers.email\": pii", "\"customers.name\": pii"));
        assertEquals("allow -> deny", group.key().then() + " -> " + group.key().now());
    }

    @Test
    void rowsThatAreNoLongerFilteredAreWider() throws Exception {
        workshop.does("cleo", Workshop.call("hr.find", "name", "x"));
        workshop.does("cleo", Workshop.call("hr.query", "sql", "SELECT name FROM people"));
        ReplayReport report = against(", conditions: [same_department_only]", "");
        Map<String, String> verdicts = new HashMap<>();
        report.groups()
                .forEach(group -> verdicts.put(
                        group.key().tool(),
                        group.key().then() + " -> " + group.key().now()));
        assertEquals(Map.of("hr.find", "allow (rows) -> allow", "hr.query", "allow (rewritten) -> allow"), verdicts);
        assertEquals(2, report.wider());
    }

    /** The same names of treatments are not the same treatment. */
    @Test
    void whatShowsMoreUnderTheSameNamesIsWider() throws Exception {
        String mine = """
                agent_roles:
                  clerk:
                    permissions:
                      - { resource: directory, actions: [read], columns: [id], limit: 1, redact: { fields: [phone] }, conditions: [mine] }
                      - { resource: staff, actions: [query], conditions: [same_department_only] }
                      - { resource: payments, actions: [create], warn: spend little }
                conditions:
                  mine: { rows: row.owner == principal.agent }
                agents:
                  cleo: { roles: [clerk], department: sales }
                """;
        Workshop.write(home, "policies/all.yaml", mine);
        workshop.enforce();
        workshop.does("cleo", Workshop.call("hr.find", "name", "x"));
        workshop.does("cleo", Workshop.call("hr.query", "sql", "SELECT name FROM people"));
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        assertEquals(List.of(), workshop.replay(home).groups());
        Map<String, String> changes = Map.of(
                "columns: [id]", "columns: [id, salary]",
                "limit: 1", "limit: 100000",
                "fields: [phone]", "fields: [fax]",
                "row.owner == principal.agent", "row.owner != ''",
                "department: sales", "department: legal");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            Workshop.write(other, "policies/all.yaml", mine.replace(change.getKey(), change.getValue()));
            Group group = only(workshop.replay(other));
            assertEquals(What.WIDER, group.key().what(), change.toString());
        }
        Workshop.write(other, "policies/all.yaml", mine.replace("columns: [id]", "columns: [id, salary]"));
        assertTrue(only(workshop.replay(other)).key().now().contains("only the columns id, salary"));
        Workshop.write(other, "policies/all.yaml", mine.replace("fields: [phone]", "fields: [fax, phone]"));
        assertEquals(What.TIGHTER, only(workshop.replay(other)).key().what());
    }

    /** The record has the statement as it was sent. What cannot be seen to be done by other files may show more. */
    @Test
    void aStatementWithALimitAndMasksInItChangesNothingUnderTheFilesThatPutThemThere() throws Exception {
        String narrow = """
                agent_roles:
                  clerk:
                    permissions:
                      - { resource: sales, actions: [query], limit: 10, redact: { fields: [email] } }
                agents: { cleo: { roles: [clerk] } }
                """;
        Workshop.write(home, "policies/all.yaml", narrow);
        workshop.enforce();
        workshop.does("cleo", Workshop.call("pg.query", "sql", "SELECT id, email FROM customers"));
        workshop.does("cleo", Workshop.call("pg.query", "sql", "SELECT id FROM customers"));
        assertEquals(List.of(), workshop.replay(home).groups());
        for (String change : List.of("limit: 1000", "limit: 10, columns: [id, email]")) {
            Workshop.write(other, "policies/all.yaml", narrow.replace("limit: 10", change));
            assertEquals(2, workshop.replay(other).wider(), change);
        }
    }

    /** A yes belongs to the rule that asked. One without a name is called by its line, where another version may have another rule. */
    @Test
    void aYesIsKnownByTheNameOfItsRuleAndNotByItsLine() throws Exception {
        assertEquals(What.SAME, approved(POLICY, "# moved\n" + POLICY));
        assertEquals(What.TIGHTER, approved(POLICY, POLICY.replace("name: outside", "name: others")));
        String unnamed = POLICY.replace("  - name: outside\n    require_approval", "  - require_approval");
        assertTrue(!unnamed.equals(POLICY));
        assertEquals(What.SAME, approved(unnamed, unnamed));
        assertEquals(What.UNKNOWN, approved(unnamed, "# moved\n" + unnamed));
        assertEquals(What.UNKNOWN, approved(unnamed, unnamed.replace("by: [owner]", "by: [\"group:board\"]")));
    }

    private What approved(String then, String now) throws Exception {
        Workshop.write(home, "policies/all.yaml", then);
        workshop.enforce();
        Verdict held = workshop.does("cleo", Workshop.call("mail.send", "to", "bo@elsewhere.com"));
        List<Stored> records = new ArrayList<>();
        new DecisionLog(workshop.house.folder, EventFilter.ALL, 1).each(it -> it, records::add, Progress.silent());
        Stored hold = records.getLast();
        assertEquals(held.ticket(), hold.id());
        Map<String, Json> leaf = new LinkedHashMap<>(hold.leaf().members());
        leaf.put("kind", new Json.Str("intent"));
        leaf.put("approval", Json.object().put("ticket", "rv_1").build());
        leaf.remove("denial");
        Workshop.write(other, "policies/all.yaml", now);
        return Replay.one(new Stored(hold.index(), new Json.Obj(leaf), hold.disclosed()), workshop.candidate(other))
                .what();
    }

    /** Whether more is shown cannot be said where the reasons are erased. */
    @Test
    void whatWasDoneToAResultIsUnknownWithoutTheReasons() throws Exception {
        workshop.does("cleo", Workshop.call("hr.find", "name", "x"));
        List<Stored> records = new ArrayList<>();
        new DecisionLog(workshop.house.folder, EventFilter.ALL, 1).each(it -> it, records::add, Progress.silent());
        Stored whole = records.getFirst();
        Map<String, Json> left = new HashMap<>(whole.disclosed());
        assertTrue(left.remove("reasons") != null);
        Candidate candidate = workshop.candidate(home);
        assertEquals(What.SAME, Replay.one(whole, candidate).what());
        Replayed erased = Replay.one(new Stored(whole.index(), whole.leaf(), left), candidate);
        assertEquals(What.UNKNOWN, erased.what());
        assertEquals("what was done to its result", erased.reason());
    }

    @Test
    void whatTheRecordHidesIsUnknownWhereACandidateWouldLookAtIt() throws Exception {
        workshop.does("cleo", Workshop.call("vault.read", "name", "red"));
        Group group = only(workshop.replay(home));
        assertEquals(What.UNKNOWN, group.key().what());
        assertEquals("arguments", group.key().missing());
    }

    @Test
    void aHiddenArgumentThatChangesNothingIsNotUnknown() throws Exception {
        Workshop.write(
                home, "policies/all.yaml", POLICY.replace("less: { tool: vault.read }", "less: { tool: pay.out }"));
        workshop.enforce();
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        workshop.does("ann", Workshop.call("pay.out", "amount", "5"));
        ReplayReport report = workshop.replay(home);
        // For cleo both conditions look at the amount or the note; for ann nothing allows it, whatever they say.
        assertEquals(1, report.unknown(), report.table().toString());
        assertEquals("cleo", only(report).key().agent());
        assertEquals(2, report.actions());
    }

    @Test
    void anErasedOrMaskedArgumentIsHiddenAndOneThatOnlyLooksSoIsNot() throws Exception {
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5", "note", "***"));
        assertEquals(0, workshop.replay(home).unknown());
    }

    @Test
    void rolesOfFilesWinOverThoseOfTheRecordAndOthersAreKept() throws Exception {
        workshop.does("ann", Workshop.call("pay.out", "amount", "5"));
        workshop.does("stored-clerk", Workshop.call("pay.out", "amount", "5"));
        ReplayReport report = against("ann: { roles: [analyst]", "ann: { roles: [clerk]");
        assertEquals("ann", only(report).key().agent());
        assertEquals(What.WIDER, only(report).key().what());
    }

    @Test
    void whatACommandLineRanIsAskedAgainByItsNames() throws Exception {
        Operation shell = new Operation.HostCall(
                "claude-code",
                "Bash",
                Json.object().put("command", "git push").build(),
                List.of(new Touch(
                        List.of("shell:git", "shell:git push"),
                        "execute",
                        Optional.of(Json.object().put("program", "git").build()))));
        Workshop.write(home, "policies/host.yaml", "rules:\n  - { name: git, allow: { resource: \"shell:git\" } }\n");
        workshop.enforce();
        workshop.does("cleo", shell);
        assertEquals(0, workshop.replay(home).groups().size());
        Group group = only(workshop.replay(other));
        assertEquals("allow -> deny", group.key().then() + " -> " + group.key().now());
        Workshop.write(
                home,
                "policies/host.yaml",
                "rules:\n  - { name: git, allow: { resource: \"shell:git\" }, when: 'arguments.program == \"git\"' }\n");
        assertEquals("arguments", only(workshop.replay(home)).key().missing());
    }

    @Test
    void onlyWhatIsAskedForIsReplayed() throws Exception {
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        workshop.now = workshop.now.plus(Duration.ofDays(2));
        workshop.does("cleo", Workshop.call("mail.send", "to", "bo@example.com"));
        Map<EventQuery.Part, String> asked = new HashMap<>();
        asked.put(EventQuery.Part.SINCE, workshop.now.minusSeconds(1).toString());
        EventFilter filter = EventFilter.of(EventQuery.of(asked));
        assertEquals(
                1,
                Replay.run(workshop.house.folder, filter, workshop.candidate(home), 1, Progress.silent())
                        .actions());
    }

    private ReplayReport counted(String limits) throws Exception {
        Workshop.write(other, "policies/all.yaml", POLICY + limits);
        return workshop.counted(other, EventFilter.ALL, Optional.empty());
    }

    /** In the order of their times, each window by itself; what the candidate stops does not count. */
    @Test
    void theLimitsOfACandidateAreCountedOverWhatWasRecorded() throws Exception {
        for (int i = 1; i <= 5; i++) {
            workshop.does("cleo", Workshop.call("pay.out", "amount", Integer.toString(i)));
            workshop.now = workshop.now.plusSeconds(10);
        }
        workshop.now = workshop.now.plus(Duration.ofHours(1));
        workshop.does("cleo", Workshop.call("pay.out", "amount", "6"));
        workshop.does("cleo", Workshop.call("mail.send", "to", "bo@example.com"));
        ReplayReport report = counted(
                "limits:\n  - { name: few, per: agent, count: calls, max: 3, window: 10m, of: { tool: pay.out } }\n");
        Group group = only(report);
        assertEquals(
                "TIGHTER cleo pay.out allow -> deny few 2",
                group.key().what() + " " + group.key().agent() + " "
                        + group.key().tool() + " "
                        + group.key().then() + " -> " + group.key().now() + " "
                        + group.key().rule().orElseThrow().name() + " " + group.actions());
        assertTrue(group.reason().contains("the limit `few`: of 3 calls in 10m, 0 calls is left"), group.reason());
        assertEquals(7, report.actions());
        assertEquals(
                0,
                counted("limits:\n  - { per: agent, count: calls, max: 5, window: 10m }\n")
                        .tighter());
        assertEquals(0, workshop.replay(other).tighter(), "who does not count, counts nothing");
    }

    @Test
    void whatIsTheSameCallIsCountedToo() throws Exception {
        workshop.does("cleo", Workshop.call("pay.out", "amount", "1"));
        workshop.does("cleo", Workshop.call("pay.out", "amount", "2"));
        workshop.does("cleo", Workshop.call("pay.out", "amount", "1"));
        assertEquals(
                1,
                counted("limits:\n  - { per: agent, count: repeats, max: 1, window: 10m }\n")
                        .tighter());
    }

    /** Nobody wrote down how many rows came: the first two fit whatever it was, the third may or may not. */
    @Test
    void whatTheRecordDoesNotSayOfUsageIsUnknownWhereItMatters() throws Exception {
        for (int i = 0; i < 3; i++) {
            workshop.does("cleo", Workshop.call("hr.find", "name", "x" + i));
        }
        ReplayReport report = counted(
                "limits:\n  - { name: many, per: agent, count: rows, max: 10, worst: 5, window: 10m, of: { tool: hr.find } }\n");
        Group group = only(report);
        assertEquals(
                "UNKNOWN what other calls used of the limit `many` 1",
                group.key().what() + " " + group.key().missing() + " " + group.actions());
    }

    @Test
    void failuresAreCountedAsTheCandidateDecides() throws Exception {
        for (int i = 0; i < 3; i++) {
            workshop.does("cleo", Workshop.call("pay.out", "amount", "900"));
        }
        workshop.does("cleo", Workshop.call("pay.out", "amount", "1"));
        String limits = "limits:\n  - { name: rest, per: agent, count: failures, max: 3, window: 10m, rest: 10m }\n";
        assertEquals("rest", only(counted(limits)).key().rule().orElseThrow().name());
        Workshop.write(other, "policies/all.yaml", POLICY.replace("<= 500", "<= 1000") + limits);
        ReplayReport wider = workshop.counted(other, EventFilter.ALL, Optional.empty());
        assertEquals(3, wider.wider(), wider.table().toString());
        assertEquals(0, wider.tighter(), "what is allowed now fails no more");
    }

    @Test
    void whatALimitStoppedThenIsAskedAgain() throws Exception {
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5", "full", "1"));
        assertEquals(
                1, workshop.counted(home, EventFilter.ALL, Optional.empty()).wider());
        assertEquals(0, workshop.replay(home).wider());
    }

    /** Limits do not only count what was asked for. */
    @Test
    void othersUseUpALimitToo() throws Exception {
        Instant begin = workshop.now;
        workshop.does("stored-clerk", Workshop.call("pay.out", "amount", "1"));
        workshop.does("stored-clerk", Workshop.call("pay.out", "amount", "2"));
        workshop.now = workshop.now.plusSeconds(60);
        workshop.does("cleo", Workshop.call("pay.out", "amount", "3"));
        Workshop.write(
                other,
                "policies/all.yaml",
                POLICY + "limits:\n  - { per: tool, count: calls, max: 2, window: 10m, of: { tool: pay.out } }\n");
        EventFilter cleo = EventFilter.of(EventQuery.of(Map.of(EventQuery.Part.AGENT, "cleo")));
        ReplayReport report = workshop.counted(other, cleo, Optional.of(begin.plusSeconds(30)));
        assertEquals(
                "1 1", report.actions() + " " + report.tighter(), report.table().toString());
    }

    /** A warning that was put before a result is no treatment of it: without it, nobody may more. */
    @Test
    void adviceIsNoTreatment() throws Exception {
        String plain = "- { resource: payments, actions: [create], conditions: [small] }";
        assertTrue(POLICY.contains(plain));
        Workshop.write(
                home,
                "policies/all.yaml",
                POLICY.replace(plain, plain.replace("[small] }", "[small], warn: beware }")));
        workshop.enforce();
        workshop.does("cleo", Workshop.call("pay.out", "amount", "5"));
        ReplayReport without = workshop.replay(other);
        assertEquals(
                0,
                without.wider() + without.tighter() + without.unknown(),
                without.table().toString());
    }

    /** The order of pieces that several threads work on does not show. */
    @Test
    void theReportIsTheSameWithOneThreadAndWithMany() throws Exception {
        for (int i = 0; i < 700; i++) {
            workshop.does("cleo", Workshop.call("pay.out", "amount", Integer.toString(i)));
        }
        Workshop.write(other, "policies/all.yaml", POLICY.replace("<= 500", "<= 100"));
        Candidate candidate = workshop.candidate(other);
        ReplayReport one = Replay.run(workshop.house.folder, EventFilter.ALL, candidate, 1, Progress.silent());
        ReplayReport four = Replay.run(workshop.house.folder, EventFilter.ALL, candidate, 4, Progress.silent());
        assertEquals(one, four);
        assertEquals(
                EnumSet.of(What.TIGHTER),
                EnumSet.copyOf(one.groups().stream().map(it -> it.key().what()).toList()));
        assertEquals(400, one.tighter()); // of 101 to 500
    }
}
