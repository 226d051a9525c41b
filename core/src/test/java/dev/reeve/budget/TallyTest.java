package dev.reeve.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Spending;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A tally that was written down and taken up again says what one says that read everything. */
final class TallyTest {
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

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

    private static final Limit CALLS = limit(Quantity.CALLS, 50, Duration.ofMinutes(10), Per.AGENT);
    private static final Limit BYTES = limit(Quantity.BYTES, 9_000, Duration.ofMinutes(3), Per.TOOL, Per.ROLE);
    private static final Limit ALIKE = limit(Quantity.REPEATS, 5, Duration.ofMinutes(5), Per.INSTANCE);
    private static final Limit FAILURES = limit(Quantity.FAILURES, 3, Duration.ofMinutes(4), Per.AGENT);
    private static final Limit STRICTER = limit(Quantity.FAILURES, 2, Duration.ofMinutes(4), Per.AGENT);
    private static final List<Limit> ALL = List.of(CALLS, BYTES, ALIKE, FAILURES);

    private static Limit limit(Quantity count, long max, Duration window, Per... per) {
        return new Limit(
                Limit.id(List.of(per), count, Optional.of(window), ""),
                new RuleRef(count.word(), "limits.yaml", 1),
                List.of(per),
                count,
                max,
                Optional.of(window),
                Optional.of(Duration.ofMinutes(2)),
                OptionalLong.empty(),
                "",
                false,
                EVERYTHING);
    }

    /** What a record does to a tally. */
    private record Happening(Instant at, Consumer<Tally> does) {}

    /** A history as the record would have it: calls that end in any order, or never, and denials. */
    private static List<Happening> history(Random random, int length) {
        List<Happening> history = new ArrayList<>();
        List<String> open = new ArrayList<>();
        Instant now = START;
        for (int i = 0; i < length; i++) {
            now = now.plusMillis(random.nextInt(3) == 0 ? random.nextInt(60_000) : random.nextInt(200));
            Instant at = now;
            Per.Who who = who(random);
            int what = random.nextInt(10);
            if (what == 0) {
                history.add(new Happening(at, tally -> tally.denial(who, List.of(spending(FAILURES, at, 1)))));
            } else if (what <= 4 || open.isEmpty()) {
                String id = "rv_" + i;
                String call = "call" + random.nextInt(3);
                List<Spending> worst = List.of(
                        spending(CALLS, at, 1),
                        spending(BYTES, at, 100),
                        spending(ALIKE, at, 1),
                        spending(FAILURES, at, 1));
                history.add(new Happening(
                        at,
                        what == 4
                                ? tally -> tally.verdict(id, who, worst, () -> Optional.of(call))
                                : tally -> tally.intent(id, who, worst, () -> Optional.of(call))));
                open.add(id);
            } else {
                String id = open.remove(random.nextInt(open.size()));
                history.add(ended(random, id, at));
            }
        }
        return history;
    }

    private static Happening ended(Random random, String id, Instant at) {
        int how = random.nextInt(4);
        if (how == 0) {
            return new Happening(at, tally -> tally.outcome(id, true, at, List.of())); // nobody knows
        }
        int sent = how == 1 ? 0 : 1;
        int bytes = random.nextInt(101) * sent;
        int failed = random.nextInt(2) * sent;
        List<Spending> came = List.of(
                spending(CALLS, at, sent),
                spending(BYTES, at, bytes),
                spending(ALIKE, at, sent),
                spending(FAILURES, at, failed));
        return new Happening(at, tally -> tally.outcome(id, sent == 1, at, came));
    }

    private static Spending spending(Limit limit, Instant at, long amount) {
        return new Spending(limit.id(), limit.ref().name(), at, amount);
    }

    private static Per.Who who(Random random) {
        int agent = random.nextInt(3);
        Set<String> roles = agent == 0 ? Set.of() : Set.of("a", "b" + agent);
        return new Per.Who(
                "default",
                "agent" + agent,
                "k" + agent + random.nextInt(2),
                roles,
                "",
                "s",
                "t" + random.nextInt(2),
                Set.of());
    }

    private static byte[] written(Tally tally, Instant now) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tally.write(new DataOutputStream(bytes), now);
        return bytes.toByteArray();
    }

    private static Optional<Tally> read(byte[] bytes, List<Limit> limits) throws IOException {
        return Tally.read(new DataInputStream(new ByteArrayInputStream(bytes)), limits, call -> call);
    }

    /** What counts at each of these moments. */
    private static List<String> told(Tally tally, List<Limit> limits, Instant from) {
        Limits all = new Limits(limits, Prices.NONE, operation -> Optional.empty());
        List<String> told = new ArrayList<>();
        for (int minutes = 0; minutes <= 10; minutes++) {
            Instant at = from.plus(Duration.ofMinutes(minutes));
            new Budgets(() -> all, () -> at, tally)
                    .fullest(10_000)
                    .forEach(use -> told.add(at + " " + use.limit().ref().name() + " " + use.subject() + " "
                            + use.used() + " " + use.restsUntil()));
        }
        return told;
    }

    @Test
    void whatWasWrittenDownAtAnyPlacesSaysTheSameAsReadingEverything() throws IOException {
        int told = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<Happening> history = history(random, 40 + random.nextInt(400));
            List<Limit> some = random.nextInt(3) == 0 ? List.of(BYTES, FAILURES) : ALL;
            Tally whole = new Tally(some);
            Tally taken = new Tally(ALL);
            List<Limit> of = ALL;
            for (Happening one : history) {
                one.does().accept(whole);
                one.does().accept(taken);
                if (random.nextInt(40) == 0) {
                    of = of.equals(some) || random.nextBoolean() ? some : of;
                    taken = read(written(taken, one.at()), of).orElseThrow();
                }
            }
            Instant end = history.getLast().at();
            taken = read(written(taken, end), some).orElseThrow();
            List<String> expected = told(whole, some, end);
            assertEquals(expected, told(taken, some, end), "seed " + seed);
            told += expected.size();
        }
        assertTrue(told > 10_000, "something was counted: " + told);
    }

    @Test
    void aLimitOfWhichNothingWasWrittenIsForTheRecordToTell() throws IOException {
        byte[] bytes = written(new Tally(List.of(CALLS, FAILURES)), START);
        assertTrue(read(bytes, List.of(CALLS)).isPresent());
        assertTrue(read(bytes, List.of()).isPresent());
        assertTrue(read(bytes, List.of(CALLS, BYTES)).isEmpty());
        assertTrue(
                read(bytes, List.of(CALLS, STRICTER)).isEmpty(), "who rests depends on how many failures there may be");
    }

    @Test
    void whatHasLeftItsWindowIsNotWritten() throws IOException {
        Tally tally = new Tally(ALL);
        List<Happening> history = history(new Random(1), 300);
        history.forEach(one -> one.does().accept(tally));
        Instant end = history.getLast().at();
        int full = written(tally, end).length;
        int later = written(tally, end.plus(Duration.ofDays(1))).length;
        assertTrue(full > 1_000 && later < full / 4, full + " and " + later);
    }

    @Test
    void bytesThatAreCutOffOrOtherAreRefusedOrHarmless() throws IOException {
        Tally tally = new Tally(ALL);
        List<Happening> history = history(new Random(2), 200);
        history.forEach(one -> one.does().accept(tally));
        byte[] bytes = written(tally, history.getLast().at());
        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IOException.class, () -> read(cut, ALL), "at " + length);
        }
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] other = bytes.clone();
            other[random.nextInt(other.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                Optional<Tally> ignored = read(other, ALL);
            } catch (IOException e) {
                // As it should be; nothing else is thrown, and no memory is asked for that is not there.
            }
        }
    }
}
