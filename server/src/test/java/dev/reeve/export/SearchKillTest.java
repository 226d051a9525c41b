package dev.reeve.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditHouse;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.BusyHouse;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.Scope;
import dev.reeve.search.Cursor;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Pace;
import dev.reeve.search.Page;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 while records are written, indexed and sent away: the index is right, or made anew, and the sink has everything. */
final class SearchKillTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    /** The victim: writes for ever, with an index and a sink that follow closely. */
    public static final class Victim {
        private Victim() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws Exception {
            Path home = Path.of(arguments[0]);
            AuditHouse house = new AuditHouse(home);
            EventSearch search = open(home, house);
            Exports exports = exports(home, search);
            BusyHouse busy = new BusyHouse(house, Long.parseLong(arguments[1]), (int) house.ledger.size());
            while (exports.lags().size() == 1) {
                busy.write(5);
                System.out.println(house.ledger.size());
            }
        }
    }

    private static EventSearch open(Path home, AuditHouse house) throws Exception {
        return EventSearch.open(
                home.resolve("search.db"),
                house.folder,
                house.ledger::size,
                Pace.of(Duration.ofMillis(1), 50),
                incident -> {});
    }

    private static Exports exports(Path home, EventSearch search) throws Exception {
        Files.createDirectories(home.resolve("positions"));
        Sink sink = new FileSink(home.resolve("events.jsonl"), Format.JSONL, false);
        return Exports.start(
                List.of(new Exports.Configured("archive", "file", EventQuery.ALL, sink)),
                home.resolve("positions"),
                search,
                Exports.Pauses.USUAL,
                incident -> {});
    }

    @Test
    void nothingWrongIsShownAndNothingIsLostAfterKillNine() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long written = 0;
        for (int round = 0; round < 4; round++) {
            Process victim = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            home.toString(),
                            Long.toString(random.nextLong()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long enough = written + 200 + random.nextInt(600);
            try (BufferedReader out = victim.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    written = line.matches("[0-9]+") ? Long.parseLong(line) : written;
                    if (written >= enough) {
                        victim.toHandle().destroyForcibly();
                    }
                }
            }
            victim.waitFor();
            assertTrue(written >= enough, "the victim wrote " + written);
            check("seed " + seed + ", round " + round);
        }
    }

    private void check(String about) throws Exception {
        try (AuditHouse house = new AuditHouse(home);
                EventSearch search = open(home, house)) {
            List<String> wanted = new ArrayList<>();
            List<String> finished = new ArrayList<>();
            new AuditReader(house.folder)
                    .last(1_000_000, EventFilter.ALL, house.ledger.size())
                    .forEach(one -> {
                        wanted.add(one.record().id() + "@" + one.finished());
                        if (one.outcome().isPresent() || !one.record().kind().equals("intent")) {
                            finished.add(one.record().id());
                        }
                    });
            List<String> shown = new ArrayList<>();
            Optional<Cursor> next = Optional.empty();
            do {
                Page page = search.page(EventQuery.ALL, Scope.ALL, next, 500);
                page.events().forEach(one -> shown.add(one.record().id() + "@" + one.finished()));
                next = page.next();
            } while (next.isPresent());
            assertTrue(wanted.equals(shown.reversed()), about + ": not what reading the log shows");
            sent(search, new HashSet<>(finished), about);
        }
    }

    private void sent(EventSearch search, Set<String> finished, String about) throws Exception {
        try (Exports exports = exports(home, search)) {
            while (exports.lags().getOrDefault("archive", -1.0) > 0) {
                search.await(Long.MAX_VALUE - 1, Duration.ofMillis(20));
            }
        }
        for (String line : Files.readAllLines(home.resolve("events.jsonl"))) {
            finished.remove(line.replaceAll(".*\"id\":\"([a-z0-9_]+)\".*", "$1"));
        }
        assertEquals(Set.of(), finished, about);
    }
}
