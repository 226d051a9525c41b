package dev.reeve.control;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.PersonName;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What would make somebody count as one who may answer or agree, or gives an agent more, and was asked for by one administrator of several: it
 * waits until another agrees (R27), since whoever can make people alone can be two of them, and what waits in a file must not come in beside it.
 * The user of the machine itself is not asked to wait: who has the machine has the store.
 *
 * <p>In memory: a restart forgets what waits, and it is asked for again.
 */
final class Seconds {
    static final Duration LIFE = Duration.ofHours(24);
    private static final int MOST = 100;

    private final BooleanSupplier several;
    private final Predicate<String> administers;
    private final GateClock clock;
    private final SecureRandom random;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /** Recorded with both names before it takes effect. */
    interface Act {
        void run(String second) throws RefusedException;
    }

    /**
     * @param by who asked for it
     * @param what for people: one line
     * @param person whom it is about: somebody, or an agent
     */
    record Waiting(String id, String by, String what, String person, Instant until, Act act) {
        @Override
        public String toString() {
            return "Waiting[" + id + "]";
        }
    }

    /** @param administers whether somebody is an administrator now */
    Seconds(BooleanSupplier several, Predicate<String> administers, GateClock clock, SecureRandom random) {
        this.administers = administers;
        this.several = several;
        this.clock = clock;
        this.random = random;
    }

    /** Whether what this person asks for waits. */
    boolean areNeeded(String by) {
        return !by.startsWith("local:") && several.getAsBoolean();
    }

    synchronized Waiting ask(String by, String what, String person, Act act) throws RefusedException {
        forget();
        if (waiting.size() >= MOST) {
            throw RefusedException.conflict(
                    "too_many_waiting", MOST + " such requests wait already", "agree to some, or refuse them");
        }
        byte[] id = new byte[8];
        random.nextBytes(id);
        Waiting one = new Waiting(
                "w_" + HexFormat.of().formatHex(id),
                by,
                what,
                person,
                clock.latest().plus(LIFE),
                act);
        waiting.put(one.id(), one);
        return one;
    }

    /** The oldest first. */
    synchronized List<Waiting> all() {
        forget();
        return new ArrayList<>(waiting.values());
    }

    /** Does what waits; it stays if it cannot be done. */
    synchronized Waiting agree(String second, String id) throws RefusedException {
        Waiting one = find(id);
        if (PersonName.isSame(one.by(), second)) {
            throw RefusedException.forbidden(
                    "same_person",
                    "`" + second + "` asked for this, so somebody else must agree",
                    "let another administrator agree");
        }
        if (!administers.test(one.by())) {
            waiting.remove(id);
            throw RefusedException.conflict(
                    "asker_gone",
                    "`" + one.by() + "` asked for this and is no administrator any more",
                    "ask for it yourself");
        }
        one.act().run(second);
        waiting.remove(id);
        return one;
    }

    synchronized Waiting refuse(String id) throws RefusedException {
        Waiting one = find(id);
        waiting.remove(id);
        return one;
    }

    private Waiting find(String id) throws RefusedException {
        forget();
        Waiting one = waiting.get(id);
        if (one == null) {
            throw RefusedException.unknown(
                    "not_waiting",
                    "nothing waits as `" + id
                            + "`: it was done or refused, is older than a day, or Reeve was started again");
        }
        return one;
    }

    private void forget() {
        Instant now = clock.latest();
        waiting.values().removeIf(one -> !now.isBefore(one.until()));
    }
}
