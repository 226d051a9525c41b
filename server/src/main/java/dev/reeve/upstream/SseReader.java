package dev.reeve.upstream;

import dev.reeve.outbound.HttpCallException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) from an answer, and remembers the last id and the time to wait before another try.
 * Events of other names than {@code message} are skipped.
 */
final class SseReader {
    /** A stream of more events than this serves nobody (R8). */
    private static final int MOST_EVENTS = 100_000;

    private static final int LONGEST_ID = 1024;

    private final Source source;
    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ArrayDeque<byte[]> ready = new ArrayDeque<>();
    private boolean foreign;
    private boolean afterReturn;
    private boolean first = true;
    private boolean tooMuch;
    private int events;
    private @Nullable String lastId;
    private int retryMillis = -1;

    /** Where the bytes come from; {@code null} is the end. */
    interface Source {
        byte @Nullable [] next(long deadline) throws HttpCallException;
    }

    /** @param limit bytes of one event */
    SseReader(Source source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    /** Goes on with another answer, as a stream that was resumed; what was half read is gone. */
    SseReader resumed(Source next) {
        SseReader reader = new SseReader(next, limit);
        reader.lastId = lastId;
        reader.retryMillis = retryMillis;
        reader.events = events;
        return reader;
    }

    /** Bytes of the event that is being read. */
    int held() {
        return line.size() + data.size();
    }

    /** Under which the stream can be resumed. */
    Optional<String> lastId() {
        return Optional.ofNullable(lastId);
    }

    /** What the server said last about how long to wait before that; negative if it did not. */
    int retryMillis() {
        return retryMillis;
    }

    /** An answer that holds too much. */
    static final class TooMuchException extends Exception {
        private static final long serialVersionUID = 1;

        TooMuchException() {
            super("the stream is too long", null, false, false);
        }
    }

    /** The data of the next event; {@code null} at the end of the stream. */
    byte @Nullable [] next(long deadline) throws HttpCallException, TooMuchException {
        while (ready.isEmpty()) {
            if (tooMuch) {
                throw new TooMuchException();
            }
            byte[] part = source.next(deadline);
            if (part == null) {
                return null;
            }
            take(part);
        }
        return ready.remove();
    }

    /** What was whole before a stream became too much is still given out: it may be the answer. */
    private void take(byte[] part) throws TooMuchException {
        try {
            for (byte b : part) {
                take(b);
            }
        } catch (TooMuchException e) {
            tooMuch = true;
            if (ready.isEmpty()) {
                throw e;
            }
        }
    }

    private void take(byte b) throws TooMuchException {
        boolean secondHalf = afterReturn && b == '\n';
        afterReturn = b == '\r';
        if (secondHalf) {
            return;
        }
        if (b == '\n' || b == '\r') {
            endLine();
        } else if (line.size() + data.size() >= limit) {
            throw new TooMuchException();
        } else {
            line.write(b);
        }
    }

    private void endLine() throws TooMuchException {
        byte[] text = line.toByteArray();
        line.reset();
        int start = first && startsWithMark(text) ? 3 : 0;
        first = false;
        if (text.length == start) {
            endEvent();
        } else if (hasField(text, start, "data")) {
            addData(text, start + 4);
        } else if (hasField(text, start, "id")) {
            String id = value(text, start + 2);
            if (id.length() <= LONGEST_ID && id.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
                lastId = id;
            }
        } else if (hasField(text, start, "retry")) {
            String millis = value(text, start + 5);
            if (!millis.isEmpty() && millis.length() <= 9 && millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
                retryMillis = Integer.parseInt(millis);
            }
        } else if (hasField(text, start, "event")) {
            String name = new String(text, start + 5, text.length - start - 5, StandardCharsets.UTF_8);
            foreign = !name.isEmpty() && !name.substring(1).strip().equals("message");
        }
    }

    private static String value(byte[] text, int end) {
        int from = Math.min(text.length, end + 1);
        if (from < text.length && text[from] == ' ') {
            from++;
        }
        return new String(text, from, text.length - from, StandardCharsets.UTF_8);
    }

    private void addData(byte[] text, int end) {
        int from = Math.min(text.length, end + 1);
        if (from < text.length && text[from] == ' ') {
            from++;
        }
        if (data.size() > 0) {
            data.write('\n');
        }
        data.write(text, from, text.length - from);
    }

    private void endEvent() throws TooMuchException {
        if (data.size() > 0 && !foreign) {
            if (++events > MOST_EVENTS) {
                throw new TooMuchException();
            }
            ready.add(data.toByteArray());
        }
        data.reset();
        foreign = false;
    }

    private static boolean hasField(byte[] text, int start, String field) {
        int length = field.length();
        if (text.length - start < length || (text.length - start > length && text[start + length] != ':')) {
            return false;
        }
        return new String(text, start, length, StandardCharsets.ISO_8859_1).equals(field);
    }

    private static boolean startsWithMark(byte[] text) {
        return text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF;
    }
}
