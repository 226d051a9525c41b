package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.principal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.budget.Per;
import dev.reeve.budget.Quantity;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Recording;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * R7, and whoever writes the arguments: what is forbidden, asked, judged or limited by a role that depends on context stays so where its
 * condition holds for a part of the action only, or cannot be evaluated; and nothing is allowed by such a role.
 */
final class DoubtfulRolesTest {
    private static final Json.Obj OUT = args("dest", "ext");
    private static final Json.Obj IN = args("dest", "int");

    /** An agent that may do everything, and is `external` where it says so, by a text that it can leave out. */
    private static Written written() {
        Written written = new Written();
        return written.role("all", written.permission("**", "execute,read"))
                .role("external")
                .assign("external", "agent-*", "arg:dest=ext");
    }

    private static Target external(String resource) {
        return new Target(
                Optional.empty(),
                Optional.of(resource),
                Optional.empty(),
                Optional.empty(),
                Optional.of("external"),
                Optional.empty());
    }

    /** Things that are touched together, each with its own arguments. */
    private static Operation touching(String one, Json.Obj with, String other, Json.Obj otherWith) {
        return new Operation.HostCall(
                "claude",
                "Bash",
                Json.Obj.EMPTY,
                List.of(
                        new Touch(List.of(one), "read", Optional.of(with)),
                        new Touch(List.of(other), "read", Optional.of(otherWith))));
    }

    private static final Operation PARTLY = touching("file:/a", OUT, "file:/b", IN);

    private static Deliberation on(Written written, Operation operation, String... roles) {
        return Written.deliberate(written.compiled(), principal(roles), operation, Set.of());
    }

    private static String ruling(Written written, Operation operation) {
        return on(written, operation, "all").ruling().name();
    }

    @Test
    void whatHoldsForAPartForbids() {
        Written denying = written().rule(Effect.DENY, external("file:/**"), "", false);
        assertEquals("DENY", ruling(denying, touching("file:/a", OUT, "file:/b", OUT)));
        assertEquals("DENY", ruling(denying, PARTLY));
        assertEquals("ALLOW", ruling(denying, touching("file:/a", IN, "file:/b", IN)));
        assertEquals(
                "ALLOW",
                ruling(written().rule(Effect.DENY, external("file:/c"), "", false), PARTLY),
                "what it forbids is not touched");
    }

    @Test
    void whatIsLeftOutForbids() {
        for (String unsaid : List.of("text:dest", "throws ", "crashes ")) {
            Written denying = new Written();
            denying.role("all", denying.permission("**", "execute"))
                    .role("external")
                    .assign("external", "agent-*", unsaid)
                    .rule(Effect.DENY, external("tool:up.*"), "", false);
            assertEquals("DENY", ruling(denying, Written.call("up.send", Json.Obj.EMPTY)), unsaid);
            assertEquals("ALLOW", ruling(denying, Written.call("web.send", Json.Obj.EMPTY)), unsaid);
        }
    }

    @Test
    void aDoubtfulClockForbids() {
        Written night = new Written();
        CompiledPolicy policy = night.role("all", night.permission("**", "execute"))
                .role("night")
                .assign("night", "agent-*", "business_hours")
                .rule(
                        Effect.DENY,
                        new Target(
                                Optional.of("up.*"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("night"),
                                Optional.empty()),
                        "",
                        false)
                .compiled();
        Operation call = Written.call("up.send", Json.Obj.EMPTY);
        Deliberation on = Written.deliberate(policy, principal("all"), call, Set.of(), true);
        assertEquals("DENY", on.ruling().name());
        assertEquals("denied_by_rule", on.denial().orElseThrow().code());
        assertEquals(Set.of("night"), on.action().principal().perhaps());
        assertTrue(
                on.findings().toString().contains("perhaps it has here, and is held to, the role `night`"),
                () -> on.findings().toString());
        assertFalse(on.action().principal().roles().contains("night"));
    }

    @Test
    void whatAsksPeopleAsks() {
        assertEquals("HOLD", ruling(written().rule(Effect.REQUIRE_APPROVAL, external("file:/**"), "", false), PARTLY));
    }

    @Test
    void guardrailsGuard() {
        Guardrail never = new Guardrail.Prohibition(
                new Guardrail.Common("g", Optional.of(external("file:/**")), "", false, Written.HERE),
                Optional.empty());
        assertEquals("DENY", ruling(written().guardrail(never), PARTLY));
    }

    @Test
    void judgesAreHeard() {
        Written judged = written().soft(external("file:/**"), "embedded", Optional.empty(), false);
        assertEquals(Set.of("embedded"), on(judged, PARTLY, "all").judgesWanted());
    }

    @Test
    void limitsCount() {
        CompiledPolicy policy = written()
                .limit(limit(Optional.of(external("file:/**")), Per.AGENT))
                .compiled();
        Deliberation on = Written.deliberate(policy, principal("all"), PARTLY, Set.of());
        assertTrue(policy.limits()
                .all()
                .getFirst()
                .about()
                .matches(on.action(), on.facts().orElseThrow()));
    }

    /** The role has a share of its own, whatever is said of it elsewhere. */
    @Test
    void whatIsCountedByRoleCountsForIt() {
        Deliberation on = on(written().limit(limit(Optional.empty(), Per.ROLE)), PARTLY, "all");
        assertEquals(Set.of("all", "external"), on.action().principal().rolesOrPerhaps());
        assertEquals(
                Set.of("all"), on(written(), PARTLY, "all").action().principal().rolesOrPerhaps(), "nothing names it");
    }

    private static WrittenLimits.Entry limit(Optional<Target> of, Per per) {
        return new WrittenLimits.Entry(
                "l",
                List.of(per),
                Quantity.CALLS,
                1,
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                of,
                "",
                false,
                Written.HERE);
    }

    @Test
    void whatIsRecordedInFullIsRecordedInFull() {
        Written recorded = written().record(PolicySource.Kept.FULL, external("file:/**"));
        CompiledPolicy policy = recorded.compiled();
        Deliberation on = Written.deliberate(policy, principal("all"), PARTLY, Set.of());
        assertEquals(
                Recording.Detail.FULL,
                policy.recording(on.action(), on.facts().orElseThrow()).detail());
    }

    @Test
    void recordingLessNeedsTheWholeRole() {
        Written recorded = written()
                .record(PolicySource.Kept.LESS, external("file:/**"))
                .rule(Effect.REQUIRE_APPROVAL, external("file:/**"), "", false);
        CompiledPolicy policy = recorded.compiled();
        Deliberation on = Written.deliberate(policy, principal("all"), PARTLY, Set.of());
        assertEquals(
                Recording.Detail.USUAL,
                policy.recording(on.action(), on.facts().orElseThrow()).detail());
    }

    @Test
    void itsPermissionsAndAllowsLetNothing() {
        Written giving = new Written();
        giving.role("external", giving.permission("file:/**", "read"))
                .assign("external", "agent-*", "arg:dest=ext")
                .rule(Effect.DENY, external("tool:other.*"), "", false)
                .rule(Effect.ALLOW, external("file:/**"), "", false);
        assertEquals("DENY", on(giving, PARTLY).ruling().name());
        assertEquals(
                "ALLOW",
                on(giving, touching("file:/a", OUT, "file:/b", OUT)).ruling().name());
    }

    /** A question to the client in the place of a permission; where nothing else lets it be done, it is no leave. */
    @Test
    void theClientIsAskedAndNothingIsLet() {
        assertEquals(List.of("ask"), obliged(on(written().asks(external("file:/**")), PARTLY, "all")));
        assertEquals(
                "DENY",
                on(written().asks(external("file:/**")), PARTLY).ruling().name());
    }

    private static List<String> obliged(Deliberation on) {
        return on.findings().stream()
                .filter(one -> one instanceof Finding.Oblige oblige
                        && oblige.obligation().name().equals(Obligation.CLIENT_ASKS))
                .map(one -> "ask")
                .toList();
    }

    /** Its columns leave out what another permission would show. */
    @Test
    void whatItSaysOfResultsCounts() {
        for (boolean byRule : List.of(true, false)) {
            Written narrowing = new Written();
            narrowing
                    .catalogue("money", Set.of())
                    .maps("up.look", "money", "read")
                    .role("clerk", narrowing.treated(columns("id", "name"), "money", "read"))
                    .assign("external", "agent-*", "text:dest");
            if (byRule) {
                narrowing.role("external").allows(columns("id"), external("money"));
            } else {
                narrowing.role("external", narrowing.treated(columns("id"), "money", "read"));
            }
            Deliberation on = on(narrowing, Written.call("up.look", Json.Obj.EMPTY), "clerk");
            assertEquals("ALLOW", on.ruling().name());
            assertEquals(List.of("only the columns id"), reasons(on));
            assertEquals(
                    "DENY",
                    on(narrowing, Written.call("up.look", Json.Obj.EMPTY))
                            .ruling()
                            .name());
        }
    }

    private static List<String> reasons(Deliberation on) {
        return on.findings().stream()
                .flatMap(one -> one instanceof Finding.Oblige oblige ? Stream.of(oblige.reason()) : Stream.empty())
                .toList();
    }

    private static Treatment columns(String... names) {
        return new Treatment(Optional.of(Set.of(names)), Treatment.Masks.NONE, OptionalInt.empty(), List.of());
    }

    @Test
    void conditionsThatLookAtRolesMakeEveryRoleCount() {
        assertEquals(
                Set.of("all", "external"),
                Tightening.roles(written()
                        .rule(Effect.DENY, Written.tool("up.*"), "arg:principal.roles=x", false)
                        .source()));
        assertEquals(Set.of(), Tightening.roles(written().source()));
    }
}
