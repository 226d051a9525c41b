package dev.reeve.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Requests of a server with sessions that wait for the answer to its question, each under an id that nobody can guess and only for the principal whose
 * call it was (R13, R20). Nobody reads from the server meanwhile. Bounded in number and time: what is not answered is given up.
 */
final class Parked {
    /** Of one principal instance; the oldest gives way. */
    static final int MOST_EACH = 16;

    private final int most;

    /** @param lease of the session that the request runs in */
    private record Waiting(Links.Key whose, Step.Dialogue rest, Links.Lease lease, long order, long until) {
        void abandon() {
            Thread.startVirtualThread(new TakenUp(rest, lease)::abandon);
        }
    }

    /** What was taken up again: who holds it must close the lease. */
    record TakenUp(Step.Dialogue rest, Links.Lease lease) {
        void abandon() {
            try {
                rest.abandon();
            } finally {
                lease.close();
            }
        }
    }

    private final Map<String, Waiting> waiting = new HashMap<>();
    private long order;

    Parked(int most) {
        this.most = most;
    }

    /** @param until in the time of {@link System#nanoTime} */
    String put(Links.Key whose, Step.Dialogue rest, Links.Lease lease, long until) {
        String id = Envelope.freshId();
        List<Waiting> over = new ArrayList<>();
        synchronized (this) {
            long mine = waiting.values().stream()
                    .filter(it -> it.whose().isOf(whose))
                    .count();
            if (mine >= MOST_EACH || waiting.size() >= most) {
                waiting.entrySet().stream()
                        .filter(it -> mine < MOST_EACH || it.getValue().whose().isOf(whose))
                        .min(Comparator.comparingLong(it -> it.getValue().order()))
                        .map(Map.Entry::getKey)
                        .ifPresent(oldest -> over.add(waiting.remove(oldest)));
            }
            waiting.put(id, new Waiting(whose, rest, lease, order++, until));
        }
        over.forEach(Waiting::abandon);
        return id;
    }

    /** Empty if there is none of this principal, or no longer. */
    synchronized Optional<TakenUp> take(String id, Links.Key whose) {
        Waiting found = waiting.get(id);
        if (found == null || !found.whose().isOf(whose)) {
            return Optional.empty();
        }
        waiting.remove(id);
        return Optional.of(new TakenUp(found.rest(), found.lease()));
    }

    void abandon(String id, Links.Key whose) {
        take(id, whose).ifPresent(TakenUp::abandon);
    }

    /** Gives up what has waited for too long. */
    void expire(long now) {
        end(it -> it.until() - now < 0);
    }

    /** Gives up what a principal instance left behind (R14). */
    void cut(Links.Key whose) {
        end(it -> it.whose().isOf(whose));
    }

    void close() {
        end(it -> true);
    }

    private void end(Predicate<Waiting> which) {
        List<Waiting> over = new ArrayList<>();
        synchronized (this) {
            waiting.values().removeIf(it -> which.test(it) && over.add(it));
        }
        over.forEach(Waiting::abandon);
    }
}
