package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One resource whose changes a server was asked to tell. */
interface Followed {
    String UPDATED = "notifications/resources/updated";

    /**
     * Blocks while the server tells, and passes on that something has changed: not what the server calls it, which is foreign text (R5).
     *
     * @param updated never blocks
     */
    void read(Runnable updated);

    /** The server is told that nobody listens any more, as far as it can be. */
    void close();

    /** Whether a server speaks of the resource itself, or of something below it. */
    static boolean concerns(String uri, Json.Obj params) {
        return params.string("uri")
                .filter(changed -> changed.equals(uri) || changed.startsWith(uri + "/"))
                .isPresent();
    }

    /** Those that share one way of a server, on which each change names its resource. */
    final class Board {
        private final Map<String, Set<Listening>> byUri = new ConcurrentHashMap<>();

        /** Waits on the board. */
        final class Listening {
            private final String uri;
            private final CountDownLatch over = new CountDownLatch(1);
            private @Nullable Runnable tells;
            /** Something changed before anybody read. */
            private boolean changed;

            private Listening(String uri) {
                this.uri = uri;
            }

            /** What changed since it was put on the board is told at once. */
            void read(Runnable updated) {
                boolean before;
                synchronized (this) {
                    tells = updated;
                    before = changed;
                }
                if (before) {
                    updated.run();
                }
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            private void changed() {
                Runnable to;
                synchronized (this) {
                    to = tells;
                    changed = to == null;
                }
                if (to != null) {
                    to.run();
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

        boolean follows(String uri) {
            return byUri.containsKey(uri);
        }

        boolean isEmpty() {
            return byUri.isEmpty();
        }

        /** Whether this is a change, and of something that somebody here follows. */
        boolean tells(Incoming.Notification told) {
            boolean[] heard = new boolean[1];
            if (told.method().equals(UPDATED)) {
                byUri.forEach((uri, all) -> {
                    if (concerns(uri, told.params())) {
                        heard[0] = true;
                        all.forEach(Listening::changed);
                    }
                });
            }
            return heard[0];
        }

        /** The way is closed: nobody hears anything here any more. */
        void end() {
            byUri.values().forEach(all -> all.forEach(one -> one.over.countDown()));
        }
    }
}
