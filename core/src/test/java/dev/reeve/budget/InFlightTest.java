package dev.reeve.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InFlightTest {
    private static final Effect DONE =
            new Effect.NotSent(Denial.of("done", Denial.ReasonClass.UNAVAILABLE, "for the test"));
    private static final Facts FACTS = new Facts(List.of(), Set.of(), Set.of(), Instant.EPOCH, false);

    @Test
    void theOneThatWouldCrossTheLimitIsRefused() {
        InFlight limit = new InFlight(2, 3);
        Reserved first = limit.reserve(action("k1"), FACTS);
        assertInstanceOf(Reserved.Taken.class, limit.reserve(action("k1"), FACTS));
        assertInstanceOf(Reserved.Refused.class, limit.reserve(action("k1"), FACTS), "the instance's limit");
        assertInstanceOf(Reserved.Taken.class, limit.reserve(action("k2"), FACTS));
        assertInstanceOf(Reserved.Refused.class, limit.reserve(action("k2"), FACTS), "the agent's limit");
        ((Reserved.Taken) first).settlement().settle(DONE);
        assertInstanceOf(Reserved.Taken.class, limit.reserve(action("k2"), FACTS));
    }

    @Test
    void settlingTwiceGivesBackOnce() {
        InFlight limit = new InFlight(1, 1);
        Reserved.Taken taken = assertInstanceOf(Reserved.Taken.class, limit.reserve(action("k1"), FACTS));
        taken.settlement().settle(DONE);
        Reserved.Taken second = assertInstanceOf(Reserved.Taken.class, limit.reserve(action("k1"), FACTS));
        taken.settlement().settle(DONE);
        assertInstanceOf(Reserved.Refused.class, limit.reserve(action("k1"), FACTS));
        second.settlement().settle(DONE);
        assertEquals(0, limit.busy());
    }

    @Test
    void neverCrossedByManyAtOnceAndNothingIsLeftBehind() {
        InFlight limit = new InFlight(5, 8);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                String instance = "k" + i % 3;
                threads.submit(() -> {
                    for (int round = 0; round < 200; round++) {
                        if (limit.reserve(action(instance), FACTS) instanceof Reserved.Taken taken) {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            now.decrementAndGet();
                            taken.settlement().settle(DONE);
                        }
                    }
                });
            }
        }
        assertTrue(most.get() <= 8, "at most " + most.get());
        assertEquals(0, limit.busy());
    }

    private static Action action(String instance) {
        Principal principal = new Principal(
                "default", "agent", instance, Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
        Attempt attempt = new Attempt(
                principal, 1, new Operation.ToolCall("pg", "query", Json.Obj.EMPTY), "s", "test", Optional.empty());
        return Action.of("id", Instant.EPOCH, attempt, attempt.operation(), Optional.empty());
    }
}
