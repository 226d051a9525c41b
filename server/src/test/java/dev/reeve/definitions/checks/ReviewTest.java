package dev.reeve.definitions.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReviewTest {
    private static final List<String> LISTS = List.of("tools", "prompts", "resources", "resourceTemplates");

    @Test
    void everyKnownAttackIsFoundByTheCheckThatItWasWrittenFor() throws Exception {
        List<String> missed = new ArrayList<>();
        List<Json.Obj> attacks = objects(read("attacks.json").array("items").orElseThrow());
        for (Json.Obj attack : attacks) {
            Set<String> found =
                    review(attack).stream().map(one -> one.check().id()).collect(Collectors.toSet());
            List<String> expected = strings(attack.array("expect").orElseThrow());
            if (!found.containsAll(expected)) {
                missed.add(attack.string("what").orElseThrow() + ": " + expected + " of " + found);
            }
        }
        System.out.println("attacks found: " + (attacks.size() - missed.size()) + " of " + attacks.size());
        assertEquals(List.of(), missed);
        assertTrue(attacks.size() >= 60);
    }

    @Test
    void nothingIsHeldOfTheDefinitionsOfServersThatPeopleUse() throws Exception {
        Map<String, Json.Obj> servers = realServers();
        Map<String, List<String>> tools = new TreeMap<>();
        servers.forEach((name, offers) -> tools.put(name, names(offers)));
        int definitions = 0;
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        List<String> held = new ArrayList<>();
        for (Map.Entry<String, Json.Obj> server : servers.entrySet()) {
            // All as if they stood behind one gateway: the hardest case for what looks alike.
            Neighbours neighbours = new Neighbours(server.getKey(), Set.copyOf(tools.get(server.getKey())), tools);
            for (Json.Obj definition : definitions(server.getValue())) {
                definitions++;
                List<Finding> findings = Review.of(definition, neighbours, Set.of());
                findings.stream()
                        .map(one -> one.check().severity())
                        .collect(Collectors.toSet())
                        .forEach(severity -> counts.merge(severity, 1, Integer::sum));
                findings.stream().filter(Finding::holds).forEach(one -> held.add(server.getKey() + " " + one));
            }
        }
        System.out.println("real definitions with findings: " + counts + " of " + definitions + " of " + servers.size()
                + " servers");
        assertEquals(List.of(), held);
        assertTrue(servers.size() >= 20 && definitions > 400);
        assertTrue(counts.getOrDefault(Severity.MEDIUM, 0) < definitions / 20, "one in twenty wants to be read");
    }

    @Test
    void anExcerptIsAsciiAndShowsWhatIsHidden() {
        Finding finding = only(Check.DIRECTION_CHARACTERS, tool("pays \u202e000,1\u202c"));
        assertEquals("/description", finding.pointer());
        assertEquals("pays \\u{202E}000,1\\u{202C}", finding.excerpt());
        Finding tags = only(Check.TAG_CHARACTERS, tool("time \uDB40\uDC68\uDB40\uDC69"));
        assertTrue(tags.reason().contains("`hi`"), tags.reason());
        assertTrue(tags.excerpt().chars().allMatch(c -> c >= ' ' && c < 0x7f));
    }

    @Test
    void whatLanguagesNeedIsNoFinding() {
        for (String ordinary : List.of(
                "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\u0915\u094d\u200d\u0937",
                "family: \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67, heart \u2764\uFE0F",
                "\u05e9\u05dc\u05d5\u05dd\u200f!",
                "5 \u03bcm, \u0394t, na\u00efve, \u00fcber, \u65e5\u672c\u8a9e",
                "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440")) {
            assertEquals(List.of(), Review.of(tool(ordinary), Neighbours.NONE, Set.of()), ordinary);
        }
    }

    @Test
    void whatDescriptionsOrdinarilySayIsNoFinding() {
        for (String ordinary : List.of(
                "Ignores whitespace. Previous versions of this tool had rules for it.",
                "Do not use this for large files. You must give an absolute path. IMPORTANT: paths are case sensitive.",
                "Sends a message to a user. Without a channel it goes to the default one.",
                "Reads a file and returns its content as text.",
                "Deletes all rules of the firewall that match.",
                "Adds a comment to the issue. Users without access do not see it.",
                "Use <id> or <name>. See [docs](https://docs.example.com/a?b=1).")) {
            assertEquals(
                    List.of(),
                    Review.of(tool(ordinary), Neighbours.NONE, Set.of()).stream()
                            .filter(Finding::holds)
                            .toList(),
                    ordinary);
        }
    }

    @Test
    void linksOfTheServerItselfAreNoFinding() {
        assertEquals(List.of(), Review.of(tool("see https://api.mail.test/doc"), Neighbours.NONE, Set.of("mail.test")));
        only(Check.FOREIGN_LINK, tool("see https://notmail.test/doc"));
    }

    @Test
    void whatIsTooLargeToReadIsHeld() {
        assertTrue(Review.of(tool("x ".repeat(1_200_000)), Neighbours.NONE, Set.of()).stream()
                .anyMatch(one -> one.check() == Check.TOO_MUCH && one.holds()));
        Json deep = Json.of("x");
        for (int i = 0; i < 80; i++) {
            deep = Json.object().put("a", deep).build();
        }
        only(Check.TOO_MUCH, Json.object().put("name", "t").put("_meta", deep).build());
    }

    @Test
    void textsMadeToBeSlowAreNot() {
        String nearly = "read and then pass and pass do not not not tell tell keep keep secret ";
        Json.Obj hostile = tool(nearly.repeat(20_000));
        Map<String, List<String>> others = new LinkedHashMap<>();
        for (int i = 0; i < 5_000; i++) {
            others.put("s" + i, List.of("tool_number_" + i));
        }
        assertTimeout(
                Duration.ofSeconds(30), () -> Review.of(hostile, new Neighbours("x", Set.of(), others), Set.of()));
    }

    @Test
    void everyCheckIsShownByAnAttackAndExplainedToOperators() throws Exception {
        Set<Check> shown = EnumSet.of(Check.TOO_MUCH, Check.FOREIGN_LINK, Check.LONG_TEXT);
        for (Json.Obj attack : objects(read("attacks.json").array("items").orElseThrow())) {
            review(attack).forEach(one -> shown.add(one.check()));
        }
        shown.add(only(Check.FOREIGN_TOOL_NAME, tool("as send_mail does"), "send_mail")
                .check());
        shown.add(only(Check.CONVERSATION_PARAMETER, argument("context")).check());
        only(Check.LONG_TEXT, tool("word ".repeat(2_000)));
        assertEquals(EnumSet.allOf(Check.class), shown);
        String page = Files.readString(Path.of("..", "docs", "reviewing-tools.md"));
        for (Check check : Check.values()) {
            String row = "| `" + check.id() + "` | "
                    + check.severity().name().toLowerCase(java.util.Locale.ROOT) + " | " + check.looksFor() + " | "
                    + check.whatToDo() + " |";
            assertTrue(page.contains(row), "docs/reviewing-tools.md wants the row\n" + row);
        }
    }

    private static Finding only(Check check, Json.Obj definition, String... others) {
        List<Finding> found =
                Review.of(definition, new Neighbours("x", Set.of(), Map.of("y", List.of(others))), Set.of());
        assertEquals(List.of(check), found.stream().map(Finding::check).toList());
        return found.getFirst();
    }

    private static Json.Obj tool(String description) {
        return Json.object().put("name", "t").put("description", description).build();
    }

    private static Json.Obj argument(String name) {
        return Json.object()
                .put("name", "t")
                .put(
                        "inputSchema",
                        Json.object().put("properties", Json.object().put(name, Json.Obj.EMPTY)))
                .build();
    }

    private static List<Finding> review(Json.Obj attack) {
        Map<String, List<String>> others = new TreeMap<>();
        attack.object("others")
                .orElseThrow()
                .members()
                .forEach((server, names) -> others.put(server, strings((Json.Arr) names)));
        return Review.of(attack.object("definition").orElseThrow(), new Neighbours("x", Set.of(), others), Set.of());
    }

    private static List<String> names(Json.Obj offers) {
        return objects(offers.array("tools").orElse(Json.Arr.EMPTY)).stream()
                .map(tool -> tool.string("name").orElseThrow())
                .toList();
    }

    private static List<Json.Obj> definitions(Json.Obj offers) {
        List<Json.Obj> all = new ArrayList<>();
        Json.Obj server = offers;
        for (String list : LISTS) {
            all.addAll(objects(offers.array(list).orElse(Json.Arr.EMPTY)));
            server = server.without(list);
        }
        all.add(server);
        return all;
    }

    private static Map<String, Json.Obj> realServers() throws IOException, URISyntaxException {
        Map<String, Json.Obj> servers = new TreeMap<>();
        Path folder = Path.of(
                Objects.requireNonNull(ReviewTest.class.getResource("real")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Json.Obj server = parse(Files.readAllBytes(file));
                servers.put(
                        file.getFileName().toString().replace(".json", ""),
                        server.object("offers").orElseThrow());
            }
        }
        return servers;
    }

    private static Json.Obj read(String name) throws IOException {
        try (var in = Objects.requireNonNull(ReviewTest.class.getResourceAsStream(name))) {
            return parse(in.readAllBytes());
        }
    }

    private static Json.Obj parse(byte[] bytes) throws IOException {
        try {
            return StrictJson.readObject(bytes, JsonLimits.ANSWER);
        } catch (dev.reeve.strict.JsonRefusedException e) {
            throw new IOException(new String(bytes, 0, Math.min(80, bytes.length), StandardCharsets.UTF_8), e);
        }
    }

    private static List<Json.Obj> objects(Json.Arr array) {
        return array.items().stream().map(Json.Obj.class::cast).toList();
    }

    private static List<String> strings(Json.Arr array) {
        return array.items().stream().map(item -> ((Json.Str) item).value()).toList();
    }
}
