package dev.reeve.bench;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.budget.Budgets;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Limits;
import dev.reeve.budget.Per;
import dev.reeve.budget.Prices;
import dev.reeve.budget.Quantity;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Reservations.Usage;
import dev.reeve.gate.RuleRef;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

/** What limits add to an action: taking, working out what it came to, and settling, of one in 1,000 agents in turn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LimitsBench {
    private static final int AGENTS = 1_000;
    private static final Facts FACTS = new Facts(List.of(), Set.of(), Set.of(), Instant.EPOCH, false);
    private static final Json.Obj RESULT =
            Json.object().put("content", Json.Arr.EMPTY).build();
    private static final Effect EFFECT = new Effect.Answered(RESULT, false);
    private static final Release RELEASE = new Release.Result(RESULT);

    @Param({"0", "1", "5"})
    int limits;

    private final List<Action> actions = new ArrayList<>();
    private Budgets budgets = new Budgets(() -> Limits.NONE, InstantSource.system());
    private int next;

    /** Whatever it is. */
    private enum Everything implements Limit.About {
        ALL;

        @Override
        public boolean matches(Action action, Facts facts) {
            return true;
        }

        @Override
        public boolean mayMatch(Action action) {
            return true;
        }
    }

    @Setup
    public void prepare() {
        for (int i = 0; i < AGENTS; i++) {
            Principal principal = new Principal(
                    "default",
                    "agent" + i,
                    "k" + i,
                    Optional.empty(),
                    List.of(),
                    Set.of("r"),
                    Optional.empty(),
                    Map.of());
            Operation call = new Operation.ToolCall("up", "tool", Json.Obj.EMPTY);
            Attempt attempt = new Attempt(principal, 0, call, "s" + i, "bench", Optional.empty());
            actions.add(Action.of("rv_" + i, Instant.EPOCH, attempt, call, Optional.empty()));
        }
        List<Limit> all = List.of(
                        limit(Quantity.CALLS, Per.AGENT),
                        limit(Quantity.CALLS, Per.INSTANCE),
                        limit(Quantity.CALLS, Per.TENANT),
                        limit(Quantity.BYTES, Per.AGENT),
                        limit(Quantity.CALLS, Per.AGENT, Per.TOOL))
                .subList(0, limits);
        Limits inForce = new Limits(all, Prices.NONE, operation -> Optional.empty());
        budgets = new Budgets(() -> inForce, InstantSource.system());
    }

    private static Limit limit(Quantity count, Per... per) {
        Optional<Duration> window = Optional.of(Duration.ofMinutes(1));
        return new Limit(
                Limit.id(List.of(per), count, window, ""),
                new RuleRef("limit", "limits.yaml", 1),
                List.of(per),
                count,
                Limit.MOST,
                window,
                Optional.empty(),
                OptionalLong.of(1_000),
                "",
                false,
                Everything.ALL);
    }

    @Benchmark
    public Usage takeAndSettle() {
        next = next + 1 == AGENTS ? 0 : next + 1;
        if (!(budgets.reserve(actions.get(next), FACTS) instanceof Reserved.Taken taken)) {
            throw new IllegalStateException("refused");
        }
        Usage usage = taken.settlement().usage(EFFECT, RELEASE);
        taken.settlement().settle(EFFECT);
        return usage;
    }
}
