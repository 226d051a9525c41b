package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The 64 bytes before each group.
 *
 * @param salt of the segment: bytes of a caller cannot pretend to be a frame
 * @param firstCounter what the first stamped entry of the group got
 * @param stamped how many entries of the group got a counter
 * @param writtenAt epoch milliseconds
 */
record FrameHeader(
        long salt,
        long firstIndex,
        long firstCounter,
        int count,
        int entriesBytes,
        int entriesCrc,
        int disclosures,
        int disclosuresBytes,
        int stamped,
        long writtenAt) {
    static final int BYTES = 64;
    static final int MAGIC = 0x52564631; // "RVF1"
    /** Both sections together; a header that claims more is not one of ours. */
    static final int MOST_BYTES = 64 << 20;

    long endIndex() {
        return firstIndex + count;
    }

    /** From header to the next header, padding included. */
    int frameBytes() {
        return align(BYTES + entriesBytes + disclosuresBytes);
    }

    static int align(int bytes) {
        return (bytes + 7) & ~7;
    }

    void put(ByteBuffer out, int at) {
        out.putInt(at, MAGIC)
                .putLong(at + 8, salt)
                .putLong(at + 16, firstIndex)
                .putLong(at + 24, firstCounter)
                .putInt(at + 32, count)
                .putInt(at + 36, entriesBytes)
                .putInt(at + 40, entriesCrc)
                .putInt(at + 44, disclosures)
                .putInt(at + 48, disclosuresBytes)
                .putInt(at + 52, stamped)
                .putLong(at + 56, writtenAt);
        out.putInt(at + 4, crc(out, at + 8, BYTES - 8));
    }

    /** {@code null} if these bytes are no header of a segment with this salt. */
    static @Nullable FrameHeader read(ByteBuffer in, int at, long salt) {
        if (in.getInt(at) != MAGIC || in.getLong(at + 8) != salt || in.getInt(at + 4) != crc(in, at + 8, BYTES - 8)) {
            return null;
        }
        FrameHeader header = new FrameHeader(
                salt,
                in.getLong(at + 16),
                in.getLong(at + 24),
                in.getInt(at + 32),
                in.getInt(at + 36),
                in.getInt(at + 40),
                in.getInt(at + 44),
                in.getInt(at + 48),
                in.getInt(at + 52),
                in.getLong(at + 56));
        return header.isSane() ? header : null;
    }

    private boolean isSane() {
        return firstIndex >= 0
                && firstCounter >= 0
                && count > 0
                && count <= 65_536
                && entriesBytes > 0
                && stamped >= 0
                && stamped <= count
                && disclosures >= 0
                && disclosuresBytes >= 0
                && (long) entriesBytes + disclosuresBytes <= MOST_BYTES;
    }

    static int crc(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        update(crc, bytes, offset, length);
        return (int) crc.getValue();
    }

    static void update(CRC32C crc, ByteBuffer bytes, int offset, int length) {
        if (bytes.hasArray()) {
            crc.update(bytes.array(), bytes.arrayOffset() + offset, length);
        } else {
            crc.update(bytes.slice(offset, length));
        }
    }
}
