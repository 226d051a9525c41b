package dev.reeve.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One group of the log with all that a verifier can find out about it by itself; made by any thread, judged in order by one.
 *
 * @param erased how many hidden values of it were erased
 */
record PreparedGroup(Frame frame, List<One> entries, int erased) {
    /** Where an entry stands in the frame's bytes. */
    record Place(long index, int offset, int length) {}

    /**
     * One entry.
     *
     * @param hidden what is wrong with its hidden values
     * @param problem what the check of the contents finds; to be asked in the order of the indexes
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes, never compared.
    record One(Place place, byte[] hash, Optional<String> hidden, Supplier<Optional<String>> problem) {}

    /** @param frames without a problem, and with bytes of their own */
    static List<PreparedGroup> of(List<Frame> frames, LeafCheck check) {
        Sha256 sha = new Sha256();
        HiddenValues.Scratch scratch = new HiddenValues.Scratch(sha);
        Leaf leaf = new Leaf();
        List<PreparedGroup> groups = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            List<One> entries = new ArrayList<>(frame.header().count());
            HiddenValues values = new HiddenValues(frame, scratch);
            for (Place place : places(frame)) {
                leaf.set(place.index(), frame.bytes(), place.offset(), place.length());
                byte[] hash = leaf.hash(sha);
                entries.add(new One(place, hash, values.problem(leaf), check.read(leaf)));
            }
            groups.add(new PreparedGroup(frame, entries, values.erased()));
        }
        return groups;
    }

    static List<Place> places(Frame frame) {
        List<Place> places = new ArrayList<>(frame.header().count());
        frame.eachLeaf((index, bytes, offset, length) -> places.add(new Place(index, offset, length)));
        return places;
    }
}
