package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static dev.reeve.policy.Written.tool;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthoriseTest {
    private static final Set<String> NOTHING = Set.of();

    @Test
    void whatNothingAllowsIsDenied() {
        CompiledPolicy policy = new Written().compiled();
        List<Finding> found = decide(policy, principal("clerk"), call("up.tool", Json.Obj.EMPTY), NOTHING);
        assertEquals("no_rule_allows", stop(found).code());
    }

    @Test
    void aRoleGrantsItsActionsOnItsResourceOnly() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("leave", NOTHING)
                .maps("up.read", "leave", "read")
                .maps("up.create", "leave", "create")
                .role("hr", written.permission("leave", "read"))
                .compiled();
        assertEquals("allow", verdict(decide(policy, principal("hr"), call("up.read", Json.Obj.EMPTY), NOTHING)));
        List<Finding> denied = decide(policy, principal("hr"), call("up.create", Json.Obj.EMPTY), NOTHING);
        assertEquals("no_rule_allows", stop(denied).code());
        assertTrue(stop(denied).nearest().orElseThrow().missing().contains("`create`"));
        List<Finding> other = decide(policy, principal("nobody"), call("up.read", Json.Obj.EMPTY), NOTHING);
        assertTrue(stop(other).nearest().orElseThrow().missing().contains("role `hr`"));
    }

    /** The role comes first: what it would need beside that is told too. */
    @Test
    void theNearestOfAnotherRoleIsTheOneThatWouldAllow() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("leave", NOTHING)
                .maps("up.create", "leave", "create")
                .role("a", written.permission("leave", "read"))
                .role("b", written.permission("leave", "create"))
                .role("c", written.permission("leave", "create", "false "))
                .compiled();
        var nearest = stop(decide(policy, principal("x"), call("up.create", Json.Obj.EMPTY), NOTHING))
                .nearest()
                .orElseThrow();
        assertEquals("b", nearest.rule().orElseThrow().name());
        assertEquals("the agent does not have the role `b`", nearest.missing());
    }

    @Test
    void anAllowRuleWhoseConditionFailedIsTheNearest() {
        Written written = new Written();
        CompiledPolicy policy = written.rule(Effect.ALLOW, tool("up.t"), "arg:x=1", false)
                .role("other", written.permission("tool:up.t", "execute"))
                .compiled();
        var stopped = stop(decide(policy, principal("x"), call("up.t", Json.Obj.EMPTY), NOTHING));
        assertEquals("condition_failed", stopped.code());
        assertEquals("r1", stopped.nearest().orElseThrow().rule().orElseThrow().name());
        assertTrue(stopped.nearest().orElseThrow().missing().contains("`arg:x=1` does not hold"), stopped.reason());
    }

    @Test
    void anAllowRuleForSomebodyElseSaysSo() {
        Written written = new Written();
        Target others = new Target(
                Optional.of("up.t"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("somebody"),
                Optional.empty(),
                Optional.empty());
        CompiledPolicy policy = written.rule(Effect.ALLOW, others, "", false).compiled();
        var stopped = stop(decide(policy, principal("x"), call("up.t", Json.Obj.EMPTY), NOTHING));
        assertEquals("no_rule_allows", stopped.code());
        assertEquals("it is for other agents", stopped.nearest().orElseThrow().missing());
    }

    @Test
    void readCoversQueryAndWriteCoversTheThreeWays() {
        Written written = new Written();
        CompiledPolicy policy = written.database("db1", Map.of())
                .mapsSql("pg.q", "db1")
                .role("reader", written.permission("db1", "read"))
                .role("writer", written.permission("db:db1/t", "write"))
                .compiled();
        assertEquals("allow", sql(policy, "reader", "read id"));
        assertEquals("deny", sql(policy, "reader", "delete id"));
        assertEquals("allow", sql(policy, "writer", "delete id"));
        assertEquals("deny", sql(policy, "writer", "read id"));
    }

    @Test
    void personalDataIsFoundByTheColumnItIsIn() {
        Written written = new Written();
        CompiledPolicy policy = written.database("db1", Map.of("t.email", Set.of("pii")))
                .mapsSql("pg.q", "db1")
                .role("analyst", written.permission("db1", "read,query", "no_pii_access"))
                .compiled();
        assertEquals("allow", sql(policy, "analyst", "read id,department"));
        assertEquals("allow", sql(policy, "analyst", "read -"));
        List<Finding> denied =
                decide(policy, principal("analyst"), call("pg.q", args("sql", "read id,email")), NOTHING);
        assertEquals("condition_failed", stop(denied).code());
        assertTrue(stop(denied).reason().contains("no_pii_access"), stop(denied).reason());
        assertTrue(
                stop(denied).reason().contains("db:db1/t.email"), stop(denied).reason());
    }

    @Test
    void whatIsSentIsTheRenderingAndWhatIsNotUnderstoodIsDenied() {
        Written written = new Written();
        CompiledPolicy policy =
                written.database("db1", Map.of()).mapsSql("pg.q", "db1").compiled();
        var touches = assertInstanceOf(
                dev.reeve.gate.Rulebook.Reading.Touches.class, policy.read(call("pg.q", args("sql", "read id"))));
        assertEquals(
                "read id ",
                touches.instead().orElseThrow().arguments().string("sql").orElseThrow());
        assertInstanceOf(
                dev.reeve.gate.Rulebook.Reading.Unreadable.class,
                policy.read(call("pg.q", args("sql", "drop it now"))));
        assertInstanceOf(dev.reeve.gate.Rulebook.Reading.Unreadable.class, policy.read(call("pg.q", Json.Obj.EMPTY)));
    }

    @Test
    void denyWinsOverApprovalAndApprovalOverAllow() {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.*", "execute"))
                .rule(Effect.REQUIRE_APPROVAL, tool("up.b"), "", false)
                .rule(Effect.REQUIRE_APPROVAL, tool("up.c"), "", false)
                .rule(Effect.DENY, tool("up.c"), "arg:x=1", true)
                .compiled();
        assertEquals("allow", verdict(decide(policy, principal("all"), call("up.a", Json.Obj.EMPTY), NOTHING)));
        assertEquals("hold", verdict(decide(policy, principal("all"), call("up.b", Json.Obj.EMPTY), NOTHING)));
        assertEquals("hold", verdict(decide(policy, principal("all"), call("up.c", args("x", "2")), NOTHING)));
        List<Finding> denied = decide(policy, principal("all"), call("up.c", args("x", "1")), NOTHING);
        assertEquals("denied_by_rule", stop(denied).code());
        assertEquals(Optional.of("because r3"), stop(denied).tell());
        assertEquals("policies/test.yaml", stop(denied).rule().orElseThrow().file());
    }

    /** R17: a person's yes only satisfies what was asked. */
    @Test
    void aRuleThatAsksGrantsNothingSoWhereNothingElseAllowsNobodyIsAsked() {
        Written written = new Written();
        CompiledPolicy policy = written.role("some", written.permission("tool:up.a", "execute"))
                .rule(Effect.REQUIRE_APPROVAL, tool("up.*"), "", false)
                .rule(Effect.ALLOW, tool("up.c"), "", false)
                .compiled();
        assertEquals("hold", verdict(decide(policy, principal("some"), call("up.a", Json.Obj.EMPTY), NOTHING)));
        assertEquals("hold", verdict(decide(policy, principal("none"), call("up.c", Json.Obj.EMPTY), NOTHING)));
        Denial denial = stop(decide(policy, principal("none"), call("up.a", Json.Obj.EMPTY), NOTHING));
        assertEquals("no_rule_allows", denial.code());
    }

    @ParameterizedTest
    @CsvSource({"throws", "crashes"})
    void aConditionThatFailsDeniesInADenyAndDoesNotAllowInAnAllow(String failing) {
        Written written = new Written();
        CompiledPolicy denying = written.role("all", written.permission("tool:up.*", "execute"))
                .rule(Effect.DENY, tool("up.a"), failing + " ", false)
                .compiled();
        assertEquals("deny", verdict(decide(denying, principal("all"), call("up.a", Json.Obj.EMPTY), NOTHING)));
        Written other = new Written();
        CompiledPolicy allowing = other.role("all", other.permission("tool:up.b", "execute", failing + " "))
                .rule(Effect.ALLOW, tool("up.a"), failing + " ", false)
                .compiled();
        assertEquals("deny", verdict(decide(allowing, principal("all"), call("up.a", Json.Obj.EMPTY), NOTHING)));
        assertEquals("deny", verdict(decide(allowing, principal("all"), call("up.b", Json.Obj.EMPTY), NOTHING)));
    }

    @ParameterizedTest
    @CsvSource({
        "throws, could not be evaluated: for the test",
        "crashes, could not be evaluated",
        "arg:x=1, does not hold"
    })
    void anErrorInAConditionIsToldAsOne(String condition, String told) {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.b", "execute", condition + " "))
                .rule(Effect.ALLOW, tool("up.a"), condition + " ", false)
                .compiled();
        for (String tool : List.of("up.a", "up.b")) {
            Denial stopped = stop(decide(policy, principal("all"), call(tool, Json.Obj.EMPTY), NOTHING));
            assertEquals("condition_failed", stopped.code());
            assertTrue(stopped.reason().endsWith("the condition `" + condition + " ` " + told), stopped.reason());
            assertTrue(stopped.nearest().orElseThrow().missing().endsWith(told));
        }
    }

    @Test
    void theErrorOfADenyIsForTheOperatorAndTheReasonForTheAgent() {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.*", "execute"))
                .rule(Effect.DENY, tool("up.a"), "throws ", true)
                .rule(Effect.REQUIRE_APPROVAL, tool("up.b"), "throws ", true)
                .compiled();
        Denial denied = stop(decide(policy, principal("all"), call("up.a", Json.Obj.EMPTY), NOTHING));
        assertEquals(Optional.of("because r1"), denied.tell());
        assertTrue(denied.reason().startsWith("because r1; the condition "), denied.reason());
        assertTrue(denied.reason().endsWith(" could not be evaluated: for the test"), denied.reason());
        List<Finding> held = decide(policy, principal("all"), call("up.b", Json.Obj.EMPTY), NOTHING);
        Finding.Ask ask = assertInstanceOf(Finding.Ask.class, held.getLast(), held.toString());
        assertEquals(Optional.of("because r2"), ask.why().tell());
        assertTrue(ask.why().reason().endsWith("could not be evaluated: for the test"));
    }

    @Test
    void aDenyNamesWhatWouldHaveAllowedWithoutIt() {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.a", "execute"))
                .role("some", written.permission("tool:up.a", "execute", "false "))
                .rule(Effect.DENY, tool("up.*"), "arg:x=1", false)
                .rule(Effect.ALLOW, tool("up.b"), "", false)
                .compiled();
        assertEquals("all: it would have allowed this, but a deny wins", nearest(policy, "all", "up.a"));
        assertEquals("some: the condition `false ` does not hold", nearest(policy, "some", "up.a"));
        assertEquals("all: the agent does not have the role `all`", nearest(policy, "x", "up.a"));
        assertEquals("r2: it would have allowed this, but a deny wins", nearest(policy, "x", "up.b"));
        Denial nothing = stop(decide(policy, principal("x"), call("up.c", args("x", "1")), NOTHING));
        assertEquals(Optional.of(Denial.Nearest.none("nothing else would have allowed it")), nothing.nearest());
    }

    private static String nearest(CompiledPolicy policy, String role, String tool) {
        Denial denied = stop(decide(policy, principal(role), call(tool, args("x", "1")), NOTHING));
        assertEquals("denied_by_rule", denied.code());
        Denial.Nearest near = denied.nearest().orElseThrow();
        return near.rule().orElseThrow().name() + ": " + near.missing();
    }

    @Test
    void aRuleWhoseConditionIsWrongIsOneMistakeAndShadowsNothing() {
        PolicyCompiler.Outcome outcome = new Written()
                .rule(Effect.ALLOW, tool("up.a"), "", false)
                .rule(Effect.DENY, tool("up.a"), "bad ", false)
                .outcome();
        assertEquals(1, outcome.problems().size(), outcome.toString());
        assertTrue(outcome.problems().getFirst().message().contains("does not compile"), outcome.toString());
    }

    @Test
    void trueAndFalseAreNoNamesOfConditions() {
        CompiledPolicy policy = new Written()
                .rule(Effect.ALLOW, tool("up.a"), "true", false)
                .rule(Effect.ALLOW, tool("up.b"), "false", false)
                .compiled();
        assertEquals("allow", verdict(decide(policy, principal("x"), call("up.a", Json.Obj.EMPTY), NOTHING)));
        assertEquals("deny", verdict(decide(policy, principal("x"), call("up.b", Json.Obj.EMPTY), NOTHING)));
    }

    @Test
    void whatTheSessionHasReadCanForbid() {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.*", "execute"))
                .rule(Effect.DENY, tool("up.web"), "read:pii", true)
                .compiled();
        Operation web = call("up.web", Json.Obj.EMPTY);
        assertEquals("allow", verdict(decide(policy, principal("all"), web, NOTHING)));
        assertEquals("deny", verdict(decide(policy, principal("all"), web, Set.of("pii"))));
    }

    @Test
    void eachRecipientIsDecidedByItself() {
        Written written = new Written();
        CompiledPolicy policy = written.maps("mail.send", "mail:{arguments.to}", "create")
                .role("writer", written.permission("mail:*@*", "create"))
                .rule(Effect.DENY, resource("mail:*@*", "mail:*@example.com"), "", true)
                .compiled();
        assertEquals("allow", mail(policy, new Json.Str("ana@example.com")));
        assertEquals("allow", mail(policy, new Json.Str("ana@EXAMPLE.com")));
        assertEquals("deny", mail(policy, new Json.Str("eve@evil.example")));
        assertEquals("deny", mail(policy, Json.Arr.ofStrings(List.of("ana@example.com", "eve@evil.example"))));
        assertEquals("deny", mail(policy, new Json.Str("eve@evil.example,ana@example.com")));
        assertEquals("deny", mail(policy, new Json.Str("\"eve@evil.example\" <ana@example.com>")));
        assertEquals("deny", mail(policy, new Json.Str("eve@evil.example\u200b@example.com")));
        assertEquals("deny", mail(policy, Json.Arr.EMPTY));
    }

    @ParameterizedTest
    @CsvSource({
        "/reports/a.md, allow",
        "/reports/deep/b.md, allow",
        "/reports/../secret, deny",
        "/reports/./a, deny",
        "/reports//a, deny",
        "/reports/%2e%2e/secret, deny",
        "/reports\\..\\secret, deny",
        "/reports/a:stream, deny",
        "/other/a, deny",
        "/reportsx, deny",
        "~/reports/a, deny",
    })
    void pathsAreLexicalAndStrict(String path, String expected) {
        Written written = new Written();
        CompiledPolicy policy = written.maps("files.read", "file:{arguments.path}", "read")
                .role("reader", written.permission("file:/reports/**", "read"))
                .compiled();
        assertEquals(
                expected,
                verdict(decide(policy, principal("reader"), call("files.read", args("path", path)), NOTHING)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://docs.example.com/a, allow",
        "HTTPS://DOCS.EXAMPLE.COM:443/a/b?c=d, allow",
        "https://evil.example?x=.example.com/, deny",
        "https://evil.example/.example.com/a, deny",
        "https://user@docs.example.com/a, deny",
        "https://docs.example.com@evil.example/, deny",
        "https://docs.example.com:8443/a, deny",
        "http://docs.example.com/a, deny",
        "https://docs.example.com/%2e%2e/a, deny",
        "https://docs.example.com\\@evil.example/, deny",
        "file:///etc/passwd, deny",
    })
    void urlsAreComparedInOneForm(String url, String expected) {
        Written written = new Written();
        CompiledPolicy policy = written.maps("web.get", "url:{arguments.url}", "read")
                .role("reader", written.permission("url:https://*.example.com/**", "read"))
                .compiled();
        assertEquals(
                expected, verdict(decide(policy, principal("reader"), call("web.get", args("url", url)), NOTHING)));
    }

    @Test
    void rowsOfOtherDepartmentsAreLeftOutOfEveryCopy() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("people", NOTHING)
                .maps("up.find", "people", "read")
                .role("hr", written.permission("people", "read", "same_department_only"))
                .compiled();
        List<Finding> found = decide(policy, principal("hr"), call("up.find", Json.Obj.EMPTY), NOTHING);
        Finding.Oblige oblige = (Finding.Oblige) found.getLast();
        Json.Obj result = result(row("a", "sales"), row("b", "legal"), row("c", "sales"));
        ResultFinding.Changed changed = assertInstanceOf(ResultFinding.Changed.class, apply(oblige, result));
        assertEquals("1 of 3 rows left out", changed.reason());
        assertFalse(
                changed.result().toString().contains("legal"), changed.result().toString());
        assertInstanceOf(
                ResultFinding.Withheld.class,
                apply(oblige, Json.object().put("content", Json.Arr.EMPTY).build()));
        assertInstanceOf(
                ResultFinding.Withheld.class,
                apply(oblige, result(new Json.Str("legal: b"))),
                "a row that is no object");
    }

    @Test
    void aRowPassesIfOneGrantingPermissionLetsIt() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("people", NOTHING)
                .maps("up.find", "people", "read")
                .rowCondition("public", "public")
                .role("hr", written.permission("people", "read", "same_department_only"))
                .role("press", written.permission("people", "read", "public"))
                .role("boss", written.permission("people", "read"))
                .compiled();
        List<Finding> both = decide(policy, principal("hr", "press"), call("up.find", Json.Obj.EMPTY), NOTHING);
        Json.Obj publicLegal = Json.object()
                .put("name", "p")
                .put("department", "legal")
                .put("kind", "public")
                .build();
        Json.Obj result = result(row("a", "sales"), row("b", "legal"), publicLegal);
        ResultFinding.Changed changed = (ResultFinding.Changed) apply((Finding.Oblige) both.getLast(), result);
        assertEquals("1 of 3 rows left out", changed.reason());
        List<Finding> whole = decide(policy, principal("hr", "boss"), call("up.find", Json.Obj.EMPTY), NOTHING);
        assertTrue(whole.stream().noneMatch(Finding.Oblige.class::isInstance));
    }

    @Test
    void onSqlTheRowFilterBecomesPartOfTheStatement() {
        Written written = new Written();
        CompiledPolicy policy = written.database("db1", Map.of())
                .mapsSql("pg.q", "db1")
                .role("hr", written.permission("db1", "read", "same_department_only"))
                .rowCondition("public", "public")
                .role("press", written.permission("db1", "read", "public"))
                .compiled();
        List<Finding> found = decide(policy, principal("hr"), call("pg.q", args("sql", "read id,email")), NOTHING);
        Finding.Redact redact = (Finding.Redact) found.getLast();
        assertTrue(redact.instead()
                .arguments()
                .toString()
                .contains("where {t=[RowEquals[column=department, value=sales]]}"));
        List<Finding> cannot = decide(policy, principal("press"), call("pg.q", args("sql", "read id")), NOTHING);
        assertEquals("rows_cannot_be_filtered", stop(cannot).code());
    }

    /** A table without the column would otherwise be read whole under a permission for some rows. */
    @Test
    void aTableThatCannotBeFilteredIsNotRead() {
        Written written = new Written();
        CompiledPolicy policy = written.database("db1", Map.of())
                .mapsSql("pg.q", "db1")
                .role("hr", written.permission("db1", "read", "same_department_only"))
                .compiled();
        List<Finding> found = decide(policy, principal("hr"), call("pg.q", args("sql", "u.read id")), NOTHING);
        assertEquals("rows_cannot_be_filtered", stop(found).code());
        assertTrue(stop(found).reason().contains("`u`"), stop(found).reason());
    }

    @Test
    void aShadowRuleIsRecordedUntilItsDay() {
        Written written = new Written();
        CompiledPolicy policy = written.role("all", written.permission("tool:up.*", "execute"))
                .rule(
                        Effect.DENY,
                        tool("up.a"),
                        "",
                        false,
                        new Mode.Shadow(Optional.of(Instant.parse("2027-01-01T00:00:00Z"))))
                .rule(
                        Effect.DENY,
                        tool("up.b"),
                        "",
                        false,
                        new Mode.Shadow(Optional.of(Instant.parse("2026-01-01T00:00:00Z"))))
                .compiled();
        List<Finding> shadowed = decide(policy, principal("all"), call("up.a", Json.Obj.EMPTY), NOTHING);
        assertEquals("allow", verdict(shadowed));
        assertTrue(
                shadowed.stream()
                        .anyMatch(finding -> finding instanceof Finding.Shadow shadow
                                && shadow.would() == dev.reeve.gate.Journal.Ruling.DENY),
                shadowed.toString());
        assertEquals("deny", verdict(decide(policy, principal("all"), call("up.b", Json.Obj.EMPTY), NOTHING)));
    }

    @Test
    void toolsThatCouldNeverBeCalledAreInvisible() {
        Written written = new Written();
        CompiledPolicy policy = written.maps("files.read", "file:{arguments.path}", "read")
                .database("db1", Map.of())
                .mapsSql("pg.q", "db1")
                .role("some", written.permission("file:/reports/**", "read"), written.permission("db:db1/t", "query"))
                .rule(Effect.DENY, tool("web.*"), "", false)
                .rule(Effect.ALLOW, tool("up.a"), "arg:x=1", false)
                .compiled();
        assertTrue(policy.visible(principal("some"), call("files.read", Json.Obj.EMPTY)));
        assertTrue(policy.visible(principal("some"), call("pg.q", Json.Obj.EMPTY)));
        assertTrue(policy.visible(principal("some"), call("up.a", Json.Obj.EMPTY)));
        assertFalse(policy.visible(principal("some"), call("up.b", Json.Obj.EMPTY)));
        assertFalse(policy.visible(principal("none"), call("files.read", Json.Obj.EMPTY)));
        assertFalse(policy.visible(principal("some"), call("web.a", Json.Obj.EMPTY)));
    }

    private static String sql(CompiledPolicy policy, String role, String text) {
        return verdict(decide(policy, principal(role), call("pg.q", args("sql", text)), NOTHING));
    }

    private static String mail(CompiledPolicy policy, Json to) {
        Json.Obj arguments = Json.object().put("to", to).build();
        return verdict(decide(policy, principal("writer"), call("mail.send", arguments), NOTHING));
    }

    private static Denial stop(List<Finding> found) {
        return assertInstanceOf(Finding.Stop.class, found.getLast(), found.toString())
                .denial();
    }

    private static ResultFinding apply(Finding.Oblige oblige, Json.Obj result) {
        var attempt = new dev.reeve.action.Attempt(
                principal("hr"), 1, call("up.find", Json.Obj.EMPTY), "s", "test", Optional.empty());
        var action = dev.reeve.action.Action.of("id", Instant.EPOCH, attempt, attempt.operation(), Optional.empty());
        return oblige.obligation().apply(action, result);
    }

    private static Json.Obj row(String name, String department) {
        return Json.object().put("name", name).put("department", department).build();
    }

    private static Json.Obj result(Json... rows) {
        Json.Obj structured =
                Json.object().put("rows", new Json.Arr(List.of(rows))).build();
        return Json.object()
                .put("content", Json.Arr.ofStrings(List.of(structured.toString())))
                .put("structuredContent", structured)
                .put("isError", false)
                .build();
    }
}
