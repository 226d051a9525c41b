package dev.reeve.control;

import dev.reeve.gate.GateClock;
import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoredSeconds;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/**
 * What would make somebody count as one who may answer or agree, gives an agent more, or pins what a server says or consists of, and was asked
 * for by one administrator of several: it waits until another agrees (R27), since whoever can make people alone can be two of them, and what
 * waits in a file must not come in beside it. The user of the machine itself is not asked to wait for people and agents: who has the machine has
 * the store. For pins that user waits like everybody, as for a file that was edited there.
 *
 * <p>Security guarantees: asking, agreeing and refusing are in the record, and in the store, before they count; a restart forgets nothing. What was
 * agreed to is marked so in the store before it is done, and nothing but a person does it: where the process was ended in between, it waits again if the
 * record has nothing that came of it, and is over otherwise ({@link Withdrawals}). So nothing is done twice. No row holds a secret: of tokens and links it
 * has the keyed hash.
 */
final class Seconds {
    static final Duration LIFE = Duration.ofHours(24);
    /** The acts in the record. Waiting is over by each of them but the last, by which it goes on. */
    static final String AGREE = "second_agree";

    static final String REFUSE = "second_refuse";
    static final String VOID = "second_void";
    static final String BACK = "second_back";
    private static final String AGREED_BY = "agreed_by";
    private static final int MOST = 100;
    private static final String LOCAL = "local:";

    private final StoredSeconds rows;
    private final BooleanSupplier several;
    private final BiPredicate<String, Instant> administers;
    private final BiPredicate<String, String> atTheMachine;
    private final Administration administration;
    private final GateClock clock;
    private final SecureRandom random;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    /** Agreed to in a process that was ended before it said that it had done it. */
    private final Map<String, Waiting> cutOff = new LinkedHashMap<>();

    private final Map<String, Doer> doers = new ConcurrentHashMap<>();

    /** Does what was asked for, as it was asked for. */
    interface Doer {
        /** Recorded with both names before it takes effect. */
        void run(Waiting one, String second) throws RefusedException;
    }

    /**
     * What is asked for.
     *
     * @param kind who does it
     * @param what for people: one line
     * @param person whom it is about: somebody, an agent, or a server
     * @param about exactly what, for programs; without members where the line says it all
     * @param terms all that it takes to do it, and no secret
     */
    record Wish(String kind, String what, String person, Json.Obj about, Json.Obj terms) {
        Wish(String kind, String what, String person, Json.Obj terms) {
            this(kind, what, person, Json.Obj.EMPTY, terms);
        }
    }

    /** @param by who asked for it */
    record Waiting(String id, String by, Wish wish, Instant until) {
        Instant asked() {
            return until.minus(LIFE);
        }

        /** Empty where each is another one, as with tokens. */
        private boolean isSame(String asker, Wish other) {
            return !wish.about().members().isEmpty() && by.equals(asker) && wish.equals(other);
        }

        private Json.Obj body() {
            return Json.object()
                    .put("by", by)
                    .put("kind", wish.kind())
                    .put("what", wish.what())
                    .put("person", wish.person())
                    .put("about", wish.about())
                    .put("terms", wish.terms())
                    .put("until", until.toString())
                    .build();
        }

        /** What is read had the right MAC; if it is not what was written, that is a bug and throws. */
        private static Waiting read(String id, Json.Obj body) {
            return new Waiting(
                    id,
                    body.string("by").orElseThrow(),
                    new Wish(
                            body.string("kind").orElseThrow(),
                            body.string("what").orElseThrow(),
                            body.string("person").orElseThrow(),
                            body.object("about").orElseThrow(),
                            body.object("terms").orElseThrow()),
                    Instant.parse(body.string("until").orElseThrow()));
        }

        @Override
        public String toString() {
            return "Waiting[" + id + "]";
        }
    }

    private Seconds(
            StoredSeconds rows,
            BooleanSupplier several,
            BiPredicate<String, Instant> administers,
            BiPredicate<String, String> atTheMachine,
            Administration administration,
            GateClock clock,
            SecureRandom random) {
        this.rows = rows;
        this.administers = administers;
        this.atTheMachine = atTheMachine;
        this.several = several;
        this.administration = administration;
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param administers whether somebody is an administrator now, and nothing by which they were one was ended since then
     * @param atTheMachine whether who is a user of the system may be this person
     */
    static Seconds open(
            StoredSeconds rows,
            BooleanSupplier several,
            BiPredicate<String, Instant> administers,
            BiPredicate<String, String> atTheMachine,
            Administration administration,
            GateClock clock,
            SecureRandom random)
            throws StoreException {
        Seconds seconds = new Seconds(rows, several, administers, atTheMachine, administration, clock, random);
        rows.all().forEach((id, body) -> {
            boolean agreed = body.string(AGREED_BY).isPresent();
            (agreed ? seconds.cutOff : seconds.waiting).put(id, Waiting.read(id, body));
        });
        return seconds;
    }

    /** From now on what is agreed to of this kind is done so. */
    void does(String kind, Doer doer) {
        doers.put(kind, doer);
    }

    /** Whether what this person asks for waits. */
    boolean areNeeded(String by) {
        return !by.startsWith(LOCAL) && several.getAsBoolean();
    }

    /** Whether it waits whoever asks, the user of the machine too. */
    boolean areNeededOfAnybody() {
        return several.getAsBoolean();
    }

    /** Asking again for what waits already is fine, and changes nothing. */
    synchronized Waiting ask(String by, Wish wish) throws RefusedException {
        forget();
        Optional<Waiting> known =
                waiting.values().stream().filter(one -> one.isSame(by, wish)).findFirst();
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
                "w_" + HexFormat.of().formatHex(id), by, wish, clock.latest().plus(LIFE));
        administration.widen(by, "second_ask", one.id(), told(one), () -> rows.put(one.id(), one.body()));
        waiting.put(one.id(), one);
        return one;
    }

    private static Json.Obj told(Waiting one) {
        return Json.object()
                .put("asked_by", one.by())
                .put("what", one.wish().what())
                .put("about", one.wish().about())
                .put("until", one.until().toString())
                .build();
    }

    /** The oldest first. */
    synchronized List<Waiting> all() {
        forget();
        return waiting.values().stream()
                .sorted(Comparator.comparing(Waiting::until).thenComparing(Waiting::id))
                .toList();
    }

    /** Does what waits; it stays if it cannot be done. */
    synchronized Waiting agree(String second, String id) throws RefusedException {
        Waiting one = find(id);
        Doer doer = Optional.ofNullable(doers.get(one.wish().kind()))
                .orElseThrow(() -> RefusedException.conflict(
                        "not_possible",
                        "nothing here does that any more: the configuration has changed since it was asked for",
                        "refuse it, or put the configuration back"));
        check(second, one);
        return administration.underway(() -> done(second, one, doer));
    }

    /** Underway all the while, so that the next start reads again in the record what was agreed to, and what came of it. */
    private Waiting done(String second, Waiting one, Doer doer) throws RefusedException {
        Json.Obj agreed = one.body().with(AGREED_BY, Json.of(second));
        administration.widen(second, AGREE, one.id(), told(one), () -> rows.put(one.id(), agreed));
        waiting.remove(one.id());
        try {
            doer.run(one, second);
        } catch (RefusedException e) {
            putBack(second, one, e);
            throw e;
        }
        forget(one.id());
        return one;
    }

    /** It is done, so that a store that is down must not say otherwise: the next start reads in the record what became of it. */
    private void forget(String id) {
        try {
            rows.remove(id);
        } catch (StoreException e) {
            rows.forget(List.of(id));
        }
    }

    private void check(String second, Waiting one) throws RefusedException {
        if (isSame(one.by(), second)) {
            throw RefusedException.forbidden(
                    "same_person",
                    "`" + second + "` asked for this, or may have, so somebody else must agree",
                    "let another administrator agree");
        }
        if (!one.by().startsWith(LOCAL) && !administers.test(one.by(), one.asked())) {
            end(second, VOID, one);
            throw RefusedException.conflict(
                    "asker_gone",
                    "`" + one.by() + "` asked for this and is no administrator any more, or a token of theirs was ended"
                            + " since: it may not have been them",
                    "ask for it yourself");
        }
        if (!administers.test(second, Instant.MAX)) {
            throw RefusedException.forbidden("role_missing", "`" + second + "` is no administrator any more", "");
        }
    }

    private void putBack(String second, Waiting one, RefusedException e) {
        waiting.put(one.id(), one);
        try {
            Json.Obj told = told(one).with("refused", Json.of(e.code()));
            administration.widen(second, BACK, one.id(), told, () -> rows.put(one.id(), one.body()));
        } catch (RefusedException again) {
            // Then it waits until this process ends, and whoever still wants it asks again.
        }
    }

    private boolean isSame(String asker, String second) {
        return asker.startsWith(LOCAL)
                ? atTheMachine.test(asker.substring(LOCAL.length()), second)
                : PersonName.isSame(asker, second);
    }

    /** Narrows: done also when it cannot be recorded yet (R14). */
    synchronized Waiting refuse(String by, String id) throws RefusedException {
        Waiting one = find(id);
        end(by, REFUSE, one);
        return one;
    }

    private void end(String by, String act, Waiting one) {
        administration.narrow(
                by, act, one.id(), told(one), () -> waiting.remove(one.id()), () -> rows.remove(one.id()));
    }

    /** Whether it waits, or was cut off, as far as this process and its store know. */
    synchronized boolean knows(String id) {
        return waiting.containsKey(id) || cutOff.containsKey(id);
    }

    /** What was agreed to when the process before this one was ended. */
    synchronized Set<String> cutOff() {
        return Set.copyOf(cutOff.keySet());
    }

    /** For people, what it is of those that are known. */
    synchronized String words(String id) {
        return Optional.ofNullable(waiting.get(id))
                .or(() -> Optional.ofNullable(cutOff.get(id)))
                .map(one -> one.wish().what() + " (" + id + "), asked for by `" + one.by() + "`")
                .orElse(id);
    }

    /** What was agreed to and not begun waits for somebody who agrees anew. */
    synchronized void waitAgain(Collection<String> ids) throws StoreException {
        for (String id : ids) {
            Waiting one = cutOff.remove(id);
            if (one != null) {
                rows.put(id, one.body());
                waiting.put(id, one);
            }
        }
    }

    /** What the record says does not wait any more, and the store does not know (R29). */
    synchronized void endAgain(Collection<String> ids) throws StoreException {
        for (String id : ids) {
            waiting.remove(id);
            cutOff.remove(id);
            rows.remove(id);
        }
    }

    private Waiting find(String id) throws RefusedException {
        forget();
        Waiting one = waiting.get(id);
        if (one == null) {
            throw RefusedException.unknown(
                    "not_waiting", "nothing waits as `" + id + "`: it was done or refused, or is older than a day");
        }
        return one;
    }

    private void forget() {
        Instant now = clock.latest();
        List<String> over = waiting.values().stream()
                .filter(one -> !now.isBefore(one.until()))
                .map(Waiting::id)
                .toList();
        if (!over.isEmpty()) {
            over.forEach(waiting::remove);
            rows.forget(over);
        }
    }
}
