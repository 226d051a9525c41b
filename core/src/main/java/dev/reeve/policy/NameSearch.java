package dev.reeve.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for a name that some patterns match and others do not: whether patterns overlap, and whether one covers another, are such
 * questions. All patterns are walked at once, each as the set of places that it can be in (the subset construction, made as it is needed), so
 * an answer is exact. What would take too many steps is not answered (R8).
 */
public final class NameSearch {
    /** Sets of places that are looked at in one search. */
    private static final int MOST_STATES = 3_000;
    /** Tried first, since a person reads them better than the shortest name: what wildcards could stand for, and whole names. */
    private static final List<String> FILLINGS = List.of("example", "a", "");

    private static final List<String> SAMPLES =
            List.of("url:https://example.com/", "mail:someone@example.com", "file:/example", "tool:example.example");

    private final List<Glob> all;
    private final List<Glob> none;
    private final char[] alphabet;

    private NameSearch(List<Glob> all, List<Glob> none) {
        this.all = all;
        this.none = none;
        this.alphabet = alphabet(all, none);
    }

    /** What came of a search. */
    public sealed interface Found {
        record Name(String name) implements Found {}

        /** No such name exists. */
        record Nothing() implements Found {}

        /** It would take too long to say. */
        record Unknown() implements Found {}
    }

    /**
     * @param all what the name must match; at least one
     * @param none what it must not match
     */
    public static Found find(List<Glob> all, List<Glob> none) {
        boolean shy = all.stream().anyMatch(Glob::isShy);
        if (!shy && none.stream().noneMatch(Glob::isShy)) {
            return plainly(all, none);
        }
        Found others = plainly(plain(all), with(plain(none), ServerFiles.ALL));
        if (shy || others instanceof Found.Name) {
            return others;
        }
        List<Glob> about = none.stream().filter(glob -> !glob.isShy()).toList();
        Found files = plainly(with(all, ServerFiles.ALL), about);
        return files instanceof Found.Nothing ? others : files;
    }

    private static List<Glob> plain(List<Glob> globs) {
        return globs.stream().map(Glob::plain).toList();
    }

    private static List<Glob> with(List<Glob> globs, Glob more) {
        List<Glob> all = new ArrayList<>(globs);
        all.add(more);
        return all;
    }

    private static Found plainly(List<Glob> all, List<Glob> none) {
        for (Glob one : all) {
            if (one.isLiteral()) {
                return fits(one.toString(), all, none) ? new Found.Name(one.toString()) : new Found.Nothing();
            }
        }
        for (int i = 1; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!all.get(j).mayMatchBelow(all.get(i).prefix()) || !endAlike(all.get(j), all.get(i))) {
                    return new Found.Nothing();
                }
            }
        }
        for (String candidate : candidates(all)) {
            if (fits(candidate, all, none)) {
                return new Found.Name(candidate);
            }
        }
        return new NameSearch(all, none).search();
    }

    /** Whether some name is matched by both; yes where it cannot be said. */
    public static boolean overlap(Glob one, Glob other) {
        return !(find(List.of(one, other), List.of()) instanceof Found.Nothing);
    }

    /** Whether every name that the narrow one matches is matched by the wide one; no where it cannot be said. */
    public static boolean covers(Glob wide, Glob narrow) {
        return narrow.prefix().startsWith(wide.prefix())
                && (wide.equals(narrow)
                        || wide.isAllBelow()
                        || find(List.of(narrow), List.of(wide)) instanceof Found.Nothing);
    }

    private static boolean fits(String name, List<Glob> all, List<Glob> none) {
        return all.stream().allMatch(glob -> glob.matches(name))
                && none.stream().noneMatch(glob -> glob.matches(name));
    }

    /** Whether what stands behind the last wildcards can be the end of one name. */
    private static boolean endAlike(Glob one, Glob other) {
        char[] left = one.tokens();
        char[] right = other.tokens();
        for (int i = 1; i <= left.length && i <= right.length; i++) {
            char a = left[left.length - i];
            char b = right[right.length - i];
            if (Glob.isWild(a) || Glob.isWild(b)) {
                return true;
            }
            if (a != b) {
                return false;
            }
        }
        return true;
    }

    private static List<String> candidates(List<Glob> all) {
        List<String> candidates = new ArrayList<>();
        for (String sample : SAMPLES) {
            String form = sample.substring(0, sample.indexOf(':') + 1);
            if (all.stream().anyMatch(glob -> glob.prefix().startsWith(form))) {
                candidates.add(sample);
            }
        }
        for (Glob glob : all) {
            for (String filling : FILLINGS) {
                StringBuilder name = new StringBuilder();
                for (char token : glob.tokens()) {
                    name.append(Glob.isWild(token) ? filling : String.valueOf(token));
                }
                if (!name.isEmpty()) {
                    candidates.add(name.toString());
                }
            }
        }
        return candidates;
    }

    /** Every character that a pattern names, those that a wildcard stops at, and one that stands for all the others. */
    private static char[] alphabet(List<Glob> all, List<Glob> none) {
        Set<Character> named = new TreeSet<>(Set.of('/', '?'));
        for (List<Glob> globs : List.of(all, none)) {
            for (Glob glob : globs) {
                for (char token : glob.tokens()) {
                    if (!Glob.isWild(token)) {
                        named.add(token);
                    }
                }
            }
        }
        char other = 'a';
        while (named.contains(other)) {
            other++;
        }
        named.add(other);
        char[] alphabet = new char[named.size()];
        int count = 0;
        for (char c : named) {
            alphabet[count++] = c;
        }
        return alphabet;
    }

    /** Where each pattern in turn can be after a name. */
    private static final class State {
        private final String name;
        private final boolean[][] places;

        State(String name, boolean[][] places) {
            this.name = name;
            this.places = places;
        }
    }

    private Found search() {
        Deque<State> open = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        offer(new State("", start()), open, seen);
        while (!open.isEmpty()) {
            State state = open.removeFirst();
            if (accepts(state) && !state.name.isEmpty()) {
                return new Found.Name(state.name);
            }
            for (char c : alphabet) {
                offer(new State(state.name + c, step(state.places, c)), open, seen);
            }
            if (seen.size() > MOST_STATES) {
                return new Found.Unknown();
            }
        }
        return new Found.Nothing();
    }

    private void offer(State state, Deque<State> open, Set<String> seen) {
        for (int i = 0; i < all.size(); i++) {
            if (isDead(state.places[i])) {
                return;
            }
        }
        if (seen.add(key(state.places))) {
            open.addLast(state);
        }
    }

    private static boolean isDead(boolean[] places) {
        for (boolean place : places) {
            if (place) {
                return false;
            }
        }
        return true;
    }

    private static String key(boolean[][] places) {
        StringBuilder key = new StringBuilder();
        for (boolean[] one : places) {
            for (int i = 0; i < one.length; i++) {
                if (one[i]) {
                    key.append((char) i);
                }
            }
            key.append('\uffff');
        }
        return key.toString();
    }

    private Glob glob(int i) {
        return i < all.size() ? all.get(i) : none.get(i - all.size());
    }

    private boolean[][] start() {
        boolean[][] places = new boolean[all.size() + none.size()][];
        for (int i = 0; i < places.length; i++) {
            char[] tokens = glob(i).tokens();
            places[i] = new boolean[tokens.length + 1];
            enter(places[i], tokens, 0);
        }
        return places;
    }

    private boolean[][] step(boolean[][] places, char c) {
        boolean[][] next = new boolean[places.length][];
        for (int i = 0; i < places.length; i++) {
            char[] tokens = glob(i).tokens();
            next[i] = new boolean[tokens.length + 1];
            for (int at = 0; at < tokens.length; at++) {
                if (places[i][at] && Glob.takes(tokens[at], c)) {
                    enter(next[i], tokens, Glob.isWild(tokens[at]) ? at : at + 1);
                }
            }
        }
        return next;
    }

    /** A wildcard may also stand for nothing. */
    private static void enter(boolean[] places, char[] tokens, int from) {
        int at = from;
        places[at] = true;
        while (at < tokens.length && Glob.isWild(tokens[at])) {
            places[++at] = true;
        }
    }

    private boolean accepts(State state) {
        for (int i = 0; i < state.places.length; i++) {
            boolean matched = state.places[i][state.places[i].length - 1];
            if (matched != (i < all.size())) {
                return false;
            }
        }
        return true;
    }
}
