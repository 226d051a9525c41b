package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead files. One thread writes groups, another reserves the next file in small steps; both may be the same.
 *
 * <p>Files are full of zeros before they are used, so that a force writes data alone and a full disk is seen one file early.
 */
final class Wal implements AutoCloseable {
    private static final int STEP = 1 << 20;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP).asReadOnlyBuffer();

    private final Disk disk;
    private final LedgerSettings settings;
    private final FrameEncoder encoder;
    private final SecureRandom salts = new SecureRandom();
    private final AtomicReference<@Nullable Reserved> ready = new AtomicReference<>();

    // Changed by the writer only.
    private volatile @Nullable Live live;

    // The reserver's own.
    private @Nullable Reserved reserving;
    private long reserved;
    private long nextNumber;

    private volatile Mark end;
    private volatile long liveBytes;

    /** @param end as recovered; writing goes on there */
    Wal(Disk disk, LedgerSettings settings, Mark end) throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.encoder = new FrameEncoder(settings);
        this.end = end;
        this.nextNumber = end.segment() + 1;
        if (end.segment() > 0) {
            DiskFile file = disk.open(SegmentHeader.name(end.segment()));
            SegmentHeader header = java.util.Objects.requireNonNull(Segment.header(file), "recovery read it");
            live = new Live(file, header, file.size());
            liveBytes = file.size();
        }
    }

    private record Live(DiskFile file, SegmentHeader header, long bytes) {}

    private record Reserved(DiskFile file, long number, long bytes) {}

    /** Whether a group fits. */
    enum Room {
        HERE,
        NEXT_FILE,
        /** Not before another file is reserved. */
        NONE
    }

    /** Everything before it is durable. */
    Mark end() {
        return end;
    }

    Room room(int bytes, boolean control) {
        Live now = live;
        boolean next = ready.get() != null;
        long kept = control || next ? 0 : settings.controlReserve();
        if (now != null && end.position() + bytes <= now.bytes() - kept) {
            return Room.HERE;
        }
        return next ? Room.NEXT_FILE : Room.NONE;
    }

    /** Whether an ordinary entry of full length would have to wait for another file. */
    boolean isFull() {
        return room(Math.min(Entry.MOST_LEAF_BYTES, settings.groupBytes()), false) == Room.NONE;
    }

    /**
     * Writes one group and forces it, in the room that {@link #room} found. After an exception nothing may be written any more.
     */
    void write(List<Entry> group, Room room, long millis) throws IOException {
        boolean starts = room == Room.NEXT_FILE;
        if (starts) {
            begin(java.util.Objects.requireNonNull(ready.getAndSet(null)));
        }
        Live now = java.util.Objects.requireNonNull(live);
        Mark at = end;
        long time = Math.max(millis, at.millis());
        ByteBuffer frame = encoder.encode(group, now.header(), starts, at.index(), at.counter(), time);
        long position = starts ? 0 : at.position();
        int bytes = frame.remaining();
        now.file().write(frame, position);
        now.file().force();
        end = new Mark(
                at.segment(), position + bytes, at.index() + group.size(), at.counter() + encoder.stamped(), time);
    }

    private void begin(Reserved next) throws IOException {
        if (live != null) {
            live.file().close();
        }
        SegmentHeader header = new SegmentHeader(next.number(), salts.nextLong(), end.index(), end.counter());
        live = new Live(next.file(), header, next.bytes());
        liveBytes = next.bytes();
        end = end.in(next.number());
    }

    boolean hasSpare() {
        return ready.get() != null;
    }

    /** True if the next file should grow now: at half of the present one it is complete, without a burst that delays forces. */
    boolean wantsSpace() {
        if (ready.get() != null) {
            return false;
        }
        return live == null || reserved < Math.min(settings.segmentBytes(), 2 * end.position() + STEP);
    }

    /** Reserves up to one MiB more of the next file. After an exception it begins again with another file. */
    void reserveStep() throws IOException {
        if (ready.get() != null) {
            return;
        }
        try {
            if (reserving == null) {
                reserving = new Reserved(disk.create(SegmentHeader.name(nextNumber)), nextNumber, wantedBytes());
                reserved = 0;
            }
            int step = (int) Math.min(STEP, reserving.bytes() - reserved);
            reserving.file().write(ZEROS.duplicate().limit(step), reserved);
            reserving.file().force();
            reserved += step;
            if (reserved == reserving.bytes()) {
                disk.forceNames();
                nextNumber++;
                ready.set(reserving);
                reserving = null;
            }
        } catch (IOException e) {
            giveUp(e);
            throw e;
        }
    }

    /** The first file is small, so that a new ledger is there at once. */
    private int wantedBytes() {
        int least = 2 * settings.groupBytes() + settings.controlReserve();
        return nextNumber == 1 ? Math.min(least, settings.segmentBytes()) : settings.segmentBytes();
    }

    private void giveUp(IOException reason) {
        Reserved failed = reserving;
        reserving = null;
        reserved = 0;
        if (failed == null) {
            return;
        }
        try {
            failed.file().close();
            disk.delete(SegmentHeader.name(failed.number()));
        } catch (IOException e) {
            reason.addSuppressed(e);
            // Its name is taken now; recovery drops what never began.
            nextNumber++;
        }
    }

    /** For the reserver's thread: that what is written still has its name. */
    void requireName() throws IOException {
        Live now = live;
        if (now != null) {
            now.file().requireName();
        }
    }

    long liveBytes() {
        return liveBytes;
    }

    @Override
    public void close() throws IOException {
        Reserved spare = ready.getAndSet(null);
        if (spare != null) {
            spare.file().close();
        }
        if (reserving != null) {
            reserving.file().close();
        }
        if (live != null) {
            live.file().close();
        }
    }
}
