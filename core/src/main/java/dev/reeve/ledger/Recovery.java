package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of the log at the start. Only what can be the one group that was being written at a crash is cut off: damage with a
 * whole group behind it, or below the signed checkpoint, was done by something else, and the ledger stays shut.
 */
final class Recovery {
    private static final int CHUNK = 1 << 20;
    private final Disk disk;
    private final long signed;
    private final List<Segment> segments;
    private Mark mark = Mark.START;
    private Mark checkpointed = Mark.START;
    private long cutOff;

    private Recovery(Disk disk, long signed) throws IOException {
        this.disk = disk;
        this.signed = signed;
        this.segments = Segment.list(disk);
    }

    /**
     * @param end behind the last whole group
     * @param checkpointed behind the last group that the checkpoint covers
     * @param cutOff bytes of a torn group that were erased
     */
    record Recovered(Mark end, Mark checkpointed, long cutOff) {}

    /** @param signed size of the latest checkpoint; what is below it is not read again */
    static Recovered run(Disk disk, long signed) throws IOException, LedgerUnavailableException {
        Recovery recovery = new Recovery(disk, signed);
        recovery.recover();
        return new Recovered(recovery.mark, recovery.checkpointed, recovery.cutOff);
    }

    private void recover() throws IOException, LedgerUnavailableException {
        int begun = begun();
        int first = Segment.holding(segments, signed);
        if (begun > 0 && first < 0) {
            throw LedgerUnavailableException.corrupt("the first files of the log are missing");
        }
        for (int i = Math.max(first, 0); i < begun; i++) {
            readSegment(segments.get(i), i == begun - 1);
        }
        checkNotBelowSigned();
        for (Segment spare : segments.subList(begun, segments.size())) {
            dropIfUsed(spare);
        }
    }

    private void checkNotBelowSigned() throws LedgerUnavailableException {
        if (mark.index() < signed) {
            throw LedgerUnavailableException.corrupt("the log ends at entry " + mark.index()
                    + ", below the signed checkpoint of " + signed + " entries: its end was cut off or damaged");
        }
    }

    /** How many files have begun; they come first and their numbers follow each other. */
    private int begun() throws LedgerUnavailableException {
        int begun = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (i > 0 && segment.number() != segments.get(i - 1).number() + 1) {
                throw LedgerUnavailableException.corrupt("the file before `" + segment.name() + "` is missing");
            }
            SegmentHeader header = segment.header();
            if (header == null) {
                continue;
            }
            if (begun != i || header.number() != segment.number()) {
                throw LedgerUnavailableException.corrupt(
                        "the header of a file before `" + segment.name() + "` is damaged, or files were exchanged");
            }
            begun++;
        }
        return begun;
    }

    private void readSegment(Segment segment, boolean last) throws IOException, LedgerUnavailableException {
        SegmentHeader header = java.util.Objects.requireNonNull(segment.header());
        long firstIndex = header.firstIndex();
        if (mark.segment() != 0 && firstIndex != mark.index()) {
            throw LedgerUnavailableException.corrupt("`" + segment.name() + "` begins with entry " + firstIndex
                    + " where entry " + mark.index() + " belongs");
        }
        mark = new Mark(segment.number(), SegmentHeader.BYTES, firstIndex, header.firstCounter(), mark.millis());
        try (DiskFile file = disk.open(segment.name())) {
            skipSigned(file, segment);
            FrameScanner.Found end = readTail(file, segment);
            if (!last && !(end instanceof FrameScanner.Found.Blank)) {
                throw damaged(segment, "a group is damaged, and others follow");
            }
            if (last) {
                checkNotBelowSigned();
                cut(file, segment);
            }
            file.force();
        }
    }

    private void skipSigned(DiskFile file, Segment segment) throws IOException, LedgerUnavailableException {
        FrameScanner scanner = segment.scan(file, SegmentHeader.BYTES);
        while (mark.index() < signed) {
            FrameHeader header = scanner.skip();
            if (header == null) {
                return;
            }
            if (header.firstIndex() != mark.index() || header.endIndex() > signed) {
                throw damaged(segment, "the groups do not fit the signed checkpoint");
            }
            mark = mark.behind(header, scanner.position());
        }
        if (mark.index() == signed) {
            checkpointed = mark;
        }
    }

    /** Each group read is written again: after a failed force the page cache may show what the disk does not have. */
    private FrameScanner.Found readTail(DiskFile file, Segment segment) throws IOException, LedgerUnavailableException {
        FrameScanner scanner = segment.scan(file, mark.position());
        while (true) {
            FrameScanner.Found found = scanner.next();
            if (!(found instanceof FrameScanner.Found.Whole(Frame frame))) {
                return found;
            }
            FrameHeader header = frame.header();
            if (header.firstIndex() != mark.index() || header.firstCounter() != mark.counter()) {
                throw damaged(segment, "a group has the wrong place");
            }
            file.write(ByteBuffer.wrap(frame.bytes(), frame.at(), header.frameBytes()), frame.position());
            mark = mark.behind(header, frame.end());
        }
    }

    /** Makes sure that nothing whole stands behind the end, and leaves only zeros there. */
    private void cut(DiskFile file, Segment segment) throws IOException, LedgerUnavailableException {
        long salt = java.util.Objects.requireNonNull(segment.header()).salt();
        long limit = Math.min(segment.bytes(), mark.position() + FrameHeader.MOST_BYTES);
        byte[] bytes = new byte[CHUNK + FrameHeader.BYTES];
        byte[] blank = new byte[bytes.length];
        for (long at = mark.position(); at < limit; at += CHUNK) {
            // One header's length of overlap, so that none hides between two chunks.
            int length = (int) Math.min((long) CHUNK + FrameHeader.BYTES, limit - at);
            ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, length);
            file.read(chunk, at);
            Arrays.fill(bytes, chunk.position(), length, (byte) 0);
            // Not byte by byte: each start looks at 64 MB of them, before the compiler has seen this.
            if (Arrays.equals(bytes, 0, length, blank, 0, length)) {
                continue;
            }
            for (int i = 0; i + FrameHeader.BYTES <= length; i += 8) {
                if (FrameHeader.read(chunk, i, salt) != null && at + i != mark.position()) {
                    throw damaged(segment, "a group is damaged, and others follow");
                }
            }
            cutOff += length;
        }
        if (cutOff > 0) {
            wipe(file, limit);
        }
    }

    private void wipe(DiskFile file, long limit) throws IOException {
        for (long at = mark.position(); at < limit; at += CHUNK) {
            file.write(ByteBuffer.allocate((int) Math.min(CHUNK, limit - at)), at);
        }
    }

    /** A file whose first group was torn; its header shared a sector with the group's, so a whole group there is no crash. */
    private void dropIfUsed(Segment spare) throws IOException, LedgerUnavailableException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(spare.bytes(), FrameHeader.MOST_BYTES));
        try (DiskFile file = disk.open(spare.name())) {
            file.read(start, 0);
        }
        int at = SegmentHeader.BYTES;
        @Nullable
        FrameHeader header =
                start.capacity() < at + FrameHeader.BYTES ? null : FrameHeader.read(start, at, start.getLong(at + 8));
        if (header != null) {
            throw LedgerUnavailableException.corrupt("the header of `" + spare.name() + "` is damaged");
        }
        disk.delete(spare.name());
    }

    private LedgerUnavailableException damaged(Segment segment, String what) {
        return LedgerUnavailableException.corrupt(
                what + ": `" + segment.name() + "` at byte " + mark.position() + ", entry " + mark.index());
    }
}
