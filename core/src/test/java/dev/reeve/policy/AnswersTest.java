package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R20: what fills the forms of a server is decided on as arguments are. */
final class AnswersTest {
    private static Operation answering(Json.Obj arguments, String action, Json.Obj content) {
        Json.Obj answers = Json.object()
                .put("q", Json.object().put("action", action).put("content", content))
                .build();
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
}
