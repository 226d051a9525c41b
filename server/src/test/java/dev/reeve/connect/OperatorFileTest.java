package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries arrive, and every character that was there stays. */
final class OperatorFileTest {
    private static final Upstream API =
            new Upstream("api", List.of(), Optional.empty(), Optional.of("https://a.example.com/mcp"), Map.of());

    private static final String BLOCK = "api:\n    url: \"https://a.example.com/mcp\"\n    definitions: hold\n";

    private static String add(String before) throws RefusedException {
        return OperatorFile.add(Optional.of(before), List.of(API));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "data: ./d\\n | data: ./d\\n\\nupstreams:\\n  API",
                "data: ./d | data: ./d\\n\\nupstreams:\\n  API",
                "upstreams:\\n | upstreams:\\n  API",
                "upstreams: # none yet\\nlisten: {}\\n | upstreams: # none yet\\n  APIlisten: {}\\n",
                "upstreams:\\n  pg: { url: x } # theirs\\n\\n# below\\ndata: d\\n | upstreams:\\n  pg: { url: x } # theirs\\n  API\\n# below\\ndata: d\\n",
                "upstreams:\\n  pg:\\n    stdio:\\n    - a\\n    - b\\n# end\\n | upstreams:\\n  pg:\\n    stdio:\\n    - a\\n    - b\\n  API# end\\n",
                "upstreams:\\n  pg:\\n    note: >\\n      long\\n      text\\ndata: d\\n | upstreams:\\n  pg:\\n    note: >\\n      long\\n      text\\n  APIdata: d\\n"
            })
    void anEntryGoesBelowTheOthers(String before, String after) throws Exception {
        String expected = after.strip().replace("\\n", "\n").replace("API", BLOCK);
        assertEquals(expected, add(before.strip().replace("\\n", "\n")));
    }

    @Test
    void aFlowMappingStaysOne() throws Exception {
        String entry = "api: { url: \"https://a.example.com/mcp\", definitions: hold }";
        assertEquals("upstreams: { " + entry + " }\n", add("upstreams: {}\n"));
        assertEquals(
                "upstreams: { pg: { url: x }, " + entry + " }  # c\n", add("upstreams: { pg: { url: x } }  # c\n"));
    }

    @Test
    void charactersBeyondTheBasicPlaneDoNotShiftThePlace() throws Exception {
        String before = "# \uD83D\uDE80\uD83D\uDE80\nupstreams:\n  pg: { url: \"\uD83D\uDE80\" }\ndata: d\n";
        assertEquals(before.replace("data: d", "  " + BLOCK + "data: d"), add(before));
    }

    @Test
    void lineEndsAreThoseOfTheFile() throws Exception {
        assertEquals(
                "data: d\r\nupstreams:\r\n  pg: { url: x }\r\n  api:\r\n    url: \"https://a.example.com/mcp\"\r\n    definitions: hold\r\n",
                add("data: d\r\nupstreams:\r\n  pg: { url: x }\r\n"));
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgainWhateverTheOperatorDecidedBesideIt() throws Exception {
        String before = "upstreams:\n  api: { url: \"https://a.example.com/mcp\", definitions: trust-first-use }\n";
        assertEquals(before, add(before));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upstreams: [a]\n",
                "upstreams: text\n",
                "{ data: d }\n",
                "- a\n",
                "a: 1\n---\nb: 2\n",
                "a: &x 1\nb: *x\n",
                "upstreams: {\n",
                "a: 1\na: 2\n",
                "upstreams:\n  api: text\n",
                "a:\n\tb: 1\n"
            })
    void whatIsNotUnderstoodIsRefused(String before) {
        assertThrows(RefusedException.class, () -> add(before));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no",
                "0777",
                "1e3",
                "~",
                "null",
                "a: b",
                "#x",
                "a\nb",
                "\u2028",
                "-",
                "",
                " ",
                "'",
                "{",
                "@x",
                "2026-01-01",
                "=",
                "\uFEFFx",
                "\u0085"
            })
    void everyArgumentComesBackAsItWas(String argument) throws Exception {
        Upstream upstream = new Upstream("x", List.of("p", argument), Optional.of("/f"), Optional.empty(), Map.of());
        String text = OperatorFile.add(Optional.empty(), List.of(upstream));
        assertEquals(text, OperatorFile.add(Optional.of(text), List.of(upstream)));
        assertTrue(text.contains("confine: none"));
    }
}
