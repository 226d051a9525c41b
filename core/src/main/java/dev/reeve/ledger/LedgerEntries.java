package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries by their numbers, from a folder that may be in use. Remembers where groups stand, so that the next look-up does not count from
 * the beginning of a file: about a hundred bytes for each {@value #STRIDE} groups that it has passed, and for each large one.
 *
 * <p>Checks checksums only; proving is {@link LedgerVerifier}'s. Takes turns: may be shared by threads, and one waits for the other.
 */
public final class LedgerEntries implements AutoCloseable {
    private static final int STRIDE = 64;
    /** The place of a group of so many bytes is remembered by itself. */
    private static final int LARGE = 256 << 10;
    /** Headers are looked for in steps of this many bytes: a look-up of one entry should not read a megabyte. */
    private static final int STEP = 64 << 10;

    private final FolderDisk disk;
    private final TreeMap<Long, Spot> spots = new TreeMap<>();
    private @Nullable Loaded last;

    private LedgerEntries(FolderDisk disk) {
        this.disk = disk;
    }

    /** Where a group begins. */
    private record Spot(Segment segment, long position) {}

    /** The group that was read last: what is asked for together stands together. */
    private record Loaded(Frame frame, List<List<Disclosure>> disclosures) {
        boolean holds(long index) {
            return index >= frame.header().firstIndex()
                    && index < frame.header().endIndex();
        }
    }

    /** One entry. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes on the way to a parser: nobody compares them.
    public record Found(long index, byte[] leaf, List<Disclosure> disclosures) {
        public Found {
            disclosures = List.copyOf(disclosures);
        }
    }

    /** @throws IOException if there is no such folder */
    public static LedgerEntries open(Path folder) throws IOException {
        return new LedgerEntries(FolderDisk.readOnly(folder));
    }

    /** Whose ledger this is: its origin and its node, of which no two ledgers have both. */
    public synchronized String identity() throws IOException {
        try {
            Manifest manifest = Manifest.read(disk);
            return manifest.origin() + " " + manifest.node();
        } catch (LedgerUnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The entry with this number.
     *
     * @throws IOException if it cannot be read, or its group is damaged
     */
    public synchronized Optional<Found> at(long index) throws IOException {
        Loaded loaded = last;
        if (loaded == null || !loaded.holds(index)) {
            Optional<Spot> spot = find(index);
            if (spot.isEmpty()) {
                return Optional.empty();
            }
            loaded = load(spot.get());
            last = loaded;
        }
        return Optional.of(entry(loaded, index));
    }

    /**
     * Streams the entries from {@code from} up to {@code end}, in the memory of one group.
     *
     * @param end at most what is known to be durable
     * @return the number of the first entry that was not given out
     */
    public synchronized long read(long from, long end, EntryConsumer consumer) throws IOException {
        Walk walk = new Walk(from, end, consumer);
        while (!walk.ended && walk.next < end) {
            Optional<Spot> spot = find(walk.next);
            if (spot.isEmpty()) {
                return walk.next;
            }
            long before = walk.next;
            walk(walk, spot.get());
            if (walk.next == before && !walk.ended) {
                throw new IOException("the group of entry " + before + " cannot be read");
            }
        }
        return walk.next;
    }

    private void walk(Walk walk, Spot spot) throws IOException {
        try (DiskFile file = disk.open(spot.segment().name())) {
            FrameScanner scanner = spot.segment().scan(file, spot.position());
            int passed = 0;
            while (!walk.ended
                    && walk.next < walk.end
                    && scanner.next() instanceof FrameScanner.Found.Whole(Frame frame)) {
                if (++passed % STRIDE == 0 || frame.header().frameBytes() >= LARGE) {
                    spots.put(frame.header().firstIndex(), new Spot(spot.segment(), frame.position()));
                }
                walk.frame(frame, frame.disclosures());
            }
        }
    }

    /** One reading in order. */
    private static final class Walk {
        private final long end;
        private final EntryConsumer consumer;
        private long next;
        private boolean ended;

        Walk(long from, long end, EntryConsumer consumer) {
            this.next = from;
            this.end = end;
            this.consumer = consumer;
        }

        void frame(Frame frame, List<List<Disclosure>> disclosures) {
            long first = frame.header().firstIndex();
            frame.eachLeaf((index, bytes, offset, length) -> {
                if (index >= next && index < end) {
                    byte[] leaf = Arrays.copyOfRange(bytes, offset, offset + length);
                    ended = !consumer.accept(index, leaf, disclosures.get((int) (index - first)));
                    next = index + 1;
                }
                return !ended && index < end;
            });
        }
    }

    /** The group that holds this entry. Looks at the folder anew where what is known of it ends too early. */
    private Optional<Spot> find(long index) throws IOException {
        Optional<Spot> known = hop(index);
        if (known.isPresent()) {
            return known;
        }
        for (Segment segment : Segment.list(disk)) {
            if (segment.header() != null) {
                spots.put(segment.header().firstIndex(), new Spot(segment, SegmentHeader.BYTES));
            }
        }
        return hop(index);
    }

    private Optional<Spot> hop(long index) throws IOException {
        Map.Entry<Long, Spot> floor = spots.floorEntry(index);
        if (floor == null) {
            return Optional.empty();
        }
        Segment segment = floor.getValue().segment();
        try (DiskFile file = disk.open(segment.name())) {
            long position = floor.getValue().position();
            int passed = 0;
            FrameScanner scanner = step(segment, file, position);
            while (true) {
                FrameHeader header = scanner.skip();
                if (header == null) {
                    if (position + STEP >= segment.bytes() || scanner.position() == position) {
                        return Optional.empty();
                    }
                    position = scanner.position();
                    scanner = step(segment, file, position);
                    continue;
                }
                long begin = scanner.position() - header.frameBytes();
                if (++passed % STRIDE == 0 || header.frameBytes() >= LARGE) {
                    spots.put(header.firstIndex(), new Spot(segment, begin));
                }
                if (index < header.endIndex()) {
                    return Optional.of(new Spot(segment, begin));
                }
            }
        }
    }

    private static FrameScanner step(Segment segment, DiskFile file, long position) {
        long salt = Objects.requireNonNull(segment.header()).salt();
        return new FrameScanner(
                file, segment.name(), salt, position, Math.min(segment.bytes(), position + STEP), false);
    }

    private Loaded load(Spot spot) throws IOException {
        Segment segment = spot.segment();
        try (DiskFile file = disk.open(segment.name())) {
            long salt = Objects.requireNonNull(segment.header()).salt();
            FrameScanner looking = new FrameScanner(
                    file, segment.name(), salt, spot.position(), spot.position() + FrameHeader.BYTES, false);
            FrameHeader header = looking.skip();
            long end = header == null ? segment.bytes() : spot.position() + header.frameBytes();
            FrameScanner whole = new FrameScanner(file, segment.name(), salt, spot.position(), end, false);
            return switch (whole.next()) {
                case FrameScanner.Found.Whole(Frame frame) -> new Loaded(frame, frame.disclosures());
                case FrameScanner.Found.Blank(long position) ->
                    throw new IOException("nothing stands in `" + segment.name() + "` at byte " + position);
                case FrameScanner.Found.Damaged(long position, String what, var ignored) ->
                    throw new IOException(what + ": `" + segment.name() + "` at byte " + position);
            };
        }
    }

    private static Found entry(Loaded loaded, long index) throws IOException {
        Found[] found = new Found[1];
        loaded.frame().eachLeaf((at, bytes, offset, length) -> {
            if (at == index) {
                found[0] = new Found(
                        at,
                        Arrays.copyOfRange(bytes, offset, offset + length),
                        loaded.disclosures()
                                .get((int) (at - loaded.frame().header().firstIndex())));
            }
            return found[0] == null;
        });
        if (found[0] == null) {
            throw new IOException("entry " + index + " is not in its group");
        }
        return found[0];
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
