package dev.reeve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.Kind;
import dev.reeve.definitions.Pin;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.identity.SpokenFor;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What every store must promise to its ports. A driver extends this and says how it is opened. */
abstract class PortsContract {
    /** The same installation each time within one test. */
    abstract Store open() throws StoreException;

    abstract StoreHouse house();

    static Principal principal(String agent, String instance) {
        return new Principal(
                "default", agent, instance, Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
    }

    @Test
    void whatAnInstanceHasReadSurvivesARestart() throws Exception {
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 10, 10);
            sessions.received(principal("a", "k_1"), Set.of("pii"));
            sessions.received(principal("a", "k_1"), Set.of("pii", "money"));
            sessions.received(principal("a", "k_2"), Set.of());
            assertEquals(2, store.generation(), "nothing new is not written");
        }
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 10, 10);
            assertEquals(Set.of("pii", "money"), sessions.read(principal("a", "k_1")));
            assertEquals(Set.of(), sessions.read(principal("a", "k_2")));
            assertEquals(Set.of(), sessions.read(principal("b", "k_1")), "instances belong to agents");
        }
    }

    @Test
    void whatCannotBeRememberedIsRefused() throws Exception {
        Store store = open();
        StoredSessions sessions = StoredSessions.open(store, 1, 2);
        sessions.received(principal("a", "k_1"), Set.of("x"));
        assertThrows(UnrecordableException.class, () -> sessions.received(principal("a", "k_1"), Set.of("y", "z")));
        assertThrows(UnrecordableException.class, () -> sessions.received(principal("a", "k_2"), Set.of("x")));
        assertEquals(Set.of("x"), sessions.read(principal("a", "k_1")));
        store.close();
        assertThrows(UnrecordableException.class, () -> sessions.received(principal("a", "k_1"), Set.of("y")));
        assertEquals(Set.of("x"), sessions.read(principal("a", "k_1")), "not durable, so not remembered");
    }

    @Test
    void instancesThatCanNeverActAgainAreForgotten() throws Exception {
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 2, 2);
            sessions.received(principal("a", "k_1"), Set.of("x"));
            sessions.received(principal("a", "k_2"), Set.of("x"));
            sessions.keepOnly(Set.of("k_2"));
            assertEquals(Set.of(), sessions.read(principal("a", "k_1")));
        }
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 2, 2);
            assertEquals(Set.of(), sessions.read(principal("a", "k_1")));
            assertEquals(Set.of("x"), sessions.read(principal("a", "k_2")));
        }
    }

    @Test
    void whatAnAgentHasReadAnywhereCountsWhereAPointSpeaksForIt() throws Exception {
        Principal spokenFor = principal("a", SpokenFor.agent("k_point", "a"));
        Principal users = principal("point", SpokenFor.users("k_point"));
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 10, 10);
            sessions.received(principal("a", "k_1"), Set.of("pii"));
            assertEquals(Set.of("pii"), sessions.read(spokenFor));
            sessions.received(spokenFor, Set.of("money"));
            sessions.received(users, Set.of("plans"));
            assertEquals(Set.of("pii", "money"), sessions.read(spokenFor));
            assertEquals(Set.of("money"), sessions.read(principal("a", "k_2")), "and in each of its instances");
            assertEquals(Set.of(), sessions.read(principal("b", SpokenFor.agent("k_point", "b"))));
            assertEquals(Set.of("plans"), sessions.read(principal("point", "k_point")));
            sessions.keepOnly(Set.of());
            assertEquals(Set.of("money"), sessions.read(spokenFor), "the point's key may be replaced");
        }
        try (Store store = open()) {
            StoredSessions sessions = StoredSessions.open(store, 10, 10);
            assertEquals(Set.of("money"), sessions.read(principal("a", SpokenFor.agent("k_other", "a"))));
            assertEquals(Set.of(), sessions.read(users));
        }
    }

    @Test
    void randomSessionsAreTheSameAfterEachRestart() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<String, Set<String>> expected = new java.util.HashMap<>();
        for (int round = 0; round < 5; round++) {
            try (Store store = open()) {
                StoredSessions sessions = StoredSessions.open(store, 100, 100);
                for (Map.Entry<String, Set<String>> one : expected.entrySet()) {
                    assertEquals(one.getValue(), sessions.read(principal("a", one.getKey())));
                }
                for (int i = 0; i < 20; i++) {
                    String instance = "k_" + random.nextInt(5);
                    Set<String> tags = Set.of("t" + random.nextInt(8));
                    sessions.received(principal("a", instance), tags);
                    expected.computeIfAbsent(instance, ignored -> new HashSet<>())
                            .addAll(tags);
                }
            }
        }
    }

    @Test
    void timeNeverGoesBackAcrossARestart() throws Exception {
        Instant highest;
        try (Store store = open()) {
            StoredClock clock = StoredClock.open(store, "n1", house().clock(), house().incidents::add);
            house().pass(Duration.ofHours(2));
            assertFalse(clock.read().doubtful());
            highest = clock.read().now();
            clock.flush();
        }
        house().pass(Duration.ofHours(-1));
        try (Store store = open()) {
            StoredClock clock = StoredClock.open(store, "n1", house().clock(), house().incidents::add);
            assertEquals(new GateClock.Reading(highest, true), clock.read());
            assertEquals(highest, clock.source().instant());
            assertTrue(house().incidents.stream().anyMatch(line -> line.startsWith("clock_behind")));
            assertEquals(1, house().incidents.size(), "told once, not at each reading");
            house().pass(Duration.ofHours(1).plusSeconds(1));
            assertEquals(new GateClock.Reading(house().now(), false), clock.read());
        }
    }

    /** The monotonic clock of a test: nobody sets it. */
    private final AtomicLong nanos = new AtomicLong(-5);

    private StoredClock clock(Store store) throws StoreException {
        return StoredClock.open(store, "n1", house().clock(), nanos::get, house().incidents::add);
    }

    /** Real time passes: both clocks go on. */
    private void pass(Duration time) {
        house().pass(time);
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whatEndsByTimeEndsAlsoWhileTheClockIsBehind() throws Exception {
        try (Store store = open()) {
            StoredClock clock = clock(store);
            Instant before = clock.read().now();
            assertEquals(before, clock.latest());
            house().pass(Duration.ofHours(-2));
            assertTrue(clock.read().doubtful());
            pass(Duration.ofMinutes(30));
            assertEquals(new GateClock.Reading(before, true), clock.read(), "rules about time are not decided by it");
            assertEquals(before.plus(Duration.ofMinutes(30)), clock.latest());
        }
    }

    @Test
    void aDoubtThatIsOverTakesNothingBackAndRunsAheadNoFurther() throws Exception {
        try (Store store = open()) {
            StoredClock clock = clock(store);
            Instant before = clock.read().now();
            house().pass(Duration.ofHours(-2));
            clock.read();
            pass(Duration.ofHours(2));
            assertEquals(new GateClock.Reading(before, false), clock.read());
            Instant ahead = before.plus(Duration.ofHours(2));
            assertEquals(ahead, clock.latest());
            pass(Duration.ofHours(1));
            assertEquals(ahead, clock.latest(), "it waits for the wall clock");
            pass(Duration.ofHours(2));
            assertEquals(house().now(), clock.latest());
            assertEquals(house().now(), clock.read().now());
        }
    }

    @Test
    void whatHasEndedDuringADoubtStaysEndedAcrossARestart() throws Exception {
        Instant latest;
        try (Store store = open()) {
            StoredClock clock = clock(store);
            clock.read();
            house().pass(Duration.ofHours(-2));
            clock.read();
            pass(Duration.ofMinutes(30));
            latest = clock.latest();
            clock.flush();
        }
        nanos.set(0);
        try (Store store = open()) {
            StoredClock clock = clock(store);
            assertTrue(clock.read().doubtful());
            assertEquals(latest, clock.latest());
            pass(Duration.ofMinutes(5));
            assertEquals(latest.plus(Duration.ofMinutes(5)), clock.latest());
        }
    }

    @Test
    void itIsWrittenWithoutBeingAskedToo() throws Exception {
        Instant latest;
        try (Store store = open()) {
            StoredClock clock = clock(store);
            clock.flush();
            house().pass(Duration.ofHours(-2));
            pass(Duration.ofMinutes(30));
            clock.read();
            pass(Duration.ofMinutes(30));
            // Closing waits for what was submitted.
            latest = clock.latest();
        }
        try (Store store = open()) {
            assertEquals(latest, clock(store).latest());
        }
    }

    @Test
    void aJumpForwardIsTimeAndWhatItEndedStaysEnded() throws Exception {
        try (Store store = open()) {
            StoredClock clock = clock(store);
            house().pass(Duration.ofDays(300));
            Instant far = clock.latest();
            assertEquals(house().now(), far);
            house().pass(Duration.ofDays(-300));
            assertTrue(clock.read().doubtful());
            assertEquals(far, clock.latest());
        }
    }

    @Test
    void aStepOfLessThanASecondIsNoDoubt() throws Exception {
        try (Store store = open()) {
            StoredClock clock = StoredClock.open(store, "n1", house().clock(), house().incidents::add);
            Instant before = clock.read().now();
            house().pass(Duration.ofMillis(-900));
            assertEquals(new GateClock.Reading(before, false), clock.read());
        }
    }

    @Test
    void theMarkIsWrittenWithoutBeingAsked() throws Exception {
        Instant highest;
        try (Store store = open()) {
            StoredClock clock = StoredClock.open(store, "n1", house().clock(), house().incidents::add);
            house().pass(Duration.ofSeconds(30));
            highest = clock.read().now();
            // Closing waits for what was submitted; the first reading may still have been on its way.
            store.read(reading -> true);
            house().pass(Duration.ofSeconds(30));
            clock.read();
        }
        house().pass(Duration.ofHours(-3));
        try (Store store = open()) {
            StoredClock clock = StoredClock.open(store, "n1", house().clock(), house().incidents::add);
            assertFalse(clock.read().now().isBefore(highest));
            assertTrue(clock.read().doubtful());
        }
    }

    @Test
    void pinsAreKeptWhole() throws Exception {
        Json.Obj definition = Json.object()
                .put("name", "query")
                .put("inputSchema", Json.object().put("maximum", new Json.Num("1.50")))
                .build();
        Pin held =
                new Pin("pg", "query", definition, "f1", State.HELD, Optional.empty(), Optional.empty(), house().now());
        Pin changed = new Pin(
                "pg",
                "query",
                definition,
                "f1",
                State.IN_FORCE,
                Optional.of(definition.with("title", Json.of("x\u202e"))),
                Optional.of("ana"),
                house().now());
        Pin resource = new Pin(
                Kind.RESOURCE,
                "pg",
                "memo://1:2",
                definition,
                "f1",
                State.IN_FORCE,
                Optional.empty(),
                Optional.of("ana"),
                house().now());
        try (Store store = open()) {
            new StoredPins(store, "default").put(held);
            new StoredPins(store, "default").put(changed);
            new StoredPins(store, "other").put(held);
            new StoredPins(store, "other").put(resource);
        }
        try (Store store = open()) {
            assertEquals(List.of(changed), new StoredPins(store, "default").all());
            assertEquals(Set.of(held, resource), Set.copyOf(new StoredPins(store, "other").all()), "kinds do not meet");
        }
    }

    @Test
    void anAlteredPinIsNotReturned() throws Exception {
        try (Store store = open()) {
            new StoredPins(store, "default")
                    .put(new Pin(
                            "pg",
                            "query",
                            Json.Obj.EMPTY,
                            "f1",
                            State.HELD,
                            Optional.empty(),
                            Optional.empty(),
                            house().now()));
        }
        house().tamper("UPDATE pins SET state = 'IN_FORCE'");
        try (Store store = open()) {
            assertEquals(List.of(), new StoredPins(store, "default").all());
        }
    }
}
