package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a small tmpfs holds the whole home of an installation. */
final class FullDiskTest {
    private static final Pattern NUMBER = Pattern.compile("\"n\":\"([^\"]+)\"");
    private static final String PADDING = "-" + "x".repeat(20_000);

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        Outside.slow("a full disk");
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=128m,mode=700", "none", disk.toString());
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            run("umount", disk.toString());
        }
    }

    private void run(String... command) {
        Commands.Ran ran = Commands.run(folder, Map.of(), 20, List.of(command));
        assertEquals(0, ran.exit(), () -> String.join(" ", command) + ": " + ran.err());
    }

    @Test
    void nothingRunsThatCannotBeRecordedAndNothingRecordedIsLost() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = home(upstream);
            String key = KillTest.prepare(home);
            Set<String> answered = new HashSet<>();
            Product full = Product.start(home);
            try {
                RawClient client = new RawClient(full.mcp(), key);
                assertTrue(done(client, "before", answered));
                Path ballast = fill();
                String denied = callUntilDenied(client, "while", answered);
                assertTrue(denied.contains("audit_unavailable"), denied);
                assertEquals(answered, upstream.seen(), "what was denied reached nobody");
                HttpResponse<String> ready = get(full.control() + "/readyz");
                assertEquals(503, ready.statusCode());
                assertTrue(ready.body().contains("No space left"), ready.body());
                assertTrue(full.reeve("status").out().contains("No space left"), "status says why");
                // Room again, and it goes on by itself.
                Files.delete(ballast);
                awaitReady(full);
                assertTrue(done(client, "after", answered));
                fill();
                callUntilDenied(client, "again", answered);
            } finally {
                full.kill();
            }
            restarted(home, key, upstream, answered);
        }
    }

    private Path home(CountingUpstream upstream) throws IOException {
        Path home = Homes.home(
                disk.resolve("home"), "up: { url: \"" + upstream.url() + "\", definitions: trust-first-use }");
        Homes.file(
                home,
                "policies/worker.yaml",
                "agent_roles: { worker: { permissions: [ { resource: \"tool:up.work\", actions: [execute] } ] } }");
        return home;
    }

    /** On a disk that is still full it says so; with room it starts, and holds all that was answered. */
    private void restarted(Path home, String key, CountingUpstream upstream, Set<String> answered) throws Exception {
        Files.delete(disk.resolve("ballast"));
        try (Product product = Product.start(home)) {
            awaitReady(product);
            assertTrue(done(new RawClient(product.mcp(), key), "restarted", answered));
        }
        Commands.Ran verified = Product.reeve(home, "audit", "verify");
        assertEquals(0, verified.exit(), () -> verified.out() + verified.err());
        Commands.Ran events = Product.reeve(home, "audit", "search", "--limit", "0", "--json");
        Set<String> recorded = new HashSet<>();
        events.out().lines().forEach(line -> {
            Matcher number = NUMBER.matcher(line);
            if (number.find() && line.contains("\"result\":{\"status\":\"success\"")) {
                recorded.add(number.group(1));
            }
        });
        Set<String> lost = new HashSet<>(answered);
        lost.removeAll(recorded);
        assertEquals(Set.of(), lost);
        // Whose outcome found no room any more ran and was not answered; that it ran is in the record all the same.
        Set<String> unanswered = new HashSet<>(upstream.seen());
        unanswered.removeAll(answered);
        unanswered.removeIf(number -> events.out().contains(number));
        assertEquals(Set.of(), unanswered);
        System.out.println("full disk: " + answered.size() + " answered and recorded");
    }

    /** Until not one byte more fits. */
    private Path fill() throws IOException {
        Path ballast = disk.resolve("ballast");
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.getMessage());
        }
        return ballast;
    }

    private static String callUntilDenied(RawClient client, String name, Set<String> answered) throws Exception {
        for (int i = 0; i < 20_000; i++) {
            String n = name + i + PADDING;
            String body = client.call("up.work", "{\"n\":\"" + n + "\"}").body();
            if (!body.contains("\"done\"")) {
                return body;
            }
            answered.add(n);
        }
        throw new AssertionError("the disk was never full");
    }

    private static boolean done(RawClient client, String n, Set<String> answered) throws Exception {
        boolean done = client.call("up.work", "{\"n\":\"" + n + "\"}").body().contains("\"done\"");
        if (done) {
            answered.add(n);
        }
        return done;
    }

    private static void awaitReady(Product product) throws Exception {
        long until = System.nanoTime() + 60_000_000_000L;
        while (get(product.control() + "/readyz").statusCode() != 200) {
            assertTrue(System.nanoTime() < until, () -> "not ready again\n" + product.output());
            Thread.onSpinWait();
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
