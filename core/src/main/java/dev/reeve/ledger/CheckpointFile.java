package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last two checkpoints, in two slots of a file that never grows: the older is overwritten, so one is always whole, and storing one
 * costs one force and no change of metadata. A slot has room for signatures to come (ML-DSA, witnesses).
 */
final class CheckpointFile implements AutoCloseable {
    static final String NAME = "checkpoint";
    static final int SLOT_BYTES = 64 << 10;
    private static final int PREFIX = 24;
    private static final long MAGIC = 0x5245455645434b31L; // "REEVECK1"
    private final DiskFile file;
    private long sequence;

    CheckpointFile(DiskFile file) {
        this.file = file;
    }

    /** Reserves the file; the caller forces the folder. */
    static CheckpointFile create(Disk disk, String name) throws IOException {
        DiskFile file = disk.create(name);
        file.write(ByteBuffer.allocate(2 * SLOT_BYTES), 0);
        return new CheckpointFile(file);
    }

    /** The notes in slots whose checksum is right, newest first; their signatures are not checked. */
    List<String> notes() throws IOException {
        @Nullable Slot first = read(0);
        @Nullable Slot second = read(1);
        List<String> notes = new ArrayList<>();
        if (first != null) {
            notes.add(first.note());
            sequence = first.sequence();
        }
        if (second != null) {
            notes.add(first != null && first.sequence() > second.sequence() ? 1 : 0, second.note());
            sequence = Math.max(sequence, second.sequence());
        }
        return notes;
    }

    /** Returns when it is durable. */
    void store(Checkpoint checkpoint) throws IOException {
        byte[] note = checkpoint.note().getBytes(StandardCharsets.UTF_8);
        if (note.length > SLOT_BYTES - PREFIX) {
            throw new IOException("a checkpoint of " + note.length + " bytes does not fit its slot");
        }
        ByteBuffer slot = ByteBuffer.allocate(PREFIX + note.length);
        slot.putLong(MAGIC).putLong(sequence + 1).putInt(note.length).putInt(0).put(note);
        slot.putInt(20, crc(slot, note.length));
        file.write(slot.flip(), (sequence + 1) % 2 * SLOT_BYTES);
        file.force();
        sequence++;
    }

    /** See {@link DiskFile#requireName}. */
    void requireName() throws IOException {
        file.requireName();
    }

    private record Slot(long sequence, String note) {}

    private @Nullable Slot read(int number) throws IOException {
        byte[] bytes = new byte[SLOT_BYTES];
        ByteBuffer slot = ByteBuffer.wrap(bytes);
        file.read(slot, (long) number * SLOT_BYTES);
        if (slot.hasRemaining() || slot.getLong(0) != MAGIC) {
            return null;
        }
        int length = slot.getInt(16);
        if (length <= 0 || length > SLOT_BYTES - PREFIX || slot.getInt(20) != crc(slot, length)) {
            return null;
        }
        return new Slot(slot.getLong(8), new String(bytes, PREFIX, length, StandardCharsets.UTF_8));
    }

    private static int crc(ByteBuffer slot, int length) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(slot.slice(8, 12));
        crc.update(slot.slice(PREFIX, length));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
