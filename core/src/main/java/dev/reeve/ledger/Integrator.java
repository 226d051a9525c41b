package dev.reeve.ledger;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Puts durable groups into the tree and signs it. Reads them back from the file, so it needs no memory for what waits, and nothing of
 * it stands on the path of an acknowledgement. Takes turns: the keeper advances, and whoever changes the keys does.
 */
final class Integrator implements AutoCloseable {
    /** Most bytes of log between two checkpoints: bounds memory and the time to the next one. */
    private static final long MOST_BYTES = 64 << 20;

    private final Disk disk;
    private final HashLevels levels;
    private final CheckpointFile store;
    private final InstantSource clock;
    private final Sha256 sha = new Sha256();
    private List<SigningKey> keys;
    private Frontier frontier;
    private Mark mark;
    private volatile Checkpoint latest;
    /** A change of keys failed behind the point from which only the disk says which of them sign. */
    private volatile boolean undecided;

    /** @param mark the place in the log that {@code latest} covers */
    Integrator(
            Disk disk,
            HashLevels levels,
            CheckpointFile store,
            List<SigningKey> keys,
            InstantSource clock,
            Frontier frontier,
            Mark mark,
            Checkpoint latest) {
        this.disk = disk;
        this.levels = levels;
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.frontier = frontier;
        this.mark = mark;
        this.latest = latest;
    }

    Checkpoint latest() {
        return latest;
    }

    /** Goes on towards {@code end}; true if it got there. When it throws, it can be called again. */
    synchronized boolean advance(Mark end) throws IOException {
        if (undecided) {
            throw new IOException("a change of keys was not finished: the next start says which keys sign");
        }
        if (end.index() <= latest.size()) {
            return true;
        }
        try {
            Mark reached = integrate(end);
            levels.store();
            Checkpoint next = sign(reached.millis());
            store(next);
            mark = reached;
            latest = next;
            return next.size() == end.index();
        } catch (IOException e) {
            levels.startAgain();
            frontier = levels.frontier(latest.size());
            throw e;
        }
    }

    /** The latest state again, under these keys; in both slots, so that no checkpoint without their signatures is left. */
    synchronized void signAgain(List<SigningKey> by) throws IOException {
        keys = by;
        Checkpoint again = sign(mark.millis());
        store(again);
        store(again);
        latest = again;
    }

    /**
     * Lets other keys sign from now on. The entry that names them is signed by the keys so far, and the proof of that is durable before the
     * new ones sign.
     *
     * <p>Where it fails after it began to write the proof, nothing is signed any more: the proof may be on the disk or not, and what the old
     * keys signed beyond it would not count.
     *
     * @param index of the entry; it is durable
     * @param end of what is durable
     */
    synchronized void succeed(long index, byte[] entry, List<SigningKey> next, Mark end) throws IOException {
        boolean done = false;
        while (!done) {
            done = advance(end);
        }
        Checkpoint signed = latest;
        List<byte[]> path = InclusionProof.of(levels, index, signed.size());
        LogProof proof = new LogProof(java.util.Optional.of(entry), index, path, signed.note());
        if (proof.lead(entry, signed) instanceof LogProof.Verdict.Refused(String what)) {
            throw new IOException("the record of the new keys does not stand in the log: " + what);
        }
        undecided = true;
        Succession.store(disk, proof);
        signAgain(next);
        undecided = false;
    }

    boolean isUndecided() {
        return undecided;
    }

    /** The time goes back behind nothing that was written (R7). */
    private Checkpoint sign(long millis) {
        return Checkpoint.sign(frontier.size(), frontier.rootText(), keys, Math.max(clock.millis(), millis) / 1000);
    }

    /** A failure here is never taken for a full disk: the file has its size, and its descriptor must not be forced again. */
    private void store(Checkpoint next) throws IOException {
        try {
            store.store(next);
        } catch (IOException e) {
            throw new IOException("the checkpoint cannot be stored", e);
        }
        store.requireName();
    }

    private Mark integrate(Mark end) throws IOException {
        Mark at = mark;
        long bytes = 0;
        while (at.index() < end.index() && bytes < MOST_BYTES) {
            if (at.segment() == 0) {
                at = at.in(1);
            }
            String name = SegmentHeader.name(at.segment());
            try (DiskFile file = disk.open(name)) {
                SegmentHeader header = Segment.header(file);
                if (header == null) {
                    throw new IOException("the header of `" + name + "` is damaged");
                }
                long limit = at.segment() == end.segment() ? end.position() : file.size();
                FrameScanner scanner = new FrameScanner(file, name, header.salt(), at.position(), limit, false);
                Mark before = at;
                at = integrate(scanner, at);
                bytes += at.position() - before.position();
            }
            if (at.index() < end.index()) {
                if (at.segment() >= end.segment()) {
                    throw new IOException("entry " + at.index() + " was written and is not there any more");
                }
                at = at.in(at.segment() + 1);
            }
        }
        return at;
    }

    private Mark integrate(FrameScanner scanner, Mark start) throws IOException {
        Mark at = start;
        while (true) {
            switch (scanner.next()) {
                case FrameScanner.Found.Whole(Frame frame) -> {
                    frame.eachLeaf((index, bytes, offset, length) -> {
                        frontier.add(sha.leaf(bytes, offset, length), levels::put);
                        return true;
                    });
                    at = at.behind(frame.header(), frame.end());
                }
                case FrameScanner.Found.Blank ignored -> {
                    return at;
                }
                case FrameScanner.Found.Damaged(long position, String what, var ignored) ->
                    throw new IOException(what + " at byte " + position + ", entry " + at.index());
            }
        }
    }

    @Override
    public void close() throws IOException {
        levels.close();
        store.close();
    }
}
