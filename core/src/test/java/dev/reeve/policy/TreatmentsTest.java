package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.budget.Budgets;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Release;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What permissions and rules say of results, through the gate. */
final class TreatmentsTest {
    private static final Set<String> NOTHING = Set.of();

    private final Written written = new Written()
            .catalogue("people", NOTHING)
            .maps("up.find", "people", "read")
            .database("db1", Map.of("t.email", Set.of("pii")))
            .mapsSql("pg.q", "db1");
    private final List<Journal.Decision> decided = new ArrayList<>();
    private final List<Journal.Completion> completed = new ArrayList<>();

    private static Treatment columns(String... names) {
        return new Treatment(Optional.of(Set.of(names)), Treatment.Masks.NONE, OptionalInt.empty(), List.of());
    }

    private static Treatment limit(int most) {
        return new Treatment(Optional.empty(), Treatment.Masks.NONE, OptionalInt.of(most), List.of());
    }

    private static Treatment warn(String text) {
        return new Treatment(Optional.empty(), Treatment.Masks.NONE, OptionalInt.empty(), List.of(text));
    }

    private static Treatment masks(Set<String> fields, Set<String> tags, Set<String> find) {
        return new Treatment(Optional.empty(), new Treatment.Masks(fields, tags, find), OptionalInt.empty(), List.of());
    }

    private Gate gate() {
        CompiledPolicy policy = written.compiled();
        GateClock clock = () -> new GateClock.Reading(Instant.parse("2027-01-01T00:00:00Z"), false);
        return new Gate(
                () -> policy,
                operation -> new Admission.Admitted(operation, Optional.empty()),
                (principal, epoch) -> true,
                new Sessions() {
                    @Override
                    public Set<String> read(Principal principal) {
                        return Set.of();
                    }

                    @Override
                    public void received(Principal principal, Set<String> tags) {}
                },
                new Budgets(policy::limits, clock.source()),
                new Journal() {
                    @Override
                    public String decided(Decision decision) {
                        decided.add(decision);
                        return decision.action().id();
                    }

                    @Override
                    public void completed(Completion completion) {
                        completed.add(completion);
                    }
                },
                () -> "rv_1",
                clock,
                Duration.ofSeconds(1),
                List.of(),
                new Voices(Stops.NONE, Approvals.NOBODY, Judges.NONE));
    }

    /** What the agent with these roles gets of this answer of a server. */
    private Release ask(Operation operation, Json.Obj answer, String... roles) {
        Gate gate = gate();
        Verdict.Allow allowed = assertInstanceOf(
                Verdict.Allow.class,
                gate.decide(new Attempt(principal(roles), 1, operation, "s", "test", Optional.empty())));
        assertTrue(allowed.permit().use().isEmpty());
        return gate.release(allowed.permit(), new Effect.Answered(answer, false), Duration.ZERO);
    }

    private String find(Json.Obj answer, String... roles) {
        Release.Result result =
                assertInstanceOf(Release.Result.class, ask(call("up.find", Json.Obj.EMPTY), answer, roles));
        return JsonWriter.text(result.result());
    }

    private String withheld(Json.Obj answer, String... roles) {
        return assertInstanceOf(Release.Withheld.class, ask(call("up.find", Json.Obj.EMPTY), answer, roles))
                .denial()
                .code();
    }

    /** The reasons of the outcome's findings, as they are recorded. */
    private List<String> done() {
        return completed.getLast().findings().stream()
                .filter(ResultFinding.Changed.class::isInstance)
                .map(found -> found.stage() + ": " + ((ResultFinding.Changed) found).reason())
                .toList();
    }

    private static Json.Obj answer(Json structured) {
        return Json.object()
                .put("content", Json.Arr.ofStrings(List.of("a copy: secret@example.com")))
                .put("structuredContent", structured)
                .put("isError", false)
                .build();
    }

    private static Json.Obj row(int id) {
        return Json.object()
                .put("id", id)
                .put("name", "n" + id)
                .put("Email", "secret" + id + "@example.com")
                .put("salary", 1_000 + id)
                .build();
    }

    private static Json.Obj rows(int count) {
        List<Json> rows = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            rows.add(row(i));
        }
        return answer(Json.object().put("rows", new Json.Arr(rows)).build());
    }

    /** The same as lists under names. */
    private static Json.Obj matrix() {
        Json names = new Json.Arr(
                List.of(new Json.Str("id"), Json.object().put("name", "email").build()));
        Json one = new Json.Arr(List.of(Json.Num.of(1L), new Json.Str("secret@example.com")));
        Json two = new Json.Arr(List.of(Json.Num.of(2L), new Json.Str("secret@example.com")));
        return answer(Json.object()
                .put("columns", names)
                .put("rows", new Json.Arr(List.of(one, two)))
                .put("query", "secret@example.com")
                .build());
    }

    private static Json.Obj unnamed() {
        Json row = Json.Arr.ofStrings(List.of("1", "secret@example.com"));
        return answer(Json.object().put("rows", new Json.Arr(List.of(row))).build());
    }

    @Test
    void onlyTheColumnsThatAreNamedGetThrough() {
        written.role("r", written.treated(columns("ID", "name"), "people", "read"));
        String left = find(rows(2), "r");
        assertFalse(left.contains("secret") || left.contains("salary"), left);
        assertTrue(left.contains("{\"id\":2,\"name\":\"n2\"}"), left);
        assertEquals(List.of("columns: 2 columns left out"), done());
        Finding.Oblige oblige = (Finding.Oblige) decided.getLast().findings().stream()
                .filter(Finding.Oblige.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals("columns", oblige.obligation().name());
        assertEquals("only the columns id, name", oblige.reason());
        assertTrue(find(answer(row(1)), "r").contains("\"structuredContent\":{\"id\":1,\"name\":\"n1\"}"));
        String list = find(matrix(), "r");
        assertTrue(list.contains("{\"columns\":[\"id\"],\"rows\":[[1],[2]]}"), list);
    }

    /** What stands beside may repeat the rows that are left out, or count them. */
    @Test
    void nothingBesideTheRowsGetsThrough() {
        Json.Obj ours = row(1).with("department", new Json.Str("sales"));
        Json.Obj page = Json.object()
                .put("rows", new Json.Arr(List.of(ours, row(2))))
                .put("by_team", Json.object().put("hr", new Json.Arr(List.of(row(2)))))
                .put("total", 2)
                .build();
        Json.Obj answer =
                answer(Json.object().put("page", page).put("copy", row(2)).build());
        written.mapsRows("up.page", "people", "/structuredContent/page/rows")
                .role("limit", written.treated(limit(1), "people", "read"))
                .role("own", written.permission("people", "read", "same_department_only"));
        String alone = "\"structuredContent\":{\"page\":{\"rows\":[" + JsonWriter.text(ours) + "]}}";
        for (String role : List.of("limit", "own")) {
            Release.Result left =
                    assertInstanceOf(Release.Result.class, ask(call("up.page", Json.Obj.EMPTY), answer, role));
            String text = JsonWriter.text(left.result());
            assertTrue(text.contains(alone), text);
            assertFalse(text.contains("secret2") || text.contains("by_team") || text.contains("total"), text);
        }
        String lists = find(matrix(), "limit");
        assertTrue(lists.contains("\"rows\":[[1,\"secret@example.com\"]]"), lists);
        assertFalse(lists.contains("\"query\""), lists);
    }

    @Test
    void aResultWhoseShapeIsNotUnderstoodIsWithheld() {
        Json.Obj text = Json.object()
                .put("content", Json.Arr.ofStrings(List.of("1, secret@example.com")))
                .build();
        Json.Obj failed = rows(1).with("isError", Json.Bool.TRUE);
        written.role("columns", written.treated(columns("id"), "people", "read"))
                .role("masks", written.treated(masks(Set.of("email"), NOTHING, NOTHING), "people", "read"))
                .role("limit", written.treated(limit(1), "people", "read"));
        Map.of("columns", "columns_unreadable", "masks", "fields_unreadable", "limit", "rows_unreadable")
                .forEach((role, code) -> {
                    assertEquals(code, withheld(text, role));
                    assertEquals(code, withheld(failed, role));
                });
        assertEquals("columns_unreadable", withheld(unnamed(), "columns"));
        Json.Obj json = answer(Json.object()
                .put("text", "[ {\"email\":\"secret@example.com\"}]")
                .build());
        assertEquals("fields_unreadable", withheld(json, "masks"));
        assertEquals("rows_unreadable", withheld(json, "limit"));
        Json.Obj beside = answer(Json.object()
                .put("id", new Json.Arr(List.of(row(1))))
                .put("total", Json.Num.of(1))
                .build());
        assertEquals("columns_unreadable", withheld(beside, "columns"));
        assertEquals("fields_unreadable", withheld(unnamed(), "masks"));
        Json two = Json.object()
                .put("rows", Json.Arr.EMPTY)
                .put("more", new Json.Arr(List.of(row(1))))
                .build();
        assertEquals("rows_unreadable", withheld(answer(two), "limit"));
    }

    @Test
    void fieldsAreMaskedByTheirNamesWhereverTheyStand() {
        written.role("r", written.treated(masks(Set.of("email", "salary"), NOTHING, NOTHING), "people", "read"));
        Json deep = Json.object()
                .put("team", new Json.Arr(List.of(row(1), row(2))))
                .put("head", Json.object().put("contact", row(3)))
                .build();
        String left = find(answer(deep), "r");
        assertFalse(left.contains("secret") || left.contains("100"), left);
        assertTrue(left.contains("{\"id\":3,\"name\":\"n3\",\"Email\":\"[email]\",\"salary\":null}"), left);
        assertEquals(List.of("redact: masked: email 3, salary 3"), done());
        String list = find(matrix(), "r");
        assertTrue(list.contains("\"rows\":[[1,\"[email]\"],[2,\"[email]\"]]"), list);
    }

    @Test
    void whatIsFoundInTextsIsMaskedWithItsKind() {
        written.role("r", written.treated(masks(NOTHING, NOTHING, Set.of("personal")), "people", "read"));
        String left = find(rows(1), "r");
        assertFalse(left.contains("secret"), left);
        assertTrue(left.contains("a copy: [email]"), left);
        assertEquals(List.of("redact: found: email 2"), done());
    }

    @Test
    void aResultIsCutBehindItsRowsAndSaysSo() {
        written.role("r", written.treated(limit(2), "people", "read"));
        String left = find(rows(5), "r");
        assertTrue(left.contains("n2") && !left.contains("n3") && !left.contains("a copy"), left);
        assertTrue(left.contains("[reeve] the first 2 of 5 rows"), left);
        assertEquals(List.of("limit: 3 of 5 rows cut"), done());
        assertFalse(find(rows(2), "r").contains("[reeve]"));
        assertTrue(find(answer(row(1)), "r").contains("n1"), "one object is one row");
    }

    @Test
    void theAgentIsWarnedAndTheRecordHoldsIt() {
        written.role("r", written.treated(warn("handle with care"), "people", "read"));
        String left = find(rows(1), "r");
        assertTrue(left.contains("a copy") && left.contains("handle with care"), left);
        assertTrue(decided.getLast().findings().stream()
                .anyMatch(found ->
                        found instanceof Finding.Warn warn && warn.reason().equals("handle with care")));
    }

    @Test
    void whatAllowsAsItIsBeatsWhatNarrowsAndOtherwiseAllOfItNarrows() {
        written.role("few", written.treated(limit(1).and(columns("id", "name")), "people", "read"))
                .role("some", written.treated(limit(3).and(columns("id", "salary")), "people", "read"))
                .role("whole", written.permission("people", "read"))
                .role("warned", written.treated(warn("look out"), "people", "read"));
        String both = find(rows(4), "few", "some");
        assertTrue(both.contains("{\"rows\":[{\"id\":1}]}"), both);
        assertTrue(find(rows(4), "few", "some", "whole").contains("secret4"));
        String warned = find(rows(4), "few", "warned");
        assertTrue(warned.contains("secret4") && warned.contains("look out"), warned);
        written.allows(limit(2), resource("people", ""));
        assertFalse(find(rows(4), "few").contains("n2"), "a rule and a role narrow together");
        assertTrue(find(rows(4), "whole").contains("n4"), "a role as it is beats a rule that narrows");
        String alone = find(rows(4));
        assertTrue(alone.contains("n2") && !alone.contains("n3"), alone);
    }

    /** Not whole: it filters rows, so what another says of columns stays beside. */
    @Test
    void aPermissionForSomeRowsDoesNotLiftWhatAnotherNarrows() {
        written.rowCondition("public", "public")
                .role("rows", written.permission("people", "read", "public"))
                .role("columns", written.treated(columns("id"), "people", "read"));
        String left = find(rows(2), "rows", "columns");
        assertTrue(left.contains("{\"rows\":[{\"id\":1},{\"id\":2}]}"), left);
    }

    @Test
    void sqlMayTouchOnlyTheColumnsThatAreNamed() {
        written.role("r", written.treated(columns("id", "t.department"), "db1", "read"));
        CompiledPolicy policy = written.compiled();
        assertEquals("allow", verdict(sql(policy, "r", "read id,department")));
        assertEquals("allow", verdict(sql(policy, "r", "read -")));
        List<Finding> denied = sql(policy, "r", "read id,email");
        assertEquals("deny", verdict(denied));
        assertTrue(denied.toString().contains("its `columns` leave `db:db1/t.email` out"), denied.toString());
    }

    @Test
    void inSqlMasksAndLimitsBecomePartOfTheStatement() {
        written.role("tags", written.treated(masks(NOTHING, Set.of("pii"), NOTHING), "db1", "read,write"))
                .role(
                        "fields",
                        written.treated(
                                masks(Set.of("t.email"), NOTHING, NOTHING).and(limit(7)), "db1", "read"));
        CompiledPolicy policy = written.compiled();
        for (String role : List.of("tags", "fields")) {
            Finding.Redact redact =
                    (Finding.Redact) sql(policy, role, "read id,email").getLast();
            String sent = redact.instead().arguments().string("sql").orElseThrow();
            assertTrue(sent.contains("masked {t=[email]}"), sent);
            assertEquals(role.equals("fields"), sent.contains("most 7"), sent);
            assertTrue(redact.reason().contains("t.email masked"), redact.reason());
        }
        assertTrue(sql(policy, "tags", "read id").stream().noneMatch(Finding.Redact.class::isInstance));
        assertTrue(sql(policy, "fields", "read id").getLast() instanceof Finding.Redact);
        List<Finding> change = sql(policy, "tags", "delete email");
        assertEquals("allow", verdict(change), "a change reads nothing that could be masked");
        assertTrue(change.stream().allMatch(Finding.Pass.class::isInstance), change.toString());
    }

    @Test
    void whatDoesNotComeThroughHereCannotBeNarrowed() {
        written.role("r", written.treated(limit(5), "file:/a/**", "read"))
                .role("w", written.treated(warn("look out"), "file:/a/**", "read"));
        Operation host = new Operation.HostCall(
                "claude",
                "Read",
                Json.Obj.EMPTY,
                List.of(new dev.reeve.action.Touch(List.of("file:/a/b"), "read", Optional.empty())));
        List<Finding> denied = decide(written.compiled(), principal("r"), host, NOTHING);
        assertEquals("deny", verdict(denied));
        assertTrue(denied.toString().contains("does not come through here"), denied.toString());
        assertEquals("allow", verdict(decide(written.compiled(), principal("w"), host, NOTHING)));
    }

    @Test
    void whatMeansNothingIsAnErrorAtLoad() {
        written.role(
                "r",
                written.treated(masks(Set.of("emial"), Set.of("pi"), Set.of("persons")), "db1", "read"),
                written.treated(columns("t.id", "u.email"), "db:db1/*", "read"));
        String problems = assertInstanceOf(PolicyCompiler.Outcome.Refused.class, written.outcome())
                .problems()
                .toString();
        for (String said : List.of(
                "no table of `db1` has a column `emial`",
                "nothing is tagged `pi`",
                "`persons` is nothing that is found",
                "no table of `db1` has a column `u.email`")) {
            assertTrue(problems.contains(said), said + " not in " + problems);
        }
        assertFalse(problems.contains("`t.id`"), problems);
    }

    @Test
    void narrowingLessIsWiderAndSoIsTakingAwayWhatNarrowedOthers() {
        Written before = new Written();
        before.role("r", before.treated(limit(5), "people", "read"));
        Written more = new Written();
        more.role("r", more.treated(limit(6), "people", "read"));
        Written less = new Written();
        less.role("r", less.treated(limit(4).and(columns("id")), "people", "read"));
        Written gone = new Written().role("r");
        assertEquals(2, Widening.between(before.source(), more.source()).size());
        assertEquals(List.of(), Widening.between(before.source(), less.source()));
        assertTrue(Widening.between(before.source(), gone.source()).toString().contains("at most 5 rows on people"));
    }

    private List<Finding> sql(CompiledPolicy policy, String role, String text) {
        return decide(policy, principal(role), call("pg.q", args("sql", text)), NOTHING);
    }
}
