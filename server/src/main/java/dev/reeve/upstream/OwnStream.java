package dev.reeve.upstream;

import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.upstream.HttpEndpoint.Reply;
import java.time.Duration;

/** 2026-07-28: each resource is followed on a stream of its own. */
final class OwnStream implements Followed {
    private static final Duration FOREVER = Duration.ofDays(365);

    private final HttpEndpoint endpoint;
    private final News news;
    private final HttpExchange http;
    private final String id;
    private final String uri;

    /** @param http started; its answer is a stream */
    OwnStream(HttpEndpoint endpoint, News news, HttpExchange http, String id, String uri) {
        this.endpoint = endpoint;
        this.news = news;
        this.http = http;
        this.id = id;
        this.uri = uri;
    }

    @Override
    public void read(Runnable updated) {
        try (http) {
            Reply ignored = endpoint.read(http, id, System.nanoTime() + FOREVER.toNanos(), it -> {
                if (it instanceof Incoming.Notification told
                        && told.method().equals(UPDATED)
                        && Followed.concerns(uri, told.params())) {
                    updated.run();
                }
            });
        } catch (HttpCallException | CallFailedException e) {
            news.drop();
        }
    }

    @Override
    public void close() {
        http.cancel();
    }
}
