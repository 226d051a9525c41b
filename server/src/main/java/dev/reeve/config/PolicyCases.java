package dev.reeve.config;

import dev.reeve.action.Operation;
import dev.reeve.config.PolicyCase.Expected;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicyCase.Left;
import dev.reeve.config.PolicyCase.Outcome;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the folder {@code tests} beside {@code policies}: cases for `reeve policy test`. It is no part of the policy and has no version. */
public final class PolicyCases {
    static final String TESTS = "tests";
    private static final int MOST_CASES = 100_000;
    private static final List<String> OPERATIONS = List.of("tool", "prompt", "read");
    private static final Instant MONDAY_NOON = Instant.parse("2026-01-05T12:00:00Z");

    private final Problems problems;
    private final List<PolicyCase> cases = new ArrayList<>();

    private PolicyCases(Problems problems) {
        this.problems = problems;
    }

    /** Everything that is wrong in any file, or every case, in the order of files and lines. */
    public static Loaded<List<PolicyCase>> read(Path home) {
        Problems problems = new Problems();
        Snapshot snapshot = Snapshot.of(home, TESTS);
        snapshot.problems().forEach(problems::add);
        PolicyCases reader = new PolicyCases(problems);
        snapshot.yaml(TESTS)
                .forEach((name, bytes) -> Yaml.read(name, bytes, problems)
                        .ifPresent(root -> reader.file(ShapeCheck.check(root, CaseShape.ROOT, problems))));
        if (reader.cases.size() > MOST_CASES) {
            problems.error(Problems.file(TESTS), "", "holds more than " + MOST_CASES + " cases", "");
        }
        return Loaded.of(List.copyOf(reader.cases), problems);
    }

    /** Changes whenever a byte of catalogue, policies or tests does. */
    public static String version(Path home) {
        return Snapshot.of(home, PolicyFiles.CATALOG, PolicyFiles.POLICIES, TESTS)
                .version();
    }

    private void file(Node.Mapping root) {
        Optional<Node.Mapping> common = root.mapping("given");
        if (root.get("cases").orElse(null) instanceof Node.Sequence list) {
            list.items().forEach(item -> one((Node.Mapping) item, common));
        }
    }

    private void one(Node.Mapping entry, Optional<Node.Mapping> common) {
        Optional<Operation> operation = entry.mapping("when").flatMap(this::operation);
        Optional<Expected> expected = entry.get("then").flatMap(this::expected);
        if (operation.isPresent() && expected.isPresent()) {
            cases.add(new PolicyCase(
                    entry.text("name").orElse(entry.place().toString()),
                    entry.place(),
                    given(entry, entry.mapping("given"), common),
                    operation.get(),
                    entry.mapping("when").flatMap(this::answer),
                    expected.get()));
        }
    }

    private Given given(Node.Mapping entry, Optional<Node.Mapping> own, Optional<Node.Mapping> common) {
        List<Node.Mapping> layers =
                Stream.of(own, common).flatMap(Optional::stream).toList();
        Optional<List<String>> roles = texts(layers, "roles");
        Optional<String> agent = text(layers, "agent");
        if (agent.isEmpty() && roles.isEmpty()) {
            problems.error(entry, "says not who acts", "name `given.agent` or `given.roles`");
        }
        return new Given(
                agent.orElse("somebody"),
                roles,
                text(layers, "owner"),
                scalars(layers, "attributes"),
                text(layers, "user"),
                Set.copyOf(texts(layers, "session_read").orElse(List.of())),
                first(layers, "time").flatMap(this::time).orElse(MONDAY_NOON),
                text(layers, "clock_doubtful").filter("true"::equals).isPresent(),
                List.of(),
                scalars(layers, "used"),
                scalars(layers, "opinions"));
    }

    private static Map<String, String> scalars(List<Node.Mapping> layers, String key) {
        Map<String, String> all = new HashMap<>();
        layers.reversed()
                .forEach(layer -> layer.membersOf(key)
                        .forEach((name, member) -> all.put(name, ((Node.Scalar) member.value()).text())));
        return all;
    }

    /** A result of MCP. */
    private Optional<Json.Obj> answer(Node.Mapping when) {
        Optional<Json.Obj> structured = object(when, "result");
        Optional<String> text = when.text("text");
        if (structured.isEmpty() && text.isEmpty()) {
            return Optional.empty();
        }
        Json.Arr content = text.map(said -> new Json.Arr(List.of(
                        Json.object().put("text", said).put("type", "text").build())))
                .orElse(Json.Arr.EMPTY);
        Json.Builder answer = Json.object().put("content", content);
        structured.ifPresent(value -> answer.put("structuredContent", value));
        return Optional.of(answer.build());
    }

    private static Optional<Node> first(List<Node.Mapping> layers, String key) {
        return layers.stream().flatMap(layer -> layer.get(key).stream()).findFirst();
    }

    private static Optional<String> text(List<Node.Mapping> layers, String key) {
        return first(layers, key).map(node -> ((Node.Scalar) node).text());
    }

    private static Optional<List<String>> texts(List<Node.Mapping> layers, String key) {
        return first(layers, key)
                .map(node ->
                        Node.scalarsOf(node).stream().map(Node.Scalar::text).toList());
    }

    private Optional<Instant> time(Node node) {
        try {
            return Optional.of(Instant.parse(((Node.Scalar) node).text()));
        } catch (DateTimeException e) {
            problems.error(node, "is not a time as 2027-01-31T00:00:00Z");
            return Optional.empty();
        }
    }

    private Optional<Operation> operation(Node.Mapping when) {
        List<String> named = OPERATIONS.stream().filter(when::mentions).toList();
        if (named.size() != 1) {
            problems.error(when, "says not once what is done", "name one of `tool`, `prompt`, `read`");
            return Optional.empty();
        }
        Json.Obj arguments = object(when, "arguments").orElse(Json.Obj.EMPTY);
        Optional<Operation> read = when.mapping("read")
                .flatMap(entry -> entry.text("upstream")
                        .flatMap(server -> entry.text("uri").map(uri -> new Operation.ResourceRead(server, uri))));
        return read.or(() -> when.text("tool").map(tool -> call(tool, arguments)))
                .or(() -> when.text("prompt").map(prompt -> prompt(prompt, arguments)));
    }

    private static Operation call(String tool, Json.Obj arguments) {
        int dot = tool.indexOf('.');
        return new Operation.ToolCall(tool.substring(0, dot), tool.substring(dot + 1), arguments);
    }

    private static Operation prompt(String prompt, Json.Obj arguments) {
        int dot = prompt.indexOf('.');
        return new Operation.PromptGet(
                prompt.substring(0, dot), prompt.substring(dot + 1), arguments, Optional.empty());
    }

    private Optional<Expected> expected(Node then) {
        if (then instanceof Node.Mapping more) {
            return more.text("verdict")
                    .map(verdict -> new Expected(
                            ruling(verdict),
                            more.text("rule"),
                            more.text("code"),
                            more.text("reason"),
                            more.get("treatment").map(node -> Set.copyOf(more.texts("treatment"))),
                            more.get("warned").map(node -> Set.copyOf(more.texts("warned"))),
                            object(more, "arguments"),
                            left(more)));
        }
        return Optional.of(new Expected(
                ruling(((Node.Scalar) then).text()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Left(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
    }

    private Left left(Node.Mapping then) {
        return new Left(
                then.text("outcome").map(word -> Outcome.valueOf(word.toUpperCase(Locale.ROOT))),
                then.text("found"),
                object(then, "result"),
                then.text("text"));
    }

    private static Ruling ruling(String word) {
        return Ruling.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private Optional<Json.Obj> object(Node.Mapping entry, String key) {
        return entry.mapping(key).map(node -> (Json.Obj) new NodeJson(problems).of(node));
    }
}
