package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Reads a ledger's folder, or a copy, without a lock: also while another process writes it. Checks checksums only; proving is
 * {@link LedgerVerifier}'s.
 */
public final class LedgerReader {
    private LedgerReader() {}

    /**
     * Streams whole groups from {@code from} to the end, in the memory of one group.
     *
     * @throws IOException if the folder cannot be read, or is damaged before its end
     */
    public static void read(Path folder, long from, EntryConsumer consumer) throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            read(disk, from, Long.MAX_VALUE, consumer);
        }
    }

    /** How many entries stand in the folder now. Only headers are read. */
    public static long end(Path folder) throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            List<Segment> segments = Segment.list(disk);
            int last = Segment.holding(segments, Long.MAX_VALUE);
            if (last < 0) {
                return 0;
            }
            Segment segment = segments.get(last);
            long end = Objects.requireNonNull(segment.header()).firstIndex();
            try (DiskFile file = disk.open(segment.name())) {
                FrameScanner scanner = segment.scan(file, SegmentHeader.BYTES);
                for (FrameHeader header = scanner.skip(); header != null; header = scanner.skip()) {
                    end = header.endIndex();
                }
            }
            return end;
        }
    }

    /** @param end entries at or behind it are not read: they may not be durable yet */
    static void read(Disk disk, long from, long end, EntryConsumer consumer) throws IOException {
        List<Segment> segments = Segment.list(disk);
        Walk walk = new Walk(from, end, consumer);
        for (int i = Math.max(0, Segment.holding(segments, from)); i < segments.size() && !walk.ended; i++) {
            Segment segment = segments.get(i);
            if (segment.header() == null) {
                return;
            }
            try (DiskFile file = disk.open(segment.name())) {
                walk.segment(segment, file);
            }
        }
    }

    private static final class Walk {
        private final long from;
        private final long end;
        private final EntryConsumer consumer;
        private boolean ended;

        Walk(long from, long end, EntryConsumer consumer) {
            this.from = from;
            this.end = end;
            this.consumer = consumer;
            this.ended = from >= end;
        }

        void segment(Segment segment, DiskFile file) throws IOException {
            FrameScanner scanner = segment.scan(file, positionOf(segment, file));
            while (!ended) {
                switch (scanner.next()) {
                    case FrameScanner.Found.Whole(Frame frame) -> frame(frame);
                    case FrameScanner.Found.Blank ignored -> {
                        return;
                    }
                    case FrameScanner.Found.Damaged(long position, String what, var ignored) -> {
                        if (end == Long.MAX_VALUE) {
                            ended = true; // being written, or torn; the verifier tells the difference
                            return;
                        }
                        throw new IOException(what + ": `" + segment.name() + "` at byte " + position);
                    }
                }
            }
        }

        private long positionOf(Segment segment, DiskFile file) throws IOException {
            FrameScanner scanner = segment.scan(file, SegmentHeader.BYTES);
            long position = SegmentHeader.BYTES;
            FrameHeader header = scanner.skip();
            while (header != null && header.endIndex() <= from) {
                position = scanner.position();
                header = scanner.skip();
            }
            return position;
        }

        private void frame(Frame frame) {
            List<List<Disclosure>> disclosures = frame.disclosures();
            frame.eachLeaf((index, bytes, offset, length) -> {
                if (index >= end) {
                    ended = true;
                } else if (index >= from) {
                    List<Disclosure> shown =
                            disclosures.get((int) (index - frame.header().firstIndex()));
                    ended = !consumer.accept(index, Arrays.copyOfRange(bytes, offset, offset + length), shown);
                }
                return !ended;
            });
            // What follows is perhaps being written.
            ended |= frame.header().endIndex() >= end;
        }
    }
}
