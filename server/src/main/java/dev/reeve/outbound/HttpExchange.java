package dev.reeve.outbound;

import dev.reeve.outbound.HttpCallException.Kind;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Used by one virtual thread; only {@link #cancel} and {@link #poke} may be called from others. Redirects are answers like any
 * other: they are not followed.
 */
public final class HttpExchange implements AutoCloseable {
    /** A server that accepts and hangs up at once must not be called for ever. */
    private static final int MOST_TRIES = 10;

    private final HttpPool pool;
    private final HttpCall call;
    private final Departure departure;
    private final Optional<String> party;
    private volatile @Nullable HttpConnection connection;
    private volatile boolean cancelled;
    private @Nullable HttpResponse head;

    HttpExchange(HttpPool pool, HttpCall call, Departure departure, Optional<String> party) {
        this.pool = pool;
        this.call = call;
        this.departure = departure;
        this.party = party;
    }

    /**
     * Sends the request and waits for status and headers.
     *
     * @param firstByte until when, in the time of {@link System#nanoTime}
     */
    public void start(long firstByte) throws HttpCallException {
        for (int tries = 1; ; tries++) {
            HttpConnection taken = take();
            taken.ask(call, departure);
            try {
                head = taken.awaitHead(firstByte);
                return;
            } catch (HttpCallException e) {
                // It had died idle: nobody was asked for leave yet and nothing has left, so another one may carry it.
                if (e.kind() != Kind.UNREACHABLE || cancelled || tries == MOST_TRIES) {
                    throw e;
                }
                release();
            }
        }
    }

    private HttpConnection take() throws HttpCallException {
        HttpConnection taken = pool.take(party);
        connection = taken;
        if (cancelled) {
            release();
            throw new HttpCallException(Kind.CANCELLED, false, "the caller went away");
        }
        return taken;
    }

    public int status() {
        return answer().status().code();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(answer().headers().get(name));
    }

    /** The next bytes of the body, {@code null} at its end. */
    public byte @Nullable [] next(long deadline) throws HttpCallException {
        return connected().awaitPart(deadline);
    }

    /** Lets the thread that waits in {@link #next} return with no bytes, so that it can look at something else. From any thread. */
    public void poke() {
        HttpConnection taken = connection;
        if (taken != null) {
            taken.poke();
        }
    }

    /** The whole body. */
    public byte[] body(int limit, long deadline) throws HttpCallException {
        return body(limit, deadline, bytes -> {});
    }

    /** Hears how much of a body is held, and may make its reader wait. */
    public interface Growing {
        void to(int bytes) throws HttpCallException;
    }

    /** The whole body. */
    public byte[] body(int limit, long deadline, Growing growing) throws HttpCallException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part = next(deadline); part != null; part = next(deadline)) {
            growing.to(whole.size() + part.length);
            if (whole.size() + part.length > limit) {
                throw new HttpCallException(Kind.TOO_LARGE, true, "the answer has more than " + limit + " bytes");
            }
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** Ends it now: the connection is closed, and whoever waits here is told. */
    public void cancel() {
        cancelled = true;
        HttpConnection taken = connection;
        if (taken != null) {
            taken.kill(Kind.CANCELLED, "the caller went away");
        }
    }

    /** Gives the connection back if the answer was read whole, closes it otherwise. */
    @Override
    public void close() {
        release();
    }

    private void release() {
        HttpConnection taken = connection;
        connection = null;
        if (taken != null) {
            pool.giveBack(taken, party);
        }
    }

    private HttpResponse answer() {
        HttpResponse response = head;
        if (response == null) {
            throw new IllegalStateException("not started");
        }
        return response;
    }

    private HttpConnection connected() {
        HttpConnection taken = connection;
        if (taken == null) {
            throw new IllegalStateException("not started, or closed");
        }
        return taken;
    }
}
