package dev.reeve.bench;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.condition.CelConditions;
import dev.reeve.gate.Facts;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionCompiler.InvalidExpressionException;
import dev.reeve.policy.ConditionException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** What one CEL condition adds to a decision. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ConditionBench {
    @Param({
        "arguments.amount <= 500",
        "'pii' in session.read",
        "principal.department == arguments.department && arguments.amount <= 500 && !('pii' in session.read)",
        "arguments.to.all(x, x.endsWith('@example.com'))",
        "arguments.name.matches('^[a-z]+$')",
        "time.getHours() < 18"
    })
    String expression = "";

    private Optional<Condition> condition = Optional.empty();
    private Optional<Condition.Input> input = Optional.empty();

    @Setup
    public void compile() throws InvalidExpressionException {
        Json.Obj properties = Json.object()
                .put("amount", Json.object().put("type", "number"))
                .put("department", Json.object().put("type", "string"))
                .put("name", Json.object().put("type", "string"))
                .put(
                        "to",
                        Json.object()
                                .put("type", "array")
                                .put("items", Json.object().put("type", "string")))
                .build();
        Json.Obj schema = Json.object()
                .put("type", "object")
                .put("properties", properties)
                .build();
        Json.Obj arguments = Json.object()
                .put("amount", new Json.Num("499.5"))
                .put("department", "sales")
                .put("name", "customers")
                .put("to", Json.Arr.ofStrings(List.of("a@example.com", "b@example.com", "c@example.com")))
                .build();
        Principal principal = new Principal(
                "default",
                "analyst",
                "key",
                Optional.empty(),
                List.of(),
                Set.of("data_analyst"),
                Optional.empty(),
                Map.of("department", "sales"));
        Operation operation = new Operation.ToolCall("up", "tool", arguments);
        Instant now = Instant.parse("2026-11-24T10:30:00Z");
        Attempt attempt = new Attempt(principal, 1, operation, "s", "mcp-http", Optional.empty());
        input = Optional.of(new Condition.Input(
                Action.of("id", now, attempt, operation, Optional.empty()),
                new Access(List.of("tool:up.tool"), "execute", Set.of()),
                new Facts(List.of(), Set.of(), Set.of("hr"), now, false)));
        condition = Optional.of(new CelConditions().compile(expression, Optional.of(schema)));
    }

    @Benchmark
    public boolean test() throws ConditionException {
        return condition.orElseThrow().test(input.orElseThrow());
    }
}
