package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.Departure;
import dev.reeve.outbound.HttpCall;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.PoolTls;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one URL of a streamable HTTP server: posts one message and finds the answer to it, as one JSON text or in a stream. Knows no revision
 * and no session.
 */
final class HttpEndpoint implements AutoCloseable {
    /** An error page is read only as far as an error object could go. */
    private static final int ERROR_BYTES = 64 << 10;

    /** How long the end of a stream may follow its last event, so that the connection can be used again. */
    private static final Duration TAIL = Duration.ofMillis(20);

    /** Streams that only listen. What is followed is bounded by {@link Followers}, the others by the sessions. */
    private static final int LISTENING = 8192;

    private final UpstreamSettings.Http settings;
    private final Failures failures;
    private final HttpPool pool;
    /** Apart from the calls: who follows many resources keeps nobody from calling. */
    private final HttpPool listening;

    private final String target;
    private final JsonLimits jsonLimits;

    HttpEndpoint(UpstreamSettings.Http settings, Failures failures, EventLoopGroup loops) {
        this.settings = settings;
        this.failures = failures;
        HttpOrigin origin = HttpOrigin.of(settings.url());
        this.pool = pool(origin, loops, settings.limits().connections());
        this.listening = pool(origin, loops, LISTENING);
        String path = settings.url().getRawPath();
        String query = settings.url().getRawQuery();
        this.target = (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        this.jsonLimits = limits(settings.limits().answerBytes());
    }

    private HttpPool pool(HttpOrigin origin, EventLoopGroup loops, int connections) {
        return new HttpPool(
                origin,
                AddressCheck.forHost(origin.host(), settings.allowed()),
                loops,
                new HttpPool.Limits(connections, settings.limits().connect(), HttpPool.Limits.USUAL.idle()),
                settings.tls().or(() -> PoolTls.ofSystem(origin)));
    }

    static JsonLimits limits(int bytes) {
        return new JsonLimits(bytes, JsonLimits.ANSWER.depth(), JsonLimits.ANSWER.tokens(), false);
    }

    /**
     * What came back.
     *
     * @param answer to our id, or an error without any id
     * @param matched the answer carries our id
     */
    record Reply(int status, Optional<String> session, Optional<Answer> answer, boolean matched) {}

    HttpExchange post(Json.Obj message, Map<String, String> headers, Call call) {
        return pool.exchange(posted(message, headers), call, call.party());
    }

    /** Posts what is answered with a stream that stays open. */
    HttpExchange listen(Json.Obj message, Map<String, String> headers, Call call) {
        return listening.exchange(posted(message, headers), call, call.party());
    }

    private HttpCall posted(Json.Obj message, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        all.put("Accept", "application/json, text/event-stream");
        return new HttpCall("POST", target, withSecrets(all), JsonWriter.bytes(message));
    }

    HttpExchange get(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Accept", "text/event-stream");
        return listening.exchange(new HttpCall("GET", target, withSecrets(all), new byte[0]), Departure.FREE);
    }

    HttpExchange delete(Map<String, String> headers) {
        return pool.exchange(
                new HttpCall("DELETE", target, withSecrets(new HashMap<>(headers)), new byte[0]), Departure.FREE);
    }

    /** The one place where an upstream's credentials leave their wrapping. */
    private Map<String, String> withSecrets(Map<String, String> headers) {
        settings.headers().forEach((name, value) -> headers.put(name, value.exposeTextInsecurely()));
        headers.put("User-Agent", "reeve/0.1.0");
        return headers;
    }

    /** Posts a message that has no answer: a notification of Reeve's own. */
    int tell(Json.Obj message, Map<String, String> headers) throws CallFailedException {
        return tell(message, headers, Call.own(settings.limits().firstByte()));
    }

    /** The same of a notification that belongs to a call, or of what we say to a server's own request. */
    int tellBeside(Call call, Json.Obj message, Map<String, String> headers) throws CallFailedException {
        return tell(message, headers, call.beside(settings.limits().firstByte()));
    }

    private int tell(Json.Obj message, Map<String, String> headers, Call own) throws CallFailedException {
        try (HttpExchange http = post(message, headers, own)) {
            http.start(own.deadline());
            int status = http.status();
            byte[] ignored = http.body(ERROR_BYTES, own.within(TAIL.multipliedBy(50)));
            return status;
        } catch (HttpCallException e) {
            throw failures.of(e, own);
        }
    }

    /**
     * Reads what came to a started request until the answer to {@code id} is there.
     *
     * @param aside everything else that a stream holds before it
     */
    Reply read(HttpExchange http, String id, long deadline, Consumer<Incoming> aside)
            throws HttpCallException, CallFailedException {
        return new HttpReading(this, http, id, HttpReading.Resuming.NEVER)
                .read(deadline, HttpReading.Room.ANY, incoming -> {
                    aside.accept(incoming);
                    return false;
                })
                .orElseThrow();
    }

    /** A connection whose stream ends now can carry the next request; one that lingers is closed. */
    void finish(HttpExchange http) {
        try {
            byte[] ignored = http.body(ERROR_BYTES, System.nanoTime() + TAIL.toNanos());
        } catch (HttpCallException e) {
            http.cancel();
        }
    }

    Optional<Reply> reply(HttpExchange http, Incoming incoming, String id) {
        if (!(incoming instanceof Incoming.Response response)) {
            return Optional.empty();
        }
        boolean matched = response.id().filter(new Json.Str(id)::equals).isPresent();
        boolean nameless = response.id().isEmpty() && response.answer() instanceof Answer.Failure;
        return matched || nameless
                ? Optional.of(new Reply(
                        http.status(), http.header("Mcp-Session-Id"), Optional.of(response.answer()), matched))
                : Optional.empty();
    }

    Incoming parse(byte[] text) throws CallFailedException {
        try {
            return Incoming.of(StrictJson.read(text, jsonLimits));
        } catch (JsonRefusedException e) {
            throw failures.unusable("answer_unreadable", "its answer is not acceptable JSON (" + e.code() + ")");
        }
    }

    int answerBytes() {
        return jsonLimits.bytes();
    }

    JsonLimits jsonLimits() {
        return jsonLimits;
    }

    UpstreamLimits limits() {
        return settings.limits();
    }

    Failures failures() {
        return failures;
    }

    @Override
    public void close() {
        pool.close();
        listening.close();
    }
}
