package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tools of the other servers, as far as one server's definitions may be confused with them or speak of them.
 * Immutable; made once for all definitions of a server.
 */
public final class Neighbours {
    public static final Neighbours NONE = new Neighbours("", Set.of(), Map.of());

    private static final int MOST = 5_000;
    private static final int LONGEST = 48;

    private static final Phrase ORDER = new Phrase(
            "must|should|instead|always|never|before|after|when|whenever|change|replace|also|first|ensure|require*|forbidden|deprecated|broken|shall|bcc");

    private final String upstream;
    private final Set<String> own;
    /** Names of others, each with its server. */
    private final Map<String, String> others = new HashMap<>();

    private final Map<String, String> plain = new HashMap<>();
    private final Map<String, String> skeletons = new HashMap<>();
    private final Map<String, String> shortened = new HashMap<>();
    private final Map<String, String> joined = new HashMap<>();

    /**
     * @param own names of the server's own tools
     * @param others names of tools, by server; at most 5,000 are looked at
     */
    public Neighbours(String upstream, Set<String> own, Map<String, ? extends Collection<String>> others) {
        this.upstream = upstream;
        this.own = Set.copyOf(own);
        others.forEach((server, names) -> names.forEach(name -> add(server, name)));
    }

    private void add(String server, String name) {
        if (server.equals(upstream) || name.length() > LONGEST || others.size() >= MOST) {
            return;
        }
        String full = server + "." + name;
        others.putIfAbsent(name, full);
        plain.putIfAbsent(singular(Confusables.plain(name)), full);
        skeletons.putIfAbsent(Confusables.skeleton(name), full);
        joined.putIfAbsent(Confusables.plain(full), full);
        shorter(Confusables.plain(name)).forEach(one -> shortened.putIfAbsent(one, full));
    }

    private static String singular(String name) {
        return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }

    /** Itself and every form with one letter less: two names that share one differ by a letter at most. */
    private static Set<String> shorter(String name) {
        Set<String> all = new HashSet<>();
        if (name.length() >= 7) {
            all.add(name);
            for (int i = 0; i < name.length(); i++) {
                all.add(name.substring(0, i) + name.substring(i + 1));
            }
        }
        return all;
    }

    Optional<Finding> name(Place place) {
        String name = place.text();
        if (place.role() != Place.Role.NAME || others.containsKey(name) || name.length() > LONGEST) {
            return Optional.empty();
        }
        Optional<String> alike = other(skeletons, Confusables.skeleton(name))
                .filter(full -> !Confusables.plain(full.substring(full.indexOf('.') + 1))
                        .equals(Confusables.plain(name)));
        if (alike.isPresent()) {
            return Optional.of(place.finding(Check.LOOK_ALIKE_NAME, "it looks like `" + alike.get() + "`"));
        }
        return other(plain, singular(Confusables.plain(name)))
                .or(() -> other(joined, Confusables.plain(upstream + "." + name)))
                .or(() -> shorter(Confusables.plain(name)).stream()
                        .filter(shortened::containsKey)
                        .findFirst()
                        .flatMap(one -> other(shortened, one)))
                .map(full -> place.finding(Check.NEAR_NAME, "it is close to `" + full + "`"));
    }

    private static Optional<String> other(Map<String, String> index, String key) {
        return Optional.ofNullable(index.get(key));
    }

    /** Names of others in a text: words with a separator or a capital inside, so that ordinary words are none. */
    List<Finding> mentions(Place place) {
        List<Finding> findings = new ArrayList<>();
        String text = place.text();
        int begin = 0;
        for (int i = 0; i <= text.length() && findings.isEmpty(); i++) {
            if (i == text.length() || !isName(text.charAt(i))) {
                if (i > begin) {
                    mention(place, begin, i).ifPresent(findings::add);
                }
                begin = i + 1;
            }
        }
        return findings;
    }

    private static boolean isName(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
    }

    private Optional<Finding> mention(Place place, int begin, int end) {
        String word = place.text().substring(begin, end);
        Optional<String> full = distinctive(word)
                ? other(others, word).or(() -> qualified(word)).filter(found -> !own.contains(word))
                : Optional.empty();
        if (full.isEmpty()) {
            return Optional.empty();
        }
        boolean order = orders(place.text(), begin);
        Check check = order ? Check.FOREIGN_TOOL_ORDER : Check.FOREIGN_TOOL_NAME;
        return Optional.of(place.finding(
                check, begin, end, (order ? "it gives orders about `" : "it names `") + full.get() + "`"));
    }

    /** {@code mcp_mail_send}, as some clients join the two names. */
    private Optional<String> qualified(String word) {
        String all = Confusables.plain(word);
        return other(joined, all).or(() -> other(joined, all.startsWith("mcp") ? all.substring(3) : all));
    }

    private static boolean distinctive(String word) {
        return word.length() >= 6
                && (word.indexOf('_') > 0
                        || word.indexOf('-') > 0
                        || !Names.separated(word).equals(word));
    }

    /** Whether the sentence around speaks of what is to be done. */
    private static boolean orders(String text, int at) {
        int begin = at;
        while (begin > 0 && at - begin < 200 && ".!?\n".indexOf(text.charAt(begin - 1)) < 0) {
            begin--;
        }
        int end = Math.min(text.length(), at + 200);
        Words words = Words.of(Folded.of(text.substring(begin, end)));
        for (int i = 0; i < words.size() && !(words.at(i).equals(Words.END) && words.place(i) > at - begin); i++) {
            if (ORDER.matches(words, i) >= 0) {
                return true;
            }
        }
        return false;
    }
}
