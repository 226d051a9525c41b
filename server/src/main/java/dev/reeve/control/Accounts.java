package dev.reeve.control;

import dev.reeve.agents.KeyText;
import dev.reeve.audit.Scope;
import dev.reeve.gate.GateClock;
import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import dev.reeve.store.Micros;
import dev.reeve.store.Row;
import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreKey;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may sign in, with which roles.
 *
 * <p>Security guarantees: passwords are kept as Argon2id, links as keyed hashes, both under a MAC; a link is for one use; a name that was
 * removed is not given again, so that no record is about two people.
 */
public final class Accounts {
    static final Duration INVITATION_LIFE = Duration.ofHours(24);
    private static final int MOST = 1_000;
    private static final int MOST_AGENTS = 100;
    private static final int LONGEST_NAME = 64;
    private static final SealedTable TABLE = new SealedTable(
            "accounts",
            List.of("name"),
            List.of("roles", "agents", "password", "invite", "invite_expires", "created", "removed"));

    private final Store store;
    private final StoreKey key;
    private final Administration administration;
    private final GateClock clock;
    private final SecureRandom random;
    private final Passwords passwords;
    private final Map<String, Account> byName = new ConcurrentHashMap<>();
    private final List<Consumer<String>> ended = new CopyOnWriteArrayList<>();

    private Accounts(Store store, Administration administration, GateClock clock, SecureRandom random) {
        this.store = store;
        this.key = store.key("invitations");
        this.administration = administration;
        this.clock = clock;
        this.random = random;
        this.passwords = new Passwords(store.key("passwords"), random);
    }

    public static Accounts open(Store store, Administration administration, GateClock clock, SecureRandom random)
            throws StoreException {
        Accounts people = new Accounts(store, administration, clock, random);
        store.read(TABLE::rows).stream().map(Accounts::person).forEach(one -> people.byName.put(one.name(), one));
        return people;
    }

    /** @param listener takes the name of each person whose sessions must end: removed, or with a new password */
    void onEnd(Consumer<String> listener) {
        ended.add(listener);
    }

    /** By name. */
    List<Account> all() {
        return byName.values().stream()
                .sorted(Comparator.comparing(Account::name))
                .toList();
    }

    /** Those who can act as administrators: with a password. */
    Stream<String> administrators() {
        return byName.values().stream()
                .filter(person -> person.is(Role.ADMIN) && person.password().isPresent())
                .map(Account::name);
    }

    /** Those who were removed as administrators. Whether they had taken their invitation is not kept. */
    Stream<Administrators.Ended> endedAdministrators() {
        return byName.values().stream()
                .filter(person -> person.roles().contains(Role.ADMIN))
                .flatMap(person -> person.removed().map(at -> new Administrators.Ended(person.name(), at)).stream());
    }

    /** Whoever may sign in, or may be let in: not who was removed. */
    Optional<Account> find(String name) {
        return Optional.ofNullable(byName.get(name))
                .filter(person -> person.removed().isEmpty());
    }

    /**
     * A link for a person to set a password by; for somebody who is known, another one. It is shown once.
     *
     * @param roles of somebody new; empty for who is known, whose roles stay
     */
    Secret invite(String by, String name, Set<Role> roles, Scope scope) throws RefusedException {
        Secret link = fresh();
        invite(by, Optional.empty(), new Wish(name, roles, scope, hash(link), Optional.empty()));
        return link;
    }

    /** A link that is good for nothing before {@link #invite}. */
    Secret fresh() {
        return KeyText.INVITE.fresh(random);
    }

    /**
     * An invitation that somebody wants.
     *
     * @param link its hash under a key of this installation: all that is kept of it
     * @param since since when somebody of that name is there, if it is another password for them
     */
    record Wish(String name, Set<Role> roles, Scope scope, String link, Optional<Instant> since) {
        /** What {@link #of} reads. */
        Json.Obj asJson() {
            return Json.object()
                    .put("name", name)
                    .put(
                            "roles",
                            Json.Arr.ofStrings(
                                    roles.stream().map(Role::wire).sorted().toList()))
                    .put(
                            "agents",
                            Json.Arr.ofStrings(new TreeSet<>(scope.agents().orElse(Set.of()))))
                    .put("link", link)
                    .put("since", since.map(Instant::toString))
                    .build();
        }

        static Wish of(Json.Obj terms) throws RefusedException {
            ControlRequest.Body body = new ControlRequest.Body(terms);
            Set<String> agents = body.texts("agents");
            return new Wish(
                    body.text("name"),
                    body.texts("roles").stream()
                            .map(wire -> Role.of(wire).orElseThrow())
                            .collect(Collectors.toSet()),
                    agents.isEmpty() ? Scope.ALL : Scope.of(agents),
                    body.text("link"),
                    body.optionalText("since").map(Instant::parse));
        }
    }

    /** For an invitation that another administrator must agree to. */
    synchronized Wish wish(String name, Set<Role> roles, Scope scope, Secret link) throws RefusedException {
        Account checked = before(name, roles, scope);
        return new Wish(checked.name(), roles, scope, hash(link), find(name).map(Account::created));
    }

    /** As {@link #invite}, for whom it was asked for, and for nobody who has come to that name since. */
    synchronized void inviteAsAsked(String by, String second, Wish wish) throws RefusedException {
        if (!find(wish.name()).map(Account::created).equals(wish.since())) {
            throw RefusedException.conflict(
                    "person_differs", "`" + wish.name() + "` is somebody else by now", "refuse this, and ask anew");
        }
        invite(by, Optional.of(second), wish);
    }

    private Account before(String name, Set<Role> roles, Scope scope) throws RefusedException {
        Optional<Account> known = Optional.ofNullable(byName.get(name));
        return known.isPresent() ? again(known.get(), roles) : fresh(name, roles, scope);
    }

    /** @param second who agreed, where one asked and another had to agree */
    private synchronized void invite(String by, Optional<String> second, Wish wish) throws RefusedException {
        Instant expires = clock.latest().plus(INVITATION_LIFE);
        Account before = before(wish.name(), wish.roles(), wish.scope());
        Account invited = before.invited(new Account.Invitation(wish.link(), expires));
        String act = byName.containsKey(wish.name()) ? "person_invite" : "person_create";
        administration.widen(by, act, wish.name(), difference(invited, expires, second), () -> save(invited));
        byName.put(wish.name(), invited);
    }

    private static Account again(Account known, Set<Role> roles) throws RefusedException {
        if (known.removed().isPresent()) {
            throw RefusedException.conflict(
                    "person_removed",
                    "`" + known.name() + "` was removed; a name is not given again",
                    "choose another");
        }
        if (!roles.isEmpty() && !roles.equals(known.roles())) {
            throw RefusedException.conflict(
                    "person_differs",
                    "`" + known.name() + "` is there with other roles",
                    "remove the person and invite under another name, or leave --role away");
        }
        return known;
    }

    private Account fresh(String name, Set<Role> roles, Scope scope) throws RefusedException {
        if (!NewAgent.isLine(name) || name.length() > LONGEST_NAME || PersonName.isTaken(name)) {
            throw RefusedException.invalid(
                    "a name is one line of at most " + LONGEST_NAME
                            + " characters, and no word that rules or the record use",
                    "");
        }
        if (roles.isEmpty()) {
            throw RefusedException.invalid("a person has a role", "admin, policy-author, approver or auditor");
        }
        boolean isScoped = scope.agents().isPresent();
        if (isScoped
                && (!roles.equals(Set.of(Role.AUDITOR)) || scope.agents().get().size() > MOST_AGENTS)) {
            throw RefusedException.invalid("only an auditor has `agents`, at most " + MOST_AGENTS, "");
        }
        if (byName.size() >= MOST) {
            throw RefusedException.conflict("too_many_people", "there are " + MOST + " people already", "");
        }
        return new Account(name, roles, scope, Optional.empty(), Optional.empty(), clock.latest(), Optional.empty());
    }

    private static Json.Obj difference(Account person, Instant expires, Optional<String> second) {
        Json.Builder difference = Json.object().put("roles", wires(person)).put("link_expires", expires.toString());
        second.ifPresent(name -> difference.put("seconded_by", name));
        person.scope()
                .agents()
                .ifPresent(agents -> difference.put("agents", Json.Arr.ofStrings(new TreeSet<>(agents))));
        return difference.build();
    }

    static Json.Arr wires(Account person) {
        return Json.Arr.ofStrings(
                person.roles().stream().map(Role::wire).sorted().toList());
    }

    /** Whose link this is; empty if it was used, is too old, or never was. */
    Optional<Account> invited(Secret link) {
        if (!KeyText.INVITE.wellFormed(link)) {
            return Optional.empty();
        }
        byte[] hash = hash(link).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Instant now = clock.latest();
        return byName.values().stream()
                .filter(person -> person.removed().isEmpty())
                .filter(person -> person.invitation()
                        .filter(one -> now.isBefore(one.expires())
                                && MessageDigest.isEqual(
                                        one.hash().getBytes(java.nio.charset.StandardCharsets.US_ASCII), hash))
                        .isPresent())
                .findFirst();
    }

    /** Takes a link: the password is set, and the sessions with the old one end. */
    synchronized Account accept(Secret link, Secret password) throws RefusedException {
        Account person = invited(link)
                .orElseThrow(() -> RefusedException.forbidden(
                        "link_refused",
                        "this link was used, is too old, or never was",
                        "ask for another one; on the machine itself `reeve admin invite NAME` makes it"));
        return set(person, password);
    }

    /** The first administrator, by the link that {@link Administrators} checks. */
    synchronized Account first(String name, Secret password) throws RefusedException {
        if (byName.containsKey(name)) {
            throw RefusedException.conflict("person_known", "there is a person of that name", "choose another name");
        }
        Account fresh = fresh(name, Set.of(Role.ADMIN), Scope.ALL);
        check(password, name);
        Account person = fresh.withPassword(passwords.hash(password));
        administration.widen(
                "first-admin",
                "person_create",
                name,
                Json.object().put("roles", wires(person)).build(),
                () -> save(person));
        byName.put(name, person);
        return person;
    }

    private static void check(Secret password, String name) throws RefusedException {
        Optional<String> trouble = Passwords.trouble(password, name);
        if (trouble.isPresent()) {
            throw RefusedException.invalid(trouble.get(), "");
        }
    }

    private Account set(Account person, Secret password) throws RefusedException {
        check(password, person.name());
        Account changed = person.withPassword(passwords.hash(password));
        administration.widen(person.name(), "password_set", person.name(), Json.Obj.EMPTY, () -> save(changed));
        byName.put(changed.name(), changed);
        ended.forEach(listener -> listener.accept(changed.name()));
        return changed;
    }

    /** Who this is, if name and password are right. The work is the same whatever is wrong. */
    Optional<Account> check(String name, Secret password) throws RefusedException {
        Optional<Account> person = find(name);
        boolean right = passwords.matches(person.flatMap(Account::password), password);
        return right ? person : Optional.empty();
    }

    /** Ends everything of a person at once. */
    Account remove(String by, String name) throws RefusedException {
        Account known = find(name)
                .orElseThrow(() -> RefusedException.unknown("person_unknown", "there is no person `" + name + "`"));
        Account gone = known.removedAt(clock.latest());
        administration.narrow(
                by,
                "person_remove",
                name,
                Json.object().put("roles", wires(known)).build(),
                () -> inForce(gone),
                () -> save(gone));
        return gone;
    }

    private void inForce(Account person) {
        byName.put(person.name(), person);
        ended.forEach(listener -> listener.accept(person.name()));
    }

    /** Whether somebody of this name was there before this moment and is not removed. */
    boolean wasThere(String name, Instant at) {
        return find(name).filter(person -> !person.created().isAfter(at)).isPresent();
    }

    void removeAgain(String name, Instant when) throws StoreException {
        Optional<Account> known = find(name);
        if (known.isPresent()) {
            Account gone = known.get().removedAt(when);
            inForce(gone);
            save(gone);
        }
    }

    private void save(Account person) throws StoreException {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("name", person.name());
        row.put("roles", person.roles().stream().map(Role::wire).sorted().collect(Collectors.joining("\n")));
        row.put(
                "agents",
                String.join("\n", new TreeSet<>(person.scope().agents().orElse(Set.of()))));
        row.put("password", person.password().orElse(null));
        row.put(
                "invite",
                person.invitation()
                        .map(link -> HexFormat.of().parseHex(link.hash()))
                        .orElse(null));
        row.put(
                "invite_expires",
                person.invitation().map(link -> Micros.of(link.expires())).orElse(null));
        row.put("created", Micros.of(person.created()));
        row.put("removed", person.removed().map(Micros::of).orElse(null));
        store.write(writing -> {
            TABLE.put(writing, row);
            return true;
        });
    }

    private static Account person(Row row) {
        String agents = row.text("agents");
        return new Account(
                row.text("name"),
                row.text("roles")
                        .lines()
                        .flatMap(wire -> Role.of(wire).stream())
                        .collect(Collectors.toSet()),
                agents.isEmpty() ? Scope.ALL : Scope.of(Set.of(agents.split("\n", -1))),
                row.optionalText("password"),
                row.optionalTime("invite_expires")
                        .map(expires -> new Account.Invitation(HexFormat.of().formatHex(row.bytes("invite")), expires)),
                row.time("created"),
                row.optionalTime("removed"));
    }

    private String hash(Secret secret) {
        return HexFormat.of().formatHex(key.of(secret.exposeInsecurely()));
    }
}
