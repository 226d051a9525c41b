package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people gave for a time, compared with actions: it adds to what allows, and to nothing else. */
final class TimedGrantTest {
    private static final Set<String> NOTHING = Set.of();
    private static final Json.Obj X1 = args("x", "1");

    private static Written written() {
        Written written = new Written();
        return written.catalogue("money", NOTHING)
                .maps("up.refund", "money", "create")
                .maps("up.close", "money", "delete")
                .maps("up.look", "money", "read")
                .condition("small", "arg:x=1")
                .role("clerk", written.permission("money", "read"))
                .grantable("refunds", written.permission("money", "create,delete", "small"));
    }

    private static TimedGrant.Permission given(CompiledPolicy policy) {
        Offer offer = policy.offers().iterator().next();
        return new TimedGrant.Permission(
                "g_1",
                List.of("ana"),
                offer.name(),
                offer.terms(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Json.Obj.EMPTY);
    }

    private static List<Finding> decide(CompiledPolicy policy, String tool, Json.Obj arguments, TimedGrant... grants) {
        return Written.decide(policy, principal("clerk"), call(tool, arguments), NOTHING, List.of(grants));
    }

    private static TimedGrant.Permission narrowed(
            TimedGrant.Permission all, String tool, String resource, Set<String> actions, Json.Obj arguments) {
        return new TimedGrant.Permission(
                all.id(),
                all.by(),
                all.grantable(),
                all.terms(),
                Optional.of(tool),
                Optional.of(resource),
                actions,
                arguments);
    }

    @Test
    void whatWasGivenAllowsAndTheVerdictNamesIt() {
        CompiledPolicy policy = written().compiled();
        assertEquals("deny", verdict(decide(policy, "up.refund", X1)));
        List<Finding> found = decide(policy, "up.refund", X1, given(policy));
        assertEquals("allow", verdict(found));
        Finding.Pass pass = (Finding.Pass) found.getFirst();
        assertEquals("g_1", pass.rule().orElseThrow().name());
        assertTrue(pass.reason().contains("`refunds` was granted for a time by ana"), pass.reason());
    }

    @Test
    void theConditionsOfWhatThePolicyOffersHold() {
        CompiledPolicy policy = written().compiled();
        assertEquals("deny", verdict(decide(policy, "up.refund", args("x", "2"), given(policy))));
    }

    @Test
    void whatARoleAllowsRestsOnTheRole() {
        CompiledPolicy policy = written().compiled();
        Finding.Pass pass =
                (Finding.Pass) decide(policy, "up.look", X1, given(policy)).getFirst();
        assertEquals("clerk", pass.rule().orElseThrow().name());
    }

    @Test
    void eachPartThatIsNarrowedNarrows() {
        CompiledPolicy policy = written().compiled();
        TimedGrant.Permission all = given(policy);
        Set<String> create = Set.of("create");
        TimedGrant.Permission fits = narrowed(all, "up.*", "mon*", create, X1);
        assertEquals("allow", verdict(decide(policy, "up.refund", args("x", "1", "y", "2"), fits)));
        assertEquals("deny", verdict(decide(policy, "up.close", X1, fits)), "another action");
        assertEquals("deny", verdict(decide(policy, "up.refund", X1, narrowed(all, "web.*", "mon*", create, X1))));
        assertEquals("deny", verdict(decide(policy, "up.refund", X1, narrowed(all, "up.*", "crm", create, X1))));
        assertEquals(
                "deny",
                verdict(decide(policy, "up.refund", X1, narrowed(all, "up.*", "mon*", create, args("y", "2")))),
                "another argument");
    }

    @Test
    void whatDeniesAndWhatAsksGoesOnTo() {
        Written written = written().rule(Effect.DENY, Written.tool("up.close"), "", false);
        CompiledPolicy policy = written.rule(Effect.REQUIRE_APPROVAL, Written.tool("up.refund"), "", false)
                .compiled();
        assertEquals("deny", verdict(decide(policy, "up.close", X1, given(policy))));
        assertEquals("hold", verdict(decide(policy, "up.refund", X1, given(policy))));
    }

    @Test
    void itIsVoidOnceThePolicySaysSomethingElse() {
        TimedGrant before = given(written().compiled());
        Written changed = written();
        CompiledPolicy other = changed.condition("smaller", "true ").compiled();
        assertEquals("allow", verdict(decide(other, "up.refund", X1, before)), "that has nothing to do with it");
        Written redefined = new Written();
        CompiledPolicy wider = redefined
                .catalogue("money", NOTHING)
                .maps("up.refund", "money", "create")
                .condition("small", "true ")
                .grantable("refunds", redefined.permission("money", "create,delete", "small"))
                .compiled();
        assertEquals("deny", verdict(decide(wider, "up.refund", X1, before)), "the condition means something else");
        assertEquals("deny", verdict(decide(new Written().compiled(), "up.refund", X1, before)), "it is gone");
    }

    @Test
    void toolsAreSeenWhileTheyAreGranted() {
        CompiledPolicy policy = written().compiled();
        assertFalse(policy.visible(principal("clerk"), call("up.refund", X1), List.of()));
        assertTrue(policy.visible(principal("clerk"), call("up.refund", X1), List.of(given(policy))));
    }

    @Test
    void aDenialSaysWhatPeopleCouldGrant() {
        Denial denial = decide(written().compiled(), "up.refund", X1).stream()
                .filter(Finding.Stop.class::isInstance)
                .map(one -> ((Finding.Stop) one).denial())
                .findFirst()
                .orElseThrow();
        assertTrue(denial.help().orElse("").contains("reeve grants give refunds --to agent-1"), denial.toString());
    }

    @Test
    void itIsReadAsItWasWritten() {
        TimedGrant given = narrowed(given(written().compiled()), "t", "r", Set.of("read"), X1);
        assertEquals(given, TimedGrant.read(given.asJson()));
        TimedGrant answer = new TimedGrant.Answer(
                "g_2",
                List.of("ana", "bo"),
                Set.of("k"),
                "tool_call",
                Optional.of("up"),
                "up.pay",
                Optional.of("sha256:1"),
                X1,
                Set.of("to"),
                Set.of("pii"));
        assertEquals(answer, TimedGrant.read(answer.asJson()));
    }

    @Test
    void whatMayBeGrantedIsWidening() {
        PolicySource without = new Written().source();
        assertEquals(
                List.of("grantable.refunds"),
                Widening.between(without, new Written().grantable("refunds").source()).stream()
                        .map(Widening::field)
                        .toList());
        assertEquals(List.of(), Widening.between(written().source(), written().source()));
        assertEquals(
                List.of(), Widening.between(new Written().grantable("refunds").source(), without));
    }
}
