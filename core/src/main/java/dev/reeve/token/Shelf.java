package dev.reeve.token;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.guard.Concealment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The tokens of one scope. Changes are made by one thread at a time, until they are durable; reading takes no lock. */
final class Shelf {
    private final Map<String, Token> byId = new ConcurrentHashMap<>();
    private final Map<What, String> byValue = new HashMap<>();
    /** Not in their rows as they are in memory. */
    private final Set<String> unwritten = new HashSet<>();

    private volatile Concealment used = Concealment.of(Map.of());

    private record What(String kind, Token.Value value) {}

    /** One that is in its row. */
    synchronized void add(Token token) {
        set(token);
    }

    private void set(Token token) {
        byId.put(token.id(), token);
        byValue.put(new What(token.kind(), token.value()), token.id());
        if (token.used()) {
            conceal();
        }
    }

    private void conceal() {
        Map<String, String> instead = new HashMap<>();
        byId.values().stream()
                .filter(Token::used)
                .forEach(token -> instead.put(token.value().exposed(), token.written()));
        used = Concealment.of(instead);
    }

    /** Makes, renews or leaves the one of a value. */
    interface Making {
        /** Empty: there is to be none. */
        Optional<Token> of(Optional<Token> known);
    }

    synchronized Optional<Token> mint(String kind, Token.Value value, Making making) {
        Optional<Token> known =
                Optional.ofNullable(byValue.get(new What(kind, value))).flatMap(this::find);
        Optional<Token> made = making.of(known);
        made.filter(token -> !Optional.of(token).equals(known)).ifPresent(token -> {
            set(token);
            unwritten.add(token.id());
        });
        return made;
    }

    /** Changes some of them, and has all of these in their rows when it returns. */
    synchronized void keep(Collection<String> ids, UnaryOperator<Token> change, TokenRows rows)
            throws UnrecordableException {
        List<Token> fresh = new ArrayList<>();
        for (String id : ids) {
            Token now = find(id).orElseThrow(() -> new UnrecordableException("a token expired meanwhile"));
            Token after = change.apply(now);
            if (!after.equals(now)) {
                set(after);
                unwritten.add(id);
            }
            if (unwritten.contains(id)) {
                fresh.add(after);
            }
        }
        if (!fresh.isEmpty()) {
            rows.put(fresh);
            ids.forEach(unwritten::remove);
        }
    }

    synchronized void remove(Token token) {
        byId.remove(token.id());
        byValue.remove(new What(token.kind(), token.value()), token.id());
        unwritten.remove(token.id());
        if (token.used()) {
            conceal();
        }
    }

    Optional<Token> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Token> all() {
        return byId.values();
    }

    int size() {
        return byId.size();
    }

    /** What was put in the place of tokens, and is to come back as these. */
    Concealment used() {
        return used;
    }
}
