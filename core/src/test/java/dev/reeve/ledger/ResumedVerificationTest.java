package dev.reeve.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verification that goes on from a place of an earlier one proves the same, and nothing that the earlier one has not read. */
final class ResumedVerificationTest {
    private static final int ENTRIES = 800;

    @TempDir
    private static Path original;

    @TempDir
    private Path folder;

    private ExportHouse house;
    private Path exported;

    @BeforeAll
    static void write() throws Exception {
        ExportHouse first = new ExportHouse(original);
        first.append(0, ENTRIES);
        TileExport.run(first.ledger, first.vkey(), original.resolve("exported"), Progress.silent());
    }

    @BeforeEach
    void copy() throws Exception {
        ExportHouse.copy(original.resolve("ledger"), folder.resolve("ledger"));
        exported = folder.resolve("exported");
        ExportHouse.copy(original.resolve("exported"), exported);
        Files.copy(original.resolve("exported").resolve(ExportFolder.MARK), exported.resolve(ExportFolder.MARK));
        house = new ExportHouse(folder);
    }

    /** Begins somewhere, and remembers the places that it is told. */
    private record Told(Optional<Waypoint> start, List<Waypoint> places) implements Waypoints {
        static Told from(Waypoint place) {
            return new Told(Optional.of(place), new ArrayList<>());
        }

        @Override
        public void reached(Waypoint place) {
            places.add(place);
        }

        @Override
        public int bundles() {
            return 1;
        }
    }

    private interface Run {
        Verification verify(Waypoints waypoints, LeafCheck check) throws NotResumableException;
    }

    private Verification overLedger(Waypoints waypoints, LeafCheck check) throws NotResumableException {
        return LedgerVerifier.verify(house.ledger, house.vkey(), check, waypoints, Progress.silent());
    }

    private Verification overTiles(Waypoints waypoints, LeafCheck check) throws NotResumableException {
        return TilesVerifier.verify(exported, house.vkey(), Optional.empty(), check, waypoints, Progress.silent());
    }

    private static List<Waypoint> places(Run run) throws NotResumableException {
        Told told = new Told(Optional.empty(), new ArrayList<>());
        assertInstanceOf(Verification.Holds.class, run.verify(told, LeafCheck.none()));
        assertTrue(told.places().size() > 2, told.places().toString());
        return told.places();
    }

    private static Verification.Broken broken(Run run, Waypoint place, String what) throws NotResumableException {
        Verification.Broken broken =
                assertInstanceOf(Verification.Broken.class, run.verify(Told.from(place), LeafCheck.none()));
        assertTrue(broken.what().contains(what), broken.toString());
        return broken;
    }

    private static void refused(Run run, Waypoint place, String what) {
        String said = String.valueOf(
                assertThrows(NotResumableException.class, () -> run.verify(Told.from(place), LeafCheck.none()))
                        .getMessage());
        assertTrue(said.contains(what), said);
    }

    private static void flip(Path file, long at) throws IOException {
        FileTime written = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes);
        // Whoever alters it puts the time back: the one of the last change cannot be put back.
        Files.setLastModifiedTime(file, written);
    }

    private static void theRestGivesTheSameRoot(Run run) throws NotResumableException {
        Verification.Holds whole =
                assertInstanceOf(Verification.Holds.class, run.verify(Waypoints.none(), LeafCheck.none()));
        List<Waypoint> places = places(run);
        for (int i = 0; i < places.size(); i++) {
            Waypoint place = places.get(i);
            List<Long> seen = new ArrayList<>();
            Told told = Told.from(place);
            Verification.Holds holds = assertInstanceOf(Verification.Holds.class, run.verify(told, (index, leaf) -> {
                seen.add(index);
                return Optional.empty();
            }));
            assertEquals(whole.root(), holds.root());
            assertEquals(whole.entries(), holds.entries());
            assertEquals(place.entries(), seen.getFirst());
            assertEquals(ENTRIES - place.entries(), seen.size());
            assertEquals(places.size() - i - 1, told.places().size());
            assertTrue(
                    holds.warnings().stream()
                            .anyMatch(warning ->
                                    warning.startsWith(place.entries() + " entries were read by an earlier")),
                    holds.warnings().toString());
        }
    }

    @Test
    void fromEachPlaceTheRestOfALedgerGivesTheSameRoot() throws Exception {
        theRestGivesTheSameRoot(this::overLedger);
    }

    @Test
    void fromEachPlaceTheRestOfAnExportGivesTheSameRoot() throws Exception {
        theRestGivesTheSameRoot(this::overTiles);
    }

    @Test
    void whatWasAlteredBehindThePlaceIsNamed() throws Exception {
        Waypoint place = places(this::overLedger).getFirst();
        Path second = house.ledger.resolve("wal-0000000002");
        flip(second, Files.readString(second, StandardCharsets.ISO_8859_1).indexOf("\"kind\":\"intent\"") + 9);
        assertTrue(broken(this::overLedger, place, "altered").index() >= place.entries());
        Waypoint ofTiles = places(this::overTiles).getFirst();
        flip(exported.resolve("tile/entries/002"), 400);
        assertTrue(broken(this::overTiles, ofTiles, "altered").index() >= 512);
    }

    /** It would not be read again: so who alters what was read must not have it passed over. */
    @Test
    void whatWasWrittenBeforeThePlaceSinceIsNotGoneOnFrom() throws Exception {
        Waypoint place = places(this::overLedger).get(1);
        flip(house.ledger.resolve("wal-0000000001"), 400);
        refused(this::overLedger, place, "were written since");
        Waypoint ofTiles = places(this::overTiles).get(1);
        flip(exported.resolve("tile/entries/000"), 400);
        refused(this::overTiles, ofTiles, "were written since");
        Files.delete(exported.resolve("tile/entries/001"));
        refused(this::overTiles, ofTiles, "cannot be found");
    }

    @Test
    void aCopyIsReadFromTheBeginning() throws Exception {
        Waypoint place = places(this::overTiles).getFirst();
        Path copy = folder.resolve("copy");
        ExportHouse.copy(exported, copy);
        exported = copy;
        refused(this::overTiles, place, "or are other ones");
        Waypoint ofLedger = places(this::overLedger).getFirst();
        refused(this::overTiles, ofLedger, "not over an exported folder");
    }

    /** Even one that was made up (which its keeper must prevent) cannot have a wrong tree pass for the signed one. */
    @Test
    void anotherEdgeOrCounterDoesNotGiveTheSignedRoot() throws Exception {
        Waypoint place = places(this::overLedger).get(1);
        List<byte[]> edge = new ArrayList<>(place.edge());
        edge.set(0, Sha256.of(new byte[] {1}));
        broken(this::overLedger, with(place, edge, place.counter(), place.compared()), "");
        broken(
                this::overLedger,
                with(place, place.edge(), place.counter() + 1, place.compared()),
                "a file does not go on where the last one ended");
        assertThrows(
                IllegalArgumentException.class,
                () -> with(place, edge.subList(1, edge.size()), place.counter(), place.compared()));
    }

    private static Waypoint with(Waypoint place, List<byte[]> edge, long counter, List<Waypoint.Compared> compared) {
        return new Waypoint(
                place.files(), place.marks(), place.entries(), edge, counter, place.erased(), compared, place.signed());
    }

    @Test
    void whatWasRecordedSinceIsReadToo() throws Exception {
        Waypoint place = places(this::overLedger).getFirst();
        Waypoint ofTiles = places(this::overTiles).getFirst();
        house.append(ENTRIES, ENTRIES + 100);
        TileExport.run(house.ledger, house.vkey(), exported, Progress.silent());
        for (Verification found : List.of(
                overLedger(Told.from(place), LeafCheck.none()), overTiles(Told.from(ofTiles), LeafCheck.none()))) {
            assertEquals(
                    ENTRIES + 100,
                    assertInstanceOf(Verification.Holds.class, found).size());
        }
    }

    /** The earlier run saw more signed: that must still be there. */
    @Test
    void anOlderStateThanTheEarlierRunSawIsFound() throws Exception {
        byte[] older = Files.readAllBytes(house.ledger.resolve("checkpoint"));
        byte[] olderExport = Files.readAllBytes(exported.resolve("checkpoint"));
        house.append(ENTRIES, ENTRIES + 100);
        TileExport.run(house.ledger, house.vkey(), exported, Progress.silent());
        Waypoint place = places(this::overLedger).getFirst();
        Waypoint ofTiles = places(this::overTiles).getFirst();
        Files.write(house.ledger.resolve("checkpoint"), older);
        broken(this::overLedger, place, "an earlier run has seen " + (ENTRIES + 100) + " entries signed");
        Files.write(exported.resolve("checkpoint"), olderExport);
        broken(this::overTiles, ofTiles, "the checkpoint that an earlier run saw has " + (ENTRIES + 100));
    }

    /** A kept checkpoint of another history, of before the place: the earlier run did not compare it. */
    @Test
    void aCheckpointThatTheEarlierRunDidNotCompareIsNotPassedOver() throws Exception {
        List<Waypoint> places = places(this::overTiles);
        Checkpoint kept = Checkpoint.sign(100, new Frontier().rootText(), house.key.signers(), 1);
        Run comparing = (waypoints, check) ->
                TilesVerifier.verify(exported, house.vkey(), Optional.of(kept), check, waypoints, Progress.silent());
        refused(comparing, places.getFirst(), "a checkpoint of 100 entries is to be compared");
        assertInstanceOf(Verification.Broken.class, comparing.verify(Waypoints.none(), LeafCheck.none()));
    }

    @Test
    void aChangeOfKeysBeforeThePlaceWasComparedByTheEarlierRun() throws Exception {
        VerifierKeys old = house.vkey();
        house.changeKeys();
        house.append(ENTRIES, 2 * ENTRIES);
        Run run = (waypoints, check) -> LedgerVerifier.verify(house.ledger, old, check, waypoints, Progress.silent());
        Waypoint last = places(run).getLast();
        assertTrue(last.entries() > ENTRIES, last.toString());
        assertEquals(ENTRIES + 1, last.compared().getFirst().size());
        assertInstanceOf(Verification.Holds.class, run.verify(Told.from(last), LeafCheck.none()));
        Waypoint without = with(last, last.edge(), last.counter(), List.of());
        refused(run, without, "a checkpoint of " + (ENTRIES + 1) + " entries is to be compared");
    }
}
