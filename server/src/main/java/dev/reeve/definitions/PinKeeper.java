package dev.reeve.definitions;

import dev.reeve.upstream.Offers;
import dev.reeve.upstream.UpstreamChange;
import dev.reeve.upstream.UpstreamDownException;
import dev.reeve.upstream.Upstreams;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads what each server offers, at the start and whenever it says that this has changed, and compares it with the pins. */
public final class PinKeeper {
    private final Upstreams upstreams;
    private final PinnedDefinitions definitions;
    private final Predicate<String> trustFirstUse;
    private final Consumer<String> news;
    private final ExecutorService workers;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> turns = new ConcurrentHashMap<>();

    /**
     * @param trustFirstUse whether the operator's file says so of an upstream
     * @param news one line for operators
     * @param workers virtual threads: reading from a server blocks
     */
    public PinKeeper(
            Upstreams upstreams,
            PinnedDefinitions definitions,
            Predicate<String> trustFirstUse,
            Consumer<String> news,
            ExecutorService workers) {
        this.upstreams = upstreams;
        this.definitions = definitions;
        this.trustFirstUse = trustFirstUse;
        this.news = news;
        this.workers = workers;
    }

    /** Compares all now, in the background, and from now on each that changes. */
    public void start() {
        upstreams.onChange(this::changed);
        upstreams.names().forEach(this::later);
    }

    private void changed(UpstreamChange change) {
        if (change.what() == UpstreamChange.What.TOOLS || change.what() == UpstreamChange.What.CAME_BACK) {
            later(change.upstream());
        }
    }

    /** However often a server cries, at most one comparison of it waits behind the one that runs. */
    private void later(String upstream) {
        if (waiting.add(upstream)) {
            workers.execute(() -> {
                synchronized (turns.computeIfAbsent(upstream, ignored -> new Object())) {
                    waiting.remove(upstream);
                    compare(upstream);
                }
            });
        }
    }

    /** Compares one now. False if it does not answer; then it is tried again when it comes back. */
    public boolean compare(String upstream) {
        try {
            Offers offers = upstreams.offers(upstream);
            definitions
                    .compare(upstream, offers.tools(), trustFirstUse.test(upstream))
                    .forEach(news);
            return true;
        } catch (UpstreamDownException e) {
            news.accept(upstream + ": its tools cannot be read: " + e.getMessage());
            return false;
        }
    }
}
