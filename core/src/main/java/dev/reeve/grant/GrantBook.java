package dev.reeve.grant;

import dev.reeve.approval.ApprovalActs;
import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.grant.Grant.State;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All grants, in memory and in their rows. What widens is in the record first, then in the row, then in memory; what narrows is in memory first,
 * and is recorded as soon as that can be (R14). Changes are made by one thread at a time but for ending; reading takes no lock.
 */
final class GrantBook {
    private final GrantRows rows;
    private final ApprovalActs acts;
    private final Map<String, Grant> byId = new ConcurrentHashMap<>();
    /** By agent, those that are given. Swapped as a whole. */
    private volatile Map<String, List<Grant>> given = Map.of();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger underway = new AtomicInteger();
    /** What ended in memory and is not recorded yet. Guarded by the owner's lock. */
    private final Deque<Ending> unrecorded = new ArrayDeque<>();

    /** @param recorded whether only the row is missing */
    private record Ending(String grant, String person, String act, Json.Obj difference, boolean recorded) {}

    GrantBook(GrantRows rows, ApprovalActs acts) throws UnrecordableException {
        this.rows = rows;
        this.acts = acts;
        rows.grants().forEach(one -> byId.put(one.id(), one));
        index();
    }

    private synchronized void index() {
        Map<String, List<Grant>> fresh = new HashMap<>();
        for (Grant one : byId.values()) {
            if (one.state() == State.GIVEN) {
                fresh.computeIfAbsent(one.to().agent(), ignored -> new ArrayList<>())
                        .add(one);
            }
        }
        given = Map.copyOf(fresh);
    }

    List<TimedGrant> of(Principal principal, Instant now) {
        List<Grant> all = given.get(principal.agent());
        if (all == null) {
            return List.of();
        }
        return all.stream()
                .filter(one -> now.isBefore(one.until()) && one.to().is(principal))
                .map(Grant::fact)
                .toList();
    }

    Collection<Grant> all() {
        return byId.values();
    }

    Optional<Grant> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether something is recorded by now that may not be in its row yet, or the other way round. */
    boolean isBusy() {
        return underway.get() > 0;
    }

    /** What ended meanwhile stays ended. */
    private void remember(Grant grant) {
        byId.merge(grant.id(), grant, (old, fresh) -> old.state().isOpen() ? fresh : old.at(fresh.version()));
        index();
        listeners.forEach(Runnable::run);
    }

    /**
     * Records what somebody gave, and makes it so.
     *
     * @return how it is now; empty if it ended meanwhile, and then nothing happened but the record
     */
    Optional<Grant> widen(Grant after, String person, String act) throws UnrecordableException {
        underway.incrementAndGet();
        try {
            acts.record(person, act, after.id(), after.asJson());
            Grant now = byId.get(after.id());
            if (now != null && !now.state().isOpen()) {
                return Optional.empty();
            }
            Optional<Grant> stored = rows.put(after);
            stored.ifPresent(this::remember);
            return stored;
        } finally {
            underway.decrementAndGet();
        }
    }

    /** In force when it returns, whatever can be recorded, and whatever else happens to it. Needs no lock; {@link #noteEnd} follows. */
    void end(String id, State state) {
        underway.incrementAndGet();
        byId.computeIfPresent(id, (same, now) -> now.state().isOpen() ? now.in(state) : now);
        index();
        listeners.forEach(Runnable::run);
    }

    /** To be recorded by {@link #settle}. The caller has the lock. */
    void noteEnd(String id, String person, String act, Json.Obj difference) {
        unrecorded.add(new Ending(id, person, act, difference, false));
    }

    /** Records what ended, in order; stops at the first that fails. The caller has the lock. */
    void settle() throws UnrecordableException {
        while (!unrecorded.isEmpty()) {
            Ending first = unrecorded.getFirst();
            if (!first.recorded()) {
                acts.record(first.person(), first.act(), first.grant(), first.difference());
                unrecorded.removeFirst();
                unrecorded.addFirst(new Ending(first.grant(), first.person(), first.act(), first.difference(), true));
            }
            Grant ended = byId.get(first.grant());
            if (ended != null) {
                apply(ended);
            }
            unrecorded.removeFirst();
            underway.decrementAndGet();
        }
    }

    /** Makes it so, without a record of its own. */
    void apply(Grant after) throws UnrecordableException {
        rows.put(after).ifPresent(this::remember);
    }

    void forget(Grant grant) throws UnrecordableException {
        rows.remove(grant);
        byId.remove(grant.id());
    }
}
