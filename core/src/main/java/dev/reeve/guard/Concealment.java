package dev.reeve.guard;

import dev.reeve.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Values that are known, wherever they turn up, and what is to stand in their place. Immutable; time in proportion to the text, for any number of
 * values that do not begin alike.
 *
 * <p>What it does not promise: a value is found as it is, whatever its capitals, without its spaces and hyphens, and percent-encoded. What was
 * cut, spelt out or encoded otherwise is not found.
 */
public final class Concealment {
    private static final Concealment NOTHING = new Concealment(Map.of());
    /** Shorter values would hide ordinary words. */
    public static final int SHORTEST = 6;

    private static final int HEAD = 3;
    /** Of telephone numbers. */
    private static final Pattern PUNCTUATION = Pattern.compile("[ ().\\\\/-]");

    /** By their first letters, small; the longest first. */
    private final Map<String, List<Form>> forms;

    private Concealment(Map<String, List<Form>> forms) {
        this.forms = forms;
    }

    private record Form(String text, String instead) {}

    /** @param instead by value; shorter values than {@link #SHORTEST} are not looked for */
    public static Concealment of(Map<String, String> instead) {
        if (instead.isEmpty()) {
            return NOTHING;
        }
        Map<String, List<Form>> forms = new HashMap<>();
        instead.forEach((value, shown) -> spellings(value).stream()
                .filter(text -> text.length() >= SHORTEST)
                .forEach(text -> forms.computeIfAbsent(head(text, 0), ignored -> new ArrayList<>())
                        .add(new Form(text, shown))));
        forms.values()
                .forEach(list -> list.sort(
                        Comparator.comparingInt((Form form) -> form.text().length())
                                .reversed()));
        return new Concealment(forms);
    }

    private static Set<String> spellings(String value) {
        Set<String> all = new LinkedHashSet<>();
        all.add(value);
        all.add(value.replace(" ", "").replace("-", ""));
        all.add(PUNCTUATION.matcher(value).replaceAll(""));
        for (String plain : List.copyOf(all)) {
            String encoded = URLEncoder.encode(plain, StandardCharsets.UTF_8);
            all.add(encoded);
            all.add(encoded.replace("+", "%20"));
            all.add(encoded.replace("+", "%20").replace("%27", "'"));
        }
        return all;
    }

    /** Character by character: a whole text may change its length when it is made small. */
    private static String head(String text, int from) {
        char[] head = new char[HEAD];
        for (int i = 0; i < HEAD; i++) {
            head[i] = Character.toLowerCase(Character.toUpperCase(text.charAt(from + i)));
        }
        return new String(head);
    }

    /** The same string if nothing was found. */
    public String in(String text) {
        if (forms.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = 0; at + HEAD <= text.length(); at++) {
            Optional<Form> found = found(text, at);
            if (found.isPresent()) {
                out.append(text, from, at).append(found.get().instead());
                from = at + found.get().text().length();
                at = from - 1;
            }
        }
        return from == 0 ? text : out.append(text, from, text.length()).toString();
    }

    private Optional<Form> found(String text, int at) {
        List<Form> candidates = forms.get(head(text, at));
        return candidates == null
                ? Optional.empty()
                : candidates.stream()
                        .filter(form -> text.regionMatches(
                                true, at, form.text(), 0, form.text().length()))
                        .findFirst();
    }

    /** The same value if nothing was found, so that {@code ==} tells. Names of members are looked through too; a number becomes a text. */
    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    public Json in(Json value) {
        if (forms.isEmpty()) {
            return value;
        }
        return switch (value) {
            case Json.Str text -> replaced(text, text.value());
            case Json.Num number -> replaced(number, number.text());
            case Json.Arr array -> {
                List<Json> items = array.items().stream().map(this::in).toList();
                yield isSame(items, array.items()) ? array : new Json.Arr(items);
            }
            case Json.Obj object -> members(object);
            case Json.Bool ignored -> value;
            case Json.Null ignored -> value;
        };
    }

    private Json replaced(Json value, String text) {
        String shown = in(text);
        return shown.equals(text) ? value : new Json.Str(shown);
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private static boolean isSame(List<Json> some, List<Json> others) {
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i) != others.get(i)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private Json members(Json.Obj object) {
        boolean changed = false;
        Json.Builder copy = Json.object();
        Map<String, Integer> taken = new HashMap<>();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            String name = in(member.getKey());
            Json inside = in(member.getValue());
            changed |= inside != member.getValue() || !name.equals(member.getKey());
            Content.put(copy, taken, name, inside);
        }
        return changed ? copy.build() : object;
    }

    @Override
    public String toString() {
        return "Concealment[***]";
    }
}
