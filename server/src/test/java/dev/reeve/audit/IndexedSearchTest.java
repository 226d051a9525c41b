package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.search.Cursor;
import dev.reeve.search.EventSearch;
import dev.reeve.search.EventSearch.Count;
import dev.reeve.search.Pace;
import dev.reeve.search.Page;
import dev.reeve.search.SearchUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexedSearchTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private AuditHouse house;

    private final List<String> incidents = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        house = new AuditHouse(home);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private Path file() {
        return home.resolve("search.db");
    }

    private EventSearch search() throws IOException {
        return EventSearch.open(file(), house.folder, house.ledger::size, Pace.of(LONG, 10), incidents::add);
    }

    private static List<String> ids(List<Happened> events) {
        return events.stream()
                .map(one -> one.record().id() + "@" + one.finished())
                .toList();
    }

    /** All pages of a search, oldest first, as the log is read. */
    private static List<String> all(EventSearch search, EventQuery query, Scope scope, int limit) throws Exception {
        List<Happened> all = new ArrayList<>();
        Optional<Cursor> next = Optional.empty();
        do {
            Page page = search.page(query, scope, next, limit);
            assertTrue(page.events().size() <= limit);
            all.addAll(page.events());
            next = page.next();
        } while (next.isPresent());
        return ids(all.reversed());
    }

    private List<Happened> scan(EventQuery query, Scope scope) throws IOException {
        return house.reader().last(1_000_000, EventFilter.of(query).within(scope), house.ledger.size());
    }

    private List<String> scanned(EventQuery query, Scope scope) throws IOException {
        return ids(scan(query, scope));
    }

    private static final class Asking {
        private final Random random;

        Asking(Random random) {
            this.random = random;
        }

        private String one(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        private String value(Part part) {
            return switch (part) {
                case AGENT -> "agent" + random.nextInt(5);
                case USER -> "user" + random.nextInt(4);
                case SESSION -> "s_" + random.nextInt(6);
                case TOOL -> one(List.of("query", "pg.query", "pg.*", "mail.send", "*", "nothing"));
                case UPSTREAM -> one(List.of("pg", "mail", "web"));
                case RESOURCE ->
                    one(List.of("files", "file:/etc/passwd", "file:/srv/*", "file:/srv/rep*", "mail:*", "*", "f*"));
                case STATUS -> one(List.of("success", "denied", "held", "pending", "tool_error"));
                case KIND -> one(List.of("action", "control", "summary"));
                case PERSON -> one(List.of("local:ana", "local:bo", "local:cy"));
                case RULE -> one(List.of("rule0", "rule1", "rule2 (policies/roles.yaml:3)", "rule9"));
                case SINCE, UNTIL ->
                    Instant.parse("2026-11-24T10:00:00Z")
                            .plusMillis(random.nextInt(900_000))
                            .toString();
                case TEXT ->
                    one(List.of(
                            "invoice",
                            "INVO",
                            "in",
                            "etc/passwd",
                            "/srv/rep",
                            "größe",
                            "invoice refund",
                            "tab",
                            "example.com",
                            "rv_x17k",
                            "42",
                            "may select"));
            };
        }

        EventQuery query() throws Exception {
            Map<Part, String> asked = new EnumMap<>(Part.class);
            int parts = random.nextInt(4);
            for (int i = 0; i < parts; i++) {
                List<Part> all = List.of(Part.values());
                Part part = all.get(random.nextInt(all.size()));
                asked.put(part, value(part));
            }
            return EventQuery.of(asked);
        }

        Scope scope() {
            return random.nextInt(4) > 0
                    ? Scope.ALL
                    : Scope.of(Set.copyOf(List.of("agent1", "agent" + random.nextInt(6))));
        }
    }

    @Test
    void theIndexAnswersWhatReadingTheLogAnswers() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        BusyHouse busy = new BusyHouse(house, seed);
        try (EventSearch search = search()) {
            for (int round = 0; round < 3; round++) {
                busy.write(400);
                Asking asking = new Asking(random);
                for (int i = 0; i < 60; i++) {
                    EventQuery query = asking.query();
                    Scope scope = asking.scope();
                    List<Happened> wanted = scan(query, scope);
                    String about = "seed " + seed + ", " + query + " within " + scope;
                    assertEquals(ids(wanted), all(search, query, scope, 1 + random.nextInt(200)), about);
                    Count count = search.count(query, scope);
                    long finished = wanted.stream()
                            .filter(one ->
                                    !one.isAction() || !EventText.status(one).equals("pending"))
                            .count();
                    assertTrue(count.exact() ? count.value() == finished : count.value() >= finished, about + count);
                }
            }
        }
        assertEquals(List.of(), incidents);
    }

    @Test
    void pagesShowTheMomentOfTheFirstOne() throws Exception {
        Action slow = house.decide("rv_slow", "clerk", Ruling.ALLOW);
        for (int i = 0; i < 10; i++) {
            house.done("rv_" + i, "clerk");
        }
        try (EventSearch search = search()) {
            Page first = search.page(EventQuery.ALL, Scope.ALL, Optional.empty(), 4);
            assertEquals(List.of("rv_9@20", "rv_8@18", "rv_7@16", "rv_6@14"), ids(first.events()));
            house.journal.completed(AuditHouse.completion(slow));
            house.done("rv_new", "clerk");
            assertEquals(
                    "rv_new@23",
                    ids(search.page(EventQuery.ALL, Scope.ALL, Optional.empty(), 4)
                                    .events())
                            .getFirst());
            Page second = search.page(EventQuery.ALL, Scope.ALL, first.next(), 100);
            assertEquals("rv_slow@0", ids(second.events()).getLast());
            assertEquals(7, second.events().size());
            assertEquals(Optional.empty(), second.next());
        }
    }

    /** What an agent was refused says nothing: it chooses what it asks for. */
    @Test
    void whatWasLetThroughIsFoundByItsNameAndItsSystemAndWhatWasDeniedIsNot() throws Exception {
        BiPredicate<String, String> begins = (wanted, name) -> name.startsWith(wanted);
        List<String> wanted = List.of("pg.query", "pg.", "pg.nothing", "mail.");
        house.decide("rv_no", "clerk", Ruling.DENY);
        house.control("local:ana", "kill", "tool pg.nothing");
        try (EventSearch search = search()) {
            search.await(house.ledger.size() - 1, Duration.ofSeconds(10));
            assertEquals(Set.of(), search.letThrough(wanted, begins));
            house.done("rv_yes", "clerk");
            search.await(house.ledger.size() - 1, Duration.ofSeconds(10));
            assertEquals(Set.of("pg.query", "pg."), search.letThrough(wanted, begins));
            assertEquals(
                    Set.of("pg."),
                    search.letThrough(List.of("pg."), (one, name) -> name.equals(one)),
                    "a system, with a dot behind it");
        }
    }

    @Test
    void followingGivesEachEventOnceAlsoAfterARestart() throws Exception {
        List<String> seen = new ArrayList<>();
        long from = 0;
        Action slow = house.decide("rv_slow", "clerk", Ruling.ALLOW);
        for (int round = 0; round < 6; round++) {
            house.done("rv_" + round, "clerk");
            if (round == 4) {
                house.journal.completed(AuditHouse.completion(slow));
            }
            try (EventSearch search = search()) {
                search.await(house.ledger.size() - 1, Duration.ofSeconds(10));
                Page page = search.following(EventQuery.ALL, Scope.ALL, from, 2);
                seen.addAll(ids(page.events()));
                from = page.next().orElseThrow().before();
            }
        }
        try (EventSearch search = search()) {
            search.await(house.ledger.size() - 1, Duration.ofSeconds(10));
            Page rest = search.following(EventQuery.ALL, Scope.ALL, from, 100);
            seen.addAll(ids(rest.events()));
            assertEquals(house.ledger.size(), rest.next().orElseThrow().before());
        }
        assertEquals(scanned(EventQuery.ALL, Scope.ALL), seen);
    }

    @Test
    void aDeletedDamagedOrForeignIndexIsMadeAnew() throws Exception {
        new BusyHouse(house, 7).write(300);
        List<String> wanted = scanned(EventQuery.ALL, Scope.ALL);
        try (EventSearch search = search()) {
            assertEquals(wanted, all(search, EventQuery.ALL, Scope.ALL, 100));
        }
        byte[] good = Files.readAllBytes(file());
        for (byte[] bad : List.of(
                new byte[0],
                "this is no index".getBytes(StandardCharsets.UTF_8),
                java.util.Arrays.copyOf(good, good.length / 2))) {
            Files.write(file(), bad);
            try (EventSearch search = search()) {
                assertEquals(wanted, all(search, EventQuery.ALL, Scope.ALL, 100));
            }
        }
        Files.write(file(), good);
        sql("UPDATE state SET ledger = 'another'");
        try (EventSearch search = search()) {
            assertEquals(wanted, all(search, EventQuery.ALL, Scope.ALL, 100));
        }
        sql("UPDATE state SET next = next + 1000");
        try (EventSearch search = search()) {
            assertEquals(wanted, all(search, EventQuery.ALL, Scope.ALL, 100));
        }
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    @Test
    void anAlteredIndexShowsNothingThatIsNotSoAndIsMadeAnew() throws Exception {
        for (int i = 0; i < 20; i++) {
            house.done("rv_" + i, i % 2 == 0 ? "clerk" : "other");
        }
        EventQuery clerk = EventQuery.of(Map.of(Part.AGENT, "clerk"));
        List<String> wanted = scanned(clerk, Scope.ALL);
        try (EventSearch search = search()) {
            assertEquals(wanted, all(search, clerk, Scope.ALL, 100));
            // Everything is said to be the clerk's: what the ledger says counts.
            sql("UPDATE event SET agent = (SELECT id FROM name WHERE text = 'clerk')");
            assertEquals(wanted, all(search, clerk, Scope.ALL, 100));
            // Decisions are joined with others' outcomes: that is found, and the index made anew.
            sql("UPDATE event SET behind = behind + 2 WHERE finished > 5");
            try {
                List<String> shown = all(search, EventQuery.ALL, Scope.ALL, 100);
                assertEquals(scanned(EventQuery.ALL, Scope.ALL), shown);
            } catch (SearchUnavailableException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("made anew"), e.getMessage());
            }
            search.await(house.ledger.size() - 1, Duration.ofSeconds(10));
            assertEquals(scanned(EventQuery.ALL, Scope.ALL), all(search, EventQuery.ALL, Scope.ALL, 100));
        }
        assertFalse(incidents.isEmpty());
    }

    @Test
    void withoutAShareItIsIndexedWhenSomebodySearches() throws Exception {
        new BusyHouse(house, 11).write(200);
        Pace never = Pace.of(Duration.ofMillis(1), 0);
        try (EventSearch search = EventSearch.open(file(), house.folder, house.ledger::size, never, incidents::add)) {
            search.awaitUnhurried(0, Duration.ofMillis(100));
            assertEquals(0, search.indexed());
            assertEquals(house.ledger.size(), search.lag());
            assertEquals(scanned(EventQuery.ALL, Scope.ALL), all(search, EventQuery.ALL, Scope.ALL, 100));
            assertEquals(0, search.lag());
            house.done("rv_new", "clerk");
            Count count = search.count(EventQuery.of(Map.of(Part.AGENT, "clerk")), Scope.ALL);
            assertEquals(new Count(1, true), count);
        }
    }

    /** By this clock every look takes an hour, so a rest takes days. */
    @Test
    void aSearchEndsTheRestFromWork() throws Exception {
        new BusyHouse(house, 12).write(200);
        AtomicLong clock = new AtomicLong();
        Pace slow = new Pace(
                Duration.ofMillis(1),
                1,
                () -> clock.addAndGet(Duration.ofHours(1).toNanos()));
        try (EventSearch search = EventSearch.open(file(), house.folder, house.ledger::size, slow, incidents::add)) {
            search.awaitUnhurried(0, Duration.ofMillis(100));
            assertEquals(0, search.indexed(), "it rests after the first records, before any is committed");
            assertEquals(scanned(EventQuery.ALL, Scope.ALL), all(search, EventQuery.ALL, Scope.ALL, 100));
        }
    }

    @Test
    void anIndexThatRestsCanBeClosed() throws Exception {
        new BusyHouse(house, 13).write(200);
        AtomicLong clock = new AtomicLong();
        Pace slow = new Pace(
                Duration.ofMillis(1),
                1,
                () -> clock.addAndGet(Duration.ofHours(1).toNanos()));
        try (EventSearch search = EventSearch.open(file(), house.folder, house.ledger::size, slow, incidents::add)) {
            search.awaitUnhurried(0, Duration.ofMillis(50));
        }
        try (EventSearch search = search()) {
            assertEquals(scanned(EventQuery.ALL, Scope.ALL), all(search, EventQuery.ALL, Scope.ALL, 100));
        }
    }

    @Test
    void aShareIsEnoughForThoseWhoHaveTime() throws Exception {
        new BusyHouse(house, 14).write(400);
        Pace paced = Pace.of(Duration.ofMillis(1), 50);
        try (EventSearch search = EventSearch.open(file(), house.folder, house.ledger::size, paced, incidents::add)) {
            search.awaitUnhurried(house.ledger.size() - 1, Duration.ofSeconds(30));
            assertEquals(house.ledger.size(), search.indexed());
        }
    }

    @Test
    void aRecordIsFoundByItsNumberAndByTheBeginningOfItsTicket() throws Exception {
        Action slow = house.decide("rv_slowone", "clerk", Ruling.ALLOW);
        house.done("rv_abcdefgh1", "clerk");
        house.done("rv_abcdefgh2", "other");
        house.journal.control("c_1", "local:ana", "key_revoke", "k_1", Json.Obj.EMPTY);
        try (EventSearch search = search()) {
            assertEquals(2, search.find("rv_abcdefgh", Scope.ALL).size());
            assertEquals(
                    1, search.find("rv_abcdefgh", Scope.of(Set.of("other"))).size());
            assertEquals(
                    "rv_abcdefgh2@4",
                    ids(search.find("rv_abcdefgh2", Scope.ALL)).getFirst());
            assertEquals(List.of(), search.find("rv_zzz", Scope.ALL));
            for (long index = 0; index < house.ledger.size(); index++) {
                Happened wanted = house.reader().at(index).orElseThrow();
                assertEquals(
                        wanted.json(), search.at(index, Scope.ALL).orElseThrow().json(), "record " + index);
            }
            assertEquals(Optional.empty(), search.at(house.ledger.size(), Scope.ALL));
            assertEquals(
                    Optional.empty(), search.at(5, Scope.of(Set.of("clerk"))), "control records are not in a scope");
            house.journal.completed(AuditHouse.completion(slow));
            assertEquals(6, search.at(0, Scope.ALL).orElseThrow().finished());
        }
    }
}
