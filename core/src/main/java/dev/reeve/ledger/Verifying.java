package dev.reeve.ledger;

import dev.reeve.ledger.FrameScanner.Found;
import dev.reeve.ledger.LedgerVerifier.Breach;
import dev.reeve.ledger.PreparedGroup.Place;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One run of the verifier over one folder. */
final class Verifying {
    private static final int CHUNK = 1 << 20;
    /** So many bytes of groups are prepared at once, by all cores; bounds the memory. */
    private static final int BATCH_BYTES = 4 << 20;
    /** What a thread needs to prepare is made once for so many. */
    private static final int GROUPS_AT_ONCE = 16;

    private final Disk disk;
    private List<Checkpoint> checkpoints;
    private final Keyring keys;
    private final LeafCheck check;
    private final Progress progress;
    private final Checkpoint latest;
    private final Sha256 sha = new Sha256();
    private Frontier frontier = new Frontier();
    private final StoredHashes stored;
    private final Resuming resuming;
    private final List<String> warnings = new ArrayList<>(List.of(LedgerVerifier.UNWITNESSED));
    private @Nullable Breach suspect;
    private int nextCheckpoint;
    private long counter;
    private long erased;
    private long bytesDone;
    private long bytesInAll;
    private List<Frame> batch = new ArrayList<>();
    private int batchBytes;
    /** What other threads prepare while this one judges what was before it. */
    private Future<List<PreparedGroup>> preparing = CompletableFuture.completedFuture(List.of());

    private long badTile;
    private @Nullable IOException tileFailure;
    private final Frontier.TileSink tiles = this::compareTile;

    /** @param checkpoints older first, at least one, signatures checked */
    Verifying(
            Disk disk,
            List<Checkpoint> checkpoints,
            Keyring keys,
            LeafCheck check,
            Resuming resuming,
            Progress progress) {
        this.disk = disk;
        this.checkpoints = resuming.withEarlier(checkpoints);
        this.resuming = resuming;
        this.keys = keys;
        this.check = check;
        this.progress = progress;
        this.latest = checkpoints.getLast();
        this.stored = new StoredHashes(disk, latest.size());
    }

    /** @param from a state to go on from; what it covers is not read */
    Verification run(Optional<Checkpoint> from) throws IOException, Breach, NotResumableException {
        List<Segment> segments = Segment.list(disk);
        try (stored) {
            if (from.isPresent()) {
                goOnFrom(from.get());
            }
            Optional<Waypoint> place = resuming.start();
            if (place.isPresent()) {
                goOnAt(place.get(), segments);
            }
            compareRoots(() -> "");
            segments(segments, place.map(Waypoint::files).orElse(0));
        } catch (Breach breach) {
            throw first(breach);
        }
        if (frontier.size() < latest.size()) {
            throw first(new Breach(
                    frontier.size(),
                    "the log ends here, below the signed checkpoint of " + latest.size() + " entries: it was cut off",
                    "wal"));
        }
        if (suspect != null) {
            throw new Breach(
                    suspect.found().index(),
                    "the stored hash of this entry was altered; the entry is as signed",
                    where());
        }
        return new Verification.Holds(latest.size(), latest.root(), frontier.size(), keys.signatures(), warnings());
    }

    private void goOnFrom(Checkpoint from) throws Breach {
        if (from.size() > latest.size()) {
            throw new Breach(
                    latest.size(),
                    "the kept checkpoint has " + from.size() + " entries, the latest one only " + latest.size()
                            + ": it is an older state, or its end was cut off",
                    CheckpointFile.NAME);
        }
        frontier = stored.frontier(from.size());
        // What is signed of smaller trees was compared when the kept state was verified.
        checkpoints = checkpoints.stream()
                .filter(checkpoint -> checkpoint.size() >= from.size())
                .toList();
        if (!frontier.rootText().equals(from.root())) {
            throw new Breach(
                    -1,
                    "the stored hashes do not give the root of the kept checkpoint of " + from.size()
                            + " entries: verify without it to learn more",
                    "hashes");
        }
        warnings.add(from.size() + " entries before the kept checkpoint were not read");
    }

    /** The earlier run has judged what lies before; nothing else of it is believed. */
    private void goOnAt(Waypoint place, List<Segment> segments) throws Breach, NotResumableException {
        long before = place.before().size();
        if (before > latest.size()) {
            throw new Breach(
                    latest.size(),
                    "an earlier run has seen " + before + " entries signed, now it is only " + latest.size()
                            + ": it is an older state, or its end was cut off",
                    CheckpointFile.NAME);
        }
        resuming.skip(segments.stream().limit(place.files()).map(Segment::name).toList(), place);
        place.requireCompared(checkpoints);
        checkpoints = checkpoints.stream()
                .filter(checkpoint -> checkpoint.size() >= place.entries())
                .toList();
        frontier = place.frontier();
        counter = place.counter();
        erased = place.erased();
        resuming.warning().ifPresent(warnings::add);
    }

    private String where() {
        return suspect == null ? "" : suspect.found().where();
    }

    private List<String> warnings() {
        if (frontier.size() > latest.size()) {
            warnings.add((frontier.size() - latest.size()) + " entries after the last checkpoint are not signed yet");
        }
        if (erased > 0) {
            warnings.add(erased + " hidden values were erased; their commitments stand, and no record says by whom");
        }
        return warnings;
    }

    /** An entry whose hash was wrong is the better answer than what follows from it. */
    private Breach first(Breach breach) {
        return suspect == null ? breach : suspect;
    }

    /** @param read how many files an earlier run has read */
    private void segments(List<Segment> segments, int read) throws IOException, Breach {
        segments.forEach(segment -> bytesInAll += segment.bytes());
        boolean ended = false;
        int first = read > 0 || frontier.size() == 0 ? read : Segment.holding(segments, frontier.size());
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.number() != i + 1) {
                throw new Breach(frontier.size(), "a file is missing before this one", segment.name());
            }
            if (i < first) {
                bytesDone += segment.bytes();
                continue;
            }
            boolean more = i + 1 < segments.size() && segments.get(i + 1).header() != null;
            resuming.reading(segment.name());
            try (DiskFile file = disk.open(segment.name())) {
                long position = SegmentHeader.BYTES;
                if (i == first && read == 0 && frontier.size() > 0) {
                    position = skipped(segment, file);
                } else {
                    ended = ended || !begins(segment, file, more);
                }
                if (!ended) {
                    frames(segment, file, position, more);
                }
            }
            // The next file has begun, so nobody writes into this one any more.
            if (more && suspect == null && frontier.size() <= latest.size()) {
                resuming.passed(frontier, counter, erased, checkpoints, latest);
            }
            progress.at(frontier.size(), bytesDone, bytesInAll);
        }
    }

    /** Where what follows the state begins that this run goes on from. Groups are signed whole. */
    private long skipped(Segment segment, DiskFile file) throws IOException, Breach {
        SegmentHeader begin = Objects.requireNonNull(segment.header(), "it holds entries");
        FrameScanner scanner = segment.scan(file, SegmentHeader.BYTES);
        long index = begin.firstIndex();
        counter = begin.firstCounter();
        while (index < frontier.size()) {
            FrameHeader header = scanner.skip();
            if (header == null || header.firstIndex() != index || header.endIndex() > frontier.size()) {
                throw new Breach(index, "the groups do not fit the kept checkpoint", segment.name());
            }
            index = header.endIndex();
            counter = header.firstCounter() + header.stamped();
        }
        return scanner.position();
    }

    private boolean begins(Segment segment, DiskFile file, boolean more) throws IOException, Breach {
        SegmentHeader header = segment.header();
        if (header == null) {
            if (more || frontier.size() < latest.size()) {
                throw new Breach(frontier.size(), "the header of a file is damaged", segment.name());
            }
            if (Segment.header(file) == null && !isBlank(file, 0, segment.bytes())) {
                warnings.add("a torn group stands at the end (`" + segment.name()
                        + "`): a crash, or damage to what was not signed");
            }
            return false;
        }
        if (header.number() != segment.number()
                || header.firstIndex() != frontier.size()
                || header.firstCounter() != counter) {
            throw new Breach(frontier.size(), "a file does not go on where the last one ended", segment.name());
        }
        return true;
    }

    private void frames(Segment segment, DiskFile file, long position, boolean more) throws IOException, Breach {
        FrameScanner scanner = segment.keeping(file, position);
        long before = bytesDone;
        Found found = scanner.next();
        while (true) {
            if (found instanceof Found.Whole(Frame frame)) {
                collect(frame);
                if (batchBytes >= BATCH_BYTES) {
                    judgeBatch();
                    progress.at(frontier.size(), before + frame.end(), bytesInAll);
                }
            } else {
                judgeAll();
                Behind behind = behind(segment, file, scanner.position());
                if (behind != Behind.MOVED_ON) {
                    end(segment, file, found, more || behind == Behind.WHOLE_GROUP);
                    bytesDone = before + segment.bytes();
                    return;
                }
                scanner = segment.keeping(file, scanner.position());
            }
            found = scanner.next();
        }
    }

    /** What follows a place where no whole group was read. */
    private enum Behind {
        /** A living writer has filled the place since. */
        MOVED_ON,
        /** So this is no crash. */
        WHOLE_GROUP,
        NOTHING_WHOLE
    }

    /** In this order: a living writer that has written what is behind had written this place before. */
    private Behind behind(Segment segment, DiskFile file, long position) throws IOException {
        boolean whole = wholeFrameBehind(segment, file, position + 8);
        if (frontier.size() >= latest.size() && segment.scan(file, position).next() instanceof Found.Whole) {
            return Behind.MOVED_ON;
        }
        return whole ? Behind.WHOLE_GROUP : Behind.NOTHING_WHOLE;
    }

    /** Nothing may stand behind the end but, in the last file, what a crash left of one group. */
    private void end(Segment segment, DiskFile file, Found found, boolean othersFollow) throws IOException, Breach {
        long position = switch (found) {
            case Found.Whole(Frame frame) -> frame.end();
            case Found.Blank(long at) -> at;
            case Found.Damaged(long at, var ignored, var alsoIgnored) -> at;
        };
        if (found instanceof Found.Blank && isBlank(file, position, segment.bytes())) {
            return;
        }
        if (othersFollow || frontier.size() < latest.size()) {
            if (found instanceof Found.Damaged damaged) {
                if (damaged.frame().isPresent()) {
                    nameDamagedEntry(damaged.frame().get());
                }
                throw new Breach(frontier.size(), damaged.what(), at(segment, position));
            }
            throw new Breach(
                    frontier.size(),
                    othersFollow
                            ? "a group is damaged, and others follow"
                            : "a group is cut off, below the signed checkpoint",
                    at(segment, position));
        }
        warnings.add("a torn group stands at the end (" + at(segment, position)
                + "): a crash, or damage to what was not signed");
    }

    /** A group with a wrong checksum: the stored hashes tell which of its entries it is. */
    private void nameDamagedEntry(Frame frame) throws IOException, Breach {
        for (Place place : PreparedGroup.places(frame)) {
            byte[] hash = sha.leaf(frame.bytes(), place.offset(), place.length());
            if (!stored.agrees(place.index(), hash)) {
                throw new Breach(place.index(), "the entry was altered", at(frame, place));
            }
            frontier.add(hash, (level, index, node) -> {});
        }
        if (frontier.size() < frame.header().endIndex()) {
            throw new Breach(frontier.size(), "the length of the entry was altered", frame.segment());
        }
        // The entries are as they were: it is the checksum, or a disclosure.
        throw new Breach(
                frame.header().firstIndex(),
                frame.problem().orElse("the group is damaged"),
                frame.segment() + " at byte " + frame.position());
    }

    private void collect(Frame frame) {
        batch.add(frame);
        batchBytes += frame.header().frameBytes();
    }

    /** Everything that was collected. */
    private void judgeAll() throws IOException, Breach {
        judgeBatch();
        judgeBatch();
    }

    /** The batch before the present one, which is prepared meanwhile. */
    private void judgeBatch() throws IOException, Breach {
        List<Frame> frames = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        Future<List<PreparedGroup>> before = preparing;
        preparing = frames.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.supplyAsync(() -> prepared(frames));
        for (PreparedGroup group : prepared(before)) {
            judge(group);
        }
    }

    /** A few groups at once by one thread, on all cores. */
    private List<PreparedGroup> prepared(List<Frame> frames) {
        int parts = (frames.size() + GROUPS_AT_ONCE - 1) / GROUPS_AT_ONCE;
        return IntStream.range(0, parts)
                .parallel()
                .mapToObj(part ->
                        frames.subList(part * GROUPS_AT_ONCE, Math.min(frames.size(), (part + 1) * GROUPS_AT_ONCE)))
                .flatMap(some -> PreparedGroup.of(some, check).stream())
                .toList();
    }

    private static List<PreparedGroup> prepared(Future<List<PreparedGroup>> groups) throws IOException {
        try {
            return groups.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the verification was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a group could not be prepared", e.getCause());
        }
    }

    private void judge(PreparedGroup group) throws IOException, Breach {
        Frame frame = group.frame();
        FrameHeader header = frame.header();
        if (header.firstIndex() != frontier.size() || header.firstCounter() != counter) {
            throw new Breach(
                    frontier.size(),
                    "a group is missing, doubled or in the wrong place",
                    frame.segment() + " at byte " + frame.position());
        }
        for (PreparedGroup.One entry : group.entries()) {
            judge(frame, entry);
        }
        erased += group.erased();
        counter += header.stamped();
    }

    private void judge(Frame frame, PreparedGroup.One entry) throws IOException, Breach {
        Place place = entry.place();
        if (suspect == null && !stored.agrees(place.index(), entry.hash())) {
            suspect = new Breach(place.index(), "the entry was altered", at(frame, place));
        }
        long bad = frontierAdd(entry.hash());
        if (bad >= 0 && suspect == null) {
            suspect = new Breach(
                    bad, "one of the 256 entries from here was altered, or their stored hash", at(frame, place));
        }
        compareRoots(() -> at(frame, place));
        Optional<String> problem = entry.hidden().or(entry.problem());
        if (problem.isPresent()) {
            throw new Breach(place.index(), problem.get(), at(frame, place));
        }
    }

    /** The first entry under a stored hash of a full tile that is not the computed one; -1 if all agree. */
    private long frontierAdd(byte[] hash) throws IOException {
        badTile = -1;
        frontier.add(hash, tiles);
        if (tileFailure != null) {
            throw tileFailure;
        }
        return badTile;
    }

    private void compareTile(int level, long index, byte[] node) {
        try {
            if (level > 0 && badTile < 0 && !stored.agrees(level, index, node)) {
                badTile = index << (level * Frontier.TILE_HEIGHT);
            }
        } catch (IOException e) {
            tileFailure = e;
        }
    }

    private void compareRoots(Supplier<String> where) throws Breach {
        while (nextCheckpoint < checkpoints.size()
                && checkpoints.get(nextCheckpoint).size() == frontier.size()) {
            if (!checkpoints.get(nextCheckpoint).root().equals(frontier.rootText())) {
                throw new Breach(
                        -1,
                        "the first " + frontier.size() + " entries do not give the signed root; the stored hashes were"
                                + " altered with them, so which entry it is cannot be told",
                        where.get());
            }
            nextCheckpoint++;
        }
    }

    private static boolean wholeFrameBehind(Segment segment, DiskFile file, long from) throws IOException {
        long salt = Objects.requireNonNull(segment.header()).salt();
        byte[] bytes = new byte[CHUNK + FrameHeader.BYTES];
        ByteBuffer view = ByteBuffer.wrap(bytes);
        for (long at = from; at < segment.bytes(); at += CHUNK) {
            int length = chunk(file, at, segment.bytes(), bytes);
            for (int i = 0; i + FrameHeader.BYTES <= length; i += 8) {
                if (FrameHeader.read(view, i, salt) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBlank(DiskFile file, long from, long to) throws IOException {
        byte[] bytes = new byte[CHUNK];
        byte[] zeros = new byte[CHUNK];
        for (long at = from; at < to; at += CHUNK) {
            int length = chunk(file, at, to, bytes);
            if (!Arrays.equals(bytes, 0, length, zeros, 0, length)) {
                return false;
            }
        }
        return true;
    }

    /** @return how many bytes were read; those that the file does not have are zero */
    private static int chunk(DiskFile file, long at, long end, byte[] into) throws IOException {
        int length = (int) Math.min(into.length, end - at);
        ByteBuffer view = ByteBuffer.wrap(into, 0, length);
        file.read(view, at);
        Arrays.fill(into, view.position(), length, (byte) 0);
        return length;
    }

    private static String at(Segment segment, long position) {
        return segment.name() + " at byte " + position;
    }

    private static String at(Frame frame, Place place) {
        return frame.segment() + " at byte " + (frame.position() + place.offset() - frame.at());
    }
}
