package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** Turns a group of entries into one frame. One buffer, used again for each group; for one thread. */
final class FrameEncoder {
    private static final int ENTRY_PREFIX = 2;
    static final byte LIVE = 1;
    static final byte ERASED = 2;
    /** state, 0, u16 position of the entry, u16 name bytes, 0, 0, u32 value bytes, u32 CRC32C, then salt, name, value. */
    static final int DISCLOSURE_PREFIX = 16;

    private final ByteBuffer buffer;
    private int stamped;

    FrameEncoder(LedgerSettings settings) {
        buffer = ByteBuffer.allocateDirect(SegmentHeader.BYTES + settings.groupBytes());
    }

    /** Upper bound of what an entry adds to a frame. */
    static int mostBytes(Entry entry) {
        long bytes = (long) ENTRY_PREFIX + entry.mostLeafBytes();
        for (Disclosure disclosure : entry.disclosures()) {
            bytes += DISCLOSURE_PREFIX + Disclosure.SALT_BYTES + 255L + disclosure.value().length;
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /** Bytes of an empty frame: header and most padding. */
    static int overhead() {
        return FrameHeader.BYTES + 8;
    }

    /**
     * The frame, ready to be written; the segment's header stands before it if this is the segment's first frame.
     *
     * @param startsSegment whether the segment's header has to be written too
     */
    ByteBuffer encode(
            List<Entry> group, SegmentHeader segment, boolean startsSegment, long index, long counter, long millis) {
        int start = SegmentHeader.BYTES;
        buffer.clear().position(start + FrameHeader.BYTES);
        stamped = 0;
        for (Entry entry : group) {
            putEntry(entry, counter);
        }
        int entriesEnd = buffer.position();
        int disclosures = 0;
        for (int i = 0; i < group.size(); i++) {
            for (Disclosure disclosure : group.get(i).disclosures()) {
                putDisclosure(i, disclosure);
                disclosures++;
            }
        }
        int end = buffer.position();
        int entriesStart = start + FrameHeader.BYTES;
        FrameHeader header = new FrameHeader(
                segment.salt(),
                index,
                counter,
                group.size(),
                entriesEnd - entriesStart,
                FrameHeader.crc(buffer, entriesStart, entriesEnd - entriesStart),
                disclosures,
                end - entriesEnd,
                stamped,
                millis);
        header.put(buffer, start);
        while (buffer.position() < start + header.frameBytes()) {
            buffer.put((byte) 0);
        }
        if (startsSegment) {
            segment.put(buffer, 0);
        }
        return buffer.flip().position(startsSegment ? 0 : start);
    }

    /** How many counters the last frame used. */
    int stamped() {
        return stamped;
    }

    private void putEntry(Entry entry, long firstCounter) {
        byte[] leaf = entry.leaf();
        if (!entry.isStamped()) {
            buffer.putShort((short) leaf.length).put(leaf);
            return;
        }
        byte[] digits = Long.toString(firstCounter + stamped).getBytes(StandardCharsets.US_ASCII);
        stamped++;
        buffer.putShort((short) (leaf.length + digits.length))
                .put(leaf, 0, entry.hole())
                .put(digits)
                .put(leaf, entry.hole(), leaf.length - entry.hole());
    }

    private void putDisclosure(int entry, Disclosure disclosure) {
        int at = buffer.position();
        byte[] name = disclosure.name().getBytes(StandardCharsets.UTF_8);
        buffer.put(LIVE)
                .put((byte) 0)
                .putShort((short) entry)
                .putShort((short) name.length)
                .putShort((short) 0)
                .putInt(disclosure.value().length)
                .putInt(0)
                .put(disclosure.salt())
                .put(name)
                .put(disclosure.value());
        buffer.putInt(at + 12, disclosureCrc(buffer, at, buffer.position() - at));
    }

    /** Over everything but the state and the checksum itself, so that erasing is one overwriting in place. */
    static int disclosureCrc(ByteBuffer bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        FrameHeader.update(crc, bytes, at + 2, 10);
        FrameHeader.update(crc, bytes, at + DISCLOSURE_PREFIX, length - DISCLOSURE_PREFIX);
        return (int) crc.getValue();
    }
}
