package dev.reeve.token;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Tokens;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Veil;
import dev.reeve.guard.Concealment;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All tokens, in memory and in their rows.
 *
 * <p>Security guarantees: a token is random and means something to the instance only that got it; it is durable before the answer goes out that has
 * it, and gone, with its value, once it has expired by Reeve's clock (R7); what is no personal datum, or is a secret that Reeve knows, gets none. Safe for
 * use by many threads.
 */
public final class TokenBook implements Tokens {
    /** Of one scope, and of all; what comes then stays a placeholder. */
    static final int MOST_OF_SCOPE = 5_000;

    static final int MOST = 200_000;
    static final Duration GRACE = Duration.ofMinutes(10);
    /** Longer values are no data of a person in a form that is known. */
    static final int LONGEST = 512;

    private final TokenRows rows;
    private final GateClock clock;
    private final Supplier<String> ids;
    private final Predicate<String> secret;
    private final UnaryOperator<String> keyed;
    private final Map<Token.Scope, Shelf> shelves = new ConcurrentHashMap<>();
    /** Where each token stands. */
    private final Map<String, Shelf> places = new ConcurrentHashMap<>();

    /**
     * @param ids unguessable, as {@code t_} and 26 letters or digits
     * @param secret whether a text holds a secret that Reeve knows
     * @param keyed a digest under a key of the installation
     */
    public TokenBook(
            TokenRows rows,
            GateClock clock,
            Supplier<String> ids,
            Predicate<String> secret,
            UnaryOperator<String> keyed)
            throws UnrecordableException {
        this.rows = rows;
        this.clock = clock;
        this.ids = ids;
        this.secret = secret;
        this.keyed = keyed;
        for (Token token : rows.tokens()) {
            Shelf shelf = shelf(token.scope());
            shelf.add(token);
            places.put(token.id(), shelf);
        }
    }

    private Shelf shelf(Token.Scope scope) {
        return shelves.computeIfAbsent(scope, ignored -> new Shelf());
    }

    @Override
    public Exchange exchange(Principal principal) {
        return new Minting(principal);
    }

    @Override
    public Restoring restore(
            Principal principal, Operation.ToolCall call, Map<String, Set<String>> where, GateClock.Reading time) {
        if (where.isEmpty()) {
            return new Restoring.Nothing();
        }
        Restorer restorer = new Restorer(known(Token.Scope.of(principal), time));
        Json.Builder arguments = Json.object();
        call.arguments().members().forEach((name, value) -> {
            Set<String> kinds = where.getOrDefault(name, Set.of());
            arguments.put(name, kinds.isEmpty() ? value : restorer.in(value, kinds));
        });
        if (restorer.isWrong()) {
            return new Restoring.Refused(Denial.of(
                            "token_unknown",
                            Denial.ReasonClass.ARGUMENTS,
                            "a token in the arguments stands for nothing here: it has expired, is somebody else's, or never was one")
                    .withTell("a token in the arguments stands for nothing here; read the value again"));
        }
        Map<String, Token> used = restorer.used();
        return used.isEmpty()
                ? new Restoring.Nothing()
                : new Restoring.Restored(call.with(arguments.build()), veil(used));
    }

    private static Veil veil(Map<String, Token> used) {
        Map<String, String> instead = new HashMap<>();
        used.values().forEach(token -> instead.put(token.value().exposed(), token.written()));
        return new Veil(List.copyOf(used.keySet()), Concealment.of(instead)::in);
    }

    /** Nothing lives while the clock is doubtful (R7). */
    private Restorer.Known known(Token.Scope scope, GateClock.Reading time) {
        Shelf shelf = shelves.get(scope);
        Instant now = clock.latest();
        return (kind, id) -> shelf == null || time.doubtful()
                ? Optional.empty()
                : shelf.find(id).filter(token -> token.kind().equals(kind) && token.livesAt(now));
    }

    @Override
    public String keyed(String digest) {
        return keyed.apply(digest);
    }

    @Override
    public void restored(Restoring.Restored restored) throws UnrecordableException {
        List<String> tokens = restored.veil().tokens();
        Shelf shelf = places.get(tokens.getFirst());
        if (shelf == null) {
            throw new UnrecordableException("a token expired meanwhile");
        }
        shelf.keep(tokens, Token::inUse, rows);
    }

    /** By its id, whosever it is. */
    Optional<Token> find(String id) {
        return Optional.ofNullable(places.get(id)).flatMap(shelf -> shelf.find(id));
    }

    Stream<Token> all() {
        return shelves.values().stream().flatMap(shelf -> shelf.all().stream());
    }

    int size() {
        return places.size();
    }

    /** Wipes what has expired, a little later: what was decided while it lived goes on. */
    void sweep() throws UnrecordableException {
        Instant now = clock.latest().minus(GRACE);
        List<Token> gone = all().filter(token -> !token.livesAt(now)).toList();
        if (gone.isEmpty()) {
            return;
        }
        rows.remove(gone);
        gone.forEach(token -> {
            shelf(token.scope()).remove(token);
            places.remove(token.id());
        });
    }

    /** For one answer: collects what must be durable before it goes out. */
    private final class Minting implements Exchange {
        private final Token.Scope scope;
        private final Optional<String> owner;
        private final Set<String> given = new LinkedHashSet<>();

        Minting(Principal principal) {
            this.scope = Token.Scope.of(principal);
            this.owner = principal.owner();
        }

        @Override
        public Json.Obj conceal(Json.Obj said) {
            Shelf shelf = shelves.get(scope);
            return shelf == null ? said : (Json.Obj) shelf.used().in(said);
        }

        @Override
        public Optional<String> token(String kind, String value, List<String> by, Duration life) {
            if (value.length() > LONGEST || value.length() < Concealment.SHORTEST || secret.test(value)) {
                return Optional.empty();
            }
            Instant now = clock.latest();
            Optional<Token> token = shelf(scope)
                    .mint(
                            kind,
                            new Token.Value(value),
                            known -> known.filter(it -> it.livesAt(now))
                                    .map(it -> renewed(it, by, now, life))
                                    .or(() -> fresh(kind, value, by, now, life)));
            token.ifPresent(it -> given.add(it.id()));
            return token.map(Token::written);
        }

        /** Written again only when half of its life is over, or fewer people may turn it back. */
        private Token renewed(Token known, List<String> by, Instant now, Duration life) {
            boolean late = now.plus(life.dividedBy(2)).isAfter(known.expires());
            return late || !by.containsAll(known.by()) ? known.again(by, now.plus(life)) : known;
        }

        private Optional<Token> fresh(String kind, String value, List<String> by, Instant now, Duration life) {
            Shelf shelf = shelf(scope);
            if (shelf.size() >= MOST_OF_SCOPE || places.size() >= MOST) {
                return Optional.empty();
            }
            Token token =
                    new Token(ids.get(), scope, kind, new Token.Value(value), by, owner, now, now.plus(life), false);
            places.put(token.id(), shelf);
            return Optional.of(token);
        }

        @Override
        public void keep() throws UnrecordableException {
            if (!given.isEmpty()) {
                shelf(scope).keep(given, token -> token, rows);
                given.clear();
            }
        }
    }
}
