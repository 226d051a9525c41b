package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.policy.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class YamlTest {
    private static List<String> problems(String text) {
        Problems problems = new Problems();
        Yaml.read("f.yaml", text.getBytes(StandardCharsets.UTF_8), problems);
        return problems.all().stream().map(ProblemText::of).toList();
    }

    private static Node.Mapping read(String text) {
        Problems problems = new Problems();
        Optional<Node.Mapping> root = Yaml.read("f.yaml", text.getBytes(StandardCharsets.UTF_8), problems);
        assertEquals(List.of(), problems.all());
        return root.orElseThrow();
    }

    @Test
    void everyNameAndValueKnowsItsPlaceAndTheWayToIt() {
        Node.Mapping root = read("a: 1\nb:\n  - x: { \"y.z\": [p, q] }\n");
        assertEquals(
                Optional.of(new Place("f.yaml", 1, 1)),
                Optional.ofNullable(root.members().get("a")).map(Node.Member::key));
        assertEquals(new Place("f.yaml", 1, 4), root.get("a").orElseThrow().place());
        Node.Sequence list = (Node.Sequence) root.get("b").orElseThrow();
        Node.Mapping inner =
                ((Node.Mapping) list.items().getFirst()).mapping("x").orElseThrow();
        Node.Sequence deepest = (Node.Sequence) inner.get("y.z").orElseThrow();
        assertEquals("b[0].x[\"y.z\"][1]", deepest.items().get(1).field());
        assertEquals(new Place("f.yaml", 3, 21), deepest.items().get(1).place());
    }

    @Test
    void valuesKeepTheirTextAndTheTypeOfTheCoreSchema() {
        Node.Mapping root = read("a: 0777\nb: no\nc: 1.50\nd: true\ne: \"1\"\nf:\ng: 12345678901234567890\n");
        assertEquals(Node.Type.TEXT, root.scalar("a").orElseThrow().type());
        assertEquals("0777", root.text("a").orElseThrow());
        assertEquals(Node.Type.TEXT, root.scalar("b").orElseThrow().type());
        assertEquals("1.50", root.text("c").orElseThrow());
        assertEquals(Node.Type.DECIMAL, root.scalar("c").orElseThrow().type());
        assertEquals(Node.Type.FLAG, root.scalar("d").orElseThrow().type());
        assertEquals(Node.Type.TEXT, root.scalar("e").orElseThrow().type());
        assertEquals(Node.Type.NOTHING, root.scalar("f").orElseThrow().type());
        assertEquals("12345678901234567890", root.text("g").orElseThrow());
    }

    @Test
    void anEmptyFileIsAnEmptyMapping() {
        assertTrue(read("").members().isEmpty());
        assertTrue(read("# only a comment\n").members().isEmpty());
    }

    @Test
    void whatTwoReadersCouldUnderstandDifferentlyIsRefused() {
        assertEquals(
                List.of("f.yaml:3: a: stands here twice; first in line 1; keep one"), problems("a: 1\nb: 2\na: 3\n"));
        assertEquals(
                List.of("f.yaml:2: x.a: stands here twice; first in line 2; keep one"),
                problems("x:\n  { a: 1, a: 2 }\n"));
        assertEquals(
                List.of(
                        "f.yaml:1: a: anchors (`&name`) are not supported; write the value where it is used",
                        "f.yaml:2: b: aliases (`*name`) are not supported; write the value out"),
                problems("a: &x 1\nb: *x\n"));
        assertEquals(
                List.of("f.yaml:1: a: anchors (`&name`) are not supported; write the value where it is used"),
                problems("a: &x { h: 1 }\n"));
        assertEquals(List.of("f.yaml:1: a: tags (`!name`) are not supported; remove it"), problems("a: !!str 1\n"));
        assertEquals(List.of("f.yaml:2: a: tags (`!name`) are not supported; remove it"), problems("---\n!x a: 1\n"));
        assertEquals(
                List.of("f.yaml:2: directives (`%NAME`) are not supported; remove the line"),
                problems("# x\n%YAML 1.1\n---\na: 1\n"));
        assertEquals(
                List.of("f.yaml:3: a second document begins here; one file holds one document; remove the `---`"),
                problems("a: 1\n---\nb: 2\n"));
    }

    @Test
    void charactersThatDoNotShowAreRefused() {
        assertEquals(
                List.of("f.yaml:2: holds U+202E, a character that does not show; remove it"),
                problems("a: 1\nb: \"x\u202Ey\"\n"));
        assertEquals(
                List.of("f.yaml:1: holds U+200B, a character that does not show; remove it"), problems("a\u200B: 1\n"));
        assertEquals(
                List.of("f.yaml:1: holds U+FEFF, a character that does not show; remove it"), problems("\uFEFFa: 1\n"));
    }

    @Test
    void everythingHasALimit() {
        assertEquals(
                List.of("f.yaml:1: is nested deeper than 24; split the file"),
                problems("a: " + "[".repeat(5000) + "\n"));
        assertEquals(
                List.of("f.yaml: has more than 1048576 bytes; split the file"),
                problems("#".repeat(Yaml.MOST_BYTES + 1)));
        String many = "a: [" + "1,".repeat(Yaml.MOST_TOKENS) + "]\n";
        assertEquals(List.of("f.yaml:1: has more than 200000 names and values; split the file"), problems(many));
        Problems problems = new Problems();
        Yaml.read("f.yaml", new byte[] {'a', ':', ' ', (byte) 0xC0, (byte) 0x80}, problems);
        assertEquals(
                "f.yaml: is not UTF-8; save it as UTF-8",
                ProblemText.of(problems.all().getFirst()));
    }

    @Test
    void whatIsNoYamlIsToldWithItsLine() {
        assertEquals(
                List.of(
                        "f.yaml:2: not YAML: while scanning for the next token: found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)"),
                problems("a:\n\t- b\n"));
        assertEquals(List.of("f.yaml:1: not YAML: mapping values are not allowed here"), problems("a: b: c\n"));
        assertEquals(List.of("f.yaml:1: is a list, where names with values are expected"), problems("- a\n"));
        assertEquals(List.of("f.yaml:1: is a text, where names with values are expected"), problems("a\n"));
        assertTrue(problems("? [a, b]\n: c\n").getFirst().startsWith("f.yaml:1: not YAML"));
    }

    /** Whatever stands in a file, it ends in a value or in problems. */
    @Test
    void damagedFilesNeverThrow() {
        long seed = 20261124;
        Random random = new Random(seed);
        String sample = """
                # comment
                reeve: 1
                a: { b: [1, 'x', "y\\n"], c: ~ }
                d:
                  - e: |
                      text
                    f: >-
                      folded
                  - &anchor g
                  - *anchor
                  - !tag h
                ? complex
                : value
                """;
        String pieces = "{}[]:,-?&*!|>'\"%@`#\n\t \\~<=.0x\u00e9\u2028\ud83d\ude00";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(sample);
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 2 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                }
            }
            Problems problems = new Problems();
            try {
                boolean read = Yaml.read("f.yaml", text.toString().getBytes(StandardCharsets.UTF_8), problems)
                        .isPresent();
                assertTrue(read || problems.hasErrors());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + ":\n" + text, e);
            }
        }
    }
}
