package dev.reeve.ledger;

import java.util.List;

/**
 * A place within a verification from which another run can go on: what was read up to here was as it should be, and this is all of it that
 * the rest depends on. Whoever keeps one must be able to tell that it is unaltered: with a made-up one the part before it is not proven.
 *
 * @param files how many files of entries were read whole, from the first one on
 * @param marks digest over what the file system says of these files: where one was written since, this is another
 * @param entries that stand in them
 * @param edge the tree's right edge there: the hashes of its full subtrees, from the largest on
 * @param counter that the next entry with one gets; 0 where that is not looked at
 * @param erased how many hidden values were found erased
 * @param compared the signed states that lie in this part and have been compared with it
 * @param signed the note of the newest checkpoint that there was: a later run must find nothing smaller, and compares it too
 */
public record Waypoint(
        int files,
        String marks,
        long entries,
        List<byte[]> edge,
        long counter,
        long erased,
        List<Compared> compared,
        String signed) {
    /** A signed state by what it says: {@code size} entries give {@code root}, base64. */
    public record Compared(long size, String root) {
        static Compared of(Checkpoint checkpoint) {
            return new Compared(checkpoint.size(), checkpoint.root());
        }
    }

    /** @throws IllegalArgumentException if it makes no sense */
    public Waypoint {
        edge = List.copyOf(edge);
        compared = List.copyOf(compared);
        if (files < 1 || entries < 1 || counter < 0 || erased < 0 || !Checkpoint.isShaped(signed)) {
            throw new IllegalArgumentException("this is no place in a verification");
        }
        Frontier.of(entries, edge);
    }

    Frontier frontier() {
        return Frontier.of(entries, edge);
    }

    /** The newest checkpoint of then. Its signature was checked then. */
    Checkpoint before() {
        List<String> lines = signed.lines().toList();
        return new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), lines.get(2), signed);
    }

    /**
     * That nothing signed is passed over.
     *
     * @param checkpoints all that this run has to compare; older first, at least one
     * @throws NotResumableException if one lies before this place and was not compared by whoever came here
     */
    void requireCompared(List<Checkpoint> checkpoints) throws NotResumableException {
        for (Checkpoint checkpoint : checkpoints) {
            if (checkpoint.size() < entries && !compared.contains(Compared.of(checkpoint))) {
                throw new NotResumableException("a checkpoint of " + checkpoint.size()
                        + " entries is to be compared, and the earlier run, which is at " + entries
                        + ", has not compared it");
            }
        }
    }
}
