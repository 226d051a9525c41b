package dev.reeve.review;

import dev.reeve.review.ScheduledReview.Teller;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells people what they were not told yet, by each way once: one that refuses makes no other tell it again. For one thread. */
final class Tidings {
    /** By one way and at once; each may cost the time that a network takes to fail. */
    private static final int MOST_REFUSED = 5;

    private final ReviewShelf shelf;
    private final Map<String, Teller> ways;

    /** @param ways by the names under which it is kept who has heard what */
    Tidings(ReviewShelf shelf, Map<String, Teller> ways) {
        this.shelf = shelf;
        this.ways = ways;
    }

    /**
     * Tells all of it by all ways. What one refuses goes to the end and stops no other; after a few this way is left, and the next call goes on
     * behind them.
     *
     * @throws IOException if anything was refused
     */
    void tell() throws IOException {
        Round round = new Round(shelf.untold());
        while (!round.ahead.isEmpty()) {
            round.tell(round.ahead.remove());
        }
        if (!round.troubles.isEmpty()) {
            throw new IOException("not told of " + String.join("; ", round.troubles));
        }
    }

    private final class Round {
        private final Deque<Untold> ahead;
        /** Not tried by every way that lacks it. */
        private final List<Untold> waiting = new ArrayList<>();

        private final List<Untold> refused = new ArrayList<>();
        private final Map<String, Integer> refusals = new HashMap<>();
        private final List<String> troubles = new ArrayList<>();

        Round(Collection<Untold> all) {
            ahead = new ArrayDeque<>(all);
        }

        void tell(Untold finding) throws IOException {
            Untold one = finding;
            int before = troubles.size();
            for (Map.Entry<String, Teller> way : ways.entrySet()) {
                String name = way.getKey();
                if (one.heard().contains(name) || refusals.getOrDefault(name, 0) >= MOST_REFUSED) {
                    continue;
                }
                Optional<String> trouble = trouble(one, way.getValue());
                if (trouble.isPresent()) {
                    refusals.merge(name, 1, Integer::sum);
                    troubles.add(one.id() + " by " + name + ": " + trouble.get());
                } else {
                    one = one.heardBy(name);
                    keep(Stream.of(one));
                }
            }
            if (one.heard().containsAll(ways.keySet())) {
                shelf.told(one.id());
            } else {
                (troubles.size() > before ? refused : waiting).add(one);
            }
            keep(Stream.empty());
        }

        /** After each, so that a crash makes at most one of them come again by one way. */
        private void keep(Stream<Untold> now) throws IOException {
            shelf.untold(Stream.of(now, ahead.stream(), waiting.stream(), refused.stream())
                    .flatMap(all -> all)
                    .toList());
        }

        /** A bug in telling of one is no reason to tell of no other; it is said, too. */
        private Optional<String> trouble(Untold one, Teller way) {
            try {
                way.tell(one);
                return Optional.empty();
            } catch (IOException | RuntimeException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }
}
