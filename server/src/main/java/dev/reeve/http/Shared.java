package dev.reeve.http;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** What all connections of one server share. */
final class Shared {
    private final HttpConfig config;
    private final Handler handler;
    private final LongSupplier ticker;
    private final BiConsumer<String, Response> refusals;
    private final Screening screening;
    private final Budget open;
    private final Budget requests;
    private final Budget bytes;
    private final Shares shares;
    private final Unread unread;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Optional<Handshakes> handshakes;
    private final RequestThreads threads = new RequestThreads();
    private volatile boolean draining;

    Shared(HttpConfig config, Handler handler, LongSupplier ticker, BiConsumer<String, Response> refusals) {
        this.config = config;
        this.handler = handler;
        this.ticker = ticker;
        this.refusals = refusals;
        this.screening = new Screening(config);
        this.handshakes = config.tls().map(Handshakes::new);
        this.open = new Budget(config.limits().connections());
        this.requests = new Budget(config.limits().inFlight());
        this.bytes = new Budget(config.limits().bodies());
        this.shares = new Shares(bytes, config.limits());
        this.unread = new Unread(config.limits().bodies());
    }

    HttpConfig config() {
        return config;
    }

    Handler handler() {
        return handler;
    }

    Optional<Handshakes> handshakes() {
        return handshakes;
    }

    Screening screening() {
        return screening;
    }

    Budget requests() {
        return requests;
    }

    Budget bytes() {
        return bytes;
    }

    Shares shares() {
        return shares;
    }

    Unread unread() {
        return unread;
    }

    Set<Connection> connections() {
        return connections;
    }

    boolean enter(Connection connection) {
        if (draining || !open.take(1)) {
            return false;
        }
        connections.add(connection);
        return true;
    }

    void left(Connection connection) {
        if (connections.remove(connection)) {
            open.giveBack(1);
        }
    }

    void run(Runnable task) {
        threads.run(task);
    }

    /** @param path without the query; empty if it was not read */
    void refused(String path, Response response) {
        refusals.accept(path, response);
    }

    long nanos() {
        return ticker.getAsLong();
    }

    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }
}
