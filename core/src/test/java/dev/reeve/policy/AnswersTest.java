package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.action.Operation;
import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import dev.reeve.policy.PolicySource.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R20: what fills the forms of a server is decided on as arguments are. */
final class AnswersTest {
    private static Operation answering(Json.Obj arguments, String action, Json.Obj content) {
        return answering(
                arguments,
                Json.object()
                        .put("q", Json.object().put("action", action).put("content", content))
                        .build());
    }

    private static Operation answering(Json.Obj arguments, Json.Obj answers) {
        return new Operation.ToolCall(
                "up", "t", arguments, Optional.of(new Operation.Input(answers, Optional.empty())));
    }

    private static String verdict(Effect effect, Operation operation) {
        Written written = new Written().rule(effect, tool("up.t"), "arg:x=1", false);
        if (effect == Effect.DENY) {
            written.rule(Effect.ALLOW, tool("up.*"), "", false);
        }
        return Written.verdict(Written.decide(written.compiled(), principal("clerk"), operation, Set.of()));
    }

    @Test
    void anAllowDoesNotHoldIfTheAnswersSayOtherwise() {
        assertEquals("allow", verdict(Effect.ALLOW, answering(args("x", "1"), "accept", args("size", "large"))));
        assertEquals("allow", verdict(Effect.ALLOW, answering(args("x", "1"), "accept", args("x", "1"))));
        assertEquals("deny", verdict(Effect.ALLOW, answering(args("x", "1"), "accept", args("x", "9"))));
        assertEquals("deny", verdict(Effect.ALLOW, answering(args("x", "9"), "accept", args("x", "1"))));
    }

    @Test
    void aDenyHoldsIfTheAnswersSayIt() {
        assertEquals("allow", verdict(Effect.DENY, answering(args("x", "9"), "accept", args("size", "large"))));
        assertEquals("deny", verdict(Effect.DENY, answering(args("x", "9"), "accept", args("x", "1"))));
        assertEquals("deny", verdict(Effect.DENY, answering(Json.Obj.EMPTY, "accept", args("x", "1"))));
    }

    /** A server without a state gets the answers of several rounds at once, and may take any of them. */
    @Test
    void noFormHidesAFieldOfAnother() {
        for (Effect effect : List.of(Effect.ALLOW, Effect.DENY)) {
            Json.Obj given = effect == Effect.ALLOW ? args("x", "1") : args("x", "9");
            Json.Obj other = effect == Effect.ALLOW ? args("x", "9") : args("x", "1");
            assertEquals("allow", verdict(effect, forms(given, given, args("size", "large"), given)));
            assertEquals("allow", verdict(effect, forms(given, args("size", "large"), args("size", "small"))));
            assertEquals("deny", verdict(effect, forms(given, given, other)));
            assertEquals("deny", verdict(effect, forms(given, other, given)));
            assertEquals("deny", verdict(effect, forms(given, given, other, given)));
        }
    }

    private static Operation forms(Json.Obj arguments, Json.Obj... contents) {
        Json.Builder answers = Json.object();
        for (int i = 0; i < contents.length; i++) {
            answers.put("q" + i, Json.object().put("action", "accept").put("content", contents[i]));
        }
        return answering(arguments, answers.build());
    }

    /** Each access of an operation of an API has arguments of its own. */
    @Test
    void answersAreReadAsTheArgumentsOfAnApiToo() {
        assertEquals("allow", toApi("arg:x=1", args("x", "1"), args("size", "large")));
        assertEquals("allow", toApi("arg:x=1", args("x", "1"), args("x", "1")));
        assertEquals("deny", toApi("arg:x=1", args("x", "1"), args("x", "9")));
        assertEquals("deny", toApi("arg:x=1", args("x", "9"), args("x", "1")));
    }

    @Test
    void andAsWhatItsQueryIsMadeOf() {
        String when = "arg:request.query.q=a";
        assertEquals("allow", toApi(when, args("q", "a"), args("size", "large")));
        assertEquals("deny", toApi(when, args("q", "a"), args("q", "b")));
        assertEquals("deny", toApi(when, args("x", "1"), args("q", "a")));
    }

    private static String toApi(String when, Json.Obj arguments, Json.Obj content) {
        CompiledPolicy policy =
                api().rule(Effect.ALLOW, tool("up.t"), when, false).compiled();
        return Written.verdict(
                Written.decide(policy, principal("clerk"), answering(arguments, "accept", content), Set.of()));
    }

    private static Written api() {
        OpenApi document = new OpenApi(List.of(new ApiOperation(
                Optional.of("t"),
                "GET",
                PathTemplate.of("/orders"),
                "read",
                List.of(ApiParameter.of("q", ApiParameter.Kind.TEXT)))));
        return new Written()
                .holds("shop", new Holding.Api(document, List.of("https://shop.example/v1/")), Map.of(), Map.of())
                .mapsTaking("up.*", "shop", new Takes.Parameters(""));
    }

    @Test
    void whatWasGivenForArgumentsIsNotGivenForOtherAnswers() {
        assertEquals("allow", granted(new Written().catalogue("shop", Set.of()).maps("up.t", "shop", "read")));
        assertEquals("allow", granted(api()));
    }

    /** @return the verdict where the answers say nothing else; where they do, it must be a denial */
    private static String granted(Written written) {
        CompiledPolicy policy =
                written.grantable("orders", written.permission("shop", "read")).compiled();
        Offer offer = policy.offers().iterator().next();
        TimedGrant grant = new TimedGrant.Permission(
                "g_1",
                List.of("ana"),
                offer.name(),
                offer.terms(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                args("x", "1"));
        assertEquals("deny", granted(policy, grant, args("x", "9")));
        assertEquals("allow", granted(policy, grant, args("x", "1")));
        assertEquals("deny", granted(policy, grant, forms(args("x", "1"), args("x", "9"), args("x", "1"))));
        return granted(policy, grant, args("size", "large"));
    }

    private static String granted(CompiledPolicy policy, TimedGrant grant, Json.Obj content) {
        return granted(policy, grant, answering(args("x", "1"), "accept", content));
    }

    private static String granted(CompiledPolicy policy, TimedGrant grant, Operation operation) {
        return Written.verdict(Written.decide(policy, principal("clerk"), operation, Set.of(), List.of(grant)));
    }
}
