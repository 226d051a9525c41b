package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.policy.NameSearch.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NameSearchTest {
    private static final String LETTERS = "ab/*";

    private static boolean covers(String wide, String narrow) {
        return NameSearch.covers(Glob.of(wide), Glob.of(narrow));
    }

    private static boolean overlap(String one, String other) {
        return NameSearch.overlap(Glob.of(one), Glob.of(other));
    }

    @Test
    void onePatternCoversAnotherWhereverTheWildcardsStand() {
        assertTrue(covers("**", "a/*"));
        assertTrue(covers("mail:*@*", "mail:*@example.com"));
        assertTrue(covers("a*c", "ab*c"));
        assertTrue(covers("file:/**/x", "file:/a/**/x"));
        assertFalse(covers("a*", "a**"), "`*` stops at a slash");
        assertFalse(covers("mail:*@example.com", "mail:*@*"));
        assertFalse(covers("ab*c", "a*c"));
    }

    @Test
    void patternsOverlapIfAndOnlyIfANameIsMatchedByBoth() {
        assertTrue(overlap("pg.read_*", "pg.*_secret"));
        assertFalse(overlap("pg.read_*", "pg.write_*"));
        assertFalse(overlap("a*", "a*/b"));
        assertTrue(overlap("a**", "a*/b"));
    }

    /** Against every name of up to five letters: what is found is right, and nothing that is short is missed. */
    @Test
    void everyAnswerIsRightForRandomPatterns() {
        long seed = 20261126;
        Random random = new Random(seed);
        List<String> names = names();
        for (int i = 0; i < 20_000; i++) {
            List<Glob> all = List.of(pattern(random), pattern(random));
            List<Glob> none = random.nextBoolean() ? List.of() : List.of(pattern(random));
            Found found = NameSearch.find(all, none);
            String what = "seed " + seed + ": " + all + " without " + none;
            if (found instanceof Found.Name(String name)) {
                assertTrue(all.stream().allMatch(glob -> glob.matches(name)), what + ": " + name);
                assertTrue(none.stream().noneMatch(glob -> glob.matches(name)), what + ": " + name);
            } else {
                assertInstanceOf(Found.Nothing.class, found, what);
                assertEquals(
                        List.of(),
                        names.stream()
                                .filter(name -> all.stream().allMatch(glob -> glob.matches(name))
                                        && none.stream().noneMatch(glob -> glob.matches(name)))
                                .toList(),
                        what);
            }
        }
    }

    /** The same of what allows, which is about no file of a server that it does not spell. */
    @Test
    void everyAnswerIsRightForWhatAllowsToo() {
        long seed = 20261127;
        Random random = new Random(seed);
        List<String> names = new ArrayList<>();
        for (String server : List.of("a", "b")) {
            for (String uri : List.of("file:///a", "file:///b", "file:///a/b", "x:1", "fila")) {
                names.add("mcp:" + server + "/" + uri);
            }
        }
        names.addAll(List.of("file:/a", "file:/b", "mail:a"));
        for (int i = 0; i < 20_000; i++) {
            List<Glob> all = List.of(ofServers(random, names), ofServers(random, names));
            List<Glob> none = random.nextBoolean() ? List.of() : List.of(ofServers(random, names));
            String what = "seed " + seed + ": " + all + " without " + none;
            Found found = NameSearch.find(all, none);
            if (found instanceof Found.Name(String name)) {
                assertTrue(all.stream().allMatch(glob -> glob.matches(name)), what + ": " + name);
                assertTrue(none.stream().noneMatch(glob -> glob.matches(name)), what + ": " + name);
            } else {
                assertTrue(
                        names.stream()
                                .noneMatch(name -> all.stream().allMatch(glob -> glob.matches(name))
                                        && none.stream().noneMatch(glob -> glob.matches(name))),
                        what);
            }
        }
    }

    /** A name with wildcards in it, of what allows or of what forbids. */
    private static Glob ofServers(Random random, List<String> names) {
        StringBuilder text = new StringBuilder(names.get(random.nextInt(names.size())));
        for (int i = random.nextInt(3); i > 0; i--) {
            int from = random.nextInt(text.length());
            int to = random.nextBoolean() ? text.length() : from + random.nextInt(text.length() - from);
            text.replace(from, to, random.nextInt(4) == 0 ? "*" : "**");
        }
        return random.nextBoolean() ? Glob.allowing(text.toString()) : Glob.of(text.toString());
    }

    @Test
    void whatAllowsAServersFilesIsCoveredByWhatSpellsThem() {
        Glob allowing = Glob.allowing("mcp:up/**");
        Glob files = Glob.allowing("mcp:up/file:///srv/**");
        assertFalse(NameSearch.covers(allowing, files));
        assertTrue(NameSearch.covers(Glob.of("mcp:up/**"), files), "what forbids");
        assertTrue(NameSearch.covers(Glob.allowing("mcp:**"), allowing));
        assertFalse(NameSearch.covers(allowing, Glob.of("mcp:up/**")));
        assertTrue(NameSearch.covers(Glob.allowing("mcp:*/file:**"), files));
        assertTrue(NameSearch.covers(allowing, Glob.of("mcp:up/box:1")));
        assertFalse(NameSearch.overlap(allowing, ServerFiles.ALL));
    }

    /** What stands behind a text is matched by what is left of the pattern, and nothing else is. */
    @Test
    void whatIsLeftOfAPatternMatchesWhatIsLeftOfANameAndNothingElse() {
        long seed = 20261128;
        Random random = new Random(seed);
        List<String> names = names();
        for (int i = 0; i < 500; i++) {
            Glob pattern = pattern(random);
            String start = names.get(random.nextInt(20));
            List<String> rests = pattern.after(start);
            for (String name : names) {
                boolean left = name.isEmpty()
                        ? rests.contains("")
                        : rests.stream()
                                .anyMatch(
                                        rest -> !rest.isEmpty() && Glob.of(rest).matches(name));
                assertEquals(
                        pattern.matches(start + name),
                        left,
                        "seed " + seed + ": " + pattern + " " + start + " " + name);
            }
        }
    }

    @Test
    void aSearchThatWouldTakeTooLongIsNotAnswered() {
        String hard = "**a" + "*b".repeat(60) + "**";
        Found found = NameSearch.find(
                List.of(Glob.of(hard), Glob.of("**b" + "*a".repeat(60) + "**")),
                List.of(Glob.of("**" + "ab*".repeat(40) + "**")));
        assertFalse(found instanceof Found.Nothing);
    }

    private static Glob pattern(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return Glob.of(text.toString());
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < 5; length++) {
            int to = names.size();
            for (; from < to; from++) {
                for (char c : "ab/c".toCharArray()) {
                    names.add(names.get(from) + c);
                }
            }
        }
        return names.subList(1, names.size());
    }
}
