package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write-ahead file as it is found in the folder. */
record Segment(
        String name, long number, long bytes, @Nullable SegmentHeader header) {

    /** All of them, in the order of their numbers. */
    static List<Segment> list(Disk disk) throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (String name : disk.names()) {
            if (SegmentHeader.isName(name)) {
                try (DiskFile file = disk.open(name)) {
                    segments.add(new Segment(name, SegmentHeader.number(name), file.size(), header(file)));
                }
            }
        }
        return segments;
    }

    static @Nullable SegmentHeader header(DiskFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        file.read(bytes, 0);
        return SegmentHeader.read(bytes.flip());
    }

    /** Where the first frame at or behind this index is, among the segments that have begun; -1 if it is before them all. */
    static int holding(List<Segment> segments, long index) {
        int found = -1;
        for (int i = 0; i < segments.size(); i++) {
            SegmentHeader header = segments.get(i).header();
            if (header != null && header.firstIndex() <= index) {
                found = i;
            }
        }
        return found;
    }

    FrameScanner scan(DiskFile file, long position) {
        return scan(file, position, false);
    }

    /** Its frames stay as they are when it moves on. */
    FrameScanner keeping(DiskFile file, long position) {
        return scan(file, position, true);
    }

    private FrameScanner scan(DiskFile file, long position, boolean keeps) {
        if (header == null) {
            throw new IllegalStateException("`" + name + "` has not begun");
        }
        return new FrameScanner(file, name, header.salt(), position, bytes, keeps);
    }
}
