package dev.reeve.review;

import dev.reeve.review.ScheduledReview.Teller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tells people what they were not told yet, by each way once: one that refuses makes no other tell it again, and one that hangs makes no other wait. For
 * one thread.
 */
final class Tidings {
    /** By one way and at once; each may cost the time that a network takes to fail. */
    private static final int MOST_REFUSED = 5;

    private final ReviewShelf shelf;
    private final Map<String, Teller> ways;

    /** @param ways by the names under which it is kept who has heard what; each is asked by a thread of its own */
    Tidings(ReviewShelf shelf, Map<String, Teller> ways) {
        this.shelf = shelf;
        this.ways = ways;
    }

    /**
     * Tells all of it by all ways at once. What one refuses goes to the end and stops no other; after a few this way is left, and the next call goes on
     * behind them. Ends with the slowest way.
     *
     * @throws IOException if anything was refused
     */
    void tell() throws IOException {
        Round round = new Round(shelf.untold());
        List<Untold> all = round.settle();
        if (all.isEmpty()) {
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> each = ways.entrySet().stream()
                    .<Callable<Boolean>>map(way -> () -> round.tell(all, way.getKey(), way.getValue()))
                    .toList();
            for (Future<Boolean> one : threads.invokeAll(each)) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("ended while people were told", e);
        }
        round.end();
    }

    /** What is said is kept at once; safe for the threads of the ways. */
    private final class Round {
        /** By id, in the order in which it is told the next time. */
        private final Map<String, Untold> left = new LinkedHashMap<>();

        private final List<String> troubles = new ArrayList<>();

        Round(List<Untold> all) {
            all.forEach(one -> left.put(one.id(), one));
        }

        /** What every way there is has heard already needs no telling: a way may be gone from the files. */
        synchronized List<Untold> settle() throws IOException {
            for (Untold one : List.copyOf(left.values())) {
                if (one.heard().containsAll(ways.keySet())) {
                    finish(one);
                }
            }
            return List.copyOf(left.values());
        }

        /** @return whether it was told all */
        boolean tell(List<Untold> all, String name, Teller way) throws IOException {
            int refused = 0;
            for (Untold one : all) {
                if (one.heard().contains(name)) {
                    continue;
                }
                Optional<String> trouble = trouble(one, way);
                if (trouble.isEmpty()) {
                    heard(one.id(), name);
                } else {
                    refused(one.id(), name, trouble.get());
                    refused++;
                }
                if (refused == MOST_REFUSED) {
                    return false;
                }
            }
            return refused == 0;
        }

        private synchronized void heard(String id, String name) throws IOException {
            Untold one = left.get(id);
            if (one == null) {
                return;
            }
            Untold now = one.heardBy(name);
            left.put(id, now);
            if (now.heard().containsAll(ways.keySet())) {
                finish(now);
            } else {
                keep();
            }
        }

        private void finish(Untold one) throws IOException {
            shelf.told(one.id());
            left.remove(one.id());
            keep();
        }

        private synchronized void refused(String id, String name, String trouble) throws IOException {
            troubles.add(id + " by " + name + ": " + trouble);
            Untold one = left.remove(id);
            if (one != null) {
                left.put(id, one);
                keep();
            }
        }

        /** After each, so that a crash makes at most one of them come again by one way. */
        private void keep() throws IOException {
            shelf.untold(List.copyOf(left.values()));
        }

        synchronized void end() throws IOException {
            if (!troubles.isEmpty()) {
                throw new IOException("not told of " + String.join("; ", troubles));
            }
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
