package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that a person must approve, from outside: held, approved by API and by command, run once, through kill -9. */
final class ApprovalTest {
    private static final String POLICY = """
            agent_roles: { worker: { permissions: [ { resource: "tool:up.work", actions: [execute] } ] } }
            rules:
              - { name: work-asks, require_approval: { tool: up.work }, by: [ "user:ana", "user:bo" ], reason_required: true }
            """;

    private static final String ELICITED = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"up.work","arguments":{"n":"%s"}%s,\
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
            "io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}}}}""";

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

    private static HttpResponse<String> approve(Product product, String ticket, String token)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(product.control() + "/v1/approvals/" + ticket + "/approve"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"agreed\"}"))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatAPersonApprovedRunsOnceWhateverHappensBetween() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            String key = KillTest.prepare(home);
            String ticket;
            String approvedToken;
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                ticket = ticket(client.call("up.work", "{\"n\":\"a\"}").body());
                assertEquals(
                        ticket, ticket(client.call("up.work", "{\"n\":\"a\"}").body()));
                answersOfTheClientAreNoApproval(client);
                approvedToken = token(product, "ana");
                commandNeedsAPerson(product, ticket);
                assertEquals(403, approve(product, ticket, key).statusCode(), "an agent's key");
                assertEquals(
                        403, approve(product, ticket, token(product, "eve")).statusCode(), "who is not asked");
                HttpResponse<String> done = approve(product, ticket, approvedToken);
                assertEquals(200, done.statusCode(), done.body());
                assertTrue(done.body().contains("\"approved\""), done.body());
                product.kill();
            }
            assertEquals(Set.of(), upstream.seen(), "nothing ran yet");
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                assertFalse(client.call("up.work", "{\"n\":\"b\"}").body().contains("done"), "another argument");
                assertTrue(client.call("up.work", "{\"n\":\"a\"}").body().contains("done"));
                product.kill();
            }
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                String again = client.call("up.work", "{\"n\":\"a\"}").body();
                assertFalse(again.contains("done"), "it was used");
                assertFalse(ticket(again).equals(ticket));
                deniedByCommand(product, client, ticket(again), approvedToken);
            }
            assertEquals(Set.of("a"), upstream.seen());
            Commands.Ran found = Product.reeve(home, "audit", "search", "--limit", "0", "--json");
            assertTrue(found.out().contains("approval_redeem"), found.out());
            assertEquals(0, Product.reeve(home, "audit", "verify").exit());
        }
    }

    @Test
    void aChatIsToldOnceItAnswersWithALinkAndNoArguments() throws Exception {
        BlockingQueue<HttpExchange> posts = new LinkedBlockingQueue<>();
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        AtomicInteger calls = new AtomicInteger();
        HttpServer chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chat.createContext("/hook", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                boolean up = calls.incrementAndGet() > 1;
                exchange.sendResponseHeaders(up ? 200 : 503, -1);
                if (up) {
                    posts.add(exchange);
                    bodies.add(body);
                }
            }
        });
        chat.start();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = withChat(upstream, chat);
            String key = KillTest.prepare(home);
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                String ticket = ticket(
                        client.call("up.work", "{\"n\":\"a private letter\"}").body());
                HttpExchange told = Objects.requireNonNull(posts.poll(60, TimeUnit.SECONDS));
                assertEquals(ticket, told.getRequestHeaders().getFirst("webhook-id"));
                assertTrue(
                        told.getRequestHeaders().getFirst("webhook-signature").startsWith("v1,"));
                String body = Objects.requireNonNull(bodies.poll(60, TimeUnit.SECONDS));
                assertTrue(body.contains("https://reeve.example.com/approvals/" + ticket), body);
                assertTrue(body.startsWith("{\"text\":") && !body.contains("letter"), body);
                assertFalse(product.output().contains("/hook"), "the address is a secret");
                product.kill();
            }
            try (Product product = Product.start(home)) {
                assertTrue(posts.poll(60, TimeUnit.SECONDS) != null, "what still waits is told again");
                assertTrue(product.reeve("status", "--json").out().contains("\"approvals_untold\""));
            }
        } finally {
            chat.stop(0);
        }
    }

    private Path withChat(CountingUpstream upstream, HttpServer chat) throws IOException {
        Path home = Homes.home(
                folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
        Homes.file(home, "policies/worker.yaml", POLICY);
        Homes.file(
                home,
                "reeve.yaml",
                Files.readString(home.resolve("reeve.yaml"))
                        + "approvals: { address: \"https://reeve.example.com\", webhook: { url: { secret: chat }, sign: { secret: chat } } }\n");
        secret(home, "chat: http://127.0.0.1:" + chat.getAddress().getPort() + "/hook\n");
        return home;
    }

    /** It is given 15 seconds for each. */
    @Test
    void aChatThatHangsOnOneQuestionIsToldOfTheNextMeanwhile() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        HttpServer chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        chat.setExecutor(threads);
        AtomicInteger calls = new AtomicInteger();
        chat.createContext("/hook", exchange -> {
            try (exchange) {
                boolean first = calls.incrementAndGet() == 1;
                told.add(exchange.getRequestHeaders().getFirst("webhook-id"));
                if (first) {
                    end.await();
                }
                exchange.sendResponseHeaders(200, -1);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        chat.start();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = withChat(upstream, chat);
            String key = KillTest.prepare(home);
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                String first = ticket(client.call("up.work", "{\"n\":\"a\"}").body());
                assertEquals(first, told.poll(60, TimeUnit.SECONDS));
                String second = ticket(client.call("up.work", "{\"n\":\"b\"}").body());
                assertEquals(second, told.poll(10, TimeUnit.SECONDS));
            }
        } finally {
            end.countDown();
            chat.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void peopleAreToldByMailWithALinkAndNoArguments() throws Exception {
        Path got = folder.resolve("mail.jsonl");
        int port = Ports.free();
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(
                    folder.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            Homes.file(
                    home,
                    "reeve.yaml",
                    Files.readString(home.resolve("reeve.yaml"))
                            + "approvals: { address: \"https://reeve.example.com\", mail: { server: \"127.0.0.1:" + port
                            + "\", tls: none, user: reeve, password: { secret: mail }, from: reeve@example.com,"
                            + " to: [ana@example.com, bo@example.com] } }\n");
            secret(home, "mail: pass word\n");
            String key = KillTest.prepare(home);
            try (Product product = Product.start(home)) {
                RawClient client = new RawClient(product.mcp(), key);
                String ticket = ticket(
                        client.call("up.work", "{\"n\":\"a private letter\"}").body());
                String mail;
                // It is tried again until there is a server.
                try (Running _ = Outside.mailServer(port, got)) {
                    mail = awaitLine(got);
                }
                assertTrue(mail.contains("\"to\": [\"ana@example.com\", \"bo@example.com\"]"), mail);
                assertTrue(mail.contains("https://reeve.example.com/approvals/" + ticket), mail);
                assertTrue(mail.contains("\"id\": \"<" + ticket + "@example.com>\""), mail);
                assertTrue(mail.contains("\"defects\": []") && !mail.contains("letter"), mail);
                assertTrue(
                        mail.contains(
                                "\"headers\": [\"From\", \"To\", \"Subject\", \"Date\", \"Message-ID\","
                                        + " \"Auto-Submitted\", \"MIME-Version\", \"Content-Type\", \"Content-Transfer-Encoding\"]"),
                        mail);
                assertFalse(product.output().contains("pass word"), "the password is a secret");
            }
            assertEquals(1, Files.readAllLines(got).size(), "once for a question");
        }
    }

    private static String awaitLine(Path file) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(file) && Files.readString(file).endsWith("\n")) {
                return Files.readAllLines(file).getFirst();
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("no mail came within 60 s");
    }

    private static void secret(Path home, String lines) throws IOException {
        Path keys = Files.createDirectories(home.resolve("user-config/reeve"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
        Path file = Files.writeString(keys.resolve("secrets.yaml"), lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** R16: it is told where a person can decide, and what it answers is thrown away; who answers while it waits is told the denial. */
    private static void answersOfTheClientAreNoApproval(RawClient client) throws IOException, InterruptedException {
        String asked = client.send(ELICITED.formatted("a", ""), "up.work").body();
        assertTrue(asked.contains("\"input_required\"") && asked.contains("\"mode\":\"url\""), asked);
        assertTrue(asked.contains("/approvals/"), asked);
        String answered = client.send(
                        ELICITED.formatted("a", ",\"inputResponses\":{\"dev.reeve.approval\":{\"action\":\"accept\"}}"),
                        "up.work")
                .body();
        assertTrue(answered.contains("approval_required"), answered);
        assertFalse(answered.contains("input_required"), answered);
    }

    private static void commandNeedsAPerson(Product product, String ticket) {
        Commands.Ran refused = product.reeve("approvals", "approve", ticket, "--reason", "x");
        assertEquals(2, refused.exit(), refused.out());
        assertTrue(refused.err().contains("--token-file"), refused.err());
        Commands.Ran shown = product.reeve("approvals", "show", ticket);
        assertTrue(shown.out().contains("work-asks") && shown.out().contains("\"a\""), shown.out());
        assertTrue(product.reeve("approvals", "list").out().contains(ticket));
        assertTrue(product.reeve("approvals", "show", ticket).out().contains("\"a\""));
        String looked = product.reeve("audit", "search", "--kind", "control", "--text", "arguments_shown", "--json")
                .out();
        assertEquals(2, looked.split(ticket, -1).length, "who saw them is recorded, once: " + looked);
    }

    private void deniedByCommand(Product product, RawClient client, String ticket, String token)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("token"), token);
        Commands.Ran denied = product.reeve("approvals", "deny", ticket, "--token-file", file.toString());
        assertEquals(0, denied.exit(), denied.err());
        assertTrue(client.call("up.work", "{\"n\":\"a\"}").body().contains("approval_denied"));
    }
}
