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
    /** Of one agent; the oldest gives way. Where no room is left, the oldest of who has most. */
    static final int MOST_EACH = 16;

    private final int most;
    private final int each;

    /** @param lease of the session that the request runs in */
    private record Waiting(
            Links.Key whose, String agent, Step.Dialogue rest, Links.Lease lease, long order, long until) {
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
        // As many connections are left to its calls, which share them with what waits.
        this.each = Math.clamp(most / 2, 1, MOST_EACH);
    }

    /**
     * @param agent who has what waits, with all of its keys
     * @param until in the time of {@link System#nanoTime}
     */
    String put(Links.Key whose, String agent, Step.Dialogue rest, Links.Lease lease, long until) {
        String id = Envelope.freshId();
        List<Waiting> over = new ArrayList<>();
        synchronized (this) {
            if (count(agent) >= each) {
                over.add(removeOldest(agent));
            } else if (waiting.size() >= most) {
                over.add(removeOldest(whoHasMost()));
            }
            waiting.put(id, new Waiting(whose, agent, rest, lease, order++, until));
        }
        over.forEach(Waiting::abandon);
        return id;
    }

    private long count(String agent) {
        return waiting.values().stream().filter(it -> it.agent().equals(agent)).count();
    }

    private String whoHasMost() {
        return waiting.values().stream()
                .map(Waiting::agent)
                .max(Comparator.comparingLong(this::count))
                .orElseThrow();
    }

    private Waiting removeOldest(String agent) {
        Map.Entry<String, Waiting> oldest = waiting.entrySet().stream()
                .filter(it -> it.getValue().agent().equals(agent))
                .min(Comparator.comparingLong(it -> it.getValue().order()))
                .orElseThrow();
        waiting.remove(oldest.getKey());
        return oldest.getValue();
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
