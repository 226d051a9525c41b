package dev.reeve.bench;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.condition.CelConditions;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.gate.Stage;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.Consideration;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision among many rules, by one of 100,000 agents. Nine of ten rules are permissions of roles, ten to a role; the tenth is a deny of
 * a group of tools for a group of agents, which has to be looked at and does not match.
 * There are as many tools as rules, up to 1,000, each with a catalogue entry.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecisionBench {
    private static final int AGENTS = 100_000;
    private static final int PREPARED = 4_096;
    private static final Instant NOW = Instant.parse("2026-11-24T10:30:00Z");

    @Param({"10", "100", "1000", "10000"})
    int rules;

    /** A built-in condition, one in CEL that all permissions share, or one in CEL for each permission. */
    @Param({"typed", "cel", "distinct"})
    String condition = "";

    @Param({"allowed", "denied"})
    String outcome = "";

    private final Random random = new Random(58);
    private final List<Prepared> prepared = new ArrayList<>();
    private Optional<CompiledPolicy> policy = Optional.empty();
    private Optional<Stage> authorise = Optional.empty();
    private int next;

    private record Prepared(Action action, Facts facts) {}

    @Setup
    public void compile() {
        PolicyCompiler.Outcome outcome = load();
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy compiled, var ignored))) {
            throw new IllegalStateException(outcome.problems().toString());
        }
        policy = Optional.of(compiled);
        authorise = Optional.of(compiled.stages().getFirst());
        for (int i = 0; i < PREPARED; i++) {
            prepared.add(prepare(compiled, random.nextInt(AGENTS)));
        }
    }

    /** From the rules as they were read to a policy that decides. */
    @Benchmark
    public PolicyCompiler.Outcome load() {
        return PolicyCompiler.compile(
                "bench", source(), new CelConditions(), new JSqlParserInspector(), Schemas.of(tools()));
    }

    /** Every rule that could be about it, with why it counts or not: what an explanation adds to a decision. */
    @Benchmark
    public List<Consideration> explain() {
        Prepared one = next();
        return policy.orElseThrow().consider(one.action(), one.facts());
    }

    /** What the policy costs: from an action and what it touches to the findings. */
    @Benchmark
    public List<Finding> decide() {
        Prepared one = next();
        return authorise.orElseThrow().check(one.action(), one.facts());
    }

    /** The same with looking up in the catalogue what the call touches. */
    @Benchmark
    public List<Finding> readAndDecide() {
        Prepared one = next();
        Reading.Touches touches =
                (Reading.Touches) policy.orElseThrow().read(one.action().operation());
        Facts facts =
                new Facts(touches.accesses(), touches.resultTags(), one.facts().sessionRead(), NOW, false);
        return authorise.orElseThrow().check(one.action(), facts);
    }

    private Prepared next() {
        next = (next + 1) & (PREPARED - 1);
        return prepared.get(next);
    }

    private int tools() {
        return Math.min(1_000, rules);
    }

    private int roles() {
        return Math.max(1, rules * 9 / 100);
    }

    private Prepared prepare(CompiledPolicy compiled, int agent) {
        int role = agent % roles();
        boolean allowed = outcome.equals("allowed");
        // Odd resources are tagged: the typed condition denies them, the other one an amount.
        int tool = random.nextInt(5) * 2 + (allowed || !condition.equals("typed") ? 0 : 1) + 10 * role;
        Json.Obj arguments = Json.object()
                .put("amount", new Json.Num(allowed ? "400" : "99999"))
                .put("note", "x")
                .build();
        Operation call = new Operation.ToolCall("up", "t" + tool % tools(), arguments);
        Principal who = new Principal(
                "default",
                "agent-" + agent,
                "key-" + agent,
                Optional.empty(),
                List.of(),
                Set.of("role" + role),
                Optional.empty(),
                Map.of());
        Attempt attempt = new Attempt(who, 1, call, "s", "mcp-http", Optional.empty());
        Reading.Touches touches = (Reading.Touches) compiled.read(call);
        return new Prepared(
                Action.of("id", NOW, attempt, call, Optional.empty()),
                new Facts(touches.accesses(), touches.resultTags(), Set.of(), NOW, false));
    }

    private PolicySource source() {
        Place place = new Place("policies/bench.yaml", 1, 1);
        List<PolicySource.Resource> resources = new ArrayList<>();
        List<PolicySource.Tool> tools = new ArrayList<>();
        for (int i = 0; i < tools(); i++) {
            Set<String> tags = i % 2 == 1 ? Set.of("pii") : Set.of();
            resources.add(new PolicySource.Resource("res" + i, Optional.empty(), tags, Map.of(), Map.of(), place));
            tools.add(new PolicySource.Tool(
                    "up.t" + i,
                    "res" + i,
                    Optional.of("read"),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    PolicySource.Trust.UNSAID,
                    place));
        }
        return PolicySource.builder()
                .roles(rolesOf(place))
                .rules(denies(place))
                .resources(resources)
                .tools(tools)
                .build();
    }

    private List<PolicySource.Role> rolesOf(Place place) {
        List<PolicySource.Role> all = new ArrayList<>();
        for (int role = 0; role < roles(); role++) {
            List<PolicySource.Permission> permissions = new ArrayList<>();
            for (int i = 0; i < Math.min(10, rules); i++) {
                permissions.add(new PolicySource.Permission(
                        "res" + (10 * role + i) % tools(), List.of("read"), List.of(written(10 * role + i)), place));
            }
            all.add(new PolicySource.Role("role" + role, permissions, place));
        }
        return all;
    }

    private String written(int permission) {
        return switch (condition) {
            case "typed" -> "no_pii_access";
            case "cel" -> "arguments.amount <= 500";
            default -> "arguments.amount <= " + (500 + permission);
        };
    }

    private List<PolicySource.Rule> denies(Place place) {
        List<PolicySource.Rule> all = new ArrayList<>();
        for (int i = 0; i < Math.max(1, rules / 10); i++) {
            PolicySource.Target target = new PolicySource.Target(
                    Optional.of("up.t" + i + "*"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("guest-*"),
                    Optional.empty(),
                    Optional.empty());
            all.add(new PolicySource.Rule(
                    "deny" + i,
                    PolicySource.Effect.DENY,
                    target,
                    Optional.empty(),
                    "no guests",
                    false,
                    List.of(),
                    new PolicySource.Mode.Enforce(),
                    place));
        }
        return all;
    }

    /** One pinned schema for all tools. */
    private record Schemas(List<String> names) implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.of(Json.object()
                    .put("type", "object")
                    .put(
                            "properties",
                            Json.object()
                                    .put("amount", Json.object().put("type", "number"))
                                    .put("note", Json.object().put("type", "string"))
                                    .build())
                    .build());
        }

        @Override
        public Set<String> upstreams() {
            return Set.of("up");
        }

        @Override
        public List<String> tools(String upstream) {
            return names;
        }

        static Schemas of(int count) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("t" + i);
            }
            return new Schemas(names);
        }
    }
}
