package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.EventFilter;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.PolicySource;
import dev.reeve.record.Event.Stored;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people gave for a time, in files, in explanations, and in the record when it is replayed. */
final class GrantedTest {
    private static final String CATALOG = "tools: { pay.out: { acts_on: payments, action: create } }\n";
    private static final String POLICY = """
            agent_roles: { clerk: { permissions: [] } }
            grantable:
              refunds:
                permissions: [ { resource: payments, actions: [create], conditions: ["arguments.amount <= 500"] } ]
                to: "cl*"
                by: [ "group:leads" ]
                up_to: 4h
                quorum: 2
            agents: { cleo: { roles: [clerk] } }
            """;
    private static final Operation SMALL = Workshop.call("pay.out", "amount", "20");

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
        write(home, POLICY);
        workshop = new Workshop(home);
        workshop.enforce();
    }

    @AfterEach
    void close() throws Exception {
        workshop.close();
    }

    private static void write(Path folder, String policy) throws Exception {
        Workshop.write(folder, "catalog/systems.yaml", CATALOG);
        Workshop.write(folder, "policies/all.yaml", policy);
    }

    private static CompiledPolicy compiled(Path folder) {
        PolicySet set = PolicyFiles.read(folder, Workshop::schema).value().orElseThrow();
        return ((PolicyCompiler.Outcome.Compiled) PolicyCompiler.compile(
                        set.version(), set.source(), new CelConditions(), new JSqlParserInspector(), Workshop.tools()))
                .policy();
    }

    private TimedGrant given() {
        var offer = compiled(home).offers().iterator().next();
        return new TimedGrant.Permission(
                "g_1",
                List.of("lea", "lou"),
                offer.name(),
                offer.terms(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Json.object().put("amount", 20).build());
    }

    @Test
    void theFileSaysWhatMayBeGivenByWhomAndForHowLong() {
        var offer = compiled(home).offers().iterator().next();
        assertEquals(List.of("group:leads"), offer.by());
        assertEquals(4, offer.upTo().toHours());
        assertEquals(2, offer.quorum());
        assertEquals(List.of("create on payments if arguments.amount <= 500"), offer.says());
        assertTrue(offer.isFor("cleo") && !offer.isFor("ann"));
    }

    /** A permission is used where its role was had in that context only, or was given for a time. */
    @Test
    void permissionsOfRolesThatWereGivenOrHadForAWhileAreUsed() throws Exception {
        write(home, """
                agent_roles:
                  clerk: { permissions: [] }
                  payer: { permissions: [ { resource: payments, actions: [create] } ] }
                  night: { permissions: [ { resource: ledger, actions: [read] } ] }
                grantable: { refunds: { role: payer, to: "cl*", by: [ "group:leads" ], up_to: 4h } }
                assign: [ { role: night, to: "cl*", when: time.getHours() == 10 } ]
                agents: { cleo: { roles: [clerk] } }
                """);
        Workshop.write(
                home,
                "catalog/systems.yaml",
                CATALOG.replace("create }", "create }, pay.see: { acts_on: ledger, action: read }"));
        workshop.enforce();
        workshop.granted = List.of(given());
        assertInstanceOf(Verdict.Allow.class, workshop.does("cleo", SMALL));
        workshop.granted = List.of();
        assertInstanceOf(Verdict.Allow.class, workshop.does("cleo", Workshop.call("pay.see")));
        PolicySource source =
                PolicyFiles.read(home, Workshop::schema).value().orElseThrow().source();
        Learning.Learned learned =
                Learning.of(workshop.house.folder, EventFilter.ALL, source, Workshop.tools(), 1, Progress.silent());
        assertEquals(0, learned.unused(), learned.text());
        String cases = StarterCases.of(workshop.house.folder, EventFilter.ALL, Set.of("cleo"), 1, Progress.silent());
        assertTrue(cases.contains("# 1 actions gave no case"), cases);
        assertTrue(cases.contains("pay.see") && !cases.contains("pay.out"), cases);
    }

    @Test
    void mistakesAreToldWithTheirPlace() throws Exception {
        write(
                other,
                POLICY.replace(
                        "permissions: [ { resource: payments", "role: boss\n    permissions: [ { resource: payments"));
        assertTrue(problems().contains("says not once what is given"), problems());
        write(other, POLICY.replace("up_to: 4h", "up_to: 4weeks"));
        assertTrue(problems().contains("up_to"), problems());
        write(other, POLICY.replace("grantable:", "grants:"));
        assertTrue(problems().contains("did you mean \"grantable\"?"), problems());
    }

    private String problems() {
        return PolicyFiles.read(other, Workshop::schema).problems().toString();
    }

    private Explanation explain(List<TimedGrant> grants) {
        Given given = new Given(
                "cleo",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Set.of(),
                Instant.parse("2026-11-24T10:00:00Z"),
                false,
                grants);
        return Explaining.open(PolicyFiles.read(home, Workshop::schema).value().orElseThrow(), Workshop.tools())
                .explaining()
                .orElseThrow()
                .of(given, SMALL)
                .orElseThrow();
    }

    @Test
    void anExplanationNamesTheGrantOrWhatCouldBeGranted() {
        String without = String.join("\n", explain(List.of()).lines());
        assertTrue(without.contains("deny"), without);
        String with = String.join("\n", explain(List.of(given())).lines()).replaceAll(" +", " ");
        assertTrue(with.contains("verdict allow"), with);
        assertTrue(with.contains("rule g_1 (policies/all.yaml:4)"), with);
        assertTrue(with.contains("granted g_1 (policies/all.yaml:4): counts"), with);
    }

    @Test
    void aReplayTakesWhatWasGivenThenAsItWasRecorded() throws Exception {
        workshop.granted = List.of(given());
        assertInstanceOf(Verdict.Allow.class, workshop.does("cleo", SMALL));
        workshop.granted = List.of();
        assertInstanceOf(Verdict.Deny.class, workshop.does("cleo", SMALL));
        ReplayReport same = workshop.replay(home);
        assertEquals(
                0, same.wider() + same.tighter() + same.unknown(), same.table().toString());
        write(other, POLICY.replace("<= 500", "<= 600"));
        ReplayReport changed = workshop.replay(other);
        assertEquals(1, changed.tighter(), "what was given under other terms counts no more: " + changed.table());
    }

    @Test
    void aRoleOfTheContextIsExplainedAndFoundAnewByAReplay() throws Exception {
        String assigned = POLICY.replace(
                "agent_roles: {",
                "assign: [ { role: payer, to: [\"cl*\", \"stored-*\"], when: arguments.amount < 100 } ]\n"
                        + "agent_roles: { payer: { permissions: [ { resource: payments, actions: [create] } ] },");
        write(home, assigned);
        workshop.enforce();
        String explained = String.join("\n", explain(List.of()).lines()).replaceAll(" +", " ");
        assertTrue(
                explained.contains(
                        "stage roles passes: in this context it has the role `payer`, by policies/all.yaml:1"),
                explained);
        assertInstanceOf(Verdict.Allow.class, workshop.does("cleo", SMALL));
        assertInstanceOf(Verdict.Deny.class, workshop.does("cleo", Workshop.call("pay.out", "amount", "100")));
        assertInstanceOf(Verdict.Allow.class, workshop.does("stored-clerk", SMALL));
        ReplayReport same = workshop.replay(home);
        assertEquals(0, same.wider() + same.tighter(), same.table().toString());
        write(other, assigned.replace("< 100", "< 10"));
        assertEquals(2, workshop.replay(other).tighter(), "roles of the context are not taken from the record");
    }

    @Test
    void whatIsErasedIsUnknown() throws Exception {
        workshop.granted = List.of(given());
        assertInstanceOf(Verdict.Allow.class, workshop.does("cleo", SMALL));
        List<Stored> found = new ArrayList<>();
        workshop.house.ledger.read(0, (at, leaf, disclosures) -> found.add(AuditReader.stored(at, leaf, disclosures)));
        Stored stored = found.getFirst();
        assertEquals("allow", Replay.now(stored, workshop.candidate(home)).verdict());
        Map<String, Json> left = new HashMap<>(stored.disclosed());
        assertTrue(left.remove("grants") != null, left.toString());
        Replay.Now now = Replay.now(new Stored(stored.index(), stored.leaf(), left), workshop.candidate(home));
        assertEquals("unknown", now.verdict());
        assertEquals("needs what people had granted for a time", now.why());
    }
}
