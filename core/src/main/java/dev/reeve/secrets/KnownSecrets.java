package dev.reeve.secrets;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets that Reeve itself knows, wherever they turn up: the operator's values for upstreams, and anything shaped like one of our
 * own keys. Immutable.
 *
 * <p>Security guarantees: a known value of at least {@value #SHORTEST} characters that stands whole in a string or a name is replaced. Not
 * guaranteed: a value that was cut, encoded or spelt otherwise is not found.
 */
public final class KnownSecrets {
    /** Shorter values would mask ordinary words. */
    public static final int SHORTEST = 8;

    /** Then a letter for each kind but an agent's key, {@code _}, and the key itself. */
    private static final String OURS = "reeve";

    private static final int SHORTEST_KEY = 20;
    private static final String MASK = "***";

    private final List<String> values;

    private KnownSecrets(List<String> values) {
        this.values = List.copyOf(values);
    }

    public static KnownSecrets of(Iterable<Secret> secrets) {
        List<String> values = new ArrayList<>();
        for (Secret secret : secrets) {
            String text = secret.exposeTextInsecurely();
            if (text.length() >= SHORTEST) {
                values.add(text);
            }
        }
        // Longest first, so that a secret that contains another is masked whole.
        values.sort((a, b) -> Integer.compare(b.length(), a.length()));
        return new KnownSecrets(values);
    }

    /** The same value if nothing was found, so that {@code ==} tells. */
    public Json mask(Json value) {
        return switch (value) {
            case Json.Str text -> maskText(text);
            case Json.Arr array -> maskItems(array);
            case Json.Obj object -> maskMembers(object);
            case Json.Num ignored -> value;
            case Json.Bool ignored -> value;
            case Json.Null ignored -> value;
        };
    }

    /** The same string if nothing was found. */
    public String mask(String text) {
        if (text.length() < SHORTEST) {
            return text;
        }
        String masked = text;
        for (String value : values) {
            if (masked.contains(value)) {
                masked = masked.replace(value, MASK);
            }
        }
        return masked.contains(OURS) ? maskOurs(masked) : masked;
    }

    private Json maskText(Json.Str text) {
        String masked = mask(text.value());
        return masked.equals(text.value()) ? text : new Json.Str(masked);
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json maskItems(Json.Arr array) {
        @Nullable List<Json> copy = null;
        for (int i = 0; i < array.items().size(); i++) {
            Json item = array.items().get(i);
            Json masked = mask(item);
            if (copy == null && !isSame(masked, item)) {
                copy = new ArrayList<>(array.items().subList(0, i));
            }
            if (copy != null) {
                copy.add(masked);
            }
        }
        return copy == null ? array : new Json.Arr(copy);
    }

    /** Copied from the first find on: most objects hold none, and each value is looked at once however deep it lies. */
    private Json maskMembers(Json.Obj object) {
        Json.@Nullable Builder copy = null;
        int seen = 0;
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = mask(member.getKey());
            Json masked = mask(member.getValue());
            if (copy == null && (!isSame(masked, member.getValue()) || !name.equals(member.getKey()))) {
                copy = first(object, seen);
            }
            if (copy != null) {
                copy.put(name, masked);
            }
            seen++;
        }
        return copy == null ? object : copy.build();
    }

    private static Json.Builder first(Json.Obj object, int count) {
        Json.Builder copy = Json.object();
        object.members().entrySet().stream()
                .limit(count)
                .forEach(member -> copy.put(member.getKey(), member.getValue()));
        return copy;
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private static boolean isSame(Json masked, Json value) {
        return masked == value;
    }

    private static String maskOurs(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (int at = text.indexOf(OURS); at >= 0; at = text.indexOf(OURS, from)) {
            int end = endOfKey(text, at + OURS.length());
            out.append(text, from, at).append(end - at >= SHORTEST_KEY ? MASK : text.substring(at, end));
            from = end;
        }
        return out.append(text, from, text.length()).toString();
    }

    private static int endOfKey(String text, int behindOurs) {
        int end = behindOurs;
        if (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'z') {
            end++;
        }
        if (end == text.length() || text.charAt(end) != '_') {
            return behindOurs;
        }
        end++;
        while (end < text.length() && isKeyCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isKeyCharacter(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    @Override
    public String toString() {
        return MASK;
    }
}
