package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicyFiles;
import dev.reeve.json.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainingTest {
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

    private Explanation explain(String agent, Set<String> read, Operation operation) {
        Given given = new Given(
                agent,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                read,
                Instant.parse("2026-11-24T10:00:00Z"),
                false);
        return Explaining.open(PolicyFiles.read(home, Workshop::schema).value().orElseThrow(), Workshop.tools())
                .explaining()
                .orElseThrow()
                .of(given, operation)
                .orElseThrow();
    }

    private static void assertSays(Explanation explanation, String... lines) {
        String all = String.join("\n", explanation.lines()).replaceAll(" +", " ");
        for (String line : lines) {
            assertTrue(all.contains(line), line + "\nis not in\n" + all);
        }
    }

    @Test
    void whatBecomesOfResultsIsSaidWithWhoSaysSo() throws Exception {
        Workshop.write(
                home,
                "policies/all.yaml",
                ReplayTest.POLICY.replace(
                        "- { resource: \"url:**\", actions: [read] }",
                        "- { resource: \"url:**\", actions: [read], redact: { find: personal }, limit: 3, warn: a public page }"));
        Explanation explanation = explain("cleo", Set.of(), Workshop.call("web.fetch", "url", "https://example.org/"));
        assertSays(
                explanation,
                "obliges (redact): found personal masked, rule clerk",
                "obliges (limit): at most 3 rows, rule clerk",
                "warns: a public page, rule clerk");
        assertTrue(
                explanation.json().toString().contains("limit"),
                explanation.json().toString());
    }

    @Test
    void aConditionThatFailsIsShownWithWhatItsPartsAre() {
        assertSays(
                explain("cleo", Set.of(), Workshop.call("pay.out", "amount", "900", "note", "rent")),
                "verdict deny, condition_failed",
                "rule clerk (policies/all.yaml:12)",
                "deny no-note (policies/all.yaml:25): the condition `has(arguments.note) && arguments.note.contains(\"gift\")` does not hold",
                "has(arguments.note) = true",
                "arguments.note.contains(\"gift\") = false",
                "arguments.note = \"rent\"",
                "grants clerk (policies/all.yaml:12): the condition `small` does not hold",
                "arguments.amount <= 500 = false",
                "arguments.amount = 900");
    }

    @Test
    void everyRuleThatNamesWhatIsTouchedSaysWhyItDoesNotCount() {
        Explanation explanation = explain("cleo", Set.of(), Workshop.call("mail.send", "to", "bo@example.com"));
        assertTrue(explanation.isAllowed());
        assertSays(
                explanation,
                "verdict allow",
                "touches create on mail:bo@example.com",
                "require_approval outside (policies/all.yaml:22): its `except` takes this out",
                "grants clerk (policies/all.yaml:10): counts");
    }

    @Test
    void whatWouldBeNeededIsSaidOfDenialsOfEveryKind() {
        assertSays(
                explain("ann", Set.of(), Workshop.call("pay.out", "amount", "5")),
                "verdict deny, no_rule_allows",
                "would need clerk (policies/all.yaml:12): the agent does not have the role `clerk`");
        assertSays(
                explain("cleo", Set.of("pii"), Workshop.call("web.fetch", "url", "https://example.org/")),
                "verdict deny, denied_by_rule",
                "\"pii\" in session.read = true",
                "would need clerk (policies/all.yaml:11): it would have allowed this, but a deny wins");
        assertSays(
                explain("ann", Set.of(), Workshop.call("pg.query", "sql", "DROP TABLE customers")),
                "verdict deny, sql_",
                "would need analyst (policies/all.yaml:4): no rule was compared with a statement that cannot be read");
        assertSays(
                explain("cleo", Set.of(), Workshop.call("nowhere.tool")),
                "but no upstream `nowhere` stands in reeve.yaml");
    }

    @Test
    void theJsonHasTheSame() {
        Json.Obj json = explain("cleo", Set.of(), Workshop.call("pay.out", "amount", "900"))
                .json();
        assertEquals("deny", json.string("verdict").orElse(""));
        List<Json> touched = json.array("touches").orElseThrow().items();
        List<Json> rules =
                ((Json.Obj) touched.getFirst()).array("rules").orElseThrow().items();
        Json.Obj grant = (Json.Obj) rules.getLast();
        assertEquals("grants", grant.string("effect").orElse(""));
        assertTrue(grant.toString().contains("\"text\":\"arguments.amount\",\"value\":\"900\""), grant.toString());
    }

    /** What explains is the stages and the index that decide: over many calls it counts a rule for what they allow, and a reason for what they deny. */
    @Test
    void whatIsAllowedHasARuleThatCountsAndWhatIsDeniedByNothingHasNone() {
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 60; i++) {
            Operation call = Workshop.call(
                    random.nextBoolean() ? "pay.out" : "web.fetch",
                    "amount",
                    Integer.toString(random.nextInt(1_000)),
                    "url",
                    "https://example.org/" + i);
            Explanation explanation = explain(
                    random.nextBoolean() ? "cleo" : "ann", random.nextBoolean() ? Set.of("pii") : Set.of(), call);
            Json.Obj json = explanation.json();
            boolean counts = json.array("touches").orElseThrow().items().stream()
                    .flatMap(one -> ((Json.Obj) one).array("rules").orElseThrow().items().stream())
                    .anyMatch(rule -> rule.toString().contains("\"counts\":true"));
            boolean ruled = json.string("code").filter("denied_by_rule"::equals).isPresent();
            assertEquals(explanation.isAllowed() || ruled, counts, json.toString());
        }
    }
}
