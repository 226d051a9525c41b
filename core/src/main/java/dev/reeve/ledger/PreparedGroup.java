package dev.reeve.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One group of the log with all that a verifier can find out about it by itself; made by any thread, judged in order by one. */
record PreparedGroup(Frame frame, List<One> entries) {
    /** Where an entry stands in the frame's bytes. */
    record Leaf(long index, int offset, int length) {}

    /**
     * One entry.
     *
     * @param hidden what is wrong with its hidden values
     * @param erased how many hidden values were erased
     * @param problem what the check of the contents finds; to be asked in the order of the indexes
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes, never compared.
    record One(Leaf leaf, byte[] hash, Optional<String> hidden, int erased, Supplier<Optional<String>> problem) {}

    /** @param frame without a problem, and with bytes of its own */
    static PreparedGroup of(Frame frame, LeafCheck check) {
        Sha256 sha = new Sha256();
        List<Frame.Stored> disclosures = frame.disclosures();
        List<One> entries = new ArrayList<>(frame.header().count());
        int next = 0;
        for (Leaf leaf : leaves(frame)) {
            List<Disclosure> shown = new ArrayList<>();
            int erased = 0;
            int place = (int) (leaf.index() - frame.header().firstIndex());
            for (; next < disclosures.size() && disclosures.get(next).entry() == place; next++) {
                Optional<Disclosure> disclosure = disclosures.get(next).disclosure();
                disclosure.ifPresent(shown::add);
                erased += disclosure.isPresent() ? 0 : 1;
            }
            byte[] bytes = Arrays.copyOfRange(frame.bytes(), leaf.offset(), leaf.offset() + leaf.length());
            entries.add(new One(
                    leaf,
                    sha.leaf(bytes, 0, bytes.length),
                    Commitments.problem(bytes, shown, erased, sha),
                    erased,
                    check.read(leaf.index(), bytes, shown)));
        }
        return new PreparedGroup(frame, entries);
    }

    static List<Leaf> leaves(Frame frame) {
        List<Leaf> leaves = new ArrayList<>(frame.header().count());
        frame.eachLeaf((index, bytes, offset, length) -> leaves.add(new Leaf(index, offset, length)));
        return leaves;
    }
}
