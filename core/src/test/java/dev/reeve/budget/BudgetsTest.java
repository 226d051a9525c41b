package dev.reeve.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.budget.Prices.Cost;
import dev.reeve.budget.Prices.Reported;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Reservations.Settlement;
import dev.reeve.gate.Reservations.Usage;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Spending;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BudgetsTest {
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
    private static final Facts FACTS = new Facts(List.of(), Set.of(), Set.of(), START, false);
    private static final Denial NO = Denial.of("no", ReasonClass.UNAVAILABLE, "for the test");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<Limits> limits = new AtomicReference<>(Limits.NONE);
    private final Budgets budgets = new Budgets(limits::get, now::get);

    @Test
    void theCallThatWouldCrossTheLimitIsTheOneRefused() {
        inForce(calls(3, Per.AGENT));
        for (int i = 0; i < 3; i++) {
            taken("k1", "q");
        }
        Denial denial = refused("k2", "q");
        assertEquals("limit_reached", denial.code());
        assertEquals(ReasonClass.LIMIT, denial.reasonClass());
        assertEquals("calls-by-agent", denial.rule().orElseThrow().name());
        assertEquals(Optional.empty(), denial.tell(), "R10");
        pass(MINUTE.minusNanos(1));
        refused("k1", "q");
        pass(Duration.ofNanos(1));
        taken("k1", "q");
    }

    @Test
    void whoHasUsedUpMostIsToldFirst() {
        inForce(calls(4, Per.INSTANCE), calls(10, Per.AGENT));
        taken("k1", "q");
        taken("k1", "q");
        taken("k1", "q");
        taken("k2", "q");
        List<Use> fullest = budgets.fullest(2);
        assertEquals(
                List.of("instance default/k1 3 0.75", "agent default/worker 4 0.4"),
                fullest.stream()
                        .map(use -> use.subject() + " " + use.used() + " " + use.share())
                        .toList());
        assertEquals(3, budgets.fullest(9).size());
        pass(MINUTE);
        assertEquals(List.of(), budgets.fullest(9), "nothing counts any more");
    }

    @Test
    void anInstanceSpendsItsAgents() {
        inForce(calls(2, Per.INSTANCE), calls(3, Per.AGENT));
        taken("k1", "q");
        taken("k1", "q");
        assertEquals(
                "calls-by-instance", refused("k1", "q").rule().orElseThrow().name());
        taken("k2", "q");
        assertEquals("calls-by-agent", refused("k2", "q").rule().orElseThrow().name());
    }

    @Test
    void whereOneLimitRefusesNoOtherIsTouched() {
        Limit wide = calls(10, Per.AGENT);
        inForce(wide, calls(1, Per.TOOL));
        taken("k1", "q");
        refused("k1", "q");
        assertEquals(1, budgets.used(wide, Budgets.who(action("k1", "q"))));
    }

    @Test
    void byAgentAndToolCountsEachPairApart() {
        inForce(limit(Quantity.CALLS, 1, Optional.of(MINUTE), OptionalLong.empty(), true, Per.AGENT, Per.TOOL));
        taken("k1", "q");
        taken("k1", "r");
        Denial denial = refused("k1", "q");
        assertEquals(Optional.of("the limit of 1 calls in 1m is reached; try again in 60 s"), denial.tell());
    }

    /** Of the models that it asks, by the catalogue; what asks none counts for none. */
    @Test
    void byModelCountsEachModelApart() {
        inForce(calls(1, Per.MODEL));
        Facts big = touching("model:big");
        assertInstanceOf(Reserved.Taken.class, budgets.reserve(action("k1", "llm"), big));
        assertInstanceOf(Reserved.Refused.class, budgets.reserve(action("k2", "other"), big));
        assertInstanceOf(Reserved.Taken.class, budgets.reserve(action("k1", "llm"), touching("model:small")));
        assertInstanceOf(
                Reserved.Refused.class, budgets.reserve(action("k1", "llm"), touching("model:new", "model:small")));
        assertInstanceOf(Reserved.Taken.class, budgets.reserve(action("k1", "llm"), touching("model:new")));
        taken("k1", "q");
        taken("k1", "q");
        assertEquals(
                List.of("model big", "model new", "model small"),
                budgets.fullest(9).stream().map(Use::subject).toList());
    }

    @Test
    void whatMayHaveAskedAModelMakesAllModelsDoubtful() {
        Recount recount =
                new Recount(new Limits(List.of(calls(1, Per.MODEL)), Prices.NONE, operation -> Optional.empty()));
        recount.doubt(action("k1", "llm"), START);
        assertInstanceOf(
                Recount.Answer.Unknown.class, recount.begin(action("k1", "llm"), touching("model:big"), START));
        assertInstanceOf(Recount.Answer.Room.class, recount.begin(action("k1", "q"), FACTS, START));
    }

    private static Facts touching(String... names) {
        List<Access> accesses = new ArrayList<>();
        for (String name : names) {
            accesses.add(new Access(List.of(name), "create", Set.of()));
        }
        return new Facts(accesses, Set.of(), Set.of(), START, false);
    }

    @Test
    void whatWasNotSentIsGivenBackAndWhatNobodyKnowsIsNot() {
        inForce(calls(1, Per.AGENT));
        taken("k1", "q").settle(new Effect.NotSent(NO));
        taken("k1", "q").settle(new Effect.Unknown(NO));
        refused("k1", "q");
    }

    @Test
    void whatRunsAtOnceIsFreeAgainHoweverItEnds() {
        inForce(limit(Quantity.CONCURRENT, 1, Optional.empty(), OptionalLong.empty(), false, Per.AGENT));
        Settlement first = taken("k1", "q");
        refused("k1", "q");
        first.settle(new Effect.Unknown(NO));
        first.settle(new Effect.Unknown(NO));
        taken("k1", "q");
        refused("k1", "q");
    }

    @Test
    void rowsAreReservedAtWorstAndSettledToWhatCame() {
        Limit rows = limit(Quantity.ROWS, 100, Optional.of(MINUTE), OptionalLong.of(60), false, Per.AGENT);
        inForce(rows);
        Settlement first = taken("k1", "q");
        refused("k1", "q");
        Usage usage = ended(first, rows(10));
        assertEquals(10, usage.spent().getFirst().amount());
        assertEquals(10, budgets.used(rows, Budgets.who(action("k1", "q"))));
        taken("k1", "q");
    }

    @Test
    void moreRowsThanAreLeftAreKeptBack() {
        Limit rows = limit(Quantity.ROWS, 100, Optional.of(MINUTE), OptionalLong.empty(), false, Per.AGENT);
        inForce(rows);
        ended(taken("k1", "q"), rows(90));
        Settlement second = taken("k1", "q");
        assertEquals(10, second.reserved().getFirst().amount(), "all that is left");
        Usage usage = ended(second, rows(11));
        assertEquals("limit_reached", usage.excess().orElseThrow().code());
        assertEquals(100, budgets.used(rows, Budgets.who(action("k1", "q"))));
        refused("k1", "q");
    }

    @Test
    void rowsThatCannotBeCountedStayAtWorst() {
        Limit rows = limit(Quantity.ROWS, 100, Optional.of(MINUTE), OptionalLong.of(60), false, Per.AGENT);
        inForce(rows);
        ended(taken("k1", "q"), Json.object().put("content", Json.Arr.EMPTY).build());
        assertEquals(60, budgets.used(rows, Budgets.who(action("k1", "q"))));
    }

    @Test
    void rowsOfAnErrorAreRowsAndItsTextIsNone() {
        Limit rows = limit(Quantity.ROWS, 100, Optional.of(MINUTE), OptionalLong.of(60), false, Per.AGENT);
        inForce(rows);
        ended(taken("k1", "q"), rows(7).with("isError", Json.Bool.TRUE));
        assertEquals(7, budgets.used(rows, Budgets.who(action("k1", "q"))));
        Json.Obj text =
                Json.object().put("type", "text").put("text", "no such table").build();
        ended(
                taken("k1", "q"),
                Json.object()
                        .put("content", new Json.Arr(List.of(text)))
                        .put("isError", true)
                        .build());
        assertEquals(7, budgets.used(rows, Budgets.who(action("k1", "q"))));
    }

    @Test
    void rowsCountWhereverTheirListStands() {
        Json.Arr three = (Json.Arr)
                rows(3).object("structuredContent").orElseThrow().get("rows").orElseThrow();
        Json.Obj table = Json.object().put("rows", three).build();
        counts(
                3,
                Json.object().put("warnings", Json.Arr.EMPTY).put("data", table).build(),
                "");
        counts(
                6,
                Json.object().put("tables", new Json.Arr(List.of(table, table))).build(),
                "");
        counts(3, Json.object().put("deep", new Json.Arr(List.of(three))).build(), "");
        Json.Obj none = Json.object().put("rows", Json.Arr.EMPTY).build();
        counts(0, none, "");
        counts(0, none, "{\n  \"rows\": []\n}");
        counts(60, none, "1, 2, 3");
    }

    private void counts(long expected, Json.Obj structured, String text) {
        Limit rows = limit(Quantity.ROWS, 1_000, Optional.of(MINUTE), OptionalLong.of(60), false, Per.AGENT);
        inForce(rows);
        long before = budgets.used(rows, Budgets.who(action("k1", "q")));
        Json.Arr content = text.isEmpty()
                ? Json.Arr.EMPTY
                : new Json.Arr(List.of(
                        Json.object().put("type", "text").put("text", text).build()));
        ended(
                taken("k1", "q"),
                Json.object()
                        .put("content", content)
                        .put("structuredContent", structured)
                        .build());
        assertEquals(before + expected, budgets.used(rows, Budgets.who(action("k1", "q"))), structured.toString());
    }

    @Test
    void absurdUsageIsReplacedByTheWorst() {
        Limit tokens = limit(Quantity.TOKENS, 1_000, Optional.of(MINUTE), OptionalLong.empty(), false, Per.AGENT);
        Prices prices = new Prices(
                "",
                List.of(new Prices.Entry(
                        tool -> true, Optional.of(new Reported(List.of("used"), 100)), new Cost.Fixed(0), 0)));
        limits.set(new Limits(List.of(tokens), prices, operation -> Optional.empty()));
        long before = 0;
        for (Json said : List.of(
                Json.of(-5),
                Json.of(101),
                new Json.Str("7"),
                new Json.Num("1e999999999"),
                new Json.Num("0.5"),
                Json.Null.NULL)) {
            ended(taken("k1", "q"), Json.object().put("used", said).build());
            long after = budgets.used(tokens, Budgets.who(action("k1", "q")));
            assertEquals(100, after - before, "it said " + said);
            before = after;
        }
        ended(taken("k1", "q"), Json.object().put("used", 7).build());
        assertEquals(before + 7, budgets.used(tokens, Budgets.who(action("k1", "q"))));
    }

    @Test
    void moneyIsExactToTheLastPart() {
        assertEquals(Optional.of(20_000_000_000L), Prices.parts("20.00"));
        assertEquals(Optional.of(1L), Prices.parts("1e-20"), "rounded up");
        assertEquals(Optional.empty(), Prices.parts("-0.01"));
        assertEquals(Optional.empty(), Prices.parts("1e999999999"));
        Limit money = limit(Quantity.MONEY, 1_000_000_000L, Optional.of(MINUTE), OptionalLong.empty(), true, Per.AGENT);
        Prices prices = new Prices(
                "EUR",
                List.of(new Prices.Entry(
                        tool -> true,
                        Optional.of(new Reported(List.of("used"), 1_000)),
                        new Cost.Told(new Reported(List.of("cost"), 300_000_000L)),
                        100_000L)));
        limits.set(new Limits(List.of(money), prices, operation -> Optional.empty()));
        Settlement first = taken("k1", "q");
        assertEquals(400_000_000L, first.reserved().getFirst().amount());
        ended(
                first,
                Json.object().put("cost", new Json.Num("0.25")).put("used", 10).build());
        assertEquals(251_000_000L, budgets.used(money, Budgets.who(action("k1", "q"))));
    }

    @Test
    void theSameCallAgainAndAgainIsALoopWhateverLiesBetween() {
        inForce(limit(Quantity.REPEATS, 3, Optional.of(MINUTE), OptionalLong.empty(), true, Per.INSTANCE));
        for (int i = 0; i < 3; i++) {
            taken("k1", "a");
            taken("k1", "b");
        }
        assertEquals("repeated_call", refused("k1", "a").code());
        assertEquals("repeated_call", refused("k1", "b").code());
        taken("k1", "c");
        taken("k2", "a");
        pass(MINUTE);
        taken("k1", "a");
    }

    @Test
    void whoKeepsFailingRestsAndThenTriesOnce() throws UnrecordableException {
        Limit failures = new Limit(
                Limit.id(List.of(Per.AGENT), Quantity.FAILURES, Optional.of(MINUTE), ""),
                new RuleRef("failures", "f.yaml", 1),
                List.of(Per.AGENT),
                Quantity.FAILURES,
                3,
                Optional.of(MINUTE),
                Optional.of(Duration.ofMinutes(5)),
                OptionalLong.empty(),
                "",
                true,
                EVERYTHING);
        inForce(failures);
        Journal journal = budgets.watching(new Journal() {
            @Override
            public String decided(Decision decision) {
                return "";
            }

            @Override
            public void completed(Completion completion) {}
        });
        taken("k1", "q").settle(new Effect.Refused(1, "no", Optional.empty()));
        taken("k1", "q").settle(new Effect.Unknown(NO));
        journal.decided(denied(NO));
        Denial denial = refused("k2", "q");
        assertEquals("too_many_failures", denial.code());
        assertEquals(Optional.of("too many calls failed; try again in 300 s"), denial.tell());
        journal.decided(denied(denial));
        pass(Duration.ofMinutes(5));
        Settlement probe = taken("k1", "q");
        refused("k1", "q");
        probe.settle(new Effect.Unknown(NO));
        refused("k1", "q");
        pass(Duration.ofMinutes(5));
        ended(taken("k1", "q"), Json.Obj.EMPTY);
        taken("k1", "q");
        taken("k1", "q");
    }

    @Test
    void aChangedCeilingKeepsTheCountAndAnotherCountBeginsAnew() {
        inForce(calls(5, Per.AGENT));
        taken("k1", "q");
        taken("k1", "q");
        inForce(calls(2, Per.AGENT));
        refused("k1", "q");
        inForce(calls(3, Per.AGENT), calls(1, Per.TOOL));
        taken("k1", "q");
        refused("k1", "q");
        inForce(calls(1, Per.TENANT));
        taken("k1", "q");
        budgets.sweep();
        assertEquals(1, budgets.counted());
    }

    @Test
    void whatTheRecordSaysIsCountedAgain() {
        Limit rows = limit(Quantity.ROWS, 100, Optional.of(MINUTE), OptionalLong.of(40), false, Per.AGENT);
        inForce(rows);
        Settlement done = taken("k1", "q");
        Settlement crashed = taken("k1", "q");
        List<Spending> spent = ended(done, rows(5)).spent();
        Tally tally = new Tally(limits.get().all());
        Per.Who who = Budgets.who(action("k1", "q"));
        tally.intent("1", who, done.reserved(), Optional::empty);
        tally.intent("2", who, crashed.reserved(), Optional::empty);
        tally.outcome("1", true, START, spent);
        Budgets next = new Budgets(limits::get, now::get, tally);
        assertEquals(45, next.used(rows, who));
        assertEquals(budgets.used(rows, who), next.used(rows, who));
    }

    @Test
    void whatNoLimitIsAboutTakesNothing() {
        inForce();
        Reserved one = budgets.reserve(action("k1", "q"), FACTS);
        assertSame(one, budgets.reserve(action("k1", "q"), FACTS));
        assertEquals(0, budgets.counted());
    }

    @Test
    void sixtyFourAtOnceGetExactlyAsMuchAsThereIs() {
        inForce(calls(1_000, Per.AGENT), calls(400, Per.INSTANCE), calls(900, Per.EVERYTHING));
        AtomicInteger through = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                String instance = "k" + i % 4;
                threads.submit(() -> {
                    for (int round = 0; round < 100; round++) {
                        if (budgets.reserve(action(instance, "q"), FACTS) instanceof Reserved.Taken) {
                            through.incrementAndGet();
                        }
                    }
                });
            }
        }
        assertEquals(900, through.get());
    }

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

    private static Limit calls(long max, Per... per) {
        return limit(Quantity.CALLS, max, Optional.of(MINUTE), OptionalLong.empty(), false, per);
    }

    private static Limit limit(
            Quantity count, long max, Optional<Duration> window, OptionalLong worst, boolean tell, Per... per) {
        String name = count.word() + "-by-" + per[0].word();
        return new Limit(
                Limit.id(List.of(per), count, window, ""),
                new RuleRef(name, "limits.yaml", 1),
                List.of(per),
                count,
                max,
                window,
                window,
                worst,
                "",
                tell,
                EVERYTHING);
    }

    private void inForce(Limit... all) {
        limits.set(new Limits(List.of(all), Prices.NONE, operation -> Optional.empty()));
    }

    private void pass(Duration time) {
        now.set(now.get().plus(time));
    }

    private Settlement taken(String instance, String tool) {
        return assertInstanceOf(Reserved.Taken.class, budgets.reserve(action(instance, tool), FACTS))
                .settlement();
    }

    private Denial refused(String instance, String tool) {
        return assertInstanceOf(Reserved.Refused.class, budgets.reserve(action(instance, tool), FACTS))
                .denial();
    }

    private static Usage ended(Settlement settlement, Json.Obj result) {
        Effect effect = new Effect.Answered(result, false);
        Usage usage = settlement.usage(effect, new Release.Result(result));
        settlement.settle(effect);
        return usage;
    }

    private static Json.Obj rows(int count) {
        List<Json> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Json.object().put("n", i).build());
        }
        return Json.object()
                .put("structuredContent", Json.object().put("rows", new Json.Arr(rows)))
                .build();
    }

    private static Journal.Decision denied(Denial denial) {
        Action action = action("k1", "q");
        Attempt attempt = new Attempt(action.principal(), 0, action.operation(), "s", "test", Optional.empty());
        return new Journal.Decision(
                attempt,
                action,
                "v",
                Optional.empty(),
                List.of(),
                Journal.Ruling.DENY,
                Optional.of(denial),
                Recording.USUAL);
    }

    private static Action action(String instance, String tool) {
        Principal principal = new Principal(
                "default",
                "worker",
                instance,
                Optional.empty(),
                List.of(),
                Set.of("clerk"),
                Optional.empty(),
                Map.of());
        Attempt attempt = new Attempt(
                principal, 0, new Operation.ToolCall("pg", tool, Json.Obj.EMPTY), "s", "test", Optional.empty());
        return Action.of("1", START, attempt, attempt.operation(), Optional.empty());
    }
}
