package dev.reeve.bench;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader;
import dev.reeve.budget.Budgets;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Release;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.judge.EmbeddedJudge;
import dev.reeve.judge.History;
import dev.reeve.judge.JudgeDesk;
import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Entry;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.record.Draft;
import dev.reeve.record.Records;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What each stage adds to a call: the gate from an attempt to its permit and from what came back to its release, with both records made as
 * bytes and written nowhere. The call is the one of {@link GatewayBench}, and so are the stages, each by itself and all together.
 *
 * <p>{@link #main} runs it with JMH and prints, of the lowest iteration, CPU time of the thread (on a shared machine the clock says nothing)
 * and bytes allocated, for each part and for what it adds to nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6, batchSize = StagesBench.CALLS)
@Measurement(iterations = 8, batchSize = StagesBench.CALLS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
public class StagesBench {
    /** In an iteration: counted and not timed, because on a busy machine few fit a second. */
    static final int CALLS = 20_000;

    private static final String ROLES = """
            agent_roles:
              clerk: { permissions: [ { resource: "db:crm/**", actions: [read], conditions: [few] } ] }
            conditions: { few: arguments.limit <= 100 }
            """;
    private static final Map<String, String> PARTS = parts();
    private static final Json.Obj RESULT = Json.object()
            .put(
                    "content",
                    new Json.Arr(List.of(Json.object()
                            .put("text", "x".repeat(380))
                            .put("type", "text")
                            .build())))
            .put("isError", Json.Bool.FALSE)
            .build();
    private static final Principal CLERK = new Principal(
            "default", "clerk", "k1", Optional.empty(), List.of(), Set.of("clerk"), Optional.empty(), Map.of());
    private static final byte[] SALT = new byte[Disclosure.SALT_BYTES];

    @Param({"nothing", "limits", "content_arguments", "content_result", "injection", "data", "prohibit", "judge", "all"
    })
    String part = "nothing";

    private Optional<Gate> gate = Optional.empty();
    private long written;
    private int next;

    private static Map<String, String> parts() {
        Map<String, String> parts = new HashMap<>();
        String guardrails = "guardrails:\n";
        String arguments = "  - { find: [personal, secrets], in: arguments, do: redact }\n";
        String result = "  - { find: [personal, secrets], in: result, do: redact }\n";
        String injection = "  - { find: [injection], in: result, do: hold, by: [owner] }\n";
        String data = "  - { data: [pii, secret], may_go_to: [\"db:crm/**\"] }\n";
        String prohibit = "  - { prohibit: { tool: \"*.drop_*\" } }\n";
        String limits = """
                limits:
                  - { per: agent, count: calls, max: 1000000000, window: 1h }
                  - { per: [agent, tool], count: rows, max: 1000000000, window: 1h, worst: 500 }
                  - { per: tenant, count: bytes, max: 1000GiB, window: 1d, worst: 1MiB }
                  - { per: tool, count: concurrent, max: 1000 }
                  - { per: agent, count: failures, max: 50, window: 5m, rest: 5m }
                """;
        String judge = """
                soft_guardrails:
                  - { name: looked_at, on: { resource: "db:**" }, judge: embedded, by: [owner] }
                """;
        parts.put("nothing", "");
        parts.put("limits", limits);
        parts.put("content_arguments", guardrails + arguments);
        parts.put("content_result", guardrails + result);
        parts.put("injection", guardrails + injection);
        parts.put("data", guardrails + data);
        parts.put("prohibit", guardrails + prohibit);
        parts.put("judge", judge);
        parts.put("all", limits + guardrails + arguments + result + injection + data + prohibit + judge);
        return parts;
    }

    @Setup
    public void open() throws IOException {
        Path home = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "stages-bench");
        CompiledPolicy policy = policy(home);
        GateClock clock = () -> new GateClock.Reading(Instant.now(), false);
        Budgets budgets = new Budgets(policy::limits, clock.source());
        History history = new History(new AuditReader(home), Runnable::run, incident -> {});
        JudgeDesk judges = new JudgeDesk(Map.of(JudgeDesk.EMBEDDED, new EmbeddedJudge(history)));
        gate = Optional.of(new Gate(
                () -> policy,
                operation -> new Admission.Admitted(operation, Optional.of("f")),
                (principal, epoch) -> true,
                new Clean(),
                budgets,
                history.learning(budgets.watching(new Written())),
                () -> "rv_0123456789abcdef0123",
                clock,
                Duration.ofSeconds(30),
                List.of(),
                new Voices(Stops.NONE, Approvals.NOBODY, judges)));
    }

    private CompiledPolicy policy(Path home) throws IOException {
        Files.createDirectories(home.resolve("catalog"));
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(
                home.resolve("catalog/tools.yaml"),
                "tools: { \"*.lookup\": { acts_on: \"db:crm/customers\", action: read } }\n");
        Files.writeString(home.resolve("policies/roles.yaml"), ROLES);
        Files.writeString(home.resolve("policies/part.yaml"), PARTS.getOrDefault(part, ""));
        SqlSchemas none = (statements, dialect) -> {
            throw new IllegalStateException("no SQL here");
        };
        PolicySet set = PolicyFiles.read(home, none).value().orElseThrow();
        PolicyCompiler.Outcome outcome = PolicyCompiler.compile(
                set.version(), set.source(), new CelConditions(), new JSqlParserInspector(), new Tools());
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored))) {
            throw new IllegalStateException(outcome.problems().toString());
        }
        return policy;
    }

    /** What the thread spent in an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Spent {
        public long calls;
        public long cpu;
        public long bytes;
        private long cpuBefore;
        private long bytesBefore;

        @Setup(Level.Iteration)
        public void begin() {
            calls = 0;
            bytesBefore = allocated();
            cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
            bytes = allocated() - bytesBefore;
        }

        private static long allocated() {
            return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                    .getCurrentThreadAllocatedBytes();
        }
    }

    @Benchmark
    public long call(Spent spent) {
        spent.calls++;
        Gate open = gate.orElseThrow();
        if (!(open.decide(attempt()) instanceof Verdict.Allow(var permit))
                || permit.use().isPresent()) {
            throw new IllegalStateException("it was not allowed");
        }
        Release release = open.release(permit, new Effect.Answered(RESULT, false), Duration.ofMillis(1));
        if (!(release instanceof Release.Result)) {
            throw new IllegalStateException("it was withheld");
        }
        return written;
    }

    private Attempt attempt() {
        next++;
        Json.Obj arguments = Json.object()
                .put("customer", "c-" + next % 16 + "-" + next)
                .put("limit", next % 100)
                .put("note", "n".repeat(200))
                .build();
        return new Attempt(
                CLERK, 1, new Operation.ToolCall("up", "lookup", arguments), "s1", "mcp-http", Optional.empty());
    }

    /** Makes the bytes that the ledger would get. */
    private final class Written implements Journal {
        @Override
        public String decided(Decision decision) {
            write(Records.decided(decision));
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {
            write(Records.completed(completion, Instant.now(), digest -> digest));
        }

        private void write(Draft draft) {
            List<Disclosure> hidden = new ArrayList<>();
            Json.Builder commitments = Json.object();
            draft.hidden().forEach((name, value) -> {
                Disclosure disclosure = new Disclosure(SALT, name, Records.hiddenBytes(value));
                hidden.add(disclosure);
                commitments.put(name, Commitment.of(disclosure));
            });
            Json.Obj body = draft.body().with("v", Json.of(Records.SCHEMA));
            Entry entry =
                    Entry.stamped("n1", hidden.isEmpty() ? body : body.with("hidden", commitments.build()), hidden);
            written += entry.fits() ? 1 : 0;
        }
    }

    /** Who has read nothing. */
    private static final class Clean implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {
            if (!tags.isEmpty()) {
                throw new IllegalStateException("nothing is in what comes back");
            }
        }
    }

    private record Tools() implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public Set<String> upstreams() {
            return Set.of("up");
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }

    public static void main(String[] parts) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(StagesBench.class.getSimpleName());
        if (parts.length > 0) {
            options.param("part", parts);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        Map<String, double[]> costs = new LinkedHashMap<>();
        results.forEach(one -> costs.put(one.getParams().getParam("part"), lowest(one)));
        double[] nothing = costs.getOrDefault("nothing", new double[2]);
        System.out.println("| part | CPU us a call | bytes a call | adds us | adds bytes |\n|---|---|---|---|---|");
        costs.forEach((name, cost) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.0f | %.2f | %.0f |%n",
                name,
                cost[0],
                cost[1],
                cost[0] - nothing[0],
                cost[1] - nothing[1]));
    }

    private static double counted(IterationResult iteration, String counter) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(counter), counter)
                .getScore();
    }

    /** Of the iterations of one part: CPU in microseconds a call, and bytes a call. */
    private static double[] lowest(RunResult result) {
        double[] lowest = {Double.MAX_VALUE, Double.MAX_VALUE};
        result.getBenchmarkResults()
                .forEach(fork -> fork.getIterationResults().forEach(iteration -> {
                    double calls = counted(iteration, "calls");
                    lowest[0] = Math.min(lowest[0], counted(iteration, "cpu") / calls / 1e3);
                    lowest[1] = Math.min(lowest[1], counted(iteration, "bytes") / calls);
                }));
        return lowest;
    }
}
