package dev.reeve.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AllOfTest {
    private static final Facts FACTS = new Facts(List.of(), Set.of(), Set.of(), Instant.EPOCH, false);
    private static final Denial NO = Denial.of("no", ReasonClass.LIMIT, "for the test");

    private final List<String> happened = new ArrayList<>();

    @Test
    void whatIsTakenIsSettledInTheOppositeOrder() {
        Reserved all = Reservations.all(List.of(taking("a"), taking("b"))).reserve(action(), FACTS);
        assertInstanceOf(Reserved.Taken.class, all).settlement().settle(new Effect.Elsewhere(Effect.Told.SUCCESS));
        assertEquals(List.of("take a", "take b", "settle b Elsewhere", "settle a Elsewhere"), happened);
    }

    @Test
    void onceOneRefusesTheOnesBeforeAreGivenBackAndTheOnesBehindAreNotAsked() {
        Reservations refusing = (action, facts) -> new Reserved.Refused(NO);
        Reserved all = Reservations.all(List.of(taking("a"), taking("b"), refusing, taking("c")))
                .reserve(action(), FACTS);
        assertEquals(NO, assertInstanceOf(Reserved.Refused.class, all).denial());
        assertEquals(List.of("take a", "take b", "settle b NotSent", "settle a NotSent"), happened);
    }

    @Test
    void onceOneThrowsTheOnesBeforeAreGivenBack() {
        Reservations broken = (action, facts) -> {
            throw new IllegalStateException("for the test");
        };
        Reservations all = Reservations.all(List.of(taking("a"), broken));
        assertThrows(IllegalStateException.class, () -> all.reserve(action(), FACTS));
        assertEquals(List.of("take a", "settle a NotSent"), happened);
    }

    @Test
    void oneThatCannotBeSettledKeepsNoOtherFromIt() {
        Reservations broken = (action, facts) -> new Reserved.Taken(effect -> {
            throw new IllegalStateException("for the test");
        });
        Reserved all = Reservations.all(List.of(taking("a"), broken)).reserve(action(), FACTS);
        Reservations.Settlement settlement =
                assertInstanceOf(Reserved.Taken.class, all).settlement();
        assertThrows(IllegalStateException.class, () -> settlement.settle(new Effect.NotSent(NO)));
        assertEquals(List.of("take a", "settle a NotSent"), happened);
    }

    private Reservations taking(String name) {
        return (action, facts) -> {
            happened.add("take " + name);
            return new Reserved.Taken(effect ->
                    happened.add("settle " + name + " " + effect.getClass().getSimpleName()));
        };
    }

    private static Action action() {
        Principal principal =
                new Principal("t", "a", "k1", Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
        Attempt attempt = new Attempt(
                principal, 0, new Operation.ToolCall("pg", "query", Json.Obj.EMPTY), "s", "test", Optional.empty());
        return Action.of("1", Instant.EPOCH, attempt, attempt.operation(), Optional.empty());
    }
}
