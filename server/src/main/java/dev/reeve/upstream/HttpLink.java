package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.upstream.HttpEndpoint.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A streamable HTTP server after the handshake: a session (up to 2025-11-25), or the agreement to need none (2026-07-28). */
final class HttpLink implements Link {
    /** What a server may ask on one stream before it is told nothing more. */
    private static final int MOST_REQUESTS = 16;

    private static final Duration FOREVER = Duration.ofDays(365);

    private final HttpEndpoint endpoint;
    private final Agreement agreement;
    private final Optional<String> session;
    private final News news;
    private volatile boolean closed;
    private volatile @Nullable HttpExchange listening;

    HttpLink(HttpEndpoint endpoint, Agreement agreement, Optional<String> session, News news) {
        this.endpoint = endpoint;
        this.agreement = agreement;
        this.session = session;
        this.news = news;
    }

    @Override
    public Agreement agreement() {
        return agreement;
    }

    @Override
    public Answer call(Ask ask, Call call) throws CallFailedException {
        String id = Envelope.freshId();
        Optional<String> token = call.wantsProgress() ? Optional.of(Envelope.freshId()) : Optional.empty();
        Json.Obj message = Envelope.request(id, ask, agreement.modern(), token);
        try (HttpExchange http = endpoint.post(message, headers(ask), call)) {
            call.whenCancelled(() -> {
                http.cancel();
                if (call.hasLeft()) {
                    tellCancelled(id);
                }
            });
            return answer(http, id, token, call);
        } finally {
            call.whenCancelled(() -> {});
        }
    }

    private Answer answer(HttpExchange http, String id, Optional<String> token, Call call) throws CallFailedException {
        try {
            http.start(call.within(endpoint.limits().firstByte()));
            AtomicInteger requests = new AtomicInteger();
            return interpret(endpoint.read(http, id, call.deadline(), it -> aside(it, token, call, requests)));
        } catch (HttpCallException e) {
            if (e.sent() && e.kind() == HttpCallException.Kind.TIMED_OUT) {
                tellCancelled(id);
            }
            throw endpoint.failures().of(e, call);
        }
    }

    /** Closing the stream cancels in 2026-07-28; before, only this does. */
    private void tellCancelled(String id) {
        if (!agreement.modern() && !closed) {
            aloneBestEffort(Envelope.cancelled(id));
        }
    }

    private void aloneBestEffort(Json.Obj message) {
        Thread.startVirtualThread(() -> {
            try {
                int ignored = endpoint.tell(message, headers());
            } catch (CallFailedException e) {
                news.drop();
            }
        });
    }

    private void aside(Incoming incoming, Optional<String> token, Call call, AtomicInteger requests) {
        switch (incoming) {
            case Incoming.Notification told
            when told.method().equals("notifications/progress") ->
                Progress.of(told.params(), token).ifPresentOrElse(call::progress, news::drop);
            case Incoming.Notification told -> news.notified(told.method());
            case Incoming.Request request -> reply(request, requests);
            case Incoming.Response ignored -> news.drop();
            case Incoming.Junk ignored -> news.drop();
        }
    }

    private void reply(Incoming.Request request, AtomicInteger requests) {
        if (!agreement.modern() && requests.incrementAndGet() <= MOST_REQUESTS) {
            aloneBestEffort(Envelope.replyTo(request));
        } else {
            news.drop();
        }
    }

    private Answer interpret(Reply reply) throws CallFailedException {
        Failures failures = endpoint.failures();
        int status = reply.status();
        Optional<Answer.Failure> error =
                reply.answer().filter(it -> it instanceof Answer.Failure).map(it -> (Answer.Failure) it);
        if (isStale(status, reply.matched(), error)) {
            throw failures.stale("HTTP " + status);
        }
        if (reply.answer().isPresent()) {
            return reply.answer().get();
        }
        if (status >= 500) {
            throw failures.lost("it answered HTTP " + status);
        }
        if (status < 300) {
            throw failures.unusable("answer_missing", "it answered HTTP " + status + " without an answer");
        }
        return new Answer.Failure(-32000, "the server refused the request: " + meaning(status), Optional.empty());
    }

    /** Each of these says that nothing was executed: the session or the revision was not accepted in the first place. */
    private boolean isStale(int status, boolean matched, Optional<Answer.Failure> error) {
        if (session.isPresent() && status == 404) {
            return true;
        }
        boolean nameless400 = status == 400 && !matched;
        String message = error.map(it -> it.message().toLowerCase(Locale.ROOT)).orElse("");
        boolean otherRevision = error.filter(it -> it.code() == -32022).isPresent();
        return otherRevision || (nameless400 && message.contains(agreement.modern() ? "not initialized" : "session"));
    }

    private static String meaning(int status) {
        return switch (status) {
            case 401, 403 -> "HTTP " + status + "; the operator should check the credential that Reeve sends";
            case 404, 405 -> "HTTP " + status + "; the operator should check the URL";
            case 429 -> "HTTP 429, too many requests; try again later";
            default ->
                status < 400
                        ? "HTTP " + status + ", a redirect; none is followed, the operator should write the final URL"
                        : "HTTP " + status;
        };
    }

    private Map<String, String> headers(Ask ask) {
        Map<String, String> headers = headers();
        if (agreement.modern()) {
            headers.put("Mcp-Method", ask.method());
            ask.name().ifPresent(name -> headers.put("Mcp-Name", HeaderValues.encode(name)));
            headers.putAll(ask.paramHeaders());
        }
        return headers;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        if (agreement.saysItsRevision()) {
            headers.put("MCP-Protocol-Version", agreement.revision());
        }
        session.ifPresent(id -> headers.put("Mcp-Session-Id", id));
        return headers;
    }

    @Override
    public boolean listen() throws CallFailedException {
        Call own = Call.own(FOREVER);
        String id = Envelope.freshId();
        Ask ask = Envelope.listen(agreement);
        boolean modern = agreement.modern();
        try (HttpExchange http = modern
                ? endpoint.post(Envelope.request(id, ask, true, Optional.empty()), headers(ask), own)
                : endpoint.get(headers())) {
            listening = http;
            if (closed) {
                return false;
            }
            http.start(own.within(endpoint.limits().firstByte()));
            if (session.isPresent() && http.status() == 404) {
                throw endpoint.failures().stale("HTTP 404");
            }
            boolean streams = http.status() == 200
                    && http.header("Content-Type").orElse("").startsWith("text/event-stream");
            if (streams) {
                AtomicInteger requests = new AtomicInteger();
                Reply ignored =
                        endpoint.read(http, id, own.deadline(), it -> aside(it, Optional.empty(), own, requests));
            }
            return streams;
        } catch (HttpCallException e) {
            throw endpoint.failures().of(e, own);
        } finally {
            listening = null;
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        HttpExchange stream = listening;
        if (stream != null) {
            stream.cancel();
        }
        if (session.isPresent()) {
            goodbye();
        }
    }

    private void goodbye() {
        try (HttpExchange http = endpoint.delete(headers())) {
            http.start(System.nanoTime() + endpoint.limits().connect().toNanos());
        } catch (HttpCallException e) {
            // The server forgets the session by itself; nothing here depends on it.
            news.drop();
        }
    }
}
