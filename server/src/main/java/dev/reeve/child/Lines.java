package dev.reeve.child;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Splits a pipe into lines. A line over the limit is cut: the rest of it is skipped. */
final class Lines {
    /** Gets each line without its end. */
    interface Sink {
        /** @param whole false if the line was longer than the limit: {@code line} is then its beginning */
        void line(byte[] line, boolean whole);
    }

    private final InputStream in;
    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean whole = true;

    Lines(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Reads to the end of the pipe. */
    void drainTo(Sink sink) throws IOException {
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
        if (line.size() > 0) {
            end(sink);
        }
    }

    private void take(byte[] buffer, int from, int to) {
        int room = limit - line.size();
        whole &= to - from <= room;
        line.write(buffer, from, Math.min(to - from, room));
    }

    private void end(Sink sink) {
        byte[] text = line.toByteArray();
        int length = text.length > 0 && text[text.length - 1] == '\r' ? text.length - 1 : text.length;
        boolean complete = whole;
        line.reset();
        whole = true;
        sink.line(length == text.length ? text : java.util.Arrays.copyOf(text, length), complete);
    }
}
