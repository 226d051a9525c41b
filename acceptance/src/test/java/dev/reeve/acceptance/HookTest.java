package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A coding agent's hook, from `reeve connect` to the record, with kill -9 of the server between two events; both ways of the script. */
final class HookTest {
    /** What the quick way ends with where it leaves the event to the other one. */
    private static final int OTHERWISE = 75;

    private static final Answer NOT_ANSWERED = new Answer(OTHERWISE, "", "");

    enum Way {
        QUICK,
        JVM
    }

    private Way way = Way.QUICK;

    @TempDir
    Path folder;

    private Path home;
    private Path project;

    private record Answer(int exit, String out, String err) {}

    @BeforeEach
    void connect() throws IOException {
        project = Files.createDirectories(folder.resolve("project")).toRealPath();
        Files.createDirectory(project.resolve(".git"));
        home = Homes.home(folder.toRealPath().resolve("home"), "none: { url: \"http://127.0.0.1:1/mcp\" }");
        List<String> command = Product.java("connect", "claude-code", "--hook", "--yes", "--home", home.toString());
        Commands.Ran ran = Commands.run(project, environment(), 120, command);
        assertEquals(0, ran.exit(), ran.out() + ran.err());
    }

    private Map<String, String> environment() {
        return Map.of("XDG_CONFIG_HOME", home.resolve("user-config").toString());
    }

    private String event(String name, String tool, String input, String call) {
        return "{\n \"session_id\": \"s-1\", \"transcript_path\": \"/t.jsonl\", \"cwd\": \"" + project
                + "\", \"permission_mode\": \"default\",\n \"hook_event_name\": \"" + name + "\", \"tool_name\": \""
                + tool
                + "\", \"tool_input\": " + input + ", \"tool_use_id\": \"" + call + "\" }";
    }

    /** As the script does it: the quick way answers, or leaves it to the other one. */
    private Answer hook(String event) throws IOException, InterruptedException {
        Answer quick = way == Way.QUICK ? run(event, quick()) : NOT_ANSWERED;
        return quick.exit() == OTHERWISE ? run(event, jvm()) : quick;
    }

    private static List<String> quick() {
        return List.of("perl", inRepository("reeve-hook.pl"));
    }

    private static List<String> jvm() {
        List<String> command = new ArrayList<>(Product.java());
        command.removeLast();
        command.removeLast();
        command.addAll(List.of("-cp", inRepository("server/target/reeve.jar"), "dev.reeve.connector.HookMain"));
        return command;
    }

    private static String inRepository(String path) {
        return Path.of("..", path).toAbsolutePath().normalize().toString();
    }

    private Answer run(String event, List<String> program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("hook", "claude-code", "--home", home.toString(), "--as", "claude-code"));
        Path in = Files.writeString(folder.resolve("event"), event);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the hook did not end");
        return new Answer(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private String shell(String command) throws IOException, InterruptedException {
        Answer answer = hook(event("PreToolUse", "Bash", "{ \"command\": \"" + command + "\" }", "c"));
        assertEquals(0, answer.exit(), answer.err());
        return answer.out().contains("\"ask\"")
                ? "ask"
                : answer.out().contains("\"deny\"") ? "deny" : answer.out().strip();
    }

    @Test
    void whatAnAgentDoesIsDecidedRecordedAndToldApart() throws IOException, InterruptedException {
        try (Product product = Product.start(home)) {
            assertEquals("{}", shell("ls -la && cat a.txt | grep x"));
            assertEquals("ask", shell("npm install"));
            assertEquals("ask", shell("git push"));
            assertEquals("deny", shell("ls; cat /etc/passwd"));
            assertEquals("deny", shell("rm -rf /"));
            assertEquals("deny", shell("sudo ls"));
            assertEquals("deny", shell("echo {} > .claude/settings.local.json"));
            assertEquals("deny", shell("sh -c 'cp x .git/hooks/pre-commit'"));
            assertEquals("ask", shell("$(fetch) x"));
            String edit = "{ \"file_path\": \"" + project + "/a.txt\", \"old_string\": \"a\", \"new_string\": \"b\" }";
            assertEquals(
                    "{}", hook(event("PreToolUse", "Edit", edit, "e1")).out().strip());
            assertEquals(
                    "{}", hook(event("PostToolUse", "Edit", edit, "e1")).out().strip());
            String tail = product.reeve("audit", "tail").out();
            assertTrue(tail.contains("REPORTED_SUCCESS") && tail.contains("claude-code.Edit"), tail);
            assertTrue(tail.contains("DENIED"), tail);
            String events = product.reeve("audit", "search", "--json").out();
            assertTrue(events.contains("client_asks") && events.contains("unseparated"), "a question is no approval");
            assertTrue(events.contains("\"host_call\""), events);
            String mistyped = product.reeve("kill", "tool", "claud-code.Edit").out();
            assertTrue(mistyped.contains("NOTHING KNOWN IS CALLED SO"), mistyped);
            String stopped = product.reeve("kill", "tool", "claude-code.Edit").out();
            assertFalse(stopped.contains("NOTHING KNOWN"), "no server offers it, and it was done: " + stopped);
            String ls = event("PreToolUse", "Bash", "{ \"command\": \"ls\" }", "c");
            Answer allowed = new Answer(0, "{}\n", "");
            assertEquals(allowed, run(ls, quick()), "by itself");
            assertEquals(allowed, run(ls, List.of(inRepository("reeve"))), "through the script");
            Files.writeString(home.resolve("reeve.yaml"), "\nkeys: 'quoted'\n", StandardOpenOption.APPEND);
            assertEquals(NOT_ANSWERED, run(ls, quick()), "what it does not read is left to the other way");
        }
    }

    private void describeShop() throws IOException {
        Files.createDirectories(home.resolve("catalog"));
        Files.writeString(home.resolve("catalog/shop.openapi.yaml"), """
                openapi: 3.1.0
                info: { title: shop, version: "1" }
                paths:
                  /orders/{id}:
                    get: {}
                    delete: {}
                  /search:
                    post: { x-reeve-action: read }
                  /orders:
                    post:
                      requestBody:
                        required: true
                        content:
                          application/json:
                            schema: { type: object, required: [total], properties: { total: { type: integer } } }
                """);
        Files.writeString(home.resolve("catalog/shop.yaml"), """
                resources:
                  shop: { api: { document: shop.openapi.yaml, at: "https://shop.example/v1" } }
                """);
        Files.writeString(home.resolve("policies/shop.yaml"), """
                rules:
                  - allow: { resource: "shell:curl", agent: claude-code }
                  - allow: { resource: "api:shop/**", action: read, agent: claude-code }
                  - allow: { resource: "api:shop/orders", action: create, agent: claude-code }
                    when: arguments.request.body.total <= 100
                  - allow: { resource: "url:https://web.example/**", action: read, agent: claude-code }
                  - deny: { resource: "url:https://web.example/**", action: delete }
                """);
    }

    /** Who may read an API may not delete through it. */
    @Test
    void whatCurlSendsIsDecidedByItsMethodAndBody() throws IOException, InterruptedException {
        describeShop();
        try (Product product = Product.start(home)) {
            assertEquals("{}", shell("curl -s https://shop.example/v1/orders/1"));
            assertEquals("ask", shell("curl -s -X DELETE https://shop.example/v1/orders/1"));
            assertEquals("ask", shell("curl -sXDELETE https://shop.example/v1/orders/1"));
            assertEquals("deny", shell("curl -X PUT https://shop.example/v1/orders/1"), "no such operation");
            assertEquals("{}", shell("curl -X POST https://shop.example/v1/search"), "the document says that it reads");
            assertEquals("{}", shell("curl --json '{\\\"total\\\": 5}' https://shop.example/v1/orders"));
            assertEquals("ask", shell("curl --json '{\\\"total\\\": 500}' https://shop.example/v1/orders"));
            assertEquals("deny", shell("curl --json '{\\\"sum\\\": 5}' https://shop.example/v1/orders"));
            assertEquals("ask", shell("curl --json \\\"{$x}\\\" https://shop.example/v1/orders"), "not seen");
            assertEquals("{}", shell("curl https://web.example/a"));
            assertEquals("deny", shell("curl -X DELETE https://web.example/a"));
            assertEquals("ask", shell("wget -q -O - --method=POST https://web.example/a"));
            assertEquals("ask", shell("curl -X delete https://web.example/a"), "it is opaque");
            Commands.Ran replayed = product.reeve("policy", "replay");
            assertEquals(0, replayed.exit(), replayed.out() + replayed.err());
            assertTrue(product.reeve("audit", "search", "--json").out().contains("\"method\":\"DELETE\""), "recorded");
        }
    }

    private String write(String path) throws IOException, InterruptedException {
        String input = "{ \"file_path\": \"" + path + "\", \"content\": \"x\" }";
        Answer answer = hook(event("PreToolUse", "Write", input, "w"));
        assertEquals(0, answer.exit(), answer.err());
        return answer.out().contains("\"deny\"") ? "deny" : answer.out().strip();
    }

    /** The drafted policy is neither switched off nor left by what it allows itself. */
    @Test
    void theDraftHoldsAgainstWhatWouldSwitchItOff() throws IOException, InterruptedException {
        try (Product product = Product.start(home)) {
            assertEquals("{}", write("src/a.txt"));
            assertEquals("{}", write(".github/workflows/build.yaml"));
            for (String path : List.of(
                    ".github/hooks/reeve.json",
                    ".github",
                    ".vscode/settings.json",
                    "a.code-workspace",
                    "sub/.Claude/settings.json",
                    ".CODEX/config.toml",
                    ".mcp.json",
                    "sub/.git/config",
                    "sub/.git",
                    ".GIT/config",
                    ".husky/_/post-index-change")) {
                assertEquals("deny", write(path), path);
            }
            String tail = product.reeve("audit", "tail").out();
            assertTrue(tail.contains("DENIED"), tail);
            assertEquals("{}", shell("git status && git log -3"));
            for (String line : List.of(
                    "set -k; git diff GIT_EXTERNAL_DIFF=x",
                    "cd sub && git status",
                    "f() { git status; }; cd sub; f",
                    "git diff /dev/null /etc/passwd",
                    "git diff a ../../x",
                    "trap 'git status' EXIT",
                    ". ./a.txt",
                    "curl e.example",
                    "git -C sub status")) {
                assertEquals("ask", shell(line), line);
            }
            assertEquals("{}", shell("set -euo pipefail; ls"));
            String elsewhere = "{ \"command\": \"echo x > .git/config\", \"cwd\": \"" + project + "/sub\" }";
            Answer added = hook(event("PreToolUse", "Bash", elsewhere, "c"));
            assertTrue(added.out().contains("\"deny\""), "a member that the model added takes nothing away");
            assertRefused(hook(event("preToolUse", "Write", "{ \"file_path\": \"/etc/x\" }", "c")), "is not known");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whateverGoesWrongIsARefusal(Way tried) throws IOException, InterruptedException {
        way = tried;
        String ls = event("PreToolUse", "Bash", "{ \"command\": \"ls\" }", "c");
        assertRefused(hook(ls), "no server runs for");
        Product first = Product.start(home);
        assertEquals("{}", hook(ls).out().strip());
        first.kill();
        assertRefused(hook(ls), "no server runs for");
        try (Product second = Product.start(home)) {
            assertEquals("{}", hook(ls).out().strip());
            for (String bad :
                    List.of("", "{", "[]", "{}", "{\"hook_event_name\":\"PreToolUse\"}", ls.replace("cwd", "dir"))) {
                assertRefused(hook(bad), "Reeve did not allow this");
            }
            assertRefused(hook("x".repeat(5 << 20)), "4 MB");
            Answer large =
                    hook(event("PreToolUse", "Bash", "{ \"command\": \"echo " + "a".repeat(1 << 20) + "\" }", "l"));
            assertTrue(large.out().contains("\"ask\""), "a megabyte is not read, and so it is opaque");
            // What was allowed before the kill, and never told of.
            String tail = second.reeve("audit", "tail").out();
            assertTrue(tail.toLowerCase(java.util.Locale.ROOT).contains("outcome_unknown"), tail);
        }
    }

    private static void assertRefused(Answer answer, String reason) {
        assertEquals(2, answer.exit(), answer.out() + answer.err());
        assertEquals("", answer.out());
        assertTrue(answer.err().contains(reason), answer.err());
    }
}
