package dev.reeve.upstream;

import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import dev.reeve.upstream.HttpEndpoint.Reply;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request while it comes: one JSON text, or a stream that may say other things first and may have to be resumed (2025-11-25).
 * Used by one thread at a time; only {@link #cancel} may be called from others.
 */
final class HttpReading implements AutoCloseable {
    /** An error page is read only as far as an error object could go. */
    private static final int ERROR_BYTES = 64 << 10;

    /** A server that hangs up again and again is not believed for ever. */
    private static final int MOST_RESUMPTIONS = 64;

    private static final int USUAL_RETRY_MILLIS = 500;
    private static final int LONGEST_RETRY_MILLIS = 60_000;

    /** From here on an answer needs room among the large ones. */
    private static final int LARGE = 1 << 20;

    /** Where large answers wait for each other; false if there was no room in time. */
    interface Room {
        Room ANY = (bytes, deadline) -> true;

        boolean take(long bytes, long deadline);
    }

    /** Asks for the rest of a stream that ended too soon. */
    interface Resuming {
        /** For revisions without resumption. */
        Resuming NEVER = lastId -> Optional.empty();

        Optional<HttpExchange> after(String lastId);

        /** The server ended the stream in order and said when to come back: until then nothing is to be expected of it. */
        default void pauses(int retryMillis) {}
    }

    private final HttpEndpoint endpoint;
    private final String id;
    private final Resuming resuming;
    private Room room = Room.ANY;
    private boolean hasRoom;
    private volatile HttpExchange http;
    private volatile boolean cancelled;
    private final Queue<Incoming> beside = new ConcurrentLinkedQueue<>();
    private @Nullable SseReader events;
    private int resumptions;
    private boolean broken;

    /** Thrown through the reader of events, which stays where it is. */
    private static final class PokedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        PokedException() {
            super("something came beside", null, false, false);
        }
    }

    /** @param http started */
    HttpReading(HttpEndpoint endpoint, HttpExchange http, String id, Resuming resuming) {
        this.endpoint = endpoint;
        this.http = http;
        this.id = id;
        this.resuming = resuming;
    }

    /**
     * Reads until the answer is there.
     *
     * @param where of who waits for it now; whoever did before has given its own back
     * @param aside takes everything else that a stream holds before it; true stops the reading, which can be taken up again
     * @return empty if it was stopped
     */
    Optional<Reply> read(long deadline, Room where, Predicate<Incoming> aside)
            throws HttpCallException, CallFailedException {
        room = where;
        hasRoom = false;
        SseReader known = events;
        if (known != null) {
            return readStream(known, deadline, aside);
        }
        String encoding = http.header("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw endpoint.failures()
                    .unusable("answer_unreadable", "it answered compressed, which it was not asked for");
        }
        if (streams(http)) {
            return readStream(new SseReader(this::part, endpoint.answerBytes()), deadline, aside);
        }
        String type = http.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (http.status() != 200) {
            return Optional.of(readError(deadline, type));
        }
        if (!type.startsWith("application/json")) {
            throw endpoint.failures().unusable("answer_unreadable", "it answered neither JSON nor an event stream");
        }
        Incoming whole = endpoint.parse(http.body(endpoint.answerBytes(), deadline, held -> makeRoom(held, deadline)));
        return Optional.of(endpoint.reply(http, whole, id)
                .orElseThrow(() ->
                        endpoint.failures().unusable("answer_unreadable", "its answer is not the one to our request")));
    }

    /** Something that belongs here and came another way: whoever reads gets it next. From any thread. */
    void put(Incoming incoming) {
        beside.add(incoming);
        http.poke();
    }

    private byte @Nullable [] part(long deadline) throws HttpCallException {
        SseReader reader = events;
        makeRoom(reader == null ? 0 : reader.held(), deadline);
        byte[] part = http.next(deadline);
        if (part != null && part.length == 0 && !beside.isEmpty()) {
            throw new PokedException();
        }
        return part;
    }

    /** For all that it may become, at once: two that waited for each other's half would wait for ever. */
    private void makeRoom(int held, long deadline) throws HttpCallException {
        if (held > LARGE && !hasRoom) {
            hasRoom = true;
            if (!room.take(announced(), deadline)) {
                throw new HttpCallException(
                        HttpCallException.Kind.TIMED_OUT,
                        true,
                        "too many large answers at a time: there was no room for it");
            }
        }
    }

    private long announced() {
        return http.header("Content-Length")
                .filter(it -> it.matches("[0-9]{1,9}"))
                .map(Long::parseLong)
                .orElse((long) endpoint.answerBytes());
    }

    static boolean streams(HttpExchange http) {
        return http.status() == 200
                && http.header("Content-Type")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("text/event-stream");
    }

    private Optional<Reply> readStream(SseReader from, long deadline, Predicate<Incoming> aside)
            throws HttpCallException, CallFailedException {
        SseReader reader = from;
        events = reader;
        while (true) {
            Incoming other = beside.poll();
            if (other != null) {
                if (aside.test(other)) {
                    return Optional.empty();
                }
                continue;
            }
            byte[] event;
            try {
                event = next(reader, deadline);
            } catch (PokedException e) {
                continue;
            }
            if (event == null) {
                reader = resumed(reader, deadline);
                events = reader;
                continue;
            }
            Incoming incoming = endpoint.parse(event);
            Optional<Reply> reply = endpoint.reply(http, incoming, id);
            if (reply.isPresent()) {
                endpoint.finish(http);
                return reply;
            }
            if (aside.test(incoming)) {
                return Optional.empty();
            }
        }
    }

    private byte @Nullable [] next(SseReader reader, long deadline) throws HttpCallException, CallFailedException {
        broken = false;
        try {
            return reader.next(deadline);
        } catch (SseReader.TooMuchException e) {
            throw endpoint.failures()
                    .unusable("answer_too_large", "its answer has more than " + endpoint.answerBytes() + " bytes");
        } catch (HttpCallException e) {
            if (e.kind() == HttpCallException.Kind.BROKEN && reader.lastId().isPresent()) {
                broken = true;
                return null;
            }
            throw e;
        }
    }

    /** The request is never sent again: only what is left of its answer is asked for. */
    private SseReader resumed(SseReader ended, long deadline) throws HttpCallException, CallFailedException {
        Optional<String> lastId = ended.lastId();
        if (!broken && lastId.isPresent() && ended.retryMillis() >= 0) {
            resuming.pauses(Math.min(ended.retryMillis(), LONGEST_RETRY_MILLIS));
        }
        while (lastId.isPresent() && ++resumptions <= MOST_RESUMPTIONS && pause(ended, deadline)) {
            Optional<HttpExchange> again = resuming.after(lastId.get());
            if (again.isEmpty()) {
                break;
            }
            http.close();
            http = again.get();
            if (cancelled) {
                http.cancel();
            }
            if (opened(deadline)) {
                return ended.resumed(this::part);
            }
        }
        throw endpoint.failures().lost("its stream ended without the answer");
    }

    private boolean opened(long deadline) throws HttpCallException, CallFailedException {
        try {
            http.start(Math.min(
                    deadline, System.nanoTime() + endpoint.limits().firstByte().toNanos()));
        } catch (HttpCallException e) {
            if (e.kind() == HttpCallException.Kind.CANCELLED || e.kind() == HttpCallException.Kind.TIMED_OUT) {
                throw e;
            }
            return false;
        }
        if (!streams(http)) {
            throw endpoint.failures().lost("its stream ended without the answer, and it does not resume it");
        }
        return true;
    }

    private boolean pause(SseReader ended, long deadline) {
        int asked = ended.retryMillis();
        long millis = asked < 0 ? USUAL_RETRY_MILLIS : Math.min(asked, LONGEST_RETRY_MILLIS);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!cancelled && System.nanoTime() - until < 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(Math.min(until - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100)));
        }
        return !cancelled && System.nanoTime() - deadline < 0;
    }

    private Reply readError(long deadline, String type) throws HttpCallException {
        byte[] body = http.body(ERROR_BYTES, deadline);
        Reply bare = new Reply(http.status(), Optional.empty(), Optional.empty(), false);
        if (!type.startsWith("application/json")) {
            return bare;
        }
        try {
            return endpoint.reply(http, Incoming.of(StrictJson.read(body, endpoint.jsonLimits())), id)
                    .filter(it -> it.answer().orElseThrow() instanceof Answer.Failure)
                    .orElse(bare);
        } catch (JsonRefusedException e) {
            return bare;
        }
    }

    int status() {
        return http.status();
    }

    /** Ends it now. */
    void cancel() {
        cancelled = true;
        http.cancel();
    }

    @Override
    public void close() {
        http.close();
    }
}
