package dev.reeve.upstream;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.upstream.HttpEndpoint.Reply;
import dev.reeve.upstream.HttpReading.Resuming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A streamable HTTP server after the handshake: a session (up to 2025-11-25), or the agreement to need none (2026-07-28). */
final class HttpLink implements Link {
    /** What a server may ask on one stream before it is told nothing more. */
    private static final int MOST_REQUESTS = 16;

    private static final Duration STREAM_OPENS = Duration.ofMillis(500);
    private static final Duration BETWEEN_STREAMS = Duration.ofSeconds(1);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final HttpEndpoint endpoint;
    private final Agreement agreement;
    private final Optional<String> session;
    private final News news;
    private final boolean mayBeAsked;
    private final Set<Running> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong order = new AtomicLong();
    private final CountDownLatch heard = new CountDownLatch(1);
    private volatile boolean closed;
    private final LogsFrom logsFrom = new LogsFrom();
    private final Followed.Board board = new Followed.Board();
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable HttpExchange listening;

    HttpLink(HttpEndpoint endpoint, Agreement agreement, Optional<String> session, News news) {
        this(endpoint, agreement, session, news, false);
    }

    /** @param mayBeAsked the server of the session was offered to ask, and may do so on the session's own stream */
    HttpLink(HttpEndpoint endpoint, Agreement agreement, Optional<String> session, News news, boolean mayBeAsked) {
        this.mayBeAsked = mayBeAsked;
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
    public Step call(Ask ask, Call call) throws CallFailedException {
        setLevel(call);
        String id = Envelope.freshId();
        Optional<String> token = call.wantsProgress() ? Optional.of(Envelope.freshId()) : Optional.empty();
        Json.Obj message = Envelope.request(id, ask, agreement.modern(), token, call);
        return new Running(call, endpoint.post(message, headers(ask), call), id, token).begin(call);
    }

    private void setLevel(Call call) {
        Optional<LogLevel> level = logsFrom.toTell(call, agreement);
        if (level.isEmpty()) {
            return;
        }
        try {
            Step ignored = call(
                    Envelope.setLevel(level.get()),
                    call.beside(endpoint.limits().firstByte()));
        } catch (CallFailedException e) {
            // Then it logs as it likes, and what is less than wanted is not passed on.
            news.drop();
        }
    }

    /** Some servers ask on the session's stream, whichever call it is about: all calls of a session are of one principal. */
    private boolean isTaken(Incoming.Request request) {
        return Questions.kind(request.method(), request.params())
                .flatMap(kind -> live.stream()
                        .filter(running -> running.mayBeAsked(kind))
                        .max(Comparator.comparingLong(Running::order)))
                .filter(running -> running.put(request))
                .isPresent();
    }

    /** One request and what belongs to it, from its first byte to its answer. */
    private final class Running implements Step.Dialogue {
        private final Call begun;
        private final HttpExchange first;
        private final String id;
        private final Optional<String> token;
        private final AtomicInteger requests = new AtomicInteger();
        private final long order = HttpLink.this.order.incrementAndGet();
        private volatile @Nullable HttpReading reading;
        private final List<Incoming> early = new ArrayList<>();
        private volatile Offered offered = Offered.NOTHING;
        private Incoming.@Nullable Request asked;

        Running(Call begun, HttpExchange first, String id, Optional<String> token) {
            this.begun = begun;
            this.first = first;
            this.id = id;
            this.token = token;
        }

        long order() {
            return order;
        }

        boolean mayBeAsked(Asks kind) {
            return offered.kinds().contains(kind);
        }

        /** One that comes before the answer has begun waits for that. */
        synchronized boolean put(Incoming.Request question) {
            HttpReading to = reading;
            if (to != null) {
                to.put(question);
                return true;
            }
            return early.size() < Questions.MOST && early.add(question);
        }

        private synchronized void reads(HttpReading from) {
            reading = from;
            early.forEach(from::put);
            early.clear();
        }

        Step begin(Call call) throws CallFailedException {
            boolean open = false;
            listenForQuestions();
            mayBeAskedBy(call);
            try {
                call.whenCancelled(() -> cancel(call));
                first.start(call.within(endpoint.limits().firstByte()));
                if (HttpReading.streams(first)) {
                    call.streams();
                }
                reads(new HttpReading(endpoint, first, id, agreement.modern() ? Resuming.NEVER : new Rest(call)));
                open = true;
            } catch (HttpCallException e) {
                throw failed(e, call);
            } finally {
                if (!open) {
                    live.remove(this);
                    call.whenCancelled(() -> {});
                    first.close();
                }
            }
            return read(call);
        }

        private void mayBeAskedBy(Call call) {
            offered = agreement.modern() ? Offered.NOTHING : call.offered();
            if (!offered.kinds().isEmpty()) {
                live.add(this);
            }
        }

        private Step read(Call call) throws CallFailedException {
            HttpReading from = java.util.Objects.requireNonNull(reading);
            asked = null;
            boolean goesOn = false;
            mayBeAskedBy(call);
            try {
                Optional<Reply> reply = from.read(call.deadline(), call::large, it -> aside(it, call));
                Incoming.Request question = asked;
                if (reply.isEmpty() && question != null) {
                    goesOn = true;
                    return new Step.Asked(question.method(), question.params(), this);
                }
                return new Step.Done(interpret(reply.orElseThrow()));
            } catch (HttpCallException e) {
                throw failed(e, call);
            } finally {
                call.whenCancelled(() -> {});
                if (!goesOn) {
                    live.remove(this);
                    from.close();
                }
            }
        }

        private CallFailedException failed(HttpCallException e, Call call) {
            if (e.sent() && e.kind() == HttpCallException.Kind.TIMED_OUT) {
                tellCancelled(call, id);
            }
            return endpoint.failures().of(e, call);
        }

        private void cancel(Call call) {
            HttpReading from = reading;
            if (from == null) {
                first.cancel();
            } else {
                from.cancel();
            }
            if (call.hasLeft()) {
                tellCancelled(call, id);
            }
        }

        /** @return true if it is a question that somebody must answer before it goes on */
        private boolean aside(Incoming incoming, Call call) {
            if (incoming instanceof Incoming.Request request
                    && !agreement.modern()
                    && Questions.kind(request.method(), request.params())
                            .filter(call.offered().kinds()::contains)
                            .isPresent()) {
                asked = request;
                return true;
            }
            HttpLink.this.aside(incoming, token, call, requests);
            return false;
        }

        @Override
        public Step answer(Json.Obj response, Call call) throws CallFailedException {
            Incoming.Request question = java.util.Objects.requireNonNull(asked);
            boolean told = false;
            try (HttpExchange http = endpoint.post(Envelope.answer(question.id(), response), headers(), call)) {
                call.whenCancelled(() -> cancel(call));
                http.start(call.within(endpoint.limits().firstByte()));
                if (http.status() >= 400) {
                    throw endpoint.failures().lost("it refused the answer to its own question: HTTP " + http.status());
                }
                told = true;
            } catch (HttpCallException e) {
                throw failed(e, call);
            } finally {
                if (!told) {
                    abandon();
                }
            }
            return read(call);
        }

        @Override
        public void abandon() {
            HttpReading from = reading;
            if (from != null) {
                from.cancel();
                from.close();
            }
            tellCancelled(begun, id);
        }
    }

    /** What is left of an answer whose stream ended. */
    private final class Rest implements Resuming {
        private final Call call;

        Rest(Call call) {
            this.call = call;
        }

        @Override
        public Optional<HttpExchange> after(String lastId) {
            if (closed) {
                return Optional.empty();
            }
            Map<String, String> headers = headers();
            headers.put("Last-Event-ID", lastId);
            return Optional.of(endpoint.get(headers));
        }

        @Override
        public void pauses(int retryMillis) {
            call.pauses(retryMillis);
        }
    }

    /** Closing the stream cancels in 2026-07-28; before, only this does. */
    private void tellCancelled(Call call, String id) {
        if (!agreement.modern() && !closed) {
            aloneBestEffort(call, Envelope.cancelled(id));
        }
    }

    private void aloneBestEffort(Call call, Json.Obj message) {
        Thread.startVirtualThread(() -> {
            try {
                int ignored = endpoint.tellBeside(call, message, headers());
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
            case Incoming.Notification told
            when told.method().equals("notifications/message") -> call.log(told.params());
            case Incoming.Notification told -> {
                if (!board.tells(told)) {
                    news.notified(told.method());
                }
            }
            case Incoming.Request request -> {
                if (agreement.modern() || !isTaken(request)) {
                    reply(request, call, requests);
                }
            }
            case Incoming.Response ignored -> news.drop();
            case Incoming.Junk ignored -> news.drop();
        }
    }

    private void reply(Incoming.Request request, Call call, AtomicInteger requests) {
        if (!agreement.modern() && requests.incrementAndGet() <= MOST_REQUESTS) {
            aloneBestEffort(call, Envelope.replyTo(request));
        } else {
            news.drop();
        }
    }

    private Answer interpret(Reply reply) throws CallFailedException {
        Failures failures = endpoint.failures();
        int status = reply.status();
        Optional<Answer.Failure> error =
                reply.answer().filter(it -> it instanceof Answer.Failure).map(it -> (Answer.Failure) it);
        if (session.isPresent() && status == 404 && !reply.matched()) {
            throw failures.forgotten("HTTP 404");
        }
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

    /**
     * Each of these may mean that the session or the revision was not accepted in the first place. No revision says so, as it does of the bare 404,
     * and an answer with the id of the request comes from who has read it.
     */
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
                ? endpoint.listen(Envelope.request(id, ask, true, Optional.empty()), headers(ask), own)
                : endpoint.get(headers())) {
            listening = http;
            if (closed) {
                return false;
            }
            http.start(own.within(endpoint.limits().firstByte()));
            heard.countDown();
            if (session.isPresent() && http.status() == 404) {
                throw endpoint.failures().forgotten("HTTP 404");
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
    public Followed follow(String uri, Call call) throws CallFailedException {
        return agreement.modern() ? stream(uri, call) : subscribed(uri, call);
    }

    /** 2026-07-28: a stream of its own. */
    private Followed stream(String uri, Call call) throws CallFailedException {
        String id = Envelope.freshId();
        Ask ask = Envelope.listenTo(uri);
        HttpExchange http = endpoint.listen(Envelope.request(id, ask, true, Optional.empty()), headers(ask), call);
        boolean open = false;
        try {
            call.whenCancelled(http::cancel);
            http.start(call.within(endpoint.limits().firstByte()));
            if (!HttpReading.streams(http)) {
                throw endpoint.failures().unfollowable("HTTP " + http.status());
            }
            open = true;
            return new OwnStream(endpoint, news, http, id, uri);
        } catch (HttpCallException e) {
            throw endpoint.failures().of(e, call);
        } finally {
            if (!open) {
                http.close();
            }
        }
    }

    /** Before: the server remembers it for the session, and tells on the session's one stream. */
    private Followed subscribed(String uri, Call call) throws CallFailedException {
        // First: a server may tell of a change before it answers, and what it tells before its stream is open is lost.
        Followed.Board.Listening listening = board.add(uri);
        listenToSession();
        awaitStream();
        boolean agreed = false;
        try {
            agreed = call(Envelope.subscribe(uri, true), call) instanceof Step.Done(Answer.Result ignored);
        } finally {
            if (!agreed) {
                listening.close();
            }
        }
        if (!agreed) {
            throw endpoint.failures().unfollowable("it refuses the subscription");
        }
        return new Followed() {
            @Override
            public void read(Runnable updated) {
                listening.read(updated);
            }

            @Override
            public void close() {
                if (listening.close()) {
                    unsubscribe(uri, call);
                }
            }
        };
    }

    private void unsubscribe(String uri, Call followed) {
        Thread.startVirtualThread(() -> {
            try {
                subscribe(uri, false, followed);
                if (board.follows(uri)) {
                    // Somebody began to meanwhile, whom the server may have forgotten by this.
                    subscribe(uri, true, followed);
                }
            } catch (CallFailedException e) {
                news.drop();
            }
        });
    }

    private void subscribe(String uri, boolean on, Call followed) throws CallFailedException {
        Step ignored = call(
                Envelope.subscribe(uri, on), followed.beside(endpoint.limits().firstByte()));
    }

    private void listenForQuestions() {
        // What a server asks before its stream is open is lost to it.
        if (mayBeAsked && session.isPresent()) {
            listenToSession();
            awaitStream();
        }
    }

    /** Not for long; one that opens none is not waited for again. */
    private void awaitStream() {
        try {
            boolean ignored = heard.await(STREAM_OPENS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        heard.countDown();
    }

    private void listenToSession() {
        if (reading.compareAndSet(false, true)) {
            Thread.startVirtualThread(this::readBoard);
        }
    }

    /** Stays on the session's stream as long as somebody follows something; when it breaks, all of them begin anew. */
    private void readBoard() {
        boolean streams = true;
        try {
            while (streams && !closed && (mayBeAsked || !board.isEmpty())) {
                streams = listen();
                // A server that ends its stream at once is not asked again at once.
                LockSupport.parkNanos(BETWEEN_STREAMS.toNanos());
            }
        } catch (CallFailedException e) {
            streams = false;
            board.end();
        } finally {
            reading.set(false);
        }
        // Who came on the board since it was looked at found a reader that was going.
        if (streams && !closed && !board.isEmpty()) {
            listenToSession();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        board.end();
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
