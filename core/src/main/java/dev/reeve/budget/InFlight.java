package dev.reeve.budget;

import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Reservations;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many actions run at once, for each instance and for its agent (R12: an instance spends its agent's). The call that would cross a
 * limit is the one refused.
 */
public final class InFlight implements Reservations {
    private final int perInstance;
    private final int perAgent;
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

    public InFlight(int perInstance, int perAgent) {
        if (perInstance < 1 || perAgent < perInstance) {
            throw new IllegalArgumentException("at least one action at once, and an agent no fewer than its instances");
        }
        this.perInstance = perInstance;
        this.perAgent = perAgent;
    }

    @Override
    public Reserved reserve(Action action, Facts facts) {
        if (action.operation().askedBy().isPresent()) {
            // Nothing of it runs here: a question that waits for the disk is no action that is under way.
            return new Reserved.Taken(effect -> {});
        }
        String agent =
                "a:" + action.principal().tenant() + "/" + action.principal().agent();
        String instance =
                "i:" + action.principal().tenant() + "/" + action.principal().instance();
        if (!take(agent, perAgent)) {
            return refused("agent", perAgent);
        }
        if (!take(instance, perInstance)) {
            give(agent);
            return refused("instance", perInstance);
        }
        AtomicBoolean settled = new AtomicBoolean();
        return new Reserved.Taken(effect -> {
            if (settled.compareAndSet(false, true)) {
                give(instance);
                give(agent);
            }
        });
    }

    /** For metrics and tests: how many agents and instances have something running. */
    public int busy() {
        return running.size();
    }

    private static Reserved refused(String whose, int limit) {
        return new Reserved.Refused(Denial.of(
                        "too_many_at_once",
                        ReasonClass.LIMIT,
                        "the " + whose + " has " + limit + " actions running already")
                .withTell("too many calls at once; wait for one to end"));
    }

    private boolean take(String who, int limit) {
        boolean[] taken = new boolean[1];
        running.compute(who, (ignored, now) -> {
            int count = now == null ? 0 : now;
            taken[0] = count < limit;
            return taken[0] ? Integer.valueOf(count + 1) : now;
        });
        return taken[0];
    }

    private void give(String who) {
        running.computeIfPresent(who, (ignored, now) -> now == 1 ? null : Integer.valueOf(now - 1));
    }
}
