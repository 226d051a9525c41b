package dev.reeve.upstream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What principals follow on one server. Each stays with its own session (R13), comes back when the session is lost, and is told then, since nobody knows
 * what happened in between. Bounded in number.
 */
final class Followers {
    private static final int MOST = 4096;

    /** Of one agent. */
    static final int MOST_EACH = 256;

    private static final long SHORTEST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 30_000;

    /** How long a server may take to agree again. */
    private static final java.time.Duration AGAIN = java.time.Duration.ofSeconds(30);

    /** Begins to follow, on a session that stays leased. */
    interface Beginning {
        Following begin(Call call) throws CallFailedException;
    }

    /** What was begun. */
    record Following(Followed followed, Links.Lease lease) {
        void end() {
            try {
                followed.close();
            } finally {
                lease.close();
            }
        }
    }

    private final Failures failures;
    private final Set<Follower> all = ConcurrentHashMap.newKeySet();
    private final Map<Optional<String>, Integer> places = new HashMap<>();
    private int taken;

    Followers(Failures failures) {
        this.failures = failures;
    }

    /** Follows until the call is cancelled, which outlives its answer here. */
    void add(Links.Key whose, Call call, Beginning beginning) throws CallFailedException {
        // Before it begins, which takes a while: what begins at the same time counts.
        if (!enter(call.party())) {
            throw failures.crowded("too many resources are followed");
        }
        boolean follows = false;
        try {
            Follower follower = new Follower(whose, call, beginning, beginning.begin(call));
            all.add(follower);
            follows = true;
            call.whenCancelled(follower::stop);
            Thread.startVirtualThread(follower::run);
        } finally {
            if (!follows) {
                leave(call.party());
            }
        }
    }

    private synchronized boolean enter(Optional<String> agent) {
        int mine = places.getOrDefault(agent, 0);
        if (taken >= MOST || mine >= MOST_EACH) {
            return false;
        }
        taken++;
        places.put(agent, mine + 1);
        return true;
    }

    private synchronized void leave(Optional<String> agent) {
        taken--;
        places.computeIfPresent(agent, (who, count) -> count == 1 ? null : count - 1);
    }

    private void remove(Follower follower) {
        if (all.remove(follower)) {
            leave(follower.call.party());
        }
    }

    void cut(Links.Key whose) {
        all.stream().filter(it -> it.whose.isOf(whose)).toList().forEach(Follower::stop);
    }

    void close() {
        List.copyOf(all).forEach(Follower::stop);
    }

    private final class Follower {
        private final Links.Key whose;
        private final Call call;
        private final Beginning beginning;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final AtomicReference<Following> current;

        Follower(Links.Key whose, Call call, Beginning beginning, Following first) {
            this.whose = whose;
            this.call = call;
            this.beginning = beginning;
            this.current = new AtomicReference<>(first);
        }

        void stop() {
            stopped.countDown();
            remove(this);
            current.get().followed().close();
        }

        void run() {
            long pause = SHORTEST_MILLIS;
            try {
                while (stopped.getCount() > 0) {
                    Following now = current.get();
                    now.followed().read(call::updated);
                    now.end();
                    while (!stopped.await(pause, TimeUnit.MILLISECONDS) && !again()) {
                        pause = Math.min(LONGEST_MILLIS, pause * 2);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                remove(this);
                // If it was stopped while it began again, or before it read, its session is still leased.
                current.get().lease().close();
            }
        }

        private boolean again() {
            try {
                Following next = beginning.begin(call.beside(AGAIN));
                current.set(next);
                if (stopped.getCount() == 0) {
                    next.followed().close();
                }
                call.updated();
                return true;
            } catch (CallFailedException e) {
                return false;
            }
        }
    }
}
