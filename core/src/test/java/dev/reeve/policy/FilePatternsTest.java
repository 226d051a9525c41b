package dev.reeve.policy;

import static dev.reeve.policy.Written.resource;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.analysis.Invariants;
import dev.reeve.analysis.Reach;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Kept;
import dev.reeve.policy.ResourceNames.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern that no name fits would be silent, and a prohibition by it open. */
final class FilePatternsTest {
    @ParameterizedTest
    @CsvSource({
        "file:///etc/**, file:/etc/**",
        "file://etc/**, file:/etc/**",
        "file:///, 'file:/`, or `file:/**'",
        "file:/srv/, 'file:/srv`, or `file:/srv/**'",
        "file:/srv/*/, file:/srv/*",
        "file:/srv//a, file:/srv/a",
        "FILE:/etc/**, file:/etc/**",
        "File:///etc/**, file:/etc/**",
        "glob:///etc/*, glob:/etc/*",
        "mcp:up/file:/x, mcp:up/file:///x",
        "mcp:up/file://x/**, mcp:up/file:///x/**",
        "mcp:*/FILE:///srv/**, mcp:*/file:///srv/**",
        "mcp:up/file:///srv/, 'mcp:up/file:///srv`, or `mcp:up/file:///srv/**'",
        "mcp:up, mcp:up/**",
        "mcp:up*, mcp:up*/**",
        "MCP:up/box:1, mcp:up/box:1"
    })
    void whatNothingIsNamedByIsRefusedWithWhatToWrite(String pattern, String better) {
        String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> UrlPatterns.of(pattern))
                .getMessage());
        assertTrue(said.startsWith("nothing is named `" + pattern + "`: "), said);
        assertTrue(said.contains("; write `" + better + "`"), said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/a/../b",
                "file:/a/**/../b",
                "file:/a%20b/*",
                "file:/a:b",
                "file:~/x",
                "file:/a./b",
                "mcp:up/x://a/../b",
                "mcp:up/x://a/./b",
                "mcp:up/x://a//b",
                "mcp:up/x://a#b",
                "mcp:up/HTTP://a/*",
                "mcp:up/x://%61",
                "mcp:up/x://%c3%a9",
                "mcp:up/file:///a?b",
                "mcp:up/file:*"
            })
    void whatCannotBeMeantOtherwiseIsRefusedToo(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> UrlPatterns.of(pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/",
                "file:/**",
                "file:**",
                "file:*",
                "file:**/",
                "file:/srv/**",
                "file:/srv/*.txt",
                "file:/srv/.*",
                "file:reports/**/x",
                "glob:/etc/*",
                "mcp:**",
                "mcp:*/**",
                "mcp:up/**",
                "mcp:up/*",
                "mcp:up/**/x",
                "mcp:up/box:1",
                "mcp:up/x://a/**",
                "mcp:up/fil**",
                "mcp:up/file:**",
                "mcp:up/file:///",
                "mcp:*/file:///srv/**",
                "fil*",
                "todo:7",
                "T:1"
            })
    void whatSomethingIsNamedByIsKept(String pattern) {
        assertDoesNotThrow(() -> UrlPatterns.of(pattern));
    }

    /** Whatever name there is, a pattern made of it by putting wildcards in is no dead one. */
    @Test
    void noPatternOfANameIsRefused() {
        long seed = Long.getLong("reeve.seed", 20261127L);
        Random dice = new Random(seed);
        List<String> names = List.of(
                "file:/",
                "file:/srv/a b.txt",
                "file:reports/.x",
                "mcp:up/file:///srv/u.d/\u00fcber",
                "mcp:up/file:///",
                "mcp:a-b/x://h/a?b=//c",
                "mcp:up/web.customers",
                "mcp:pg/postgres://reader@db/t");
        for (int round = 0; round < 20_000; round++) {
            StringBuilder pattern = new StringBuilder(names.get(dice.nextInt(names.size())));
            for (int i = dice.nextInt(4); i > 0; i--) {
                int form = pattern.indexOf(":") + 1;
                int from = form + dice.nextInt(pattern.length() - form + 1);
                int to = from + dice.nextInt(pattern.length() - from + 1);
                String taken = pattern.substring(from, to);
                boolean all = dice.nextBoolean() || taken.indexOf('/') >= 0 || taken.indexOf('*') >= 0;
                pattern.replace(from, to, all ? "**" : "*");
            }
            String text = pattern.toString();
            assertDoesNotThrow(() -> UrlPatterns.of(text), "seed " + seed + ": " + text);
        }
    }

    private static final String DEAD = "file:///etc/**";

    @Test
    void itIsRefusedWhereverItIsWritten() {
        List<Written> all = List.of(
                new Written().rule(Effect.DENY, resource(DEAD, ""), "", false),
                new Written().rule(Effect.ALLOW, resource(DEAD, ""), "", false),
                new Written().rule(Effect.REQUIRE_APPROVAL, resource(DEAD, ""), "", false),
                new Written().rule(Effect.DENY, resource("file:/**", DEAD), "", false),
                new Written().rule(Effect.ALLOW, resource("file:/**", DEAD), "", false),
                new Written().role("r", new Written().permission(DEAD, "read")),
                new Written().grantable("g", new Written().permission(DEAD, "read")),
                new Written().catalogue(DEAD, Set.of("pii")),
                new Written().record(Kept.LESS, resource(DEAD, "")),
                new Written().soft(resource(DEAD, ""), "embedded", Optional.empty(), false));
        for (Written written : all) {
            assertTrue(written.outcome() instanceof PolicyCompiler.Outcome.Refused, written.errors());
            assertTrue(written.errors().contains("write `file:/etc/**`"), written.errors());
            assertTrue(written.errors().contains("policies/test.yaml"), written.errors());
        }
    }

    @Test
    void aToolActsOnNothingThatIsNotNamedSo() {
        for (String actsOn : List.of(
                "file:///etc/passwd", "file:///etc/{arguments.to}", "mcp:up/file:/x", "mcp:up/{arguments.to}/")) {
            Written written = new Written().maps("files.read", actsOn, "read");
            boolean fine = actsOn.equals("mcp:up/{arguments.to}/");
            assertEquals(fine, written.outcome() instanceof PolicyCompiler.Outcome.Compiled, written.errors());
        }
    }

    @Test
    void whatMustNeverBeIsNotAskedOfNothing() {
        Reach reach = Reach.of(new Written().source(), new Written.TestSchemas(), List.of())
                .orElseThrow();
        Invariants invariants = new Invariants(reach, List.of(), List.of());
        String said = invariants
                .unaskable(Invariants.parse("anybody read " + DEAD).orElseThrow())
                .orElse("");
        assertTrue(said.contains("write `file:/etc/**`"), said);
        assertFalse(invariants
                .unaskable(Invariants.parse("anybody read file:/etc/**").orElseThrow())
                .isPresent());
    }

    /** What names a resource of a server is what reading it would be named, or nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///srv/../etc/passwd",
                "file:///srv/%2e%2e/etc",
                "file:///srv/a%2fb",
                "FILE:///etc/passwd",
                "file:/etc/passwd",
                "file://localhost/etc/passwd",
                "file://u@/etc/passwd",
                "file:///srv//a",
                "file:///srv/./a",
                "file:///srv/a/",
                "file:///srv/a#b",
                "file:///srv/a?b",
                "file:///srv\\a",
                "note://a/../b",
                "note://a/./b",
                "note://a/.",
                "note://a//b",
                "note://a/%2e%2e/b",
                "note://a/%62",
                "note://a/%c3%a9",
                "note://a/%",
                "note://a/b#c",
                "NOTE://a/b",
                "https://user@example.com/x",
                "note://\u200b"
            })
    void whatAPointAsksAboutAServerIsCheckedAsReadingIt(String uri) {
        assertThrows(RefusedException.class, () -> ResourceNames.resource("up", uri));
        assertThrows(RefusedException.class, () -> ResourceNames.asked("mcp:up/" + uri));
        assertThrows(RefusedException.class, () -> ResourceNames.touched("mcp:up/" + uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp:", "mcp:up", "mcp:up/", "mcp:/x:1", "MCP:up/x:1", "mcp:u\u200bp/x:1"})
    void aNameWithoutServerOrUriIsNone(String name) {
        assertThrows(RefusedException.class, () -> ResourceNames.asked(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///srv/a b",
                "file:///",
                "note:1",
                "web.customers",
                "note://a/caf%C3%A9?x=a//b&y=.",
                "https://example.com/a?b@c",
                "postgres://reader@db/customers",
                "memo:///a/b",
                "x://{a}/{b}"
            })
    void whatHasOneSpellingIsNamedByIt(String uri) throws RefusedException {
        assertEquals("mcp:up/" + uri, ResourceNames.resource("up", uri));
        assertEquals("mcp:up/" + uri, ResourceNames.asked("mcp:up/" + uri));
    }
}
