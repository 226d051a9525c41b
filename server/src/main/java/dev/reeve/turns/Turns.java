package dev.reeve.turns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places that several parties share. But for a pair, and for what one needs at once who has none, nobody takes more than are left then: one alone has
 * half of them at most, two a third each, and so on, so that of more than a few there is always one for who comes next, however long the others keep
 * theirs. Who holds least is served first, and among those who waited longest; who then needs more than are free has the next ones. Safe for use by many
 * threads.
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
        private final int places;
        private final Condition served;
        private boolean has;

        Waiting(Optional<String> party, int places, Condition served) {
            this.party = party;
            this.places = places;
            this.served = served;
        }
    }

    /** Waits for one place. */
    public boolean take(Optional<String> party, long nanos) throws InterruptedException {
        return take(party, 1, nanos);
    }

    /**
     * Waits for places, to be given back once.
     *
     * @param party who takes them; empty for Reeve itself, which has no part of its own
     * @param places at most as many as there are
     * @return false if there were none in time
     */
    public boolean take(Optional<String> party, int places, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return takeAtOnce(party, places) || await(new Waiting(party, places, lock.newCondition()), nanos);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #take}, without waiting, and not before those who wait. */
    public boolean tryTake(Optional<String> party, int places) {
        lock.lock();
        try {
            return takeAtOnce(party, places);
        } finally {
            lock.unlock();
        }
    }

    private boolean takeAtOnce(Optional<String> party, int places) {
        boolean can = waiting.isEmpty() && isInShare(party, places) && places <= free;
        if (can) {
            count(party, places);
        }
        return can;
    }

    private boolean await(Waiting me, long nanos) throws InterruptedException {
        waiting.add(me);
        serve();
        long left = nanos;
        try {
            while (!me.has && left > 0) {
                left = me.served.awaitNanos(left);
            }
            return me.has;
        } catch (InterruptedException e) {
            if (me.has) {
                release(me.party, me.places);
            }
            throw e;
        } finally {
            if (waiting.remove(me)) {
                // Somebody may have waited behind this one.
                serve();
            }
        }
    }

    public void giveBack(Optional<String> party) {
        giveBack(party, 1);
    }

    public void giveBack(Optional<String> party, int places) {
        lock.lock();
        try {
            release(party, places);
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits who would be helped by what this party holds: itself, or who has less. */
    public boolean isWantedOf(Optional<String> party) {
        lock.lock();
        try {
            return waiting.stream().anyMatch(one -> one.party.equals(party) || holds(one.party) < holds(party));
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

    private void release(Optional<String> party, int places) {
        free += places;
        party.ifPresent(who ->
                held.computeIfPresent(who, (name, count) -> count <= places ? null : Integer.valueOf(count - places)));
        serve();
    }

    private void serve() {
        for (Optional<Waiting> next = next(); next.isPresent(); next = next()) {
            Waiting one = next.get();
            count(one.party, one.places);
            one.has = true;
            waiting.remove(one);
            one.served.signal();
        }
    }

    private Optional<Waiting> next() {
        Waiting best = null;
        for (Waiting one : waiting) {
            if (isInShare(one.party, one.places) && (best == null || holds(one.party) < holds(best.party))) {
                best = one;
            }
        }
        return Optional.ofNullable(best).filter(one -> one.places <= free);
    }

    private boolean isInShare(Optional<String> party, int places) {
        int mine = holds(party);
        return mine == 0 || mine + places <= Math.max(free, PAIR);
    }

    private int holds(Optional<String> party) {
        return party.map(who -> held.getOrDefault(who, 0)).orElse(0);
    }

    private void count(Optional<String> party, int places) {
        free -= places;
        party.ifPresent(who -> held.merge(who, places, Integer::sum));
    }
}
