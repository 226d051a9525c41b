package dev.reeve.definitions;

import dev.reeve.upstream.Offers;
import dev.reeve.upstream.UpstreamDownException;
import dev.reeve.upstream.Upstreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads what each server offers, at the start and whenever it says that this has changed, and compares it with the pins. */
public final class PinKeeper {
    private static final Duration SHORTEST_REST = Duration.ofMillis(250);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private final Upstreams upstreams;
    private final PinnedDefinitions definitions;
    private final Predicate<String> trustFirstUse;
    private final Consumer<String> news;
    private final ExecutorService workers;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private final Consumer<Duration> pause;

    /** One server's comparisons, one after the other. */
    private static final class Turn {
        private Duration rest = Duration.ZERO;

        /** A server that changes again and again is looked at less and less often: each change is a record (R15). */
        void ended(boolean changed) {
            Duration longer = rest.isZero() ? SHORTEST_REST : rest.multipliedBy(2);
            rest = !changed ? Duration.ZERO : longer.compareTo(LONGEST_REST) < 0 ? longer : LONGEST_REST;
        }
    }

    /**
     * @param trustFirstUse whether the operator's file says so of an upstream
     * @param news one line for operators
     * @param workers virtual threads: reading from a server blocks
     * @param pause waits so long, on a worker
     */
    public PinKeeper(
            Upstreams upstreams,
            PinnedDefinitions definitions,
            Predicate<String> trustFirstUse,
            Consumer<String> news,
            ExecutorService workers,
            Consumer<Duration> pause) {
        this.upstreams = upstreams;
        this.definitions = definitions;
        this.trustFirstUse = trustFirstUse;
        this.news = news;
        this.workers = workers;
        this.pause = pause;
    }

    /** Compares all now, in the background, and from now on each that changes. */
    public void start() {
        upstreams.onChange(change -> later(change.upstream()));
        definitions.whenUnknown(this::later);
        upstreams.names().forEach(this::later);
    }

    /** However often a server cries, at most one comparison of it waits behind the one that runs. */
    private void later(String upstream) {
        if (waiting.add(upstream)) {
            workers.execute(() -> {
                Turn turn = turns.computeIfAbsent(upstream, ignored -> new Turn());
                synchronized (turn) {
                    if (!turn.rest.isZero()) {
                        pause.accept(turn.rest);
                    }
                    waiting.remove(upstream);
                    turn.ended(compare(upstream));
                }
            });
        }
    }

    /** Compares one now. True if something changed. If it does not answer, it is tried again when it comes back. */
    public boolean compare(String upstream) {
        try {
            Offers offers = upstreams.offers(upstream);
            List<String> changes = compared(upstream, offers, trustFirstUse.test(upstream));
            changes.forEach(news);
            return !changes.isEmpty();
        } catch (UpstreamDownException e) {
            news.accept(upstream + ": its tools cannot be read: " + e.getMessage());
            return false;
        }
    }

    /** What could not be read is not compared, so that it does not seem to be gone. */
    private List<String> compared(String upstream, Offers offers, boolean trusted) {
        List<String> changes = new ArrayList<>(definitions.compare(upstream, Kind.TOOL, offers.tools(), trusted));
        offers.others()
                .forEach((offer, entries) ->
                        changes.addAll(definitions.compare(upstream, Kind.of(offer), entries, trusted)));
        changes.addAll(definitions.compare(upstream, Kind.SERVER, List.of(offers.told()), trusted));
        return changes;
    }
}
