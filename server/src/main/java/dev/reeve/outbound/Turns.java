package dev.reeve.outbound;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places that several parties share. But for a pair, nobody takes more than are left then: one alone has half of them at most, two a third each, and
 * so on, so that of more than a few there is always one for who comes next, however long the others keep theirs. Who holds least is served first, and
 * among those who waited longest.
 */
public final class Turns {
    /** Some requests need another beside them: a question that came while a call runs is answered by a request of its own. */
    private static final int PAIR = 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> held = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private int free;

    public Turns(int places) {
        this.free = places;
    }

    private static final class Waiting {
        private final Optional<String> party;
        private final Condition served;
        private boolean has;

        Waiting(Optional<String> party, Condition served) {
            this.party = party;
            this.served = served;
        }
    }

    /**
     * Waits for a place, to be given back once.
     *
     * @param party who takes it; empty for Reeve itself, which has no part of its own
     * @return false if there was none in time
     */
    public boolean take(Optional<String> party, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (mayTake(party)) {
                count(party);
                return true;
            }
            return await(new Waiting(party, lock.newCondition()), nanos);
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Waiting me, long nanos) throws InterruptedException {
        waiting.add(me);
        long left = nanos;
        try {
            while (!me.has && left > 0) {
                left = me.served.awaitNanos(left);
            }
            return me.has;
        } catch (InterruptedException e) {
            if (me.has) {
                release(me.party);
            }
            throw e;
        } finally {
            waiting.remove(me);
        }
    }

    public void giveBack(Optional<String> party) {
        lock.lock();
        try {
            release(party);
        } finally {
            lock.unlock();
        }
    }

    /** How many wait now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void release(Optional<String> party) {
        free++;
        party.ifPresent(who -> held.computeIfPresent(who, (name, count) -> count == 1 ? null : count - 1));
        serve();
    }

    private void serve() {
        for (Optional<Waiting> next = next(); next.isPresent(); next = next()) {
            Waiting one = next.get();
            count(one.party);
            one.has = true;
            waiting.remove(one);
            one.served.signal();
        }
    }

    private Optional<Waiting> next() {
        Waiting best = null;
        for (Waiting one : waiting) {
            if (mayTake(one.party) && (best == null || holds(one.party) < holds(best.party))) {
                best = one;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean mayTake(Optional<String> party) {
        return free > 0 && holds(party) < Math.max(free, PAIR);
    }

    private int holds(Optional<String> party) {
        return party.map(who -> held.getOrDefault(who, 0)).orElse(0);
    }

    private void count(Optional<String> party) {
        free--;
        party.ifPresent(who -> held.merge(who, 1, Integer::sum));
    }
}
