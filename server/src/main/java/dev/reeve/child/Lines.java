package dev.reeve.child;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Splits a pipe into lines. A line over the limit is cut: the rest of it is skipped. */
final class Lines {
    /** A line up to this needs no room among the long ones. */
    static final int SHORT = 256 << 10;

    /** A buffer larger than this is not kept for the next line. */
    private static final int KEPT = 16 << 10;

    private static final byte[] NOTHING = new byte[0];

    /** Gets each line without its end. */
    interface Sink {
        /** @param whole false if the line was longer than the limit: {@code line} is then its beginning */
        void line(byte[] line, boolean whole);
    }

    private final InputStream in;
    private final int limit;
    private final LongLines.Room room;
    private boolean isLong;

    /** Guarded by this, as is all below: another's thread takes a line away that has to give way. */
    private byte[] line = NOTHING;

    private int length;
    private boolean whole = true;
    private boolean lost;

    /** @param cut runs if a line had to give way to others; it must end whoever writes it */
    Lines(InputStream in, int limit, LongLines longLines, Runnable cut) {
        this.in = in;
        this.limit = limit;
        this.room = longLines.room(() -> {
            lose();
            cut.run();
        });
    }

    /** Reads to the end of the pipe. */
    void drainTo(Sink sink) throws IOException {
        try {
            byte[] buffer = new byte[16 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int from = 0;
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        take(buffer, from, i);
                        end(sink);
                        from = i + 1;
                    }
                }
                take(buffer, from, read);
            }
            if (isBegun()) {
                end(sink);
            }
        } finally {
            room.giveBack();
        }
    }

    private synchronized boolean isBegun() {
        return length > 0;
    }

    private void take(byte[] buffer, int from, int to) {
        if (growsLong(to - from)) {
            isLong = true;
            if (!room.take(limit)) {
                lose();
            }
        }
        append(buffer, from, to);
    }

    private synchronized boolean growsLong(int more) {
        return !isLong && length + more > SHORT && limit > SHORT;
    }

    private synchronized void append(byte[] buffer, int from, int to) {
        int more = Math.min(to - from, limit - length);
        whole &= more == to - from;
        if (lost || more == 0) {
            return;
        }
        if (line.length < length + more) {
            int size = (int) Math.min(limit, Math.max(length + more, line.length * 2L));
            line = Arrays.copyOf(line, size);
        }
        System.arraycopy(buffer, from, line, length, more);
        length += more;
    }

    private synchronized void lose() {
        lost = true;
        line = NOTHING;
        length = 0;
    }

    /** A line, taken out of here. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Taken(byte[] text, boolean whole, boolean lost) {}

    private void end(Sink sink) {
        Taken taken = takeOut();
        try {
            if (!taken.lost()) {
                sink.line(taken.text(), taken.whole());
            }
        } finally {
            // What is made of a long line is made of it in there.
            isLong = false;
            room.giveBack();
        }
    }

    private synchronized Taken takeOut() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        byte[] text = end == line.length && end > KEPT ? line : Arrays.copyOf(line, end);
        Taken taken = new Taken(text, whole, lost);
        if (line.length > KEPT) {
            line = NOTHING;
        }
        length = 0;
        whole = true;
        lost = false;
        return taken;
    }
}
