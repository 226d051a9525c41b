package dev.reeve.ledger;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The first 64 bytes of a write-ahead file; written together with its first frame. */
record SegmentHeader(long number, long salt, long firstIndex, long firstCounter) {
    static final int BYTES = 64;
    private static final long MAGIC = 0x5245455645574131L; // "REEVEWA1"
    private static final int VERSION = 1;

    static String name(long number) {
        return String.format("wal-%010d", number);
    }

    static boolean isName(String name) {
        return name.matches("wal-[0-9]{10}");
    }

    static long number(String name) {
        return Long.parseLong(name.substring("wal-".length()));
    }

    void put(ByteBuffer out, int at) {
        out.putLong(at, MAGIC)
                .putInt(at + 8, VERSION)
                .putInt(at + 12, 0)
                .putLong(at + 16, number)
                .putLong(at + 24, salt)
                .putLong(at + 32, firstIndex)
                .putLong(at + 40, firstCounter);
        for (int i = 48; i < 60; i += 4) {
            out.putInt(at + i, 0);
        }
        out.putInt(at + 60, FrameHeader.crc(out, at, 60));
    }

    static @Nullable SegmentHeader read(ByteBuffer in) {
        if (in.limit() < BYTES
                || in.getLong(0) != MAGIC
                || in.getInt(8) != VERSION
                || in.getInt(60) != FrameHeader.crc(in, 0, 60)) {
            return null;
        }
        return new SegmentHeader(in.getLong(16), in.getLong(24), in.getLong(32), in.getLong(40));
    }
}
