package dev.reeve.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Cuts a stream of bytes into lines, with bounded memory (R8). Not safe for use by several threads. */
final class LineReader {
    private static final int FIRST = 8 << 10;
    private static final int LONG_WAIT_SECONDS = 10;

    private final ReadableByteChannel channel;
    private final Semaphore longLines;
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 << 10).flip();
    private byte[] line = new byte[FIRST];
    private int length;
    private boolean holdsLong;

    /** What came. */
    sealed interface Read {
        /** Handed over once and never compared. */
        @SuppressWarnings("ArrayRecordComponent")
        record Line(byte[] bytes) implements Read {}

        /** A line that was longer than allowed; it was read to its end and thrown away. */
        record TooLong() implements Read {}

        /** There is nothing more; an unfinished line counts for nothing. */
        record End() implements Read {}
    }

    /** @param longLines one permit for each line over {@link ConnectorLimits#LONG} that is held in memory */
    LineReader(ReadableByteChannel channel, Semaphore longLines) {
        this.channel = channel;
        this.longLines = longLines;
    }

    /** The next line without its end (LF or CRLF). Empty lines are passed over. */
    Read next(int limit) throws IOException {
        drop();
        while (fill()) {
            Optional<Read> read = take(limit);
            if (read.isPresent()) {
                return read.get();
            }
        }
        drop();
        return new Read.End();
    }

    private Optional<Read> take(int limit) throws IOException {
        int end = newline();
        int count = (end < 0 ? in.limit() : end) - in.position();
        if (length + count > limit || !room(length + count)) {
            drop();
            return Optional.of(skip() ? new Read.TooLong() : new Read.End());
        }
        in.get(line, length, count);
        length += count;
        if (end < 0) {
            return Optional.empty();
        }
        in.get();
        int size = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        if (size == 0) {
            length = 0;
            return Optional.empty();
        }
        return Optional.of(new Read.Line(Arrays.copyOf(line, size)));
    }

    private boolean fill() throws IOException {
        while (!in.hasRemaining()) {
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                return false;
            }
        }
        return true;
    }

    private int newline() {
        for (int i = in.position(); i < in.limit(); i++) {
            if (in.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean room(int wanted) {
        if (wanted <= line.length) {
            return true;
        }
        if (wanted > ConnectorLimits.LONG && !holdsLong) {
            try {
                holdsLong = longLines.tryAcquire(LONG_WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!holdsLong) {
                return false;
            }
        }
        line = Arrays.copyOf(line, Math.max(wanted, line.length * 2));
        return true;
    }

    private boolean skip() throws IOException {
        while (fill()) {
            int end = newline();
            in.position(end < 0 ? in.limit() : end + 1);
            if (end >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Gives back what a long line held. */
    void drop() {
        length = 0;
        if (line.length > ConnectorLimits.LONG) {
            line = new byte[FIRST];
        }
        if (holdsLong) {
            holdsLong = false;
            longLines.release();
        }
    }
}
