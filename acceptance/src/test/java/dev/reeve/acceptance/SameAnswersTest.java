package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that are not ours answer clients that are not ours the same, byte for byte, directly and through Reeve: lists, calls, resources,
 * prompts and the errors that the servers make. What {@link Answers} leaves out is what a gateway must say differently.
 */
final class SameAnswersTest {
    @TempDir
    static Path folder;

    private static final Map<String, Server> SERVERS = new LinkedHashMap<>();
    private static Running everything;
    private static Running fast;
    private static Product product;
    private static String key;

    /** How it is reached directly, and what it is asked. `env` are variables that name a file of its own for each who starts it. */
    private record Server(List<String> target, boolean http, Map<String, String> env, String plan) {
        String yaml(String name) {
            String reached = http ? "url: \"" + target.getFirst() + "\"" : "confine: none, stdio: " + Text.yaml(target);
            StringBuilder variables = new StringBuilder();
            env.forEach((variable, file) -> variables.append("%s: \"%s-behind\"".formatted(variable, file)));
            String given = env.isEmpty() ? "" : ", env: { " + variables + " }";
            return "%s: { %s%s, definitions: trust-first-use }\n".formatted(name, reached, given);
        }

        List<String> words() {
            List<String> words = new ArrayList<>(http ? List.of("http") : List.of("stdio", "--"));
            words.addAll(target);
            return words;
        }
    }

    @BeforeAll
    static void startEverybody() throws IOException, InterruptedException {
        Outside.slow("comparing the answers of other people's servers");
        int port = Ports.free();
        everything = Running.start(
                Outside.npm(),
                Map.of("PORT", Integer.toString(port)),
                Pattern.compile("listening on port", Pattern.CASE_INSENSITIVE),
                Outside.node("node_modules/.bin/mcp-server-everything", "streamableHttp"));
        fast = Running.start(
                Outside.python(),
                Map.of(),
                Pattern.compile("\"url\": \"(http://[^\"]+)\""),
                Outside.python("server.py", "http", "--sdk", "fastmcp"));
        local();
        SERVERS.put("everything", new Server(List.of("http://127.0.0.1:" + port + "/mcp"), true, Map.of(), EVERYTHING));
        SERVERS.put("fastmcp", new Server(List.of(fast.matched()), true, Map.of(), FASTMCP));
        Path home = Homes.home(Files.createDirectory(folder.resolve("home")), upstreams());
        Homes.file(home, "policies/tester.yaml", """
                agent_roles:
                  tester:
                    permissions:
                      - { resource: "tool:*.*", actions: [execute] }
                      - { resource: "mcp:**", actions: [read] }
                      - { resource: "prompt:*.*", actions: [read] }
                """);
        product = Product.start(home);
        key = Agents.withKey(product, "tester");
        Tools.waitUntilPinned(product, List.copyOf(SERVERS.keySet()));
    }

    private static String upstreams() {
        StringBuilder yaml = new StringBuilder();
        SERVERS.forEach((name, server) -> yaml.append(server.yaml(name)));
        return yaml.toString();
    }

    /** The servers that a client starts. */
    private static void local() throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("hello.txt"), "hello from a file\n");
        Path repository = repository();
        String bin = Outside.python().resolve("venv/bin").toString();
        SERVERS.put(
                "stdio-everything",
                stdio(Outside.node("node_modules/.bin/mcp-server-everything", "stdio"), EVERYTHING));
        SERVERS.put(
                "files",
                stdio(Outside.node("node_modules/.bin/mcp-server-filesystem", files.toString()), """
                {"calls": [["read_text_file", {"path": "%1$s/hello.txt"}], ["list_directory", {"path": "%1$s"}],
                  ["read_text_file", {"path": "%1$s/missing.txt"}], ["list_allowed_directories", {}],
                  ["directory_tree", {"path": "%1$s"}]]}""".formatted(files)));
        SERVERS.put(
                "memory",
                new Server(
                        Outside.node("node_modules/.bin/mcp-server-memory"),
                        false,
                        Map.of("MEMORY_FILE_PATH", folder.resolve("memory").toString()),
                        """
                {"calls": [["create_entities", {"entities": [{"name": "Ana", "entityType": "person", "observations": ["likes tea"]}]}],
                  ["read_graph", {}], ["search_nodes", {"query": "tea"}], ["open_nodes", {"names": ["nobody"]}],
                  ["add_observations", {"observations": [{"entityName": "nobody", "contents": ["x"]}]}],
                  ["delete_entities", {"entityNames": ["Ana"]}]]}"""));
        SERVERS.put("thinking", stdio(Outside.node("node_modules/.bin/mcp-server-sequential-thinking"), """
                {"calls": [["sequentialthinking", {"thought": "a", "nextThoughtNeeded": false, "thoughtNumber": 1, "totalThoughts": 1}]]}"""));
        SERVERS.put("git", stdio(List.of(bin + "/mcp-server-git", "--repository", repository.toString()), """
                {"calls": [["git_status", {"repo_path": "%1$s"}], ["git_log", {"repo_path": "%1$s"}],
                  ["git_show", {"repo_path": "%1$s", "revision": "HEAD"}], ["git_show", {"repo_path": "%1$s", "revision": "nosuch"}],
                  ["git_branch", {"repo_path": "%1$s", "branch_type": "local"}]]}""".formatted(
                        repository)));
        SERVERS.put("time", stdio(List.of(bin + "/mcp-server-time", "--local-timezone", "UTC"), """
                {"calls": [["convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}],
                  ["get_current_time", {"timezone": "Nowhere/AtAll"}]]}"""));
        SERVERS.put("fetch", stdio(List.of(bin + "/mcp-server-fetch"), """
                {"calls": [["fetch", {"url": "http://127.0.0.1:9/nothing"}]], "gets": [["fetch", {"url": "http://127.0.0.1:9/nothing"}]]}"""));
    }

    private static Server stdio(List<String> command, String plan) {
        return new Server(command, false, Map.of(), plan);
    }

    private static Path repository() throws IOException {
        Path repository = Files.createDirectory(folder.resolve("repository"));
        Files.writeString(repository.resolve("README"), "a file\n");
        String commands =
                "git init -q -b main . && git add README && git -c user.name=A -c user.email=a@example.com commit -q -m first";
        Commands.Ran ran =
                Commands.run(repository, Map.of("HOME", folder.toString()), 30, List.of("sh", "-c", commands));
        assertEquals(0, ran.exit(), ran.err());
        return repository;
    }

    @AfterAll
    static void stopEverybody() {
        for (AutoCloseable each : Stream.of(product, everything, fast)
                .filter(java.util.Objects::nonNull)
                .toList()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    static Stream<String> servers() {
        return Stream.of(
                "everything", "stdio-everything", "fastmcp", "files", "memory", "thinking", "git", "time", "fetch");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theTypeScriptClientGetsTheSame(String name) {
        same(
                name,
                List.of(),
                Outside.node(
                        "answers.mjs",
                        "--revision",
                        "legacy",
                        "--plan",
                        server(name).plan()));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void thePythonClientGetsTheSame(String name) {
        same(
                name,
                List.of(),
                Outside.python(
                        "answers.py",
                        "--revision",
                        "legacy",
                        "--plan",
                        server(name).plan()));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theFastMcpClientGetsTheSame(String name) {
        same(
                name,
                List.of(),
                Outside.python(
                        "answers.py", "--sdk", "fastmcp", "--plan", server(name).plan()));
    }

    /** Servers that speak 2026-07-28 themselves. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"fastmcp", "git", "time", "fetch"})
    void inTheNewRevisionTheAnswersAreTheSameToo(String name) {
        same(
                name,
                List.of(),
                Outside.node(
                        "answers.mjs",
                        "--revision",
                        "2026-07-28",
                        "--plan",
                        server(name).plan()));
        same(
                name,
                List.of(),
                Outside.python(
                        "answers.py",
                        "--revision",
                        "2026-07-28",
                        "--plan",
                        server(name).plan()));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void theInspectorGetsTheSame(String name) {
        List<String> inspector = Outside.node("node_modules/.bin/mcp-inspector", "--cli");
        Server server = server(name);
        List<String> method = List.of("--method", "tools/list", "--format", "json");
        List<String> direct = new ArrayList<>(inspector);
        direct.addAll(server.target());
        List<String> through = new ArrayList<>(inspector);
        through.addAll(
                List.of(product.mcp() + "/" + name, "--transport", "http", "--header", "Authorization: Bearer " + key));
        if (server.http()) {
            direct.addAll(List.of("--transport", "http"));
        }
        direct.addAll(method);
        through.addAll(method);
        assertEquals(printed(direct, server.env()), printed(through, Map.of()));
    }

    private static void same(String name, List<String> more, List<String> client) {
        Server server = server(name);
        List<String> direct = new ArrayList<>(client);
        direct.addAll(more);
        direct.addAll(server.words());
        List<String> through = new ArrayList<>(client);
        through.addAll(List.of("--token", key, "http", product.mcp() + "/" + name));
        assertEquals(printed(direct, server.env()), printed(through, Map.of()));
    }

    private static Server server(String name) {
        return java.util.Objects.requireNonNull(SERVERS.get(name), name);
    }

    private static String printed(List<String> command, Map<String, String> env) {
        Map<String, String> environment = new HashMap<>(env);
        environment.put("HOME", folder.toString());
        environment.put("MCP_INSPECTOR_SECRET_STORE", "memory");
        Commands.Ran ran = Commands.run(Outside.npm(), environment, 120, command);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        return Answers.plain(ran.out());
    }

    private static final String EVERYTHING = """
            {"calls": [["echo", {"message": "hallo"}], ["get-sum", {"a": 2, "b": 3}], ["get-tiny-image", {}],
              ["get-structured-content", {"location": "New York"}], ["get-annotated-message", {"messageType": "error", "includeImage": true}],
              ["get-resource-links", {"count": 2}], ["get-resource-reference", {"resourceType": "Text", "resourceId": 1}]],
             "reads": ["demo://resource/static/document/architecture.md", "demo://resource/dynamic/text/1", "demo://nosuch"],
             "gets": [["simple-prompt", {}], ["args-prompt", {"city": "Bern"}]]}""";
    private static final String FASTMCP = """
            {"calls": [["echo", {"text": "hallo"}], ["add", {"a": 2, "b": 3}], ["fail", {"message": "as it must"}]],
             "reads": ["config://app", "config://nosuch"], "gets": [["review", {"code": "x"}]]}""";
}
