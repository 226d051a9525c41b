package dev.reeve.token;

import dev.reeve.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/** Puts values in the place of the tokens in one call's arguments. For one thread. */
final class Restorer {
    /** No call needs more; each may make the arguments longer. */
    static final int MOST = 100;

    private final Known known;
    private final Map<String, Token> used = new LinkedHashMap<>();
    private boolean wrong;

    /** The token of this kind and id that lives and is the caller's. */
    interface Known {
        Optional<Token> find(String kind, String id);
    }

    Restorer(Known known) {
        this.known = known;
    }

    /** @param kinds that may be put there; others stay tokens */
    Json in(Json value, Set<String> kinds) {
        return switch (value) {
            case Json.Str text -> text.value().contains(":t_") ? new Json.Str(in(text.value(), kinds)) : text;
            case Json.Arr array ->
                new Json.Arr(array.items().stream().map(item -> in(item, kinds)).toList());
            case Json.Obj object -> {
                Json.Builder copy = Json.object();
                object.members().forEach((name, inside) -> copy.put(name, in(inside, kinds)));
                yield copy.build();
            }
            case Json.Num ignored -> value;
            case Json.Bool ignored -> value;
            case Json.Null ignored -> value;
        };
    }

    private String in(String text, Set<String> kinds) {
        Matcher matcher = Token.WRITTEN.matcher(text);
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(kinds.contains(found.group(1)) ? value(found) : found.group()));
    }

    private String value(MatchResult found) {
        Optional<Token> token = known.find(found.group(1), found.group(2));
        wrong |= token.isEmpty();
        token.ifPresent(it -> used.put(it.id(), it));
        wrong |= used.size() > MOST;
        return token.map(it -> it.value().exposed()).orElseGet(found::group);
    }

    /** A token stood for nothing, or there were too many. */
    boolean isWrong() {
        return wrong;
    }

    Map<String, Token> used() {
        return used;
    }
}
