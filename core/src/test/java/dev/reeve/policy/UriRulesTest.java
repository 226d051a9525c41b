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
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Completion.Completed;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What has a URI: whoever asks chooses it, so it is never taken for the name of a tool. */
final class UriRulesTest {
    private static final String URI = "web.customers";

    private static List<Operation> named(String upstream, String uri) {
        return List.of(
                new Operation.ResourceRead(upstream, uri),
                new Operation.SkillGet(upstream, uri),
                new Operation.DirectoryRead(upstream, uri),
                new Operation.Subscription(upstream, uri, true),
                new Operation.Completion(upstream, Completed.RESOURCE_TEMPLATE, uri, Json.Obj.EMPTY));
    }

    /** The same, and the question of an enforcement point about it. */
    private static List<Operation> everyWay(String upstream, String uri) {
        List<Operation> all = new ArrayList<>(named(upstream, uri));
        all.add(asks("mcp:" + upstream + "/" + uri));
        return all;
    }

    private static Operation asks(String resource) {
        return new Operation.AccessEvaluation("guard", resource, "read", Json.Obj.EMPTY, true);
    }

    private static void assertAll(String verdict, CompiledPolicy policy, List<Operation> operations) {
        operations.forEach(operation -> assertEquals(verdict, asked(policy, operation), operation.toString()));
    }

    private static String asked(CompiledPolicy policy, Operation operation, TimedGrant... grants) {
        return verdict(decide(policy, principal("clerk"), operation, Set.of(), List.of(grants)));
    }

    @Test
    void whatAllowsToolsAllowsNoUriThatReadsLikeOne() {
        for (String pattern : List.of("web.*", "web.customers", "*", "**")) {
            CompiledPolicy policy =
                    new Written().rule(Effect.ALLOW, tool(pattern), "", false).compiled();
            assertEquals("allow", asked(policy, call(URI, Json.Obj.EMPTY)), pattern);
            assertEquals("allow", asked(policy, new Operation.PromptGet("web", "customers", Json.Obj.EMPTY)), pattern);
            for (Operation operation : named("up", URI)) {
                assertEquals("deny", asked(policy, operation), pattern + " " + operation);
                assertFalse(policy.visible(principal("clerk"), operation, List.of()), operation.toString());
            }
        }
    }

    @Test
    void whatForbidsToolsForbidsUrisToo() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("mcp:up/**", "read"))
                .rule(Effect.DENY, tool("web.*"), "", false)
                .compiled();
        named("up", URI).forEach(operation -> assertEquals("deny", asked(policy, operation), operation.toString()));
        named("up", "x:1").forEach(operation -> assertEquals("allow", asked(policy, operation), operation.toString()));
    }

    @Test
    void noUriIsTakenOutOfADenyByTheNameOfATool() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("mcp:**", "read"))
                .rule(Effect.DENY, resource("mcp:up/**", "web.*"), "", false)
                .compiled();
        named("up", URI).forEach(operation -> assertEquals("deny", asked(policy, operation), operation.toString()));
        named("web", URI).forEach(operation -> assertEquals("allow", asked(policy, operation), operation.toString()));
    }

    /** A file has one name wherever it is read, so the server's own name for it counts beside that where something is forbidden. */
    @Test
    void whatForbidsAllOfAServerForbidsItsFilesToo() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("file:/srv/**", "read"))
                .rule(Effect.DENY, resource("mcp:up/**", ""), "", false)
                .compiled();
        for (Operation operation : named("up", "file:///srv/a.txt")) {
            assertEquals("deny", asked(policy, operation), operation.toString());
        }
        for (Operation operation : named("web", "file:///srv/a.txt")) {
            assertEquals("allow", asked(policy, operation), operation.toString());
        }
    }

    @Test
    void aFileIsTakenOutOfADenyByItsNameAtTheServerToo() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("file:/srv/**", "read"))
                .rule(Effect.DENY, resource("mcp:up/**", "mcp:up/file:///srv/open/**"), "", false)
                .compiled();
        named("up", "file:///srv/open/a.txt")
                .forEach(operation -> assertEquals("allow", asked(policy, operation), operation.toString()));
        named("up", "file:///srv/a.txt")
                .forEach(operation -> assertEquals("deny", asked(policy, operation), operation.toString()));
        assertEquals("deny", asked(policy, new Operation.ResourceRead("up", "file:///srv/open/../a.txt")));
    }

    @Test
    void whatIsKnownOfAllThatAServerHasIsKnownOfItsFilesToo() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("mcp:up/**", Set.of("pii"))
                .catalogue("file:/srv/**", Set.of("internal"))
                .role("clerk", written.permission("file:/srv/**", "read"))
                .compiled();
        for (Operation operation : named("up", "file:///srv/a.txt")) {
            assertEquals(Set.of("pii", "internal"), tags(policy, operation), operation.toString());
        }
        for (Operation operation : named("web", "file:///srv/a.txt")) {
            assertEquals(Set.of("internal"), tags(policy, operation), operation.toString());
        }
        assertEquals(Set.of("pii"), tags(policy, new Operation.ResourceRead("up", "box:1")));
    }

    /** With two servers, what is allowed at one opens nothing at the other. */
    @Test
    void aFileIsAllowedAtOneServerByItsNameThere() {
        for (String pattern : List.of(
                "mcp:up/file:///srv/**", "mcp:up/file:///srv/a.txt", "mcp:up/file:**", "mcp:u*/file:///*/a.txt")) {
            Written written = new Written();
            CompiledPolicy role =
                    written.role("clerk", written.permission(pattern, "read")).compiled();
            CompiledPolicy rule = new Written()
                    .rule(Effect.ALLOW, resource(pattern, ""), "", false)
                    .compiled();
            for (CompiledPolicy policy : List.of(role, rule)) {
                assertAll("allow", policy, everyWay("up", "file:///srv/a.txt"));
                assertAll("deny", policy, everyWay("web", "file:///srv/a.txt"));
                assertEquals("deny", asked(policy, asks("file:/srv/a.txt")), "a file that no server has");
                List<Finding> denied = decide(
                        policy, principal("clerk"), new Operation.ResourceRead("web", "file:///srv/a.txt"), Set.of());
                assertTrue(denied.toString().contains("`mcp:web/file:///srv/a.txt`"), denied.toString());
                named("up", "file:///srv/a.txt")
                        .forEach(one -> assertTrue(policy.visible(principal("clerk"), one, List.of())));
                named("web", "file:///srv/a.txt")
                        .forEach(one -> assertFalse(policy.visible(principal("clerk"), one, List.of())));
            }
        }
    }

    /** What a question names is what would be read: nothing climbs out of what is allowed, and a prohibition is about it too. */
    @Test
    void aQuestionAboutAServersFileIsAboutThatFile() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("mcp:up/file:///srv/**", "read"))
                .rule(Effect.DENY, resource("file:/srv/secret/**", ""), "", false)
                .rule(Effect.REQUIRE_APPROVAL, resource("file:/srv/board/**", ""), "", false)
                .compiled();
        assertAll("allow", policy, everyWay("up", "file:///srv/a"));
        assertAll("deny", policy, everyWay("up", "file:///srv/secret/a"));
        assertAll("hold", policy, everyWay("up", "file:///srv/board/a"));
        assertAll("deny", policy, everyWay("up", "file:///srv/../etc/passwd"));
        assertAll("deny", policy, everyWay("up", "file:///srv/x/../../etc/passwd"));
        assertAll("deny", policy, everyWay("up", "file:///srv/%2e%2e/etc/passwd"));
    }

    /** Else what was written of all that a server has would allow its files one day. */
    @Test
    void onlyWhatSpellsFilesAllowsThemOrTakesThemOutOfADeny() {
        for (String wide : List.of("mcp:up/**", "mcp:**", "mcp:*/**", "mcp:up/f**", "m**")) {
            Written written = new Written();
            CompiledPolicy policy = written.role("clerk", written.permission(wide, "read"))
                    .rule(Effect.ALLOW, resource(wide, ""), "", false)
                    .compiled();
            assertAll("deny", policy, everyWay("up", "file:///srv/a"));
            Written denying = new Written();
            CompiledPolicy except = denying.role("clerk", denying.permission("file:/srv/**", "read"))
                    .rule(Effect.DENY, resource("file:/srv/**", wide), "", false)
                    .compiled();
            assertAll("deny", except, everyWay("up", "file:///srv/a"));
            CompiledPolicy narrowed = new Written()
                    .rule(Effect.ALLOW, resource("file:/srv/**", wide), "", false)
                    .compiled();
            assertAll("deny", narrowed, everyWay("up", "file:///srv/a"));
        }
    }

    @Test
    void theExceptOfADenyAndOfAnAllowTakesOneServersFilesOut() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("file:/srv/**", "read"))
                .rule(Effect.DENY, resource("file:/srv/**", "mcp:up/file:///srv/**"), "", false)
                .compiled();
        assertAll("allow", policy, everyWay("up", "file:///srv/a"));
        assertAll("deny", policy, everyWay("web", "file:///srv/a"));
        CompiledPolicy allow = new Written()
                .rule(Effect.ALLOW, resource("file:/srv/**", "mcp:up/file:///srv/**"), "", false)
                .compiled();
        assertAll("deny", allow, everyWay("up", "file:///srv/a"));
        assertAll("allow", allow, everyWay("web", "file:///srv/a"));
    }

    @Test
    void whatPeopleGiveForATimeIsForTheServerThatItNames() {
        Written written = new Written();
        CompiledPolicy policy = written.grantable("reads", written.permission("file:/srv/**", "read"))
                .compiled();
        Offer offer = policy.offers().iterator().next();
        TimedGrant atUp = new TimedGrant.Permission(
                "g_1",
                List.of("ana"),
                offer.name(),
                offer.terms(),
                Optional.empty(),
                Optional.of("mcp:up/file:///srv/**"),
                Set.of(),
                Json.Obj.EMPTY);
        assertEquals("allow", asked(policy, new Operation.ResourceRead("up", "file:///srv/a"), atUp));
        assertEquals("deny", asked(policy, new Operation.ResourceRead("web", "file:///srv/a"), atUp));
    }

    /** Explained as it is decided: by the same names. */
    @Test
    void aRuleThatNamesTheFileAtItsServerIsExplained() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("mcp:up/file:///srv/**", "read"))
                .rule(Effect.DENY, resource("mcp:up/file:///srv/x", ""), "", false)
                .compiled();
        Operation read = new Operation.ResourceRead("up", "file:///srv/x");
        Reading.Touches touches = (Reading.Touches) policy.read(read);
        assertEquals(
                List.of("mcp:up/file:///srv/x", "file:/srv/x"),
                touches.accesses().getFirst().names());
        Attempt attempt = new Attempt(principal("clerk"), 1, read, "s", "test", Optional.empty());
        List<Consideration> said = policy.consider(
                Action.of("id", Instant.EPOCH, attempt, read, Optional.empty()),
                new Facts(touches.accesses(), Set.of(), Set.of(), Instant.EPOCH, false));
        assertEquals(
                List.of("deny", "grants"),
                said.getFirst().rules().stream().map(Considered::effect).toList());
    }

    /** A tool that reads what a server has reads what that is named, wherever an argument would lead it. */
    @Test
    void aToolOfTheCatalogueThatReadsAServersFileReadsThatFile() {
        Written written = new Written();
        CompiledPolicy policy = written.maps("up.read", "mcp:up/file:///srv/{arguments.to}", "read")
                .role("clerk", written.permission("mcp:up/file:///srv/**", "read"))
                .rule(Effect.DENY, resource("file:/srv/secret", ""), "", false)
                .compiled();
        assertEquals("allow", asked(policy, call("up.read", args("to", "a"))));
        assertEquals("deny", asked(policy, call("up.read", args("to", "secret"))));
        for (String odd : List.of("..", "a%62", "secret#x", "secret?x", "secret.", "secret ")) {
            assertEquals("deny", asked(policy, call("up.read", args("to", odd))), odd);
        }
    }

    /** As a tool is that a rule denies whatever its arguments say: its name is in no list, and it answers as what is not there. */
    @Test
    void whatIsForbiddenWhateverElseIsTrueIsNotShown() {
        for (boolean tell : List.of(false, true)) {
            Written written = new Written();
            CompiledPolicy policy = written.role("clerk", written.permission("mcp:up/**", "read"))
                    .rule(Effect.DENY, resource("mcp:up/hr:**", "mcp:up/hr:open"), "", tell)
                    .rule(Effect.DENY, resource("mcp:up/night:**", ""), "arg:x=1", false)
                    .compiled();
            named("up", "hr:1").forEach(it -> assertEquals(tell, shows(policy, it), it.toString()));
            for (String uri : List.of("hr:open", "night:1", "x:1")) {
                named("up", uri).forEach(it -> assertTrue(shows(policy, it), it.toString()));
            }
        }
    }

    private static boolean shows(CompiledPolicy policy, Operation operation) {
        return policy.visible(principal("clerk"), operation, List.of());
    }

    /** A tool that returns a resource whole, and a reading that returns another one than was asked for. */
    @Test
    void whatIsKnownOfAResourceIsKnownOfAResultThatHoldsIt() {
        Written written = new Written();
        CompiledPolicy policy = written.catalogue("mcp:up/hr:**", Set.of("pii"))
                .catalogue("file:/srv/**", Set.of("internal"))
                .compiled();
        for (UnaryOperator<Json.Obj> form : List.<UnaryOperator<Json.Obj>>of(
                one -> list("content", block(one)),
                one -> list("contents", one),
                one -> list("messages", Json.object().put("content", block(one)).build()),
                one -> list("messages", list("content", block(one))),
                one -> Json.object()
                        .put("status", "completed")
                        .put("result", list("content", block(one)))
                        .build())) {
            assertEquals(Set.of("pii"), held(policy, form.apply(args("uri", "hr:1"))));
            assertEquals(Set.of("internal"), held(policy, form.apply(args("uri", "file:///srv/a"))));
            assertEquals(Set.of(), held(policy, form.apply(args("uri", "x:2"))));
        }
        Json.Obj link = args("uri", "hr:1").with("type", Json.of("resource_link"));
        assertEquals(Set.of(), held(policy, list("content", link)));
    }

    private static Json.Obj list(String member, Json.Obj one) {
        return Json.object().put(member, new Json.Arr(List.of(one))).build();
    }

    private static Json.Obj block(Json.Obj resource) {
        return Json.object().put("type", "resource").put("resource", resource).build();
    }

    private static Set<String> held(CompiledPolicy policy, Json.Obj result) {
        Operation operation = call("up.get", Json.Obj.EMPTY);
        Attempt attempt = new Attempt(principal("clerk"), 1, operation, "s", "test", Optional.empty());
        Action action = Action.of("id", Instant.EPOCH, attempt, operation, Optional.empty());
        Facts facts = new Facts(List.of(), Set.of(), Set.of(), Instant.EPOCH, false);
        return policy.resultStages().stream()
                .flatMap(stage -> stage.examine(action, facts, result).classes().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> tags(CompiledPolicy policy, Operation operation) {
        Reading.Touches touches = (Reading.Touches) policy.read(operation);
        assertEquals(touches.resultTags(), touches.accesses().getFirst().tags());
        return touches.resultTags();
    }

    @Test
    void whatAllowsAllOfAServerAllowsNoFileOfIt() {
        Written written = new Written();
        CompiledPolicy policy =
                written.role("clerk", written.permission("mcp:up/**", "read")).compiled();
        assertEquals("deny", asked(policy, new Operation.ResourceRead("up", "file:///etc/passwd")));
    }

    @Test
    void noAddressOfMailIsAnotherOneByItsCapitals() {
        Written written = new Written();
        CompiledPolicy policy = written.maps("mail.send", "mail:{arguments.to}", "create")
                .role("clerk", written.permission("mail:*@Example.com", "create"))
                .rule(Effect.DENY, resource("mail:CEO@example.com", ""), "", false)
                .compiled();
        for (String to : List.of("ceo@example.com", "CEO@example.com", "Ceo@EXAMPLE.com")) {
            assertEquals("deny", asked(policy, call("mail.send", args("to", to))), to);
        }
        assertEquals("allow", asked(policy, call("mail.send", args("to", "Ana@example.com"))));
    }

    @Test
    void whatWasGivenForAToolIsForNoUri() {
        Written written = new Written();
        CompiledPolicy policy =
                written.grantable("reads", written.permission("mcp:**", "read")).compiled();
        Offer offer = policy.offers().iterator().next();
        assertTrue(offer.name().equals("reads"));
        Operation read = new Operation.ResourceRead("up", URI);
        assertEquals("allow", asked(policy, read, given(offer, Optional.empty())));
        assertEquals("deny", asked(policy, read, given(offer, Optional.of("web.*"))));
    }

    @Test
    void aYesForATimeIsForTheServerThatItWasSaidOf() {
        Written written = new Written();
        CompiledPolicy policy = written.role("clerk", written.permission("mcp:**", "read"))
                .rule(Effect.REQUIRE_APPROVAL, resource("mcp:**", ""), "", false)
                .compiled();
        Operation read = new Operation.ResourceRead("up", "box:1");
        String asked = Written.deliberate(policy, principal("clerk"), read, Set.of())
                .asks()
                .getFirst()
                .key()
                .orElseThrow();
        assertTrue(answered(policy, read, answer(asked, Optional.of("up"))));
        Operation other = new Operation.ResourceRead("web", "box:1");
        assertFalse(answered(policy, other, answer(asked, Optional.of("up"))));
        assertFalse(answered(policy, read, answer(asked, Optional.empty())), "one from before does not say which");
    }

    private static TimedGrant.Answer answer(String asked, Optional<String> upstream) {
        return new TimedGrant.Answer(
                "g_1",
                List.of("ana"),
                Set.of(asked),
                "resource_read",
                upstream,
                "box:1",
                Optional.empty(),
                args("uri", "box:1"),
                Set.of(),
                Set.of());
    }

    private static boolean answered(CompiledPolicy policy, Operation operation, TimedGrant given) {
        Attempt attempt = new Attempt(principal("clerk"), 1, operation, "s", "test", Optional.empty());
        Deliberation on =
                new Deliberation(policy, Action.of("id", Instant.EPOCH, attempt, operation, Optional.empty()));
        on.granted(List.of(given));
        on.gatherFacts(Set::of, Instant.parse("2026-11-24T10:00:00Z"), false);
        on.runStages();
        return on.answerByGrants();
    }

    private static TimedGrant given(Offer offer, Optional<String> tool) {
        return new TimedGrant.Permission(
                "g_1", List.of("ana"), offer.name(), offer.terms(), tool, Optional.empty(), Set.of(), Json.Obj.EMPTY);
    }
}
