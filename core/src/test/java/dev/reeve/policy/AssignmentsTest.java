package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Finding;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Roles that depend on context: had while their condition holds, like any other role, and recorded as what they are. */
final class AssignmentsTest {
    private static final Set<String> NOTHING = Set.of();

    private static Written written() {
        Written written = new Written();
        return written.catalogue("money", NOTHING)
                .maps("up.pay", "money", "create")
                .maps("up.look", "money", "read")
                .role("clerk", written.permission("money", "read"))
                .role("night", written.permission("money", "create"))
                .assign("night", "agent-*", "arg:shift=night");
    }

    private static Deliberation decide(CompiledPolicy policy, String tool, Json.Obj arguments, Set<String> read) {
        return decide(policy, call(tool, arguments), read);
    }

    private static Deliberation decide(CompiledPolicy policy, Operation operation, Set<String> read) {
        return Written.deliberate(policy, principal("clerk"), operation, read);
    }

    private static String ruling(CompiledPolicy policy, String tool, String shift) {
        return decide(policy, tool, args("shift", shift), NOTHING).ruling().name();
    }

    @Test
    void theRoleIsHadWhileItsConditionHolds() {
        CompiledPolicy policy = written().compiled();
        assertEquals("ALLOW", ruling(policy, "up.pay", "night"));
        assertEquals("DENY", ruling(policy, "up.pay", "day"));
        assertEquals("ALLOW", ruling(policy, "up.look", "day"), "its own roles stay");
    }

    @Test
    void itIsForTheAgentsThatItNames() {
        CompiledPolicy other = written().assign("night", "bot-*", "true ").compiled();
        assertEquals("DENY", ruling(other, "up.pay", "day"));
    }

    @Test
    void theFindingsSayWhichRoleComesFromTheContext() {
        Deliberation on = decide(written().compiled(), "up.pay", args("shift", "night"), NOTHING);
        Finding first = on.findings().getFirst();
        assertEquals("roles", first.stage());
        assertTrue(((Finding.Pass) first).reason().contains("in this context it has the role `night`, by policies/"));
        assertEquals(Set.of("clerk", "night"), on.action().principal().roles());
    }

    @Test
    void whatIsSaidOfARoleIsSaidOfWhoHasItByContextToo() {
        CompiledPolicy policy =
                written().rule(Effect.DENY, ofRole("night"), "", false).compiled();
        assertEquals("DENY", ruling(policy, "up.look", "night"));
        assertEquals("ALLOW", ruling(policy, "up.look", "day"));
    }

    @Test
    void whatCannotBeSaidGivesNoRole() {
        Written written = new Written();
        for (String broken : List.of("throws ", "crashes ")) {
            CompiledPolicy policy = new Written()
                    .catalogue("money", NOTHING)
                    .maps("up.pay", "money", "create")
                    .role("night", written.permission("money", "create"))
                    .assign("night", "**", broken)
                    .compiled();
            assertEquals("DENY", ruling(policy, "up.pay", "night"), broken);
        }
    }

    /** Whoever answers a server's form could take a role off that forbids something. */
    @Test
    void answersToAServerTakeNoRoleOffAndPutNoneOn() {
        CompiledPolicy policy =
                written().rule(Effect.DENY, ofRole("night"), "", false).compiled();
        assertEquals("ALLOW", answering(policy, args("shift", "day"), args("size", "large")));
        assertEquals("ALLOW", answering(policy, args("shift", "day"), args("shift", "day")));
        assertEquals("unclear", answering(policy, args("shift", "night"), args("shift", "day")));
        assertEquals("unclear", answering(policy, args("shift", "day"), args("shift", "night")));
        assertEquals("unclear", answering(policy, Json.Obj.EMPTY, args("shift", "night")));
        assertEquals("DENY", answering(policy, args("shift", "night"), args("size", "large")), "by the rule");
    }

    /** Nor does an answer with which nothing can be said. */
    @Test
    void anAnswerOfAnotherTypeTakesNoRoleOff() {
        CompiledPolicy policy = new Written()
                .catalogue("money", NOTHING)
                .maps("up.look", "money", "read")
                .rule(Effect.ALLOW, Written.tool("up.look"), "", false)
                .rule(Effect.DENY, ofRole("night"), "", false)
                .role("night")
                .assign("night", "agent-*", "text:shift")
                .compiled();
        Json.Obj number = Json.object().put("shift", 1).build();
        assertEquals("unclear", answering(policy, args("shift", "night"), number));
        assertEquals(
                "DENY", answering(policy, number, Json.object().put("shift", 2).build()), "perhaps either way");
    }

    private static Target ofRole(String role) {
        return new Target(
                Optional.of("up.*"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(role),
                Optional.empty());
    }

    private static String answering(CompiledPolicy policy, Json.Obj arguments, Json.Obj content) {
        Json.Obj answers = Json.object()
                .put("q", Json.object().put("action", "accept").put("content", content))
                .build();
        Operation operation = new Operation.ToolCall(
                "up", "look", arguments, Optional.of(new Operation.Input(answers, Optional.empty())));
        Deliberation on = decide(policy, operation, NOTHING);
        return on.denial()
                        .filter(denial -> denial.code().equals("arguments_unreadable"))
                        .isPresent()
                ? "unclear"
                : on.ruling().name();
    }

    @Test
    void toolsAreSeenThatItMayAllow() {
        assertTrue(written().compiled().visible(principal("clerk"), call("up.pay", Json.Obj.EMPTY)));
        assertFalse(new Written()
                .catalogue("money", NOTHING)
                .maps("up.pay", "money", "create")
                .compiled()
                .visible(principal("clerk"), call("up.pay", Json.Obj.EMPTY)));
    }

    @Test
    void anUnknownRoleIsAMistakeAndANewOneWidens() {
        assertTrue(
                new Written().assign("ghost", "*", "true ").outcome() instanceof PolicyCompiler.Outcome.Refused refused
                        && refused.problems().toString().contains("unknown role `ghost`"));
        assertEquals(
                List.of("assign"),
                Widening.between(
                                new Written().source(),
                                new Written().assign("night", "*", "true ").source())
                        .stream()
                        .map(Widening::field)
                        .toList());
        assertEquals(List.of(), Widening.between(written().source(), written().source()));
    }
}
