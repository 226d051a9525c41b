package dev.reeve.control;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/**
 * What would make somebody count as one who may answer or agree, gives an agent more, or pins what a server says or consists of, and was asked
 * for by one administrator of several: it waits until another agrees (R27), since whoever can make people alone can be two of them, and what
 * waits in a file must not come in beside it. The user of the machine itself is not asked to wait for people and agents: who has the machine has
 * the store. For pins that user waits like everybody, as for a file that was edited there.
 *
 * <p>Asking and refusing are in the record before they count. In memory: a restart forgets what waits, and it is asked for again.
 */
final class Seconds {
    static final Duration LIFE = Duration.ofHours(24);
    private static final int MOST = 100;
    private static final String LOCAL = "local:";

    private final BooleanSupplier several;
    private final BiPredicate<String, Instant> administers;
    private final Administration administration;
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
     * @param person whom it is about: somebody, an agent, or a server
     * @param about exactly what, for programs; without members where the line says it all
     */
    record Waiting(String id, String by, String what, String person, Json.Obj about, Instant until, Act act) {
        Instant asked() {
            return until.minus(LIFE);
        }

        /** Empty where each is another one, as with tokens. */
        private boolean isSame(String asker, String words, Json.Obj object) {
            return !object.members().isEmpty() && by.equals(asker) && what.equals(words) && about.equals(object);
        }

        @Override
        public String toString() {
            return "Waiting[" + id + "]";
        }
    }

    /** @param administers whether somebody is an administrator now, and nothing by which they were one was ended since then */
    Seconds(
            BooleanSupplier several,
            BiPredicate<String, Instant> administers,
            Administration administration,
            GateClock clock,
            SecureRandom random) {
        this.administers = administers;
        this.several = several;
        this.administration = administration;
        this.clock = clock;
        this.random = random;
    }

    /** Whether what this person asks for waits. */
    boolean areNeeded(String by) {
        return !by.startsWith(LOCAL) && several.getAsBoolean();
    }

    /** Whether it waits whoever asks, the user of the machine too. */
    boolean areNeededOfAnybody() {
        return several.getAsBoolean();
    }

    Waiting ask(String by, String what, String person, Act act) throws RefusedException {
        return ask(by, what, person, Json.Obj.EMPTY, act);
    }

    /** Asking again for what waits already is fine, and changes nothing. */
    synchronized Waiting ask(String by, String what, String person, Json.Obj about, Act act) throws RefusedException {
        forget();
        Optional<Waiting> known = waiting.values().stream()
                .filter(one -> one.isSame(by, what, about))
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
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
                about,
                clock.latest().plus(LIFE),
                act);
        administration.widen(by, "second_ask", one.id(), told(one), () -> waiting.put(one.id(), one));
        return one;
    }

    private static Json.Obj told(Waiting one) {
        return Json.object()
                .put("asked_by", one.by())
                .put("what", one.what())
                .put("about", one.about())
                .put("until", one.until().toString())
                .build();
    }

    /** The oldest first. */
    synchronized List<Waiting> all() {
        forget();
        return new ArrayList<>(waiting.values());
    }

    /** Does what waits; it stays if it cannot be done. */
    synchronized Waiting agree(String second, String id) throws RefusedException {
        Waiting one = find(id);
        if (PersonName.isSame(name(one.by()), second)) {
            throw RefusedException.forbidden(
                    "same_person",
                    "`" + second + "` asked for this, so somebody else must agree",
                    "let another administrator agree");
        }
        if (!one.by().startsWith(LOCAL) && !administers.test(one.by(), one.asked())) {
            waiting.remove(id);
            throw RefusedException.conflict(
                    "asker_gone",
                    "`" + one.by() + "` asked for this and is no administrator any more, or a token of theirs was ended"
                            + " since: it may not have been them",
                    "ask for it yourself");
        }
        if (!administers.test(second, Instant.MAX)) {
            throw RefusedException.forbidden("role_missing", "`" + second + "` is no administrator any more", "");
        }
        one.act().run(second);
        waiting.remove(id);
        return one;
    }

    /** Where files and commands are: {@code local:ana} may be {@code ana}. */
    private static String name(String by) {
        return by.startsWith(LOCAL) ? by.substring(LOCAL.length()) : by;
    }

    /** Narrows: done also when it cannot be recorded yet (R14). */
    synchronized Waiting refuse(String by, String id) throws RefusedException {
        Waiting one = find(id);
        administration.narrow(by, "second_refuse", id, told(one), () -> waiting.remove(id), () -> {});
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
