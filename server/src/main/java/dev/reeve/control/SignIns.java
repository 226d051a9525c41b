package dev.reeve.control;

import dev.reeve.agents.KeyText;
import dev.reeve.audit.Quotas;
import dev.reeve.gate.GateClock;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signing in and out, and who is signed in. Sessions are in memory only: a restart, and a copy of the store, know none.
 *
 * <p>Security guarantees: a session's secret has 256 random bits and is kept as a keyed hash; it ends when it is not used for an hour, after
 * twelve hours, on sign-out, when the person is removed or sets a password. A wrong name and a wrong password take the same work and give
 * the same answer. Attempts are limited by source, by name at one source, and by name in all, known or not: tries from elsewhere lock nobody
 * out at an address that has not failed, and a browser in which a person signed in before has tries of its own ({@link Devices}). Not guaranteed:
 * that somebody gets in with another browser from an address that attempts come from.
 */
public final class SignIns {
    public static final Duration IDLE = Duration.ofHours(1);
    public static final Duration LIFE = Duration.ofHours(12);
    public static final Duration DEVICE_LIFE = Devices.LIFE;
    private static final int SECRET_BYTES = 32;
    private static final int MOST = 1_000;
    private static final int MOST_OF_ONE = 16;
    /** Attempts with one name from one source at once, and then one more each {@link #REFILL}. */
    static final int TRIES = 10;

    static final Duration REFILL = Duration.ofSeconds(30);
    private static final int TRIES_OF_SOURCE = 40;
    private static final Duration REFILL_OF_SOURCE = Duration.ofSeconds(5);
    /** Attempts with one name from all sources together that tried it before; one each hour is free for each, so that nobody takes all. */
    static final int TRIES_OF_ALL = 100;

    private static final Duration REFILL_OF_ALL = Duration.ofSeconds(5);
    private static final Duration FREE = Duration.ofHours(1);
    /** Names and sources that are remembered apart; more share one. Which share is a secret: nobody chooses a name that takes from another. */
    private static final int BUCKETS = 16_384;
    /** Who has one address of IPv6 has all that begin like it: four groups (RFC 6177). */
    private static final Pattern NETWORK = Pattern.compile("((?:[0-9a-f]{1,4}:){4})[0-9a-f:]+(?:%.*)?");

    private final ControlRoom room;
    private final GateClock clock;
    private final StoreKey key;
    private final SecureRandom random;
    private final Quotas<Integer> bySource;
    private final Quotas<Integer> there;
    private final Quotas<Integer> free;
    private final Quotas<Integer> inAll;
    private final Quotas<Integer> byDevice;
    private final Devices devices;
    private final Map<String, Session> open = new ConcurrentHashMap<>();

    public SignIns(ControlRoom room, SecureRandom random) {
        this.room = room;
        this.clock = room.clock();
        this.key = room.store().key("sessions");
        this.random = random;
        InstantSource time = room.clock().source();
        this.bySource = new Quotas<>(TRIES_OF_SOURCE, REFILL_OF_SOURCE, time);
        this.there = new Quotas<>(TRIES, REFILL, time);
        this.free = new Quotas<>(1, FREE, time);
        this.inAll = new Quotas<>(TRIES_OF_ALL, REFILL_OF_ALL, time);
        this.byDevice = new Quotas<>(TRIES, REFILL, time);
        this.devices = new Devices(room.store().key("devices"), random, clock);
        room.accounts().onEnd(this::endAllOf);
    }

    /** One sign-in of one person. */
    public static final class Session {
        private final String hash;
        private final String person;
        private final Instant began;
        private final String csrf;
        private volatile Instant used;

        private Session(String hash, String person, Instant began, String csrf) {
            this.hash = hash;
            this.person = person;
            this.began = began;
            this.csrf = csrf;
            this.used = began;
        }

        /** Goes into each form of this session, and comes back with it. */
        public String csrf() {
            return csrf;
        }

        public boolean isCsrf(String given) {
            return MessageDigest.isEqual(csrf.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        }

        private boolean lasts(Instant now) {
            return now.isBefore(used.plus(IDLE)) && now.isBefore(began.plus(LIFE));
        }

        /** For the record; tells nothing of the secret. */
        private String shortId() {
            return hash.substring(0, 12);
        }
    }

    /** Who is signed in, and as what now. */
    public record Present(Session session, Caller.SignedIn caller) {}

    /** What came of signing in. */
    public sealed interface Answer {
        /**
         * @param cookie the session's secret; it is in no other place
         * @param device for the next time in this browser
         */
        record In(Secret cookie, Secret device, Present present) implements Answer {}

        /** Name or password are wrong: which is not told. */
        record Wrong() implements Answer {}

        /** Too many attempts. */
        record Later() implements Answer {}
    }

    /**
     * @param source the address that it comes from
     * @param device what the browser got when somebody signed in there before
     * @throws RefusedException if it cannot be recorded, or too many are tried at once
     */
    public Answer signIn(String name, Secret password, String source, Optional<Secret> device) throws RefusedException {
        if (!isKnown(name, device) && !mayTry(name, network(source))) {
            return new Answer.Later();
        }
        Optional<Account> person = room.accounts().check(name, password);
        return person.isPresent() ? begin(person.get(), source) : new Answer.Wrong();
    }

    /** Whether it is a browser of this person that has tries left; without, it counts like any other. */
    private boolean isKnown(String name, Optional<Secret> device) {
        return device.flatMap(cookie -> devices.known(name, cookie))
                .filter(id -> byDevice.take(bucket("device\n" + id)))
                .isPresent();
    }

    /** In this order: who has no tries left takes none from the person whose name is given. */
    private boolean mayTry(String name, String network) {
        int here = bucket(network + "\n" + name);
        return bySource.take(bucket(network)) && there.take(here) && (free.take(here) || inAll.take(bucket(name)));
    }

    static String network(String source) {
        Matcher matcher = NETWORK.matcher(source);
        return matcher.matches() ? matcher.group(1) : source;
    }

    private int bucket(String text) {
        byte[] hash = key.of(("tries " + text).getBytes(StandardCharsets.UTF_8));
        return Math.floorMod(ByteBuffer.wrap(hash).getInt(), BUCKETS);
    }

    /** Whether the secret opens the page where a password is set: of the first administrator, or of somebody invited. */
    public Optional<Welcome> welcome(Secret link) {
        if (KeyText.FIRST.wellFormed(link)) {
            return Optional.of(new Welcome.First());
        }
        return room.accounts().invited(link).map(person -> new Welcome.Invited(person.name()));
    }

    /** Whose password is to be set. */
    public sealed interface Welcome {
        /** Of whom there is no name yet. On the machine itself only (R31). */
        record First() implements Welcome {}

        record Invited(String name) implements Welcome {}
    }

    /** Takes a link, sets the password and signs in. */
    public Answer.In accept(Secret link, String name, Secret password, String source) throws RefusedException {
        // Who has a link that is good guesses nothing, and needs no try that others may have used up.
        if (room.accounts().invited(link).isEmpty() && !bySource.take(bucket(network(source)))) {
            throw RefusedException.unavailable("later", "there were too many attempts");
        }
        Account person = KeyText.FIRST.wellFormed(link)
                ? room.administrators().redeem(link, () -> room.accounts().first(name, password))
                : room.accounts().accept(link, password);
        return begin(person, source);
    }

    private synchronized Answer.In begin(Account person, String source) throws RefusedException {
        Instant now = clock.latest();
        open.values().removeIf(session -> !session.lasts(now));
        makeRoom(person.name());
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        Secret secret = Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        String hash = hash(secret);
        Session session = new Session(hash, person.name(), now, csrf(secret));
        Json.Obj told = Json.object()
                .put("session", session.shortId())
                .put("source", source)
                .put("roles", Accounts.wires(person))
                .build();
        room.administration().widen(person.name(), "sign_in", person.name(), told, () -> {});
        open.put(hash, session);
        if (!isStill(person)) {
            open.remove(hash);
            throw RefusedException.conflict(
                    "person_changed", "the password was changed, or the person removed, just now", "sign in again");
        }
        return new Answer.In(secret, devices.remember(person.name()), new Present(session, person.caller()));
    }

    /** Looking at a password takes a while; who changes it meanwhile ends the sessions that there are then, and not one that begins after. */
    private boolean isStill(Account person) {
        return room.accounts()
                .find(person.name())
                .filter(now -> now.password().equals(person.password()))
                .isPresent();
    }

    /** The one that was not used for longest ends. */
    private void makeRoom(String person) throws RefusedException {
        if (open.values().stream().filter(one -> one.person.equals(person)).count() >= MOST_OF_ONE) {
            open.values().stream()
                    .filter(one -> one.person.equals(person))
                    .min(Comparator.comparing(one -> one.used))
                    .ifPresent(oldest -> open.remove(oldest.hash));
        }
        if (open.size() >= MOST) {
            throw RefusedException.unavailable("too_many_sessions", MOST + " people are signed in");
        }
    }

    /** Whose session it is, as that person is now; a look of a person, so that it is used. */
    public Optional<Present> present(Secret cookie) {
        Optional<Present> present = look(cookie);
        present.ifPresent(one -> one.session().used = clock.latest());
        return present;
    }

    /** As {@link #present}, without being used: what a page asks for by itself keeps nobody signed in. */
    public Optional<Present> look(Secret cookie) {
        Session session = open.get(hash(cookie));
        if (session == null) {
            return Optional.empty();
        }
        Optional<Account> person = room.accounts().find(session.person);
        if (person.isEmpty() || !session.lasts(clock.latest())) {
            open.remove(session.hash);
            return Optional.empty();
        }
        return Optional.of(new Present(session, person.get().caller()));
    }

    public void signOut(Session session) {
        room.administration()
                .narrow(
                        session.person,
                        "sign_out",
                        session.person,
                        Json.object().put("session", session.shortId()).build(),
                        () -> open.remove(session.hash),
                        () -> {});
    }

    private void endAllOf(String person) {
        open.values().removeIf(session -> session.person.equals(person));
    }

    private String csrf(Secret secret) {
        return HexFormat.of()
                .formatHex(key.of(("csrf " + secret.exposeTextInsecurely()).getBytes(StandardCharsets.UTF_8)));
    }

    private String hash(Secret secret) {
        return HexFormat.of()
                .formatHex(key.of(("session " + secret.exposeTextInsecurely()).getBytes(StandardCharsets.UTF_8)));
    }
}
