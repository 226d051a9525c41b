package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.EventFilter;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyCase;
import dev.reeve.config.PolicyCases;
import dev.reeve.config.PolicyFiles;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.ToolSchemas;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

final class CaseRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @BeforeEach
    void write() throws Exception {
        Workshop.write(home, "catalog/systems.yaml", ReplayTest.CATALOG);
        Workshop.write(home, "catalog/sales.sql", "CREATE TABLE customers (id INTEGER, name TEXT, email TEXT);");
        Workshop.write(home, "catalog/staff.sql", "CREATE TABLE people (id INTEGER, name TEXT, department TEXT);");
        Workshop.write(home, "policies/all.yaml", ReplayTest.POLICY);
    }

    private CaseReport run(String cases) throws Exception {
        Workshop.write(home, "tests/cases.yaml", cases);
        return run(home, Workshop.tools());
    }

    private static CaseReport run(Path home, ToolSchemas tools) {
        Loaded<List<PolicyCase>> cases = PolicyCases.read(home);
        CaseRun.Opened opened =
                CaseRun.open(PolicyFiles.read(home, Workshop::schema).value().orElseThrow(), tools);
        return opened.run()
                .orElseThrow(() -> new IllegalStateException(opened.problems().toString()))
                .run(cases.value().orElseThrow(() -> new IllegalStateException(cases.text())));
    }

    private static void assertHolds(CaseReport report) {
        assertEquals(0, report.failures(), report.table().toString());
    }

    private String wrong(String cases) throws Exception {
        CaseReport report = run("cases:\n" + cases);
        assertEquals(1, report.failures(), report.table().toString());
        return report.ran().getFirst().wrong().toString();
    }

    @Test
    void casesThatSayWhatThePolicySaysHold() throws Exception {
        CaseReport report = run("""
                given: { agent: cleo }
                cases:
                  - { when: { tool: pay.out, arguments: { amount: 5 } }, then: allow }
                  - when: { tool: pay.out, arguments: { amount: 501 } }
                    then: { verdict: deny, rule: clerk, code: condition_failed, reason: small, treatment: [] }
                  - given: { session_read: [pii] }
                    when: { tool: web.fetch, arguments: { url: "https://example.org/" } }
                    then: { verdict: deny, rule: no-web, reason: personal data }
                  - { when: { tool: mail.send, arguments: { to: a@b.example } }, then: { verdict: hold, rule: outside } }
                  - given: { time: 2026-01-04T12:00:00Z }
                    when: { tool: mail.send, arguments: { to: a@example.com } }
                    then: deny
                  - given: { clock_doubtful: true }
                    when: { tool: mail.send, arguments: { to: a@example.com } }
                    then: deny
                  - { given: { roles: analyst }, when: { tool: pay.out, arguments: { amount: 5 } }, then: deny }
                  - when: { tool: hr.query, arguments: { sql: SELECT name FROM people } }
                    then: { verdict: allow, treatment: rewritten, arguments: { sql: "SELECT name FROM (SELECT people.name FROM people WHERE people.department = 'sales') people" } }
                  - { when: { read: { upstream: pg, uri: "file:///etc/passwd" } }, then: deny }
                  - { when: { prompt: pg.greet, arguments: { who: x } }, then: { verdict: deny, code: no_rule_allows } }
                """);
        assertHolds(report);
        assertEquals(10, report.ran().size());
    }

    /** From the file to what the agent gets. */
    @Test
    void whatPermissionsSayOfResultsIsPlayed() throws Exception {
        Workshop.write(
                home,
                "policies/all.yaml",
                ReplayTest.POLICY
                        .replace(
                                "- { resource: directory, actions: [read], conditions: [same_department_only] }",
                                "- { resource: directory, actions: [read], conditions: [same_department_only],"
                                        + " columns: [id, mail], redact: { fields: mail }, limit: 1, warn: handle with care }")
                        .replace(
                                "- { resource: sales, actions: [query] }",
                                "- { resource: sales, actions: [query], columns: [id, email], redact: { tags: pii }, limit: 10 }"));
        CaseReport report = run("""
                given: { agent: cleo }
                cases:
                  - when: { tool: hr.find, result: { rows: [ { id: 1, department: sales, mail: a, pay: 7 }, { id: 2, department: law }, { id: 3, department: sales } ] } }
                    then: { verdict: allow, treatment: [rows, columns, redact, limit], result: { rows: [ { id: 1, mail: "[mail]" } ] } }
                  - when: { tool: pg.query, arguments: { sql: "SELECT id, email AS name FROM customers LIMIT 99" } }
                    then: { verdict: allow, treatment: rewritten, arguments: { sql: "SELECT id, email AS name FROM (SELECT '[email]' AS email, customers.id FROM customers) customers LIMIT 10" } }
                  - when: { tool: pg.query, arguments: { sql: "SELECT name FROM customers" } }
                    then: { verdict: deny, code: condition_failed, reason: "its `columns` leave `db:sales/customers.name` out" }
                """);
        assertHolds(report);
    }

    @Test
    void eachKindOfDifferenceIsSaid() throws Exception {
        String pay = "  - { given: { agent: cleo }, when: { tool: pay.out, arguments: { amount: 900 } }, then: ";
        assertTrue(wrong(pay + "allow }").contains("is deny instead of allow by clerk"));
        assertTrue(wrong(pay + "{ verdict: deny, rule: no-web } }").contains("is decided by clerk"));
        assertTrue(
                wrong(pay + "{ verdict: deny, code: denied_by_rule } }").contains("has the code `condition_failed`"));
        assertTrue(wrong(pay + "{ verdict: deny, reason: nonsense } }").contains("gives the reason"));
        String find =
                "  - { given: { agent: cleo }, when: { tool: hr.find, result: { rows: [ { department: law } ] } }, then: ";
        assertTrue(wrong(find + "{ verdict: allow, treatment: [] } }").contains("is treated by [rows] instead of []"));
        assertTrue(wrong(find + "{ verdict: allow, result: { rows: [ { department: law } ] } } }")
                .contains("leaves {\"rows\":[]}"));
        assertTrue(wrong(find + "{ verdict: allow, arguments: { a: 1 } } }").contains("sends {}"));
        assertTrue(wrong("  - { given: { agent: nobody }, when: { tool: pay.out }, then: deny }")
                .contains("stands in no file"));
    }

    @Test
    void wrongFilesAreRefusedWithFileLineAndField() throws Exception {
        Workshop.write(home, "tests/cases.yaml", """
                cases:
                  - { given: { agent: cleo }, when: { tool: pay.out, argments: {} }, then: allow }
                  - { given: { agent: cleo }, when: { tool: pay.out }, then: maybe }
                  - { given: { agent: cleo }, when: {}, then: deny }
                  - { when: { tool: pay.out }, then: deny }
                  - { given: { agent: cleo, time: 2026-02-31T00:00:00Z }, when: { tool: pay.out }, then: deny }
                  - { given: { agent: cleo }, when: { tool: pay.out, arguments: { a: 0x10 } }, then: deny }
                """);
        Loaded<List<PolicyCase>> read = PolicyCases.read(home);
        assertTrue(read.value().isEmpty());
        String text = read.text();
        assertTrue(text.contains("tests/cases.yaml:2: cases[0].when.argments: unknown key"), text);
        assertTrue(text.contains("tests/cases.yaml:3: cases[1].then: \"maybe\" is not one of"), text);
        assertTrue(text.contains("tests/cases.yaml:4: cases[2].when: says not once what is done"), text);
        assertTrue(text.contains("tests/cases.yaml:5: cases[3]: says not who acts"), text);
        assertTrue(text.contains("tests/cases.yaml:6: cases[4].given.time: is not a time"), text);
    }

    @Test
    void coverageCountsRulesAndBothSidesOfConditions() throws Exception {
        CaseReport none = run("cases:\n  - { given: { agent: ann }, when: { tool: pay.out }, then: deny }\n");
        CaseReport some = run("""
                given: { agent: cleo }
                cases:
                  - { when: { tool: pay.out, arguments: { amount: 5, note: gift } }, then: deny }
                  - { when: { tool: pay.out, arguments: { amount: 5 } }, then: allow }
                  - { when: { tool: pay.out, arguments: { amount: 600 } }, then: deny }
                """);
        assertTrue(some.coverage().covered() > none.coverage().covered());
        // 3 rules, 9 permissions; no_pii_access, business_hours and three expressions
        assertEquals(3 + 9 + 2 * 5, some.coverage().branches());
        List<String> missing = some.coverage().missing();
        assertFalse(missing.toString().contains("arguments.amount"), missing.toString());
        assertFalse(missing.toString().contains("no-note"), missing.toString());
        assertTrue(missing.contains("no-web (policies/all.yaml:18): decided nothing"), missing.toString());
        assertTrue(missing.contains("`no_pii_access`: was never true"), missing.toString());
    }

    @Test
    void theJunitReportIsXmlWhateverTheNamesHold() throws Exception {
        CaseReport report = run("""
                cases:
                  - { name: "a < b & \\"c\\" \\u202e", given: { agent: cleo }, when: { tool: pay.out }, then: allow }
                  - { given: { agent: cleo }, when: { tool: pay.out, arguments: { amount: 1 } }, then: allow }
                """);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(JunitXml.of(report).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertEquals("2", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals(2, suite.getElementsByTagName("testcase").getLength());
        assertEquals(1, suite.getElementsByTagName("failure").getLength());
    }

    @Test
    void starterCasesOfARecordHoldUnderThePolicyThatMadeIt() throws Exception {
        try (Workshop workshop = new Workshop(home).enforce()) {
            workshop.does("cleo", Workshop.call("pay.out", "amount", "5", "note", "\u202e # \"x\": y"));
            workshop.does("cleo", Workshop.call("pay.out", "amount", "6"));
            workshop.does("cleo", Workshop.call("pay.out", "amount", "600"));
            workshop.does("stored-clerk", Workshop.call("pay.out", "amount", "600"));
            workshop.does("cleo", Workshop.call("mail.send", "to", "bo@elsewhere.com"));
            workshop.does("cleo", Workshop.call("mail.send", "to", "nobody"));
            workshop.does("cleo", Workshop.call("pg.query", "sql", "SELECT email FROM customers"));
            workshop.does("cleo", Workshop.call("web.fetch", "url", "https://example.org/a"));
            workshop.does("cleo", Workshop.call("vault.read", "name", "red"));
            workshop.does("cleo", Workshop.call("pay.gone"));
            String made = StarterCases.of(
                    workshop.house.folder, EventFilter.ALL, Set.of("cleo", "ann"), 2, Progress.silent());
            CaseReport report = run(made);
            assertHolds(report);
            // Two payments alike give one; what is hidden, what was refused before, and what cannot be read gives none.
            assertEquals(6, report.ran().size(), made);
            assertTrue(made.contains("# 3 actions gave no case"), made);
        }
    }

    @Test
    void theSampleCompanysCasesHoldAndSeeItsWholePolicy() throws Exception {
        Path sample = Path.of("src/main/resources/dev/reeve/demo/home");
        CaseReport report =
                run(sample, new Upstreams(Set.of("pg", "analytics", "hr", "leave", "mail", "files", "web")));
        assertHolds(report);
        assertEquals(
                100, report.coverage().percent(), report.coverage().missing().toString());
    }

    private record Upstreams(Set<String> upstreams) implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }
}
