package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the frames of one segment in order. */
final class FrameScanner {
    /** Larger ones outgrow the young generation, and what a follower reads each moment would grow old with them. */
    private static final int CHUNK = 128 << 10;

    private final DiskFile file;
    private final String name;
    private final long salt;
    private final long limit;
    private final boolean keeps;
    private byte[] bytes;
    private ByteBuffer view;
    private long loadedFrom;
    private int loaded;
    private long position;

    /**
     * @param limit nothing at or behind this position is read
     * @param keeps whether frames stay as they are when it moves on
     */
    FrameScanner(DiskFile file, String name, long salt, long position, long limit, boolean keeps) {
        this.file = file;
        this.name = name;
        this.salt = salt;
        this.position = position;
        this.limit = limit;
        this.keeps = keeps;
        this.loadedFrom = position;
        this.bytes = new byte[Math.clamp(limit - position, FrameHeader.BYTES, CHUNK)];
        this.view = ByteBuffer.wrap(bytes);
    }

    /** What stands at the present position. */
    sealed interface Found {
        /** Whole and checked; the scanner has moved behind it. */
        record Whole(Frame frame) implements Found {}

        /** Zeros, or the limit: nothing was written here. */
        record Blank(long position) implements Found {}

        /** @param frame set if at least the header is good */
        record Damaged(long position, String what, Optional<Frame> frame) implements Found {}
    }

    long position() {
        return position;
    }

    /** The next frame with every checksum checked. */
    Found next() throws IOException {
        Found found = peek();
        if (!(found instanceof Found.Whole(Frame frame))) {
            return found;
        }
        Optional<String> problem = frame.problem();
        if (problem.isPresent()) {
            return new Found.Damaged(position, problem.get(), Optional.of(frame));
        }
        position = frame.end();
        return found;
    }

    /** Hops over the next frame by its header alone; {@code null} if there is none with a good header. */
    @Nullable
    FrameHeader skip() throws IOException {
        if (limit - position < FrameHeader.BYTES) {
            return null;
        }
        int at = load(FrameHeader.BYTES);
        FrameHeader header = at < 0 ? null : FrameHeader.read(view, at, salt);
        if (header != null) {
            position += header.frameBytes();
        }
        return header;
    }

    private Found peek() throws IOException {
        if (limit - position < FrameHeader.BYTES) {
            return new Found.Blank(position);
        }
        int at = load(FrameHeader.BYTES);
        if (at < 0) {
            return new Found.Blank(position);
        }
        FrameHeader header = FrameHeader.read(view, at, salt);
        if (header == null) {
            return isBlank(at)
                    ? new Found.Blank(position)
                    : new Found.Damaged(position, "the header of a group is damaged", Optional.empty());
        }
        at = position + header.frameBytes() > limit ? -1 : load(header.frameBytes());
        if (at < 0) {
            return new Found.Damaged(position, "a group is cut off", Optional.empty());
        }
        return new Found.Whole(new Frame(header, name, position, bytes, at));
    }

    private boolean isBlank(int at) {
        for (int i = at; i < at + FrameHeader.BYTES; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where in the buffer these many bytes from the present position stand; -1 if the file ends before. */
    private int load(int needed) throws IOException {
        long offset = position - loadedFrom;
        if (offset >= 0 && offset + needed <= loaded) {
            return (int) offset;
        }
        if (needed > bytes.length || (keeps && loaded > 0)) {
            bytes = new byte[needed > bytes.length ? needed + CHUNK : bytes.length];
            view = ByteBuffer.wrap(bytes);
        }
        view.clear().limit((int) Math.min(bytes.length, limit - position));
        file.read(view, position);
        loaded = view.position();
        view.clear();
        loadedFrom = position;
        return needed <= loaded ? 0 : -1;
    }
}
