package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
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
import dev.reeve.gate.Journal;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Reservations.Settlement;
import dev.reeve.gate.Reservations.Usage;
import dev.reeve.gate.RuleRef;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.store.StoreKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start from a snapshot counts what a start counts that reads everything; a snapshot that is not ours counts nothing. */
final class LimitSnapshotTest {
    private static final Effect UNKNOWN =
            new Effect.Unknown(Denial.of("lost", Denial.ReasonClass.UNAVAILABLE, "for the test"));
    private static final Effect NOT_SENT =
            new Effect.NotSent(Denial.of("down", Denial.ReasonClass.UNAVAILABLE, "for the test"));

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

    private static final Limit CALLS = limit(Quantity.CALLS, 1_000, Per.AGENT);
    private static final Limit BYTES = limit(Quantity.BYTES, 1_000_000, Per.TENANT);
    private static final Limit ALIKE = limit(Quantity.REPEATS, 4, Per.AGENT);
    private static final Limit FAILURES = limit(Quantity.FAILURES, 4, Per.AGENT);
    private static final Limits ALL = limits(CALLS, BYTES, ALIKE, FAILURES);
    private static final Limits FEWER = limits(BYTES, FAILURES);

    private static Limit limit(Quantity count, long max, Per per) {
        Optional<Duration> window = Optional.of(Duration.ofMinutes(20));
        return new Limit(
                Limit.id(List.of(per), count, window, ""),
                new RuleRef(count.word(), "limits.yaml", 1),
                List.of(per),
                count,
                max,
                window,
                Optional.of(Duration.ofMinutes(3)),
                count == Quantity.BYTES ? OptionalLong.of(1_000) : OptionalLong.empty(),
                "",
                false,
                EVERYTHING);
    }

    private static Limits limits(Limit... all) {
        return new Limits(List.of(all), Prices.NONE, operation -> Optional.empty());
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private LimitSnapshot snapshot;

    private final Set<String> seen = new HashSet<>();
    private int actions;

    @BeforeEach
    void prepare() throws IOException {
        snapshot = snapshot(folder.resolve("limits-snapshot"), "mac");
    }

    private LimitSnapshot snapshot(Path file, String purpose) throws IOException {
        Path keys = folder.resolve("userkeys");
        return new LimitSnapshot(
                file,
                StoreKey.ofUser(keys, purpose, new SecureRandom()),
                StoreKey.ofUser(keys, "veil", new SecureRandom()));
    }

    private LimitCounts counts(AuditHouse house) {
        return new LimitCounts(house.ledger, snapshot, () -> house.now, 1);
    }

    /** Of a process: what it counts, and what runs. */
    private static final class Running {
        private final Budgets budgets;
        private final List<Call> open = new ArrayList<>();

        Running(AuditHouse house, Limits limits, Tally tally) {
            this.budgets = new Budgets(() -> limits, () -> house.now, tally);
        }
    }

    private record Call(Action action, Settlement taken) {}

    @Test
    void aStartFromASnapshotCountsWhatReadingEverythingCounts() throws Exception {
        for (int seed = 0; seed < 8; seed++) {
            try (AuditHouse house = new AuditHouse(folder.resolve("seed" + seed))) {
                snapshot = snapshot(folder.resolve("snapshot" + seed), "mac");
                live(house, new Random(seed), "seed " + seed);
            }
        }
        for (String kind : List.of("calls agent", "bytes tenant", "repeats agent", "failures agent", "Optional[")) {
            assertTrue(seen.stream().anyMatch(line -> line.contains(kind)), kind + " was counted");
        }
    }

    /** Runs, dies and starts again, with other limits now and then; at each start and each snapshot all ways of counting agree. */
    private void live(AuditHouse house, Random random, String seed) throws Exception {
        Limits limits = ALL;
        Running process = new Running(house, limits, counts(house).open(limits));
        for (int i = 0; i < 150; i++) {
            house.now = house.now.plusMillis(random.nextInt(20_000));
            switch (random.nextInt(12)) {
                case 0 -> counts(house).finish(limits);
                case 1 -> deny(house, process, random);
                case 2 -> {
                    if (random.nextInt(4) == 0) {
                        limits = random.nextBoolean() ? ALL : FEWER;
                        int unfinished = Recovery.run(house.ledger, house.journal, house.open);
                        house.open.save(house.ledger.size());
                        assertTrue(unfinished >= process.open.size());
                        process = new Running(house, limits, counts(house).open(limits));
                    }
                }
                case 3, 4, 5, 6, 7 -> begin(house, process, random);
                default -> end(house, process, random);
            }
            if (i % 10 == 0) {
                agree(house, limits, process, seed + " step " + i);
            }
        }
    }

    private void agree(AuditHouse house, Limits limits, Running process, String when) throws Exception {
        Tally whole = snapshot.fresh(limits.all());
        assertEquals(house.ledger.size(), SpentLimits.readOn(house.ledger, 0, whole));
        List<String> expected = told(new Running(house, limits, whole).budgets);
        Tally short_ = new LimitCounts(house.ledger, snapshot, () -> house.now, Long.MAX_VALUE).open(limits);
        assertEquals(expected, told(new Running(house, limits, short_).budgets), when + ": snapshot and everything");
        seen.addAll(expected);
        assertEquals(told(process.budgets), expected, when + ": the process and the record");
    }

    private static List<String> told(Budgets budgets) {
        return budgets.fullest(1_000).stream()
                .map(use -> use.limit().ref().name() + " " + use.subject() + " " + use.used() + " " + use.restsUntil())
                .toList();
    }

    private Action action(AuditHouse house, Random random) {
        actions++;
        String agent = "agent" + random.nextInt(3);
        Json.Obj arguments = random.nextInt(4) == 0
                ? Json.Obj.EMPTY
                : Json.object().put("sql", "SELECT " + random.nextInt(3)).build();
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                "k_" + agent,
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        Operation operation = new Operation.ToolCall("pg", "query_database", arguments);
        Attempt attempt = new Attempt(principal, 0, operation, "s_1", "test", Optional.empty());
        return Action.of("rv_" + actions, house.now, attempt, operation, Optional.empty());
    }

    private static Decision decision(AuditHouse house, Action action, Ruling ruling) {
        Attempt attempt = new Attempt(
                action.principal(), 0, action.operation(), action.session(), action.channel(), Optional.empty());
        Optional<Denial> denial = ruling == Ruling.ALLOW
                ? Optional.empty()
                : Optional.of(Denial.of("no_rule", Denial.ReasonClass.POLICY, "no rule allows it"));
        return new Decision(
                attempt, action, "v1", Optional.of(facts(house)), List.of(), ruling, denial, Recording.USUAL);
    }

    private static Facts facts(AuditHouse house) {
        return new Facts(List.of(), Set.of(), Set.of(), house.now, false);
    }

    private void deny(AuditHouse house, Running process, Random random) throws Exception {
        Journal journal = process.budgets.watching(house.journal);
        journal.decided(decision(house, action(house, random), Ruling.DENY));
    }

    private void begin(AuditHouse house, Running process, Random random) throws Exception {
        Action action = action(house, random);
        if (process.budgets.reserve(action, facts(house)) instanceof Reserved.Taken taken) {
            house.journal.decided(decision(house, action, Ruling.ALLOW)
                    .withReserved(taken.settlement().reserved()));
            process.open.add(new Call(action, taken.settlement()));
        }
    }

    private static void end(AuditHouse house, Running process, Random random) throws Exception {
        if (process.open.isEmpty()) {
            return;
        }
        Call call = process.open.remove(random.nextInt(process.open.size()));
        Json.Obj result =
                Json.object().put("text", "x".repeat(random.nextInt(200))).build();
        Effect effect = switch (random.nextInt(5)) {
            case 0 -> UNKNOWN;
            case 1 -> NOT_SENT;
            case 2 -> new Effect.Answered(result, true);
            default -> new Effect.Answered(result, false);
        };
        Release release = new Release.Result(result);
        Usage usage = call.taken().usage(effect, release);
        house.journal.completed(new Completion(
                call.action(), effect, List.of(), release, Duration.ZERO, Recording.USUAL, usage.spent()));
        call.taken().settle(effect);
    }

    /**
     * Nothing is read that is older than what may count, and yet a rest that began long before, and was prolonged by every try since, lasts as long as in
     * the process.
     */
    @Test
    void whatIsReadWithoutASnapshotIsWhatReadingEverythingGives() throws Exception {
        Limits limits = limits(FAILURES);
        Duration counts = limits.longest();
        int shorter = 0;
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            try (AuditHouse house = new AuditHouse(folder.resolve("seed" + seed))) {
                Running process = new Running(house, limits, snapshot.fresh(limits.all()));
                for (int i = 0; i < 150; i++) {
                    house.later(Duration.ofSeconds(random.nextInt(random.nextInt(20) == 0 ? 3_000 : 150)));
                    if (random.nextInt(8) == 0) {
                        deny(house, process, random);
                    } else {
                        begin(house, process, random);
                        fails(house, process, random.nextInt(12) > 0);
                    }
                    long from = SpentLimits.begin(house.ledger, house.now.minus(counts), 1);
                    shorter += from > 0 ? 1 : 0;
                    Tally late = snapshot.fresh(limits.all());
                    SpentLimits.readOn(house.ledger, from, late);
                    List<String> expected = told(process.budgets);
                    assertEquals(
                            expected, told(new Running(house, limits, late).budgets), "seed " + seed + " step " + i);
                }
            }
        }
        assertTrue(shorter > 200, "it was read in part: " + shorter);
    }

    private static void fails(AuditHouse house, Running process, boolean fails) throws Exception {
        for (Call call : process.open) {
            Effect effect = new Effect.Answered(Json.Obj.EMPTY, fails);
            Release release = new Release.Result(Json.Obj.EMPTY);
            Usage usage = call.taken().usage(effect, release);
            house.journal.completed(new Completion(
                    call.action(), effect, List.of(), release, Duration.ZERO, Recording.USUAL, usage.spent()));
            call.taken().settle(effect);
        }
        process.open.clear();
    }

    /** A house with some calls in its record, and a snapshot of a part of them. */
    private AuditHouse house() throws Exception {
        AuditHouse house = new AuditHouse(folder);
        Random random = new Random(11);
        Running process = new Running(house, ALL, snapshot.fresh(ALL.all()));
        for (int i = 0; i < 40; i++) {
            begin(house, process, random);
            if (i == 20) {
                counts(house).finish(ALL);
            }
        }
        return house;
    }

    private long readAtStart(AuditHouse house, Limits limits) throws Exception {
        LimitCounts counts = new LimitCounts(house.ledger, snapshot, () -> house.now, Long.MAX_VALUE);
        Tally tally = counts.open(limits);
        Tally whole = snapshot.fresh(limits.all());
        assertEquals(house.ledger.size(), SpentLimits.readOn(house.ledger, 0, whole));
        assertEquals(told(new Running(house, limits, whole).budgets), told(new Running(house, limits, tally).budgets));
        return counts.read();
    }

    @Test
    void whatAKillLeavesHalfWrittenIsPassedOver() throws Exception {
        try (AuditHouse house = house()) {
            Path file = folder.resolve("limits-snapshot");
            byte[] whole = Files.readAllBytes(file);
            long tail = readAtStart(house, ALL);
            assertTrue(tail > 0 && tail < house.ledger.size() * 3 / 4, "only the tail: " + tail);
            Path next = folder.resolve("limits-snapshot.next");
            for (int length = 0; length <= whole.length; length += 1 + whole.length / 9) {
                Files.write(next, Arrays.copyOf(whole, length));
                assertEquals(tail, readAtStart(house, ALL), "what is not in its place yet changes nothing");
                Files.write(file, Arrays.copyOf(whole, length));
                assertEquals(house.ledger.size(), readAtStart(house, ALL), "cut off at " + length);
                Files.write(file, whole);
            }
            counts(house).finish(ALL);
            assertFalse(Files.exists(next), "the rest of an earlier one is in no way");
            assertEquals(0, readAtStart(house, ALL));
            Files.write(file, whole);
            assertEquals(tail, readAtStart(house, ALL), "an older one of ours: more is read, and nothing is forgotten");
        }
    }

    @Test
    void oneThatSomebodyAlteredOrThatOthersMadeIsPassedOver() throws Exception {
        try (AuditHouse house = house();
                AuditHouse other = new AuditHouse(folder.resolve("other"))) {
            Path file = folder.resolve("limits-snapshot");
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at += 1 + whole.length / 50) {
                byte[] altered = whole.clone();
                altered[at] ^= 1;
                Files.write(file, altered);
                assertEquals(house.ledger.size(), readAtStart(house, ALL), "a bit at " + at);
            }
            snapshot(file, "another key").save(house.ledger, snapshot.fresh(ALL.all()), 3, house.now);
            assertEquals(house.ledger.size(), readAtStart(house, ALL), "under another key");
            for (int i = 0; i < 50; i++) {
                other.done("ov_" + i, "agent1");
            }
            snapshot.save(other.ledger, snapshot.fresh(ALL.all()), 30, house.now);
            assertEquals(house.ledger.size(), readAtStart(house, ALL), "of another ledger");
            snapshot.save(other.ledger, snapshot.fresh(ALL.all()), 90, house.now);
            assertEquals(house.ledger.size(), readAtStart(house, ALL), "of a longer ledger");
        }
    }

    @Test
    void oneOfOtherLimitsCountsOnlyWhereItTellsOfAllThatAreInForce() throws Exception {
        try (AuditHouse house = house()) {
            assertTrue(readAtStart(house, FEWER) < house.ledger.size());
            Limits more = limits(CALLS, BYTES, ALIKE, FAILURES, limit(Quantity.CALLS, 9, Per.TOOL));
            assertEquals(house.ledger.size(), readAtStart(house, more));
            counts(house).finish(more);
            assertEquals(0, readAtStart(house, more));
            assertEquals(0, readAtStart(house, ALL));
        }
    }

    /** Else each look would read the whole window again, for the same failure. */
    @Test
    void oneThatCannotBeWrittenIsTriedAgainWhenAsMuchCameAgain() throws Exception {
        try (AuditHouse house = house()) {
            snapshot = snapshot(folder.resolve("missing/limits-snapshot"), "mac");
            LimitCounts counts = new LimitCounts(house.ledger, snapshot, () -> house.now, 3);
            Tally ignored = counts.open(ALL);
            assertThrows(IOException.class, () -> counts.advance(ALL), "it is said once");
            house.done("rv_a", "agent1");
            counts.advance(ALL);
            house.done("rv_b", "agent1");
            assertThrows(IOException.class, () -> counts.advance(ALL));
            assertThrows(IOException.class, () -> counts.finish(ALL), "the end always tries");
            Files.createDirectory(folder.resolve("missing"));
            house.done("rv_c", "agent1");
            counts.advance(ALL);
            assertFalse(Files.exists(folder.resolve("missing/limits-snapshot")), "not yet");
            house.done("rv_d", "agent1");
            counts.advance(ALL);
            assertEquals(0, readAtStart(house, ALL));
        }
    }

    @Test
    void noCallIsWrittenInClear() throws Exception {
        try (AuditHouse house = house()) {
            assertTrue(house.open.count() > 20, "calls are under way");
            String text = Files.readString(folder.resolve("limits-snapshot"), StandardCharsets.ISO_8859_1);
            Operation operation = AuditHouse.action(
                            "x", "agent1", Json.object().put("sql", "SELECT 1").build())
                    .operation();
            String digest = Tally.call(
                    operation.kind(),
                    operation.subject(),
                    operation.upstream(),
                    operation.arguments(),
                    Optional.empty());
            assertFalse(text.contains(digest.substring(0, 16)) || text.contains("SELECT"));
            StoreKey veil = StoreKey.ofUser(folder.resolve("userkeys"), "veil", new SecureRandom());
            byte[] kept = veil.of(digest.getBytes(StandardCharsets.US_ASCII));
            assertTrue(text.contains(HexFormat.of().formatHex(kept, 0, 16)), "it is there, under the key");
        }
    }
}
