package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.outbound.Departure;
import dev.reeve.outbound.HttpCall;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.StandardWebhook;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Posts to an HTTP receiver; an answer from 200 to 299 says that it has them. With a secret, requests are signed as Standard Webhooks 1.0
 * has it: {@code webhook-signature: v1,BASE64} is the HMAC-SHA-256 of {@code ID.TIMESTAMP.BODY}, and the id is the same when the same
 * events come again.
 */
final class HttpSink implements Sink {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_ANSWER = 64 << 10;

    private final HttpPool pool;
    private final Request request;
    private final InstantSource clock;

    /**
     * What each request is made of.
     *
     * @param target path and query
     */
    record Request(
            String name,
            String target,
            Map<String, Secret> headers,
            Optional<Secret> secret,
            Format format,
            boolean values) {
        Request {
            headers = Map.copyOf(headers);
        }
    }

    HttpSink(HttpPool pool, Request request, InstantSource clock) {
        this.pool = pool;
        this.request = request;
        this.clock = clock;
    }

    @Override
    public void deliver(List<Happened> events) throws IOException {
        byte[] body = request.format().text(events, request.values()).getBytes(StandardCharsets.UTF_8);
        HttpCall call = new HttpCall("POST", request.target(), headers(events, body), body);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpExchange exchange = pool.exchange(call, Departure.FREE)) {
            exchange.start(deadline);
            int status = exchange.status();
            exchange.body(MOST_ANSWER, deadline);
            if (status < 200 || status > 299) {
                throw new IOException("the receiver answers " + status);
            }
        } catch (HttpCallException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private Map<String, String> headers(List<Happened> events, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach((name, value) -> headers.put(name, value.exposeTextInsecurely()));
        headers.put(
                "Content-Type",
                switch (request.format()) {
                    case OTEL -> "application/json";
                    case CSV -> "text/csv; charset=utf-8";
                    case CEF -> "text/plain; charset=utf-8";
                    case JSONL, OCSF -> "application/x-ndjson";
                });
        request.secret().ifPresent(secret -> {
            String id = request.name() + "-" + events.getFirst().finished() + "-"
                    + events.getLast().finished();
            headers.putAll(StandardWebhook.headers(secret, id, clock.instant(), body));
        });
        return headers;
    }

    @Override
    public void close() {
        pool.close();
    }
}
