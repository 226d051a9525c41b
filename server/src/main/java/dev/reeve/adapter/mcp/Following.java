package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import dev.reeve.upstream.Exchange;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One resource that a client wants to hear of: what its server tells goes to the client's stream, with the name that the client knows it by and nothing
 * else of the server's (R5). Safe for use by many threads.
 */
final class Following implements Exchange {
    /** What may wait for a stream that is not open yet. */
    private static final int MOST_WAITING = 64;

    private final UnaryOperator<String> shown;
    private final BooleanSupplier stillVisible;
    private final Optional<Json> subscription;
    private final Set<String> waiting = new LinkedHashSet<>();
    private @Nullable Predicate<Json.Obj> outlet;
    private Runnable stop = () -> {};
    private boolean stopped;

    /**
     * @param shown the server's URI in the client's words
     * @param stillVisible whether the client may still know of it
     * @param subscription the id of the stream that notifications name (2026-07-28)
     */
    Following(UnaryOperator<String> shown, BooleanSupplier stillVisible, Optional<Json> subscription) {
        this.shown = shown;
        this.stillVisible = stillVisible;
        this.subscription = subscription;
    }

    /** From now on changes go there; those that came before at once. */
    void open(Predicate<Json.Obj> to) {
        Set<String> before;
        synchronized (this) {
            outlet = to;
            before = Set.copyOf(waiting);
            waiting.clear();
        }
        before.forEach(this::updated);
    }

    @Override
    public void updated(String uri) {
        Predicate<Json.Obj> to;
        synchronized (this) {
            to = outlet;
            if (to == null && waiting.size() < MOST_WAITING) {
                waiting.add(uri);
            }
        }
        if (to != null && stillVisible.getAsBoolean()) {
            Json.Builder params = Json.object();
            subscription.ifPresent(id -> params.put("_meta", Json.object().put(Meta.SUBSCRIPTION, id)));
            boolean ignored = to.test(Json.object()
                    .put("jsonrpc", "2.0")
                    .put("method", "notifications/resources/updated")
                    .put("params", params.put("uri", shown.apply(uri)))
                    .build());
        }
    }

    @Override
    public void progress(Json.Obj params) {}

    @Override
    public boolean wantsProgress() {
        return false;
    }

    @Override
    public void onCancel(Runnable how) {
        boolean now;
        synchronized (this) {
            stop = how;
            now = stopped;
        }
        if (now) {
            how.run();
        }
    }

    /** The client no longer wants to hear of it. */
    void stop() {
        Runnable how;
        synchronized (this) {
            stopped = true;
            how = stop;
        }
        how.run();
    }
}
