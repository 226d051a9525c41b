package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.budget.Budgets;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Limits;
import dev.reeve.budget.Per;
import dev.reeve.budget.Prices;
import dev.reeve.budget.Quantity;
import dev.reeve.budget.Tally;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Restored;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Reservations.Settlement;
import dev.reeve.gate.Reservations.Usage;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start counts is what the process counted that died, and never less. */
final class SpentLimitsTest {
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Effect UNKNOWN =
            new Effect.Unknown(Denial.of("lost", Denial.ReasonClass.UNAVAILABLE, "for the test"));

    private static final Limit.About EVERYTHING = new Limit.About() {
        @Override
        public boolean matches(Action action, Facts facts) {
            return true;
        }

        @Override
        public boolean mayMatch(Action action) {
            return true;
        }
    };

    private static final Limit CALLS = limit(Quantity.CALLS, 1_000_000, OptionalLong.empty());
    private static final Limit BYTES = limit(Quantity.BYTES, 1_000_000_000, OptionalLong.of(1_000));
    private static final Limits LIMITS = new Limits(List.of(CALLS, BYTES), Prices.NONE, operation -> Optional.empty());

    private static Limit limit(Quantity count, long max, OptionalLong worst) {
        return limit(Per.AGENT, count, max, worst);
    }

    private static Limit limit(Per per, Quantity count, long max, OptionalLong worst) {
        return new Limit(
                Limit.id(List.of(per), count, Optional.of(WINDOW), ""),
                new RuleRef(count.word(), "limits.yaml", 1),
                List.of(per),
                count,
                max,
                Optional.of(WINDOW),
                Optional.empty(),
                worst,
                "",
                false,
                EVERYTHING);
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Budgets fresh(AuditHouse house) {
        return new Budgets(() -> LIMITS, () -> house.now);
    }

    @Test
    void afterACrashTheSameCountsAsBefore() throws Exception {
        Random random = new Random(7);
        try (AuditHouse house = new AuditHouse(folder)) {
            Budgets before = fresh(house);
            for (int i = 0; i < 600; i++) {
                house.now = house.now.plusMillis(random.nextInt(30_000));
                act(house, before, "rv_" + i, "agent" + random.nextInt(3), random.nextInt(4));
            }
            long from = SpentLimits.begin(house.ledger, house.now.minus(LIMITS.longest()), 16);
            assertTrue(from > house.ledger.size() / 4, from + " of " + house.ledger.size());
            Tally late = new Tally(LIMITS.all());
            assertEquals(house.ledger.size(), SpentLimits.readOn(house.ledger, from, late));
            Tally whole = new Tally(LIMITS.all());
            SpentLimits.readOn(house.ledger, 0, whole);
            Budgets after = new Budgets(() -> LIMITS, () -> house.now, late);
            Budgets all = new Budgets(() -> LIMITS, () -> house.now, whole);
            for (int i = 0; i < 3; i++) {
                Per.Who who = who(AuditHouse.action("x", "agent" + i, Json.Obj.EMPTY));
                for (Limit limit : LIMITS.all()) {
                    assertEquals(before.used(limit, who), after.used(limit, who), limit.id());
                    assertEquals(before.used(limit, who), all.used(limit, who), limit.id());
                    assertTrue(before.used(limit, who) > 0);
                }
            }
        }
    }

    /** A role that it had by context stands in no policy of agents, only in the record. */
    @Test
    void whatCountsForARoleOfTheContextCountsAfterAStart() throws Exception {
        Limit nightly = limit(Per.ROLE, Quantity.CALLS, 3, OptionalLong.empty());
        Limits limits = new Limits(List.of(nightly), Prices.NONE, operation -> Optional.empty());
        try (AuditHouse house = new AuditHouse(folder)) {
            Budgets before = new Budgets(() -> limits, () -> house.now);
            Action own = AuditHouse.action("rv_1", "ann", Json.Obj.EMPTY);
            Action atNight = own.with(own.principal().withRoles(List.of("night_operator")));
            Facts facts = new Facts(List.of(), Set.of(), Set.of(), house.now, false);
            Settlement taken = assertInstanceOf(Reserved.Taken.class, before.reserve(atNight, facts))
                    .settlement();
            decided(house, own, atNight, Optional.empty(), taken);
            Budgets after = new Budgets(() -> limits, () -> house.now, readBack(house, limits));
            assertEquals(1, before.used(nightly, who(atNight)));
            assertEquals(1, after.used(nightly, who(atNight)));
        }
    }

    @Test
    void whatCountsForAModelCountsAfterAStart() throws Exception {
        Limit each = limit(Per.MODEL, Quantity.CALLS, 1, OptionalLong.empty());
        Limits limits = new Limits(List.of(each), Prices.NONE, operation -> Optional.empty());
        try (AuditHouse house = new AuditHouse(folder)) {
            Budgets before = new Budgets(() -> limits, () -> house.now);
            Action action = AuditHouse.action("rv_1", "ann", Json.Obj.EMPTY);
            Facts big = touching(house, "model:big");
            Settlement taken = assertInstanceOf(Reserved.Taken.class, before.reserve(action, big))
                    .settlement();
            decided(house, action, action, Optional.of(big), Optional.empty(), taken);
            Budgets after = new Budgets(() -> limits, () -> house.now, readBack(house, limits));
            assertInstanceOf(Reserved.Refused.class, after.reserve(action, big));
            assertInstanceOf(Reserved.Taken.class, after.reserve(action, touching(house, "model:small")));
        }
    }

    private static Facts touching(AuditHouse house, String name) {
        Access access = new Access(List.of(name), "create", Set.of());
        return new Facts(List.of(access), Set.of(), Set.of(), house.now, false);
    }

    /** What the record has of it are the tokens; what was counted were values, which nobody wrote down. */
    @Test
    void callsWithTokensAreNoRepetitionsAfterAStart() throws Exception {
        assertEquals(1, repetitionsReadBack("rv_1", Optional.empty()));
        assertEquals(0, repetitionsReadBack("rv_2", Optional.of(new Restored(List.of("t_1"), List.of(), "00"))));
        assertEquals(0, repetitionsReadBack("rv_3", Optional.of(new Restored(List.of(), List.of("card"), "00"))));
    }

    private int repetitionsReadBack(String id, Optional<Restored> restored) throws Exception {
        Limit alike = limit(Per.AGENT, Quantity.REPEATS, 1, OptionalLong.empty());
        Limits limits = new Limits(List.of(alike), Prices.NONE, operation -> Optional.empty());
        try (AuditHouse house = new AuditHouse(folder.resolve(id))) {
            Budgets before = new Budgets(() -> limits, () -> house.now);
            Action action = AuditHouse.action(id, "ann", Json.Obj.EMPTY);
            Facts facts = new Facts(List.of(), Set.of(), Set.of(), house.now, false);
            Settlement taken = assertInstanceOf(Reserved.Taken.class, before.reserve(action, facts))
                    .settlement();
            decided(house, action, action, restored, taken);
            Budgets after = new Budgets(() -> limits, () -> house.now, readBack(house, limits));
            return after.reserve(action, facts) instanceof Reserved.Taken ? 0 : 1;
        }
    }

    private static Tally readBack(AuditHouse house, Limits limits) throws Exception {
        Tally tally = new Tally(limits.all());
        assertEquals(house.ledger.size(), SpentLimits.readOn(house.ledger, 0, tally));
        return tally;
    }

    private static void decided(
            AuditHouse house, Action attempted, Action action, Optional<Restored> restored, Settlement taken)
            throws Exception {
        decided(house, attempted, action, Optional.empty(), restored, taken);
    }

    /** An intent. */
    private static void decided(
            AuditHouse house,
            Action attempted,
            Action action,
            Optional<Facts> facts,
            Optional<Restored> restored,
            Settlement taken)
            throws Exception {
        Attempt attempt = new Attempt(
                attempted.principal(), 0, attempted.operation(), attempted.session(), "test", Optional.empty());
        house.journal.decided(new Decision(
                attempt,
                action,
                "v1",
                facts,
                List.of(),
                Ruling.ALLOW,
                Optional.empty(),
                Recording.USUAL,
                Optional.empty(),
                taken.reserved(),
                restored));
    }

    private static Per.Who who(Action action) {
        return new Per.Who(
                action.principal().tenant(),
                action.principal().agent(),
                action.principal().instance(),
                action.principal().roles(),
                "",
                action.session(),
                action.operation().subject(),
                Set.of());
    }

    private static void act(AuditHouse house, Budgets budgets, String id, String agent, int how) throws Exception {
        Action some = AuditHouse.action(id, agent, Json.Obj.EMPTY);
        Attempt attempt = new Attempt(some.principal(), 0, some.operation(), "s_1", "test", Optional.empty());
        Action action = Action.of(id, house.now, attempt, some.operation(), Optional.empty());
        Facts facts = new Facts(List.of(), Set.of(), Set.of(), house.now, false);
        Settlement taken = assertInstanceOf(Reserved.Taken.class, budgets.reserve(action, facts))
                .settlement();
        house.journal.decided(new Decision(
                attempt,
                action,
                "v1",
                Optional.of(facts),
                List.of(),
                Ruling.ALLOW,
                Optional.empty(),
                Recording.USUAL,
                Optional.empty(),
                taken.reserved()));
        if (how == 0) {
            return; // the process dies before there is an outcome
        }
        Json.Obj result = Json.object().put("text", "x".repeat(how * 50)).build();
        Effect effect = how == 1 ? UNKNOWN : new Effect.Answered(result, false);
        Release release = new Release.Result(result);
        Usage usage = taken.usage(effect, release);
        house.journal.completed(
                new Completion(action, effect, List.of(), release, Duration.ZERO, Recording.USUAL, usage.spent()));
        taken.settle(effect);
    }
}
