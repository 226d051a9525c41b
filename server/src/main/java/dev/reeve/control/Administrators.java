package dev.reeve.control;

import dev.reeve.agents.KeyText;
import dev.reeve.approval.Answerer;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of people, each with one role, and the one link that makes the first of them (R31).
 *
 * <p>Security guarantees: tokens are kept as keyed hashes; the first link is in memory only, for one use and ten minutes, ends after five
 * wrong tries, and is good only while nobody is an administrator.
 */
public final class Administrators {
    static final Duration LINK_LIFE = Duration.ofMinutes(10);
    static final Duration TOKEN_LIFE = Duration.ofDays(30);
    /** How long who was ended still counts as one of several: nobody becomes alone by ending the others, and then two by making somebody (R27). */
    static final Duration STILL_COUNTED = Duration.ofHours(24);

    private static final int MOST_TRIES = 5;
    private static final int MOST_TOKENS = 1_000;
    private static final int MOST_AGENTS = 100;
    private static final SealedTable AUDITORS = new SealedTable(
            "auditor_tokens", List.of("id"), List.of("person", "agents", "hash", "created", "expires", "revoked"));
    private static final SealedTable TABLE =
            new SealedTable("admin_tokens", List.of("id"), List.of("person", "hash", "created", "expires", "revoked"));

    private static final SealedTable PEOPLE = new SealedTable(
            "person_tokens", List.of("id"), List.of("person", "role", "hash", "created", "expires", "revoked"));

    private final Store store;
    private final StoreKey key;
    private final Administration administration;
    private final GateClock clock;
    private final SecureRandom random;
    private final Map<String, Token> byHash = new ConcurrentHashMap<>();
    private final Makers makers;
    private Optional<Link> link = Optional.empty();
    private int wrongTries;
    private volatile SystemUsers systemUsers = SystemUsers.NONE;
    private final Accounts accounts;

    /**
     * @param id shown; never the secret
     * @param role what its holder is at the control address
     * @param scope what an auditor may read; others read all
     */
    public record Token(
            String id,
            String person,
            Role role,
            Scope scope,
            String hash,
            Instant created,
            Instant expires,
            Optional<Instant> revoked) {
        boolean isAdministrator() {
            return role == Role.ADMIN;
        }

        boolean good(Instant now) {
            return revoked.isEmpty() && now.isBefore(expires);
        }

        /** Empty if it was no administrator's, was not ended, or was over before. */
        Stream<Ended> endedAsAdministrator() {
            return revoked
                    .filter(at -> isAdministrator() && at.isBefore(expires))
                    .map(at -> new Ended(person, at))
                    .stream();
        }

        /** Whether its holder may answer questions of agents. */
        boolean mayAnswer() {
            return isAdministrator() || role == Role.APPROVER;
        }

        /** Who comes with it. */
        Caller caller() {
            return switch (role) {
                case ADMIN -> new Caller.Administrator(person);
                case AUDITOR -> new Caller.Auditor(person, scope);
                case APPROVER, POLICY_AUTHOR -> new Caller.SignedIn(person, Set.of(role), Scope.ALL);
            };
        }

        Token endedAt(Instant when) {
            return new Token(id, person, role, scope, hash, created, expires, Optional.of(when));
        }

        @Override
        public String toString() {
            return "Token[" + id + "]";
        }
    }

    private record Link(String hash, Instant expires) {}

    private Administrators(
            Store store,
            Administration administration,
            Accounts accounts,
            Makers makers,
            GateClock clock,
            SecureRandom random) {
        this.makers = makers;
        this.store = store;
        this.accounts = accounts;
        this.key = store.key("admin-tokens");
        this.administration = administration;
        this.clock = clock;
        this.random = random;
    }

    /** @param accounts of people who may be administrators without a token */
    static Administrators open(
            Store store,
            Administration administration,
            Accounts accounts,
            Makers makers,
            GateClock clock,
            SecureRandom random)
            throws StoreException {
        Administrators administrators = new Administrators(store, administration, accounts, makers, clock, random);
        Stream.concat(
                        store.read(TABLE::rows).stream().map(row -> token(row, Role.ADMIN, Scope.ALL)),
                        Stream.concat(
                                store.read(AUDITORS::rows).stream().map(row -> token(row, Role.AUDITOR, scope(row))),
                                store.read(PEOPLE::rows).stream().map(row -> token(row, role(row), Scope.ALL))))
                .forEach(token -> administrators.byHash.put(token.hash(), token));
        return administrators;
    }

    /** @param named whom the operator's file names; before, nobody */
    public void atTheMachine(SystemUsers named) {
        systemUsers = named;
    }

    /** Whether this person may be who that user of the system was. */
    boolean mayBe(String user, String person) {
        return systemUsers.mayBe(user, person);
    }

    /** The secret of the first link; empty if somebody is administrator already. Show it on a terminal only, never in a log. */
    public synchronized Optional<Secret> firstLink() {
        Instant now = clock.latest();
        if (!present().isEmpty()) {
            return Optional.empty();
        }
        Secret secret = KeyText.FIRST.fresh(random);
        link = Optional.of(new Link(hash(secret), now.plus(LINK_LIFE)));
        wrongTries = 0;
        return Optional.of(secret);
    }

    /** Trades the first link for a token. */
    Secret redeem(Secret presented, String person) throws RefusedException {
        return redeem(presented, () -> create("first-admin", person, TOKEN_LIFE));
    }

    /** What the first link is traded for. If it cannot be had, the link stays good. */
    interface FirstAct<T> {
        T run() throws RefusedException;
    }

    synchronized <T> T redeem(Secret presented, FirstAct<T> act) throws RefusedException {
        Instant now = clock.latest();
        // Somebody may have taken an invitation since.
        Optional<Link> open = link.filter(one -> now.isBefore(one.expires())
                && wrongTries < MOST_TRIES
                && present().isEmpty());
        if (open.isEmpty() || !same(open.get().hash(), hash(presented))) {
            wrongTries++;
            throw RefusedException.forbidden(
                    "first_admin_refused",
                    "this link was used, is older than ten minutes, or never was",
                    "`reeve admin token NAME` on the machine itself makes a token");
        }
        T made = act.run();
        link = Optional.empty();
        return made;
    }

    /** A new token for an administrator. */
    synchronized Secret create(String by, String person, Duration life) throws RefusedException {
        Secret secret = create(by, person, life, Role.ADMIN, Scope.ALL);
        link = Optional.empty();
        return secret;
    }

    /** A new token for somebody who may read this much of the record, and do nothing. */
    synchronized Secret createAuditor(String by, String person, Duration life, Scope scope) throws RefusedException {
        if (scope.agents().filter(Administrators::isOutOfShape).isPresent()) {
            throw RefusedException.invalid("the agents of an auditor are 1 to " + MOST_AGENTS + " names", "");
        }
        return create(by, person, life, Role.AUDITOR, scope);
    }

    /** A new token for somebody who is an approver or an author of policies, and no more. */
    synchronized Secret create(String by, String person, Duration life, Role role) throws RefusedException {
        if (role == Role.ADMIN || role == Role.AUDITOR) {
            throw new IllegalArgumentException("that role has a token of its own");
        }
        return create(by, person, life, role, Scope.ALL);
    }

    private static boolean isOutOfShape(Set<String> agents) {
        return agents.isEmpty()
                || agents.size() > MOST_AGENTS
                || !agents.stream().allMatch(name -> !name.isEmpty() && NewAgent.isLine(name));
    }

    private Secret create(String by, String person, Duration life, Role role, Scope scope) throws RefusedException {
        Secret secret = fresh(role);
        grant(by, Optional.empty(), new Wish(person, life, role, scope, hash(secret)));
        return secret;
    }

    /** The text of a token that nobody can use before {@link #grant}. */
    Secret fresh(Role role) {
        return text(role).fresh(random);
    }

    /**
     * A token that somebody wants.
     *
     * @param hash under a key of this installation: all that is kept of its text
     */
    record Wish(String person, Duration life, Role role, Scope scope, String hash) {
        /** What {@link #of} reads. Not for a scope: whoever only reads waits for nobody. */
        Json.Obj asJson() {
            return Json.object()
                    .put("person", person)
                    .put("life", life.toString())
                    .put("role", role.wire())
                    .put("hash", hash)
                    .build();
        }

        static Wish of(Json.Obj terms) {
            return new Wish(
                    terms.string("person").orElseThrow(),
                    Duration.parse(terms.string("life").orElseThrow()),
                    Role.of(terms.string("role").orElseThrow()).orElseThrow(),
                    Scope.ALL,
                    terms.string("hash").orElseThrow());
        }
    }

    /** For a token that another administrator must agree to. */
    Wish wish(String person, Duration life, Role role, Secret secret) throws RefusedException {
        check(person, life);
        return new Wish(person, life, role, Scope.ALL, hash(secret));
    }

    private void check(String person, Duration life) throws RefusedException {
        if (!NewAgent.isLine(person)) {
            throw RefusedException.invalid("the name of the person is not one line of text", "");
        }
        if (PersonName.isTaken(person)) {
            throw RefusedException.invalid(
                    "`" + person + "` means something else in rules or in the record", "choose another name");
        }
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(Duration.ofDays(366)) > 0) {
            throw RefusedException.invalid("a token lives from 1m to 366d", "");
        }
        if (byHash.size() >= MOST_TOKENS) {
            throw RefusedException.conflict("too_many_tokens", "there are " + MOST_TOKENS + " tokens already", "");
        }
    }

    /** @param second who agreed, where one asked and another had to agree */
    synchronized void grant(String by, Optional<String> second, Wish wish) throws RefusedException {
        check(wish.person(), wish.life());
        if (byHash.containsKey(wish.hash())) {
            throw RefusedException.conflict("token_known", "this token was made already", "ask for another one");
        }
        byte[] id = new byte[8];
        random.nextBytes(id);
        Instant now = clock.latest();
        Token token = new Token(
                "a_" + HexFormat.of().formatHex(id),
                wish.person(),
                wish.role(),
                wish.scope(),
                wish.hash(),
                now,
                now.plus(wish.life()),
                Optional.empty());
        Json.Builder difference = Json.object()
                .put("id", token.id())
                .put("person", token.person())
                .put("role", token.role().wire())
                .put("expires", token.expires().toString());
        second.ifPresent(name -> difference.put("seconded_by", name));
        token.scope().agents().ifPresent(agents -> difference.put("agents", Json.Arr.ofStrings(new TreeSet<>(agents))));
        Makers.Maker maker = new Makers.Maker(by, second);
        administration.widen(by, "admin_token_create", token.id(), difference.build(), () -> save(token, maker));
        makers.remember(token.id(), maker);
        byHash.put(token.hash(), token);
    }

    private static KeyText text(Role role) {
        return switch (role) {
            case ADMIN -> KeyText.ADMIN;
            case AUDITOR -> KeyText.AUDITOR;
            case APPROVER, POLICY_AUTHOR -> KeyText.PERSON;
        };
    }

    /** Ends a token; it is refused at once. */
    Token revoke(String by, String id) throws RefusedException {
        Token token = byHash.values().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> RefusedException.unknown("token_unknown", "there is no token `" + id + "`"));
        if (token.revoked().isPresent()) {
            return token;
        }
        Token ended = token.endedAt(clock.latest());
        Json.Obj difference = Json.object().put("revoked", id).build();
        administration.narrow(
                by, "admin_token_revoke", id, difference, () -> byHash.put(ended.hash(), ended), () -> save(ended));
        return ended;
    }

    /** Ends every token of a person who was removed. */
    void revokeAllOf(String by, String person) throws RefusedException {
        for (Token token : List.copyOf(byHash.values())) {
            if (token.person().equals(person) && token.revoked().isEmpty()) {
                revoke(by, token.id());
            }
        }
    }

    /** Whether there is such a token and nobody ended it. */
    boolean isOpen(String id) {
        return byHash.values().stream()
                .anyMatch(token -> token.id().equals(id) && token.revoked().isEmpty());
    }

    /** Ends a token that the record says was ended. */
    void endAgain(String id, Instant when) throws StoreException {
        for (Token token : List.copyOf(byHash.values())) {
            if (token.id().equals(id) && token.revoked().isEmpty()) {
                Token ended = token.endedAt(when);
                byHash.put(ended.hash(), ended);
                save(ended);
            }
        }
    }

    /** Empty for tokens that were made before this was kept; the record has it. */
    Optional<Makers.Maker> maker(Token token) {
        return makers.of(token.id());
    }

    Collection<Token> tokens() {
        return byHash.values().stream()
                .sorted(Comparator.comparing(Token::created).thenComparing(Token::id))
                .toList();
    }

    /** The names of those who hold a good token of an administrator, or sign in as one. */
    private Set<String> present() {
        Instant now = clock.latest();
        Stream<String> tokens = byHash.values().stream()
                .filter(token -> token.isAdministrator() && token.good(now))
                .map(Token::person);
        return Stream.concat(tokens, accounts.administrators())
                .map(PersonName::plain)
                .collect(Collectors.toSet());
    }

    /** Administrators who were ended and have not come back, by name, with the moment until which they still count. */
    private Map<String, Instant> stillCounted() {
        Instant since = clock.latest().minus(STILL_COUNTED);
        Set<String> present = present();
        Map<String, Instant> ended = new TreeMap<>();
        Stream.concat(accounts.endedAdministrators(), byHash.values().stream().flatMap(Token::endedAsAdministrator))
                .filter(one -> one.at().isAfter(since) && !present.contains(PersonName.plain(one.person())))
                .forEach(one -> ended.merge(
                        PersonName.plain(one.person()),
                        one.at().plus(STILL_COUNTED),
                        (before, now) -> before.isAfter(now) ? before : now));
        return ended;
    }

    /** Somebody who was an administrator until this moment. */
    record Ended(String person, Instant at) {}

    /** For people: whether somebody else must agree to what widens, and why. */
    String secondPerson() {
        Map<String, Instant> ended = stillCounted();
        if (present().size() > 1) {
            return "there";
        }
        if (!areSeveral()) {
            return "none, so nothing waits for one";
        }
        return ended.entrySet().stream()
                .map(one -> "`" + one.getKey() + "` was ended and counts until " + one.getValue())
                .collect(Collectors.joining("; ", "missing, and what widens waits: ", ""));
    }

    /** Whether this person has a good token of an administrator, or signs in as one. */
    boolean isOne(String person) {
        Instant now = clock.latest();
        return byHash.values().stream()
                        .anyMatch(token -> token.isAdministrator()
                                && token.good(now)
                                && token.person().equals(person))
                || accounts.administrators().anyMatch(person::equals);
    }

    /** Whether this person is one, and nothing by which they were one was ended since then: who came with that may have been somebody else. */
    boolean isStillOne(String person, Instant since) {
        return isOne(person)
                && Stream.concat(
                                accounts.endedAdministrators(),
                                byHash.values().stream().flatMap(Token::endedAsAdministrator))
                        .noneMatch(
                                one -> one.person().equals(person) && !one.at().isBefore(since));
    }

    /** Whether a second person must agree to what one does (R27): one is there, or was until lately and was ended. */
    public boolean areSeveral() {
        Set<String> all = new HashSet<>(present());
        all.addAll(stillCounted().keySet());
        return all.size() > 1;
    }

    /** The person with this administrator's token. */
    Optional<String> administrator(Secret presented) {
        return token(presented).filter(Token::isAdministrator).map(Token::person);
    }

    /** The person with this token, as what it is of, if its holder may answer questions of agents. */
    Optional<Answerer> answering(Secret presented) {
        return token(presented)
                .filter(Token::mayAnswer)
                .map(token -> new Answerer(token.person(), token.role().answersAs()));
    }

    /** Who may answer questions of agents: whoever holds a good token or an account of an administrator or approver, with the groups of that name. */
    public People answering(PeopleGroups groups) {
        return new People() {
            @Override
            public Optional<Person> person(String name) {
                Set<String> roles = rolesOf(name);
                return roles.contains(Role.ADMIN.wire()) || roles.contains(Role.APPROVER.wire())
                        ? Optional.of(new Person(name, roles, groups.of(name)))
                        : Optional.empty();
            }

            @Override
            public boolean several() {
                return areSeveral();
            }
        };
    }

    /** As what somebody may answer: by a token, by an account, or both. */
    private Set<String> rolesOf(String name) {
        Instant now = clock.latest();
        Set<String> roles = new TreeSet<>();
        byHash.values().stream()
                .filter(token ->
                        token.mayAnswer() && token.good(now) && token.person().equals(name))
                .forEach(token -> roles.addAll(token.role().answersAs()));
        accounts.find(name)
                .filter(account -> account.password().isPresent())
                .ifPresent(account -> account.roles().forEach(role -> roles.add(role.wire())));
        return roles;
    }

    /** Whose token it is; empty if it is nobody's now. */
    Optional<Token> token(Secret presented) {
        boolean shaped =
                Stream.of(KeyText.ADMIN, KeyText.AUDITOR, KeyText.PERSON).anyMatch(kind -> kind.wellFormed(presented));
        return shaped
                ? Optional.ofNullable(byHash.get(hash(presented)))
                        .filter(token ->
                                token.good(clock.latest()) && text(token.role()).wellFormed(presented))
                : Optional.empty();
    }

    /** Whose token it is, if its holder may read every record: an administrator, or an auditor without a scope. */
    public Optional<String> readerOfEverything(Secret presented) {
        return token(presented)
                .filter(token -> token.isAdministrator()
                        || (token.role() == Role.AUDITOR
                                && token.scope().agents().isEmpty()))
                .map(Token::person);
    }

    private void save(Token token) throws StoreException {
        store.write(writing -> {
            put(writing, token);
            return true;
        });
    }

    private void save(Token token, Makers.Maker maker) throws StoreException {
        store.write(writing -> {
            put(writing, token);
            makers.put(writing, token.id(), maker);
            return true;
        });
    }

    private static void put(Store.Writing writing, Token token) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", token.id());
        row.put("person", token.person());
        row.put("hash", HexFormat.of().parseHex(token.hash()));
        row.put("created", Micros.of(token.created()));
        row.put("expires", Micros.of(token.expires()));
        row.put("revoked", token.revoked().map(Micros::of).orElse(null));
        SealedTable table = switch (token.role()) {
            case ADMIN -> TABLE;
            case AUDITOR -> {
                row.put(
                        "agents",
                        String.join("\n", new TreeSet<>(token.scope().agents().orElse(Set.of()))));
                yield AUDITORS;
            }
            case APPROVER, POLICY_AUTHOR -> {
                row.put("role", token.role().wire());
                yield PEOPLE;
            }
        };
        table.put(writing, row);
    }

    /** What is read had the right MAC; if it is not what was written, that is a bug and throws. */
    private static Role role(Row row) {
        return Role.of(row.text("role")).orElseThrow();
    }

    private static Scope scope(Row row) {
        String agents = row.text("agents");
        return agents.isEmpty() ? Scope.ALL : Scope.of(Set.of(agents.split("\n", -1)));
    }

    private static Token token(Row row, Role role, Scope scope) {
        return new Token(
                row.text("id"),
                row.text("person"),
                role,
                scope,
                HexFormat.of().formatHex(row.bytes("hash")),
                row.time("created"),
                row.time("expires"),
                row.optionalTime("revoked"));
    }

    private String hash(Secret secret) {
        return HexFormat.of().formatHex(key.of(secret.exposeInsecurely()));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                other.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
