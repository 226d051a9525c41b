package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import dev.reeve.upstream.Exchange;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One resource that a client wants to hear of: that it changed goes to the client's stream, in the client's own words and with nothing of the server's
 * (R5). Safe for use by many threads.
 */
final class Following implements Exchange {
    private final String uri;
    private final BooleanSupplier stillVisible;
    private volatile BooleanSupplier stillAllowed = () -> true;
    private final Optional<Json> subscription;
    private boolean waits;
    private @Nullable Predicate<Json.Obj> outlet;
    private Runnable stop = () -> {};
    private boolean stopped;

    /**
     * @param uri as the client wrote it
     * @param stillVisible whether the client may still know of it
     * @param subscription the id of the stream that notifications name (2026-07-28)
     */
    Following(String uri, BooleanSupplier stillVisible, Optional<Json> subscription) {
        this.uri = uri;
        this.stillVisible = stillVisible;
        this.subscription = subscription;
    }

    /** @param allowed whether what was decided when it began would still be decided so */
    void asLongAs(BooleanSupplier allowed) {
        stillAllowed = allowed;
    }

    /** From now on changes go there; one that came before at once. */
    void open(Predicate<Json.Obj> to) {
        boolean before;
        synchronized (this) {
            outlet = to;
            before = waits;
        }
        if (before) {
            updated();
        }
    }

    @Override
    public void updated() {
        Predicate<Json.Obj> to;
        synchronized (this) {
            to = outlet;
            waits = to == null;
        }
        if (to != null && stillVisible.getAsBoolean() && stillAllowed.getAsBoolean()) {
            Json.Builder params = Json.object();
            subscription.ifPresent(id -> params.put("_meta", Json.object().put(Meta.SUBSCRIPTION, id)));
            boolean ignored = to.test(Json.object()
                    .put("jsonrpc", "2.0")
                    .put("method", "notifications/resources/updated")
                    .put("params", params.put("uri", uri))
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
