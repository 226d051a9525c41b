package dev.reeve.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries by their index while the log is being written, and remembers where it passed: one place for about 256 entries, of at
 * most {@link #MOST_SEGMENTS} files. Safe for use by several threads.
 */
final class EntryPlaces {
    private static final int MOST_SEGMENTS = 256;
    private final Disk disk;
    private Map<String, Segment> begun = new HashMap<>();
    private final Map<Long, Places> places = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Places> eldest) {
            return size() > MOST_SEGMENTS;
        }
    };

    EntryPlaces(Disk disk) {
        this.disk = disk;
    }

    /** Where groups begin in one file, by the index of their first entry. */
    private static final class Places {
        private final TreeMap<Long, Long> known = new TreeMap<>();
        private long reached = SegmentHeader.BYTES;
        private long next;

        Places(long firstIndex) {
            known.put(firstIndex, (long) SegmentHeader.BYTES);
            next = firstIndex;
        }

        /** The last known group that begins at or before this entry, after hopping over the headers up to it. */
        long before(long index, Segment segment, DiskFile file) throws IOException {
            if (index >= next) {
                FrameScanner scanner = segment.scan(file, reached);
                FrameHeader header = scanner.skip();
                while (header != null) {
                    if (header.firstIndex() / TilePath.WIDTH > known.lastKey() / TilePath.WIDTH) {
                        known.put(header.firstIndex(), reached);
                    }
                    reached = scanner.position();
                    next = header.endIndex();
                    header = index < next ? null : scanner.skip();
                }
            }
            return Objects.requireNonNull(known.floorEntry(index)).getValue();
        }
    }

    /** The entries, each with its length before it, as they stand in a bundle. */
    byte[] read(long from, int count) throws IOException {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        long at = from;
        while (at < from + count) {
            long reached = read(at, from + count, bundle);
            if (reached == at) {
                throw new IOException("entry " + at + " is not in the log");
            }
            at = reached;
        }
        return bundle.toByteArray();
    }

    private long read(long from, long to, ByteArrayOutputStream into) throws IOException {
        Segment segment = holding(from);
        try (DiskFile file = disk.open(segment.name())) {
            FrameScanner scanner = segment.scan(file, place(segment, from, file));
            long at = from;
            while (at < to) {
                switch (scanner.next()) {
                    case FrameScanner.Found.Whole(Frame frame) -> at = take(frame, at, to, into);
                    case FrameScanner.Found.Blank ignored -> {
                        return at;
                    }
                    case FrameScanner.Found.Damaged(long position, String what, var ignored) ->
                        throw new IOException(what + ": `" + segment.name() + "` at byte " + position);
                }
            }
            return at;
        }
    }

    private static long take(Frame frame, long from, long to, ByteArrayOutputStream into) {
        frame.eachLeaf((index, bytes, offset, length) -> {
            if (index >= from && index < to) {
                into.write(bytes, offset - 2, length + 2);
            }
            return index < to;
        });
        return Math.max(from, Math.min(to, frame.header().endIndex()));
    }

    private synchronized long place(Segment segment, long index, DiskFile file) throws IOException {
        long first = Objects.requireNonNull(segment.header()).firstIndex();
        return places.computeIfAbsent(segment.number(), key -> new Places(first))
                .before(index, segment, file);
    }

    /** The file that holds the entry. The last one that had begun may have been followed by another meanwhile. */
    private synchronized Segment holding(long index) throws IOException {
        List<Segment> known = sorted();
        int found = Segment.holding(known, index);
        if (found < 0 || found == known.size() - 1) {
            look();
            known = sorted();
            found = Segment.holding(known, index);
        }
        if (found < 0) {
            throw new IOException("the log begins behind entry " + index);
        }
        return known.get(found);
    }

    private List<Segment> sorted() {
        List<Segment> all = new ArrayList<>(begun.values());
        all.sort((a, b) -> Long.compare(a.number(), b.number()));
        return all;
    }

    private void look() throws IOException {
        Map<String, Segment> now = new HashMap<>();
        for (String name : disk.names()) {
            if (SegmentHeader.isName(name)) {
                Segment segment = begun.get(name);
                if (segment == null) {
                    segment = read(name);
                }
                if (segment != null) {
                    now.put(name, segment);
                }
            }
        }
        begun = now;
    }

    /** {@code null} while nothing stands in it. */
    private @Nullable Segment read(String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            SegmentHeader header = Segment.header(file);
            return header == null ? null : new Segment(name, SegmentHeader.number(name), file.size(), header);
        }
    }
}
