package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.demo.Company;
import dev.reeve.demo.Desk;
import dev.reeve.demo.Desk.DeskTool;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens instead of data, from outside: through kill -9, to a tool and back, and turned back by a person with a token of the role approver. */
final class TokenTest {
    private static final String MAIL = "grete.holm@customer.example";
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [
              { resource: book, actions: [read] }, { resource: "letter:*@customer.example", actions: [create] } ] } }
            guardrails:
              - { find: [email], in: result, on: { tool: up.look }, do: redact, as: tokens, by: [ "user:bo" ] }
            """;
    private static final String CATALOGUE = """
            resources: { book: {} }
            tools:
              up.look: { acts_on: book, action: read }
              up.last: { acts_on: book, action: read }
              up.post: { acts_on: "letter:{arguments.to}", action: create, restore: { to: [email] } }
            """;

    @TempDir
    Path folder;

    private final List<String> posted = new CopyOnWriteArrayList<>();

    private Desk desk() {
        return Desk.of(
                "up",
                DeskTool.of("look", "Looks up.", true, Json.Obj.EMPTY, it -> said("Grete Holm, " + MAIL)),
                DeskTool.of("last", "The last letter.", true, Json.Obj.EMPTY, it -> said("to " + posted.getLast())),
                DeskTool.of(
                        "post",
                        "Posts.",
                        false,
                        Json.object().put("to", DeskTool.text()).build(),
                        it -> {
                            posted.add(it.string("to").orElse(""));
                            return said("posted");
                        }));
    }

    private static Json.Obj said(String text) {
        return Json.object().put("text", text).build();
    }

    private String tokenFile(Product product, String person) throws IOException {
        Commands.Ran made = product.reeve("admin", "token", person, "--role", "approver");
        assertEquals(0, made.exit(), made.err());
        return Files.writeString(folder.resolve(person), made.out().strip()).toString();
    }

    private static String look(RawClient client) throws IOException, InterruptedException {
        String answer = client.call("up.look", "{}").body();
        assertFalse(answer.contains("@customer"), answer);
        return Text.find(answer, "(\\[email:t_[0-9a-z]{26}\\])");
    }

    @Test
    void aTokenOutlivesKillAndIsTurnedBackForToolsAndPeople() throws Exception {
        try (Company company = Company.open(0, List.of(desk()))) {
            Path home = Homes.home(
                    folder.resolve("home"),
                    "up: { url: \"http://127.0.0.1:" + company.port() + "/up\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            Homes.file(home, "catalog/systems.yaml", CATALOGUE);
            String key = KillTest.prepare(home);
            String token;
            try (Product product = Product.start(home)) {
                token = look(new RawClient(product.mcp(), key));
                product.kill();
            }
            try (Product product = Product.start(home)) {
                String answer = new RawClient(product.mcp(), key)
                        .call("up.post", "{\"to\":\"" + token + "\"}")
                        .body();
                assertTrue(answer.contains("posted"), answer);
                assertEquals(List.of(MAIL), posted);
                product.kill();
            }
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                String last = client.call("up.last", "{}").body();
                assertTrue(last.contains("to " + token) && !last.contains("@customer"), last);
                assertEquals(token, look(client), "the same value is the same token");
                reveals(product, token);
            }
            recorded(home);
        }
    }

    private void reveals(Product product, String token) throws IOException {
        String listed = product.reeve("tokens", "list").out();
        assertTrue(listed.contains(token) && !listed.contains("@customer"), listed);
        String cy = tokenFile(product, "cy");
        assertNotEquals(
                0,
                product.reeve("tokens", "reveal", token, "--reason", "curious", "--token-file", cy)
                        .exit());
        String bo = tokenFile(product, "bo");
        Commands.Ran shown = product.reeve("tokens", "reveal", token, "--reason", "case 1", "--token-file", bo);
        assertEquals(MAIL, shown.out().strip(), shown.err());
    }

    /** The record, the store and the index hold the token; the value stands nowhere. */
    private static void recorded(Path home) throws IOException {
        String acts =
                Product.reeve(home, "audit", "search", "--limit", "0", "--json").out();
        assertTrue(acts.contains("token_revealed"), acts);
        assertFalse(acts.contains("grete.holm"), acts);
        assertEquals(0, Product.reeve(home, "audit", "verify").exit());
        try (Stream<Path> files = Files.walk(home.resolve("reeve-data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        Files.readString(file, StandardCharsets.ISO_8859_1).contains("grete.holm"), file.toString());
            }
        }
    }
}
