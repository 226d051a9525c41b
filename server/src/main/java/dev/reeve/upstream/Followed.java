package dev.reeve.upstream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One resource whose changes a server was asked to tell. */
interface Followed {
    /**
     * Blocks while the server tells, and passes on the URI of each change.
     *
     * @param updated never blocks
     */
    void read(Consumer<String> updated);

    /** The server is told that nobody listens any more, as far as it can be. */
    void close();

    /** Those that share one way of a server, on which each change names its resource. */
    final class Board {
        private final Map<String, Set<Listening>> byUri = new ConcurrentHashMap<>();

        /** Waits on the board. */
        final class Listening {
            private final String uri;
            private final CountDownLatch over = new CountDownLatch(1);
            private volatile Consumer<String> updated = ignored -> {};

            private Listening(String uri) {
                this.uri = uri;
            }

            void read(Consumer<String> tells) {
                updated = tells;
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            /** True if it was the last one for its resource. */
            boolean close() {
                over.countDown();
                boolean[] last = new boolean[1];
                byUri.computeIfPresent(uri, (key, all) -> {
                    last[0] = all.remove(this) && all.isEmpty();
                    return all.isEmpty() ? null : all;
                });
                return last[0];
            }
        }

        Listening add(String uri) {
            Listening one = new Listening(uri);
            byUri.compute(uri, (key, all) -> {
                Set<Listening> some = all == null ? ConcurrentHashMap.newKeySet() : all;
                some.add(one);
                return some;
            });
            return one;
        }

        boolean isEmpty() {
            return byUri.isEmpty();
        }

        /** The resource itself, or something below it. False if nobody follows it. */
        boolean tell(String changed) {
            boolean[] told = new boolean[1];
            byUri.forEach((uri, all) -> {
                if (changed.equals(uri) || changed.startsWith(uri + "/")) {
                    told[0] = true;
                    all.forEach(one -> one.updated.accept(changed));
                }
            });
            return told[0];
        }

        /** The way is closed: nobody hears anything here any more. */
        void end() {
            byUri.values().forEach(all -> all.forEach(one -> one.over.countDown()));
        }
    }
}
