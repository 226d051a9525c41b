package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was added to a file is taken out again, and nothing else. */
final class AddedTest {
    private static final List<Upstream> TWO = List.of(upstream("one"), upstream("two"));

    private static Upstream upstream(String name) {
        return new Upstream(name, List.of("/bin/" + name, "é𝒳 #: {"), Optional.of("/srv"), Optional.empty(), Map.of());
    }

    private static List<Added> added(String before, String after) throws RefusedException {
        return Added.of(after, OperatorFile.missing(Optional.of(before), TWO));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment\n",
                "listen: {}\n",
                "listen: {}",
                "listen: {}\r\nupstreams:\r\n  a: { url: \"https://a.example.com\" }\r\n",
                "upstreams:\nlisten: {}\n",
                "upstreams:\n    a:\n      url: https://a.example.com # here\n    # below\n\nlisten: {}\n# end\n",
                "upstreams:\n  one-more: { url: \"https://a.example.com\" }\n  # two: no\n",
                "  upstreams:\n    a: { url: \"https://a.example.com\" }\n",
            })
    void everyByteThatWasThereIsLeft(String before) throws RefusedException {
        String after = OperatorFile.add(Optional.of(before), TWO);
        TakingOut.Rest rest = new TakingOut(Set.of()).of(after, added(before, after));
        assertEquals(List.of("one", "two"), rest.taken());
        assertEquals(List.of(), rest.stays());
        // A line that was not ended was ended first.
        assertEquals(before.isEmpty() || before.endsWith("\n") ? before : before + "\n", rest.text());
    }

    @Test
    void whatStandsOnALineWithOthersStays() throws RefusedException {
        String before = "upstreams: { a: { url: \"https://a.example.com\" } }\n";
        String after = OperatorFile.add(Optional.of(before), TWO);
        TakingOut.Rest rest = new TakingOut(Set.of()).of(after, added(before, after));
        assertEquals(after, rest.text());
        assertEquals(List.of("`one`, since it was changed", "`two`, since it was changed"), rest.stays());
    }

    @Test
    void whatIsGoneAlreadyIsNeitherTakenNorSaidToStay() throws RefusedException {
        String after = OperatorFile.add(Optional.of(""), TWO);
        TakingOut.Rest rest = new TakingOut(Set.of()).of("listen: {}\n", added("", after));
        assertEquals(new TakingOut.Rest("listen: {}\n", false, List.of(), List.of()), rest);
    }

    @Test
    void aCommentInAnEntryOrBehindItMakesItTheOperators() throws RefusedException {
        String after = OperatorFile.add(Optional.of(""), List.of(upstream("one")));
        List<Added> added = Added.of(after, OperatorFile.missing(Optional.of(""), List.of(upstream("one"))));
        for (String changed : List.of(
                after.replace("    stdio", "    # mine\n    stdio"),
                after.replace("definitions: hold", "definitions: hold # mine"),
                after.replace("    ", "      "))) {
            TakingOut.Rest rest = new TakingOut(Set.of()).of(changed, added);
            assertEquals(changed, rest.text());
            assertEquals(List.of("`one`, since it was changed"), rest.stays());
        }
    }

    @Test
    void aFileThatWasNotThereIsWholeOnceAllIsTakenOut() throws RefusedException {
        String after = OperatorFile.add(Optional.empty(), TWO);
        List<Added> added = Added.of(after, OperatorFile.missing(Optional.empty(), TWO));
        assertTrue(new TakingOut(Set.of()).of(after + "\n\n", added).whole());
        assertFalse(new TakingOut(Set.of()).of(after + "# mine\n", added).whole());
        assertFalse(new TakingOut(Set.of("one")).of(after, added).whole());
    }

    @Test
    void valuesGoWithTheirServer() throws RefusedException {
        List<Added> values =
                Added.of("one.A: \"1\"\ntwo.B: \"2\"\n", List.of(List.of("one.A"), List.of("two.B"), List.of()));
        String servers = OperatorFile.add(Optional.of(""), TWO);
        TakingOut out = new TakingOut(Set.of());
        out.of(servers.replace("/bin/one", "/bin/uno"), added("", servers));
        TakingOut.Rest rest = out.of("mine.A: \"1\"\none.A: \"1\"\ntwo.B: \"2\"\n", values);
        assertEquals("mine.A: \"1\"\none.A: \"1\"\n", rest.text());
        assertEquals(List.of("`one.A`, since its server stays in `reeve.yaml`"), rest.stays());
        TakingOut.Rest changed = new TakingOut(Set.of()).of("one.A: \"9\"\ntwo.B: \"2\"\n", values);
        assertEquals("one.A: \"9\"\n", changed.text());
        assertEquals(List.of("`one.A`, since it was changed"), changed.stays());
    }
}
