package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result that a guardrail holds, from outside: seen by who may release it, given out once, through kill -9, and no call made twice. */
final class HeldResultTest {
    private static final String CARD = "4539 1488 0343 6467";
    private static final String IBAN = "DE89370400440532013000";
    private static final String POLICY = """
            agent_roles:
              worker: { permissions: [ { resource: "tool:up.work", actions: [execute], redact: { find: [iban, phone] } } ] }
            guardrails:
              - { name: cards-wait, find: [card], in: result, do: hold, by: [ "user:ana" ] }
              - { name: mails-go, find: [email], in: result, do: redact }
            """;

    @TempDir
    Path folder;

    private static String token(Product product, String person) {
        Commands.Ran made = product.reeve("admin", "token", person);
        assertEquals(0, made.exit(), made.err());
        return made.out().strip();
    }

    private static String ticket(String body) {
        return Text.find(body, "\"ticket\":\"([A-Za-z0-9_]+)\"");
    }

    private static HttpResponse<String> post(Product product, String ticket, String deed, String token, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(product.control() + "/v1/approvals/" + ticket + "/" + deed))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String call(RawClient client, String n) throws IOException, InterruptedException {
        return client.call("up.work", "{\"n\":\"" + n + "\"}").body();
    }

    @Test
    void aHeldResultIsReleasedOnceAndItsCallIsMadeOnce() throws Exception {
        try (CountingUpstream upstream =
                new CountingUpstream("card " + CARD + ", mail grete.holm@holm.example, iban " + IBAN)) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            String key = KillTest.prepare(home);
            String first;
            String ana;
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                String held = call(client, "a");
                assertTrue(held.contains("content_held") && held.contains("its result waits"), held);
                assertFalse(held.contains(CARD), held);
                first = ticket(held);
                String again = call(client, "a");
                assertEquals(first, ticket(again));
                assertTrue(again.contains("result_held"), again);
                assertEquals(1, upstream.calls(), "it waits, and is not made again");
                ana = token(product, "ana");
                seen(product, first, ana);
                HttpResponse<String> done = post(product, first, "approve", ana, "{\"reason\":\"known\"}");
                assertEquals(200, done.statusCode(), done.body());
                product.kill();
            }
            assertFalse(files(home).contains("holm.example"), "what waits is encrypted");
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                String got = call(client, "a");
                assertTrue(got.contains(CARD) && got.contains("[email]") && got.contains("[iban]"), got);
                assertFalse(got.contains("holm.example"), "what the other guardrail takes out stays out");
                assertEquals(1, upstream.calls(), "it came without a second call");
                product.kill();
            }
            String third;
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                String anew = call(client, "a");
                assertNotEquals(first, ticket(anew), "once: the next call is made, and held anew");
                assertEquals(2, upstream.calls());
                third = ticket(anew);
                refused(product, client, third, ana);
                assertEquals(2, upstream.calls(), "who was told no does not make it again");
                recorded(product, first);
            }
            assertEquals(0, Product.reeve(home, "audit", "verify").exit());
            Commands.Ran replay = Product.reeve(home, "policy", "replay", "--json");
            assertEquals(0, replay.exit(), "the same policy says the same again: " + replay.out() + replay.err());
            Commands.Ran review = Product.reeve(home, "audit", "review", "--json");
            assertTrue(
                    review.out().contains("\"high\":0,\"medium\":1,\"low\":0")
                            && review.out().contains("\"check\":\"withheld\""),
                    "that results were withheld, and nothing else: " + review.out());
        }
    }

    private static void refused(Product product, RawClient client, String ticket, String ana)
            throws IOException, InterruptedException {
        assertTrue(product.reeve("status", "--json").out().replace(" ", "").contains("\"held_results\":1"));
        assertEquals(200, post(product, ticket, "deny", ana, "{}").statusCode());
        assertTrue(
                product.reeve("status", "--json").out().replace(" ", "").contains("\"held_results\":0"), "it is wiped");
        String told = call(client, "a");
        assertTrue(told.contains("result_refused"), told);
        assertEquals(409, post(product, ticket, "result", ana, "{}").statusCode());
    }

    /** Who may answer sees what came back with placeholders; others do not, and who has the socket only does not either. */
    private void seen(Product product, String ticket, String ana) throws IOException, InterruptedException {
        HttpResponse<String> shown = post(product, ticket, "result", ana, "{}");
        assertEquals(200, shown.statusCode(), shown.body());
        assertTrue(shown.body().contains("card [card], mail [email]"), shown.body());
        assertEquals(
                403,
                post(product, ticket, "result", token(product, "eve"), "{}").statusCode());
        Path file = Files.writeString(folder.resolve("token"), ana);
        Commands.Ran command = product.reeve("approvals", "show", ticket, "--result", "--token-file", file.toString());
        assertEquals(0, command.exit(), command.err());
        assertTrue(command.out().contains("[card]") && command.out().contains("card 1"), command.out());
        Commands.Ran without = product.reeve("approvals", "show", ticket);
        assertFalse(without.out().contains("[card]"), without.out());
        assertFalse((command.out() + without.out()).contains(CARD));
    }

    private static void recorded(Product product, String ticket) {
        String all = product.reeve("audit", "search", "--limit", "0", "--json").out();
        assertTrue(all.contains("approval_redeem"), all);
        assertFalse(all.contains(CARD), "no value is in the record");
        String released = product.reeve("audit", "search", "--status", "released", "--json")
                .out();
        assertTrue(released.contains(ticket) && released.contains("\"ana\""), released);
        String withheld = product.reeve("audit", "show", ticket, "--json").out();
        assertTrue(withheld.contains("withheld") && withheld.contains("content_held"), withheld);
    }

    private static String files(Path home) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.resolve("reeve-data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
