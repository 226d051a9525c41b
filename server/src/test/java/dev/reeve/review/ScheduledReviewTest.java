package dev.reeve.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditHouse;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews that come by themselves leave no record out, and tell people of a grave finding once. */
final class ScheduledReviewTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private AuditHouse house;

    private Instant now = START.plus(Duration.ofMinutes(15));
    private final List<Json.Obj> recorded = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private boolean recordable = true;
    private boolean reachable = true;
    private final List<String> mailed = new ArrayList<>();
    private boolean mailable = true;
    private int refused;
    /** The chat hangs until then. */
    private CountDownLatch allMailed = new CountDownLatch(0);

    @BeforeEach
    void open() throws Exception {
        house = new AuditHouse(folder);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private ScheduledReview reviews(int keep) {
        return new ScheduledReview(
                house.folder,
                folder.resolve("reviews"),
                new ReviewSchedule(DAY, Optional.empty()),
                keep,
                () -> now,
                Optional::empty,
                (report, difference) -> {
                    if (!recordable) {
                        throw new UnrecordableException("the disk is full", new IOException());
                    }
                    recorded.add(difference.with("report", new Json.Str(report)));
                },
                Map.of("chat", this::chat, "mail", this::mail));
    }

    private void chat(Untold one) throws IOException {
        try {
            if (!allMailed.await(60, TimeUnit.SECONDS)) {
                throw new IOException("it hangs");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (!reachable || refused-- > 0) {
            throw new IOException("nobody there");
        }
        told.add(one.id());
    }

    private void mail(Untold one) throws IOException {
        if (!mailable) {
            throw new IOException("no room in the mailbox");
        }
        mailed.add(one.id());
        allMailed.countDown();
    }

    /** An outcome that is told twice: of high severity. */
    private void wrong(String id, String agent) throws Exception {
        Action action = house.decide(id, agent, Ruling.ALLOW);
        house.journal.completed(AuditHouse.completion(action));
        house.journal.completed(AuditHouse.completion(action));
    }

    private void pass(Duration time) {
        now = now.plus(time);
        house.later(time);
    }

    /** About whom, by the ids that people were told. */
    private List<String> told() throws Exception {
        Map<String, String> about = new HashMap<>();
        for (Json.Obj report : reports()) {
            for (Json item : report.array("findings").orElseThrow().items()) {
                Json.Obj finding = (Json.Obj) item;
                Json first = finding.array("about").orElseThrow().items().getFirst();
                about.put(finding.string("id").orElseThrow(), ((Json.Str) first).value());
            }
        }
        return told.stream().map(id -> about.getOrDefault(id, "nobody")).toList();
    }

    private List<Json.Obj> reports() throws Exception {
        List<Json.Obj> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("reviews"))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                all.add(StrictJson.readObject(Files.readAllBytes(file), JsonLimits.REQUEST));
            }
        }
        return all;
    }

    @Test
    void eachLooksAtWhatCameSinceTheOneBeforeAlsoInAnotherProcess() throws Exception {
        wrong("rv_1", "ann");
        ScheduledReview first = reviews(9);
        assertTrue(first.tick());
        assertEquals(List.of("ann"), told());
        pass(Duration.ofHours(23));
        assertFalse(first.tick(), "not yet");
        wrong("rv_2", "bob");
        pass(Duration.ofHours(2));
        ScheduledReview second = reviews(9);
        assertTrue(second.tick());
        assertFalse(second.tick());
        assertEquals(List.of("ann", "bob"), told());
        List<Json.Obj> reports = reports();
        assertEquals(2, reports.size());
        assertEquals(reports.get(0).string("until"), reports.get(1).string("since"), "nothing lies between");
        assertEquals(1, second.last().orElseThrow().report().count(Severity.HIGH), "only what is new");
        assertEquals(2, recorded.size());
        assertEquals(
                Optional.of("review-20261124T100500Z.json"), recorded.getFirst().string("report"));
    }

    @Test
    void peopleAreToldOfAFindingOnceHoweverOftenItIsFound() throws Exception {
        wrong("rv_1", "ann");
        reviews(9).tick();
        pass(DAY);
        wrong("rv_2", "ann");
        pass(Duration.ofHours(1));
        ScheduledReview next = reviews(9);
        next.tick();
        assertEquals(1, next.last().orElseThrow().report().count(Severity.HIGH));
        assertEquals(List.of("ann"), told());
    }

    @Test
    void whoCannotBeReachedIsToldLaterAndNobodyIsForgotten() throws Exception {
        wrong("rv_1", "ann");
        wrong("rv_2", "bob");
        reachable = false;
        assertThrows(IOException.class, () -> reviews(9).tick());
        assertEquals(1, reports().size(), "the report is there all the same");
        reachable = true;
        ScheduledReview later = reviews(9);
        assertFalse(later.tick(), "it is not time for a review");
        assertEquals(List.of("ann", "bob"), told());
        assertFalse(later.tick());
        assertEquals(2, told.size());
    }

    @Test
    void oneThatIsRefusedStopsNoOther() throws Exception {
        for (int i = 0; i < 7; i++) {
            wrong("rv_" + i, "agent" + i);
        }
        reachable = false;
        assertThrows(IOException.class, () -> reviews(9).tick());
        reachable = true;
        refused = 3;
        IOException e = assertThrows(IOException.class, () -> reviews(9).tick());
        assertTrue(String.valueOf(e.getMessage()).contains("nobody there"), e.getMessage());
        assertEquals(4, told.size(), "the others");
        assertFalse(reviews(9).tick());
        assertEquals(7, told.size());
        assertEquals(7, Set.copyOf(told).size(), "each once");
    }

    @Test
    void aWayThatRefusesMakesNoOtherTellItAgain() throws Exception {
        for (int i = 0; i < 7; i++) {
            wrong("rv_" + i, "agent" + i);
        }
        mailable = false;
        for (int i = 0; i < 3; i++) {
            IOException e = assertThrows(IOException.class, () -> reviews(9).tick());
            assertTrue(String.valueOf(e.getMessage()).contains("by mail: no room"), e.getMessage());
            assertEquals(7, told.size(), "the chat has each once");
        }
        mailable = true;
        assertFalse(reviews(9).tick());
        assertEquals(Set.copyOf(told), Set.copyOf(mailed));
        assertEquals(7, told.size());
        assertEquals(7, mailed.size());
        assertFalse(reviews(9).tick());
        assertEquals(7, mailed.size());
    }

    @Test
    void aWayThatHangsMakesNoOtherWait() throws Exception {
        for (int i = 0; i < 7; i++) {
            wrong("rv_" + i, "agent" + i);
        }
        allMailed = new CountDownLatch(7);
        assertTrue(reviews(9).tick());
        assertEquals(7, told.size(), "the chat, too, once it goes on");
        assertEquals(7, mailed.size());
    }

    @Test
    void whatIsToBeToldAndCannotBeReadStopsTheReviewBeforeItIsRecorded() throws Exception {
        Files.createDirectory(folder.resolve("reviews"));
        Files.writeString(folder.resolve("reviews/untold"), "{");
        wrong("rv_1", "ann");
        assertThrows(IOException.class, () -> reviews(9).tick());
        assertEquals(List.of(), recorded);
        Files.delete(folder.resolve("reviews/untold"));
        assertTrue(reviews(9).tick());
        assertEquals(List.of("ann"), told());
    }

    @Test
    void aReviewThatCannotBeRecordedLeavesNothingAndItsRangeIsLookedAtAgain() throws Exception {
        wrong("rv_1", "ann");
        recordable = false;
        assertThrows(UnrecordableException.class, () -> reviews(9).tick());
        assertFalse(Files.exists(folder.resolve("reviews")));
        recordable = true;
        pass(Duration.ofMinutes(1));
        assertTrue(reviews(9).tick());
        assertEquals(List.of("ann"), told());
    }

    /** It is overdue when the range of its intent is long over. */
    @Test
    void whatNeverEndsIsFoundOnceADayLater() throws Exception {
        house.decide("rv_1", "ann", Ruling.ALLOW);
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ScheduledReview daily = reviews(9);
            assertTrue(daily.tick());
            found.add(daily.last().orElseThrow().report().count(Severity.HIGH));
            pass(DAY.plusSeconds(1));
        }
        assertEquals(List.of(0L, 1L, 0L), found);
    }

    @Test
    void onlyTheOwnerReadsWhatIsWritten() throws Exception {
        wrong("rv_1", "ann");
        reviews(9).tick();
        assertEquals("rwx------", permissions(folder.resolve("reviews")));
        try (Stream<Path> files = Files.list(folder.resolve("reviews"))) {
            List<Path> all = files.toList();
            assertEquals(3, all.size(), "the report, `told` and `untold`");
            for (Path file : all) {
                assertEquals("rw-------", permissions(file), file.toString());
            }
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void onlySoManyReportsAreKept() throws Exception {
        house.done("rv_1", "ann");
        for (int i = 0; i < 4; i++) {
            assertTrue(reviews(2).tick());
            pass(DAY.plusSeconds(1));
        }
        assertEquals(2, reports().size());
    }

    @Test
    void aTimeOfTheDayIsKeptHoweverLateTheLastOneWas() {
        ReviewSchedule nightly = new ReviewSchedule(DAY, Optional.of(LocalTime.of(3, 0)));
        assertTrue(nightly.isDue(Optional.empty(), START), "the first one comes at once");
        Instant late = Instant.parse("2026-11-24T03:00:40Z");
        assertFalse(nightly.isDue(Optional.of(late), Instant.parse("2026-11-25T02:59:59Z")));
        assertTrue(nightly.isDue(Optional.of(late), Instant.parse("2026-11-25T03:00:00Z")));
        Instant atNoon = Instant.parse("2026-11-24T12:00:00Z");
        assertFalse(nightly.isDue(Optional.of(atNoon), Instant.parse("2026-11-25T02:59:59Z")));
        assertTrue(nightly.isDue(Optional.of(atNoon), Instant.parse("2026-11-25T03:00:00Z")));
        ReviewSchedule weekly = new ReviewSchedule(Duration.ofDays(7), Optional.of(LocalTime.of(3, 0)));
        assertFalse(weekly.isDue(Optional.of(late), Instant.parse("2026-12-01T02:59:59Z")));
        assertTrue(weekly.isDue(Optional.of(late), Instant.parse("2026-12-01T03:00:00Z")));
    }
}
