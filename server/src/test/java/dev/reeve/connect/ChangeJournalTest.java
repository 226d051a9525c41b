package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All files or none, whatever dies when. */
final class ChangeJournalTest {
    @TempDir
    Path folder;

    private Path a;
    private Path b;
    private Path c;

    /** Where the process dies. An error, so that nothing on the way takes it for an outage. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void write() throws IOException {
        a = Files.writeString(folder.resolve("a"), "old a\r\n");
        b = folder.resolve("deep/b");
        c = Files.writeString(folder.resolve("c"), "old c");
    }

    private List<FileChange> changes() {
        return List.of(
                new FileChange(a, Optional.of("old a\r\n"), "new a", true),
                new FileChange(b, Optional.empty(), "new b", true),
                new FileChange(c, Optional.of("old c"), "new c", false));
    }

    private ChangeJournal journal(int stepsToLive) {
        int[] left = {stepsToLive};
        return new ChangeJournal(folder.resolve("journal"), () -> {
            if (left[0]-- == 0) {
                throw new Killed();
            }
        });
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path path : List.of(a, b, c)) {
            if (Files.exists(path)) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }

    @Test
    void aKillAtAnyStepOfWritingLeavesAllOldOrAllNew() throws Exception {
        Map<String, String> old = files();
        int steps = 0;
        boolean finished = false;
        while (!finished) {
            try {
                journal(steps).apply("run", changes());
                finished = true;
            } catch (Killed e) {
                files().forEach((name, text) ->
                        assertTrue(text.startsWith("old ") || text.startsWith("new "), name + text));
                new ChangeJournal(folder.resolve("journal")).recover();
                assertEquals(old, files(), "killed at step " + steps);
                steps++;
            }
        }
        assertTrue(steps >= 8, "steps: " + steps);
        assertEquals(Map.of("a", "new a", "b", "new b", "c", "new c"), files());
    }

    @Test
    void aKillAtAnyStepOfUndoingIsFinishedByTheNextRun() throws Exception {
        Map<String, String> old = files();
        int steps = 0;
        boolean finished = false;
        while (!finished) {
            new ChangeJournal(folder.resolve("journal")).apply("run" + steps, changes());
            try {
                journal(steps).undo();
                finished = true;
            } catch (Killed e) {
                if (new ChangeJournal(folder.resolve("journal")).recover().isEmpty() && !files().equals(old)) {
                    new ChangeJournal(folder.resolve("journal")).undo(); // killed before it began
                }
            }
            assertEquals(old, files(), "killed at step " + steps);
            steps++;
        }
        assertTrue(steps >= 4, "steps: " + steps);
    }

    @Test
    void aFileThatChangedBeforeWritingStopsEverything() throws Exception {
        Files.writeString(c, "somebody else");
        assertThrows(
                RefusedException.class, () -> new ChangeJournal(folder.resolve("journal")).apply("run", changes()));
        assertEquals(Map.of("a", "old a\r\n", "c", "somebody else"), files());
    }

    @Test
    void recoveryDoesNotOverwriteWhatSomebodyWroteAfterTheCrash() throws Exception {
        assertThrows(Killed.class, () -> journal(6).apply("run", changes()));
        Files.writeString(a, "mine");
        assertThrows(RefusedException.class, () -> new ChangeJournal(folder.resolve("journal")).recover());
        assertEquals("mine", Files.readString(a));
    }

    @Test
    void aDamagedJournalIsRefusedWithItsPlace() throws Exception {
        new ChangeJournal(folder.resolve("journal")).apply("run", changes());
        Path journal = folder.resolve("journal/000001/journal.json");
        Files.writeString(journal, "{");
        RefusedException refused =
                assertThrows(RefusedException.class, () -> new ChangeJournal(folder.resolve("journal")).undo());
        assertTrue(String.valueOf(refused.getMessage()).contains("journal.json is damaged"));
    }

    @Test
    void aDamagedCopyIsNotPutBack() throws Exception {
        new ChangeJournal(folder.resolve("journal")).apply("run", changes());
        Files.writeString(folder.resolve("journal/000001/before-2"), "rubbish");
        assertThrows(RefusedException.class, () -> new ChangeJournal(folder.resolve("journal")).undo());
        assertEquals("new c", Files.readString(c));
    }

    @Test
    void onlyTheLastRunIsUndone() throws Exception {
        ChangeJournal journal = new ChangeJournal(folder.resolve("journal"));
        journal.apply("one", changes());
        journal.apply("two", List.of(new FileChange(c, Optional.of("new c"), "newer c", false)));
        assertEquals(List.of(c), journal.undo().restored());
        assertEquals("new c", Files.readString(c));
        assertEquals(List.of(c, b, a), journal.undo().restored());
        assertEquals(List.of(), journal.undo().restored());
    }

    /** What the operator wrote into a file since is not lost, and does not hold the client's config. */
    @Test
    void filesOfTheOperatorThatWereChangedStayWithThoseOfTheirGroup() throws Exception {
        ChangeJournal journal = new ChangeJournal(folder.resolve("journal"));
        Path d = folder.resolve("d");
        journal.apply(
                "one",
                List.of(
                        new FileChange(a, Optional.of("old a\r\n"), "new a", true, "servers"),
                        new FileChange(b, Optional.empty(), "new b", false, "servers"),
                        new FileChange(d, Optional.empty(), "new d", false, "draft"),
                        new FileChange(c, Optional.of("old c"), "new c", false)));
        Files.writeString(b, "new b, and mine");
        assertEquals(List.of(d, c), journal.undoable());
        ChangeJournal.Undone undone = journal.undo();
        assertEquals(List.of(c, d), undone.restored());
        assertEquals(List.of(b, a), undone.left());
        assertEquals(Map.of("a", "new a", "b", "new b, and mine", "c", "old c"), files());
        assertEquals(
                "old a\r\n", Files.readString(undone.kept().getFirst().resolve("before-0")), "it can be copied back");
        assertEquals(List.of(), journal.undo().restored(), "once");
    }

    private static FileChange adds(Path path, String before, String more, List<String> pointer)
            throws RefusedException {
        return FileChange.ofServers(
                path, Optional.of(before), before + more, true, Added.of(before + more, List.of(pointer)));
    }

    @Test
    void aKillAtAnyStepOfTakingOutWhatWasAddedIsFinishedByTheNextRun() throws Exception {
        Map<String, String> wanted = Map.of("a", "upstreams:\n  mine: { x: 1 }\n", "c", "mine.K: k\nlast.K: l\n");
        int steps = 0;
        boolean finished = false;
        while (!finished) {
            Files.writeString(a, "upstreams:\n  mine: {}\n");
            Files.writeString(c, "mine.K: k\n");
            new ChangeJournal(folder.resolve("journal"))
                    .apply(
                            "run" + steps,
                            List.of(
                                    adds(c, "mine.K: k\n", "one.K: v\n", List.of("one.K")),
                                    adds(
                                            a,
                                            "upstreams:\n  mine: {}\n",
                                            "  one: { y: 2 }\n",
                                            List.of("upstreams", "one"))));
            Files.writeString(a, Files.readString(a).replace("mine: {}", "mine: { x: 1 }"));
            Files.writeString(c, Files.readString(c) + "last.K: l\n");
            try {
                ChangeJournal.Undone undone = journal(steps).undo();
                assertEquals(List.of(), undone.left());
                finished = true;
            } catch (Killed e) {
                new ChangeJournal(folder.resolve("journal")).recover();
                if (!files().equals(wanted)) {
                    new ChangeJournal(folder.resolve("journal")).undo(); // killed before it began
                }
            }
            assertEquals(wanted, files(), "killed at step " + steps);
            steps++;
        }
        assertTrue(steps >= 4, "steps: " + steps);
    }

    @Test
    void whereTheConfigOfTheClientWasChangedNothingIsTouched() throws Exception {
        ChangeJournal journal = new ChangeJournal(folder.resolve("journal"));
        journal.apply(
                "one",
                List.of(
                        new FileChange(a, Optional.of("old a\r\n"), "new a", true, "servers"),
                        new FileChange(c, Optional.of("old c"), "new c", false)));
        Files.writeString(a, "mine");
        Files.writeString(c, "somebody's");
        assertThrows(RefusedException.class, journal::undo);
        assertEquals(Map.of("a", "mine", "c", "somebody's"), files());
    }

    @Test
    void nothingIsLeftBesideTheFiles() throws Exception {
        assertThrows(Killed.class, () -> journal(6).apply("run", changes()));
        Files.writeString(folder.resolve("a.reeve-new"), "half");
        new ChangeJournal(folder.resolve("journal")).recover();
        try (Stream<Path> list = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    list.filter(path -> path.toString().endsWith(".reeve-new")).toList());
        }
    }
}
