package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.analysis.Actor;
import dev.reeve.analysis.Asking;
import dev.reeve.analysis.Edge;
import dev.reeve.analysis.Example;
import dev.reeve.analysis.Invariants;
import dev.reeve.analysis.Reach;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Never;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of random policies without running them, against what they decide when they are compiled. */
final class ReachAgainstDecisionsTest {
    private static final int POLICIES = Integer.getInteger("reeve.policies", 180);
    private static final int ACTIONS = 60;

    private static final List<Asking> POINTS =
            List.of(new Asking("guard", List.of(Glob.of("agent-*"), Glob.of("bot-*")), Set.of(), false));

    private final long seed = Long.getLong("reeve.seed", 20261126L);
    private final RandomPolicies dice = new RandomPolicies(seed);

    static Principal principal(Actor actor) {
        return new Principal(
                "default", actor.name(), "k_1", Optional.empty(), List.of(), actor.roles(), Optional.empty(), Map.of());
    }

    private static boolean isInside(List<Edge> edges, String subject, Access access) {
        return edges.stream()
                .anyMatch(edge -> edge.tools().stream().allMatch(glob -> glob.matches(subject))
                        && access.names().stream()
                                .anyMatch(name -> edge.names().stream().allMatch(glob -> glob.matches(name))));
    }

    @Test
    void whateverIsAllowedOrHeldIsWithinReach() {
        int within = 0;
        int decided = 0;
        for (int round = 0; round < POLICIES; round++) {
            Written written = dice.write();
            if (!(written.outcome() instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored))) {
                continue;
            }
            Reach reach = Reach.of(written.source(), new Written.TestSchemas(), POINTS)
                    .orElseThrow();
            Actor actor = dice.actor();
            for (int i = 0; i < ACTIONS; i++) {
                Operation operation = dice.operation();
                Set<String> read = dice.toss() ? Set.of("pii") : Set.of();
                String verdict = Written.verdict(Written.decide(policy, principal(actor), operation, read));
                decided++;
                if (!verdict.equals("deny") && policy.read(operation) instanceof Reading.Touches touches) {
                    within++;
                    for (Access access : touches.accesses()) {
                        Reach.Question question =
                                new Reach.Question(Optional.empty(), Optional.empty(), Optional.of(access.verb()));
                        assertTrue(
                                isInside(reach.of(actor, question), operation.subject(), access),
                                () -> "seed " + seed + ": " + actor + " " + operation + " " + access + "\n"
                                        + written.source().roles() + "\n"
                                        + written.source().rules());
                        Reach.Question exactly = new Reach.Question(
                                Optional.of(Glob.of(access.narrowest())), Optional.empty(), Optional.of(access.verb()));
                        assertTrue(
                                !reach.of(actor, exactly).isEmpty(),
                                () -> "seed " + seed + ": not among those who can reach " + access);
                    }
                }
            }
        }
        assertTrue(within > 500 && within < decided * 9 / 10, within + " of " + decided);
    }

    @Test
    void everyExampleThatIsCertainIsReallyAllowedOrHeld() {
        int certain = 0;
        for (int round = 0; round < POLICIES * 2; round++) {
            Written written = dice.write();
            if (!(written.outcome() instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored))) {
                continue;
            }
            Reach reach = Reach.of(written.source(), new Written.TestSchemas(), POINTS)
                    .orElseThrow();
            Actor actor = dice.actor();
            Invariants invariants = new Invariants(reach, List.of(actor), List.of("r0", "r1", "r2"));
            for (String action : List.of("read", "query", "create", "execute", "delete")) {
                Never never = new Never(
                        Optional.empty(),
                        Optional.of(actor.name()),
                        action,
                        dice.one(RandomPolicies.RESOURCES),
                        dice.toss(),
                        "",
                        Written.HERE);
                Optional<Invariants.Broken> broken = invariants.broken(never);
                Optional<Example> example =
                        broken.flatMap(Invariants.Broken::example).filter(Example::certain);
                if (example.isPresent()) {
                    certain++;
                    Edge edge = broken.get().edge();
                    assertEquals(
                            edge.held() ? "hold" : "allow",
                            verdict(policy, actor, edge, reach.anAction(edge), example.get()),
                            () -> "seed " + seed + ": " + never + " " + example.get() + " " + edge + "\n"
                                    + written.source().roles() + "\n"
                                    + written.source().rules());
                }
            }
        }
        assertTrue(certain > 50, certain + " examples");
    }

    /** What has a URI is no tool, and neither is what a point asks about; everything else has its system's name in front. */
    private static Operation operation(Edge edge, String verb, Example example) {
        String subject = example.subject();
        if (edge.door().name().startsWith("resources of")) {
            String server = example.names().getFirst().replaceFirst("mcp:([^/]*)/.*", "$1");
            return new Operation.ResourceRead(server, subject);
        }
        if (edge.door().name().equals("enforcement points")) {
            return new Operation.AccessEvaluation("guard", subject, verb, Json.Obj.EMPTY, true);
        }
        int dot = subject.indexOf('.');
        return new Operation.PromptGet(subject.substring(0, dot), subject.substring(dot + 1), Json.Obj.EMPTY);
    }

    private static String verdict(CompiledPolicy policy, Actor actor, Edge edge, String verb, Example example) {
        Operation call = operation(edge, verb, example);
        Attempt attempt = new Attempt(principal(actor), 1, call, "s", "test", Optional.empty());
        Instant now = Instant.parse("2026-11-24T10:00:00Z");
        Facts facts = new Facts(List.of(new Access(example.names(), verb, Set.of())), Set.of(), Set.of(), now, false);
        Action wanted = Action.of("id", now, attempt, call, Optional.empty());
        List<Finding> findings = new ArrayList<>();
        policy.stages().forEach(stage -> findings.addAll(stage.check(wanted, facts)));
        return Written.verdict(findings);
    }
}
