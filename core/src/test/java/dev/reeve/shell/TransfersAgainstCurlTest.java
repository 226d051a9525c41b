package dev.reeve.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reeve.openapi.ApiBody;
import dev.reeve.openapi.SentBody;
import dev.reeve.openapi.SentRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lines are run by the real curl and wget against a server of ours. What arrives must be among what the reader said, unless it said that it is opaque. */
final class TransfersAgainstCurlTest {
    private static final int LINES = 400;
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "curl",
            List.of(
                    "-X DELETE",
                    "-XPUT",
                    "-vX PATCH",
                    "-I",
                    "-G",
                    "-d a=1",
                    "-d ''",
                    "--json '{\"a\":1}'",
                    "-T f",
                    "-F a=b",
                    "--data-urlencode 'q=b c&ä'",
                    "--data-binary @f",
                    "--data-raw @f",
                    "-H 'Content-Type: text/plain; charset=x'",
                    "-H 'content-type: application/json'",
                    "-H 'X-A: b'",
                    "-g"),
            "wget",
            List.of(
                    "--method=DELETE",
                    "--method PUT",
                    "--post-data=a=1",
                    "--post-data=@f",
                    "--post-file=f",
                    "--body-data='{}'",
                    "--body-file f",
                    "--spider",
                    "--header='Content-Type: application/json'",
                    "-S"));

    @TempDir
    private Path folder;

    private record Arrived(String method, String path, Optional<String> media, String body) {}

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void whatArrivesIsAmongWhatWasSaid(String program) throws IOException, InterruptedException, ShellRefusedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), "there is no " + program);
        long seed = Long.getLong("reeve.seed", 1);
        Random random = new Random(seed);
        Files.writeString(folder.resolve("f"), "file");
        Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> read(exchange, arrived));
        server.start();
        int compared = 0;
        try {
            for (int i = 0; i < LINES; i++) {
                String line = line(program, server.getAddress().getPort(), random);
                arrived.clear();
                run(line);
                List<ShellUse> said = ShellReader.read(line, Set.of(folder.toString()), "/home/u", ShellLimits.DEFAULT);
                if (said.stream().noneMatch(ShellUse.Opaque.class::isInstance)) {
                    for (Arrived one : arrived) {
                        assertTrue(
                                said.stream().anyMatch(use -> says(use, one)),
                                "seed " + seed + ": " + line + "\n" + one + "\n" + said);
                        compared++;
                    }
                }
            }
        } finally {
            server.stop(0);
        }
        assertTrue(compared > LINES / 5, "seed " + seed + ": only " + compared + " were compared");
    }

    private static String line(String program, int port, Random random) {
        List<String> words = new ArrayList<>();
        List<String> known = OPTIONS.getOrDefault(program, List.of());
        for (int left = random.nextInt(4); left > 0; left--) {
            words.add(known.get(random.nextInt(known.size())));
        }
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            String path = List.of("", "/", "/x", "/d/", "/x?c=3", "/x#f").get(random.nextInt(6));
            words.add(random.nextInt(words.size() + 1), "http://127.0.0.1:" + port + path);
        }
        String always = program.equals("curl") ? " -s -m 20 " : " -q -O - -T 20 -t 1 ";
        return program + always + String.join(" ", words);
    }

    private void run(String line) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOME", folder.toString(), "PATH", "/usr/bin:/bin"));
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), line);
    }

    /** Noted before it is answered: the program ends once it is. */
    private static void read(HttpExchange exchange, Queue<Arrived> arrived) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        URI uri = exchange.getRequestURI();
        Optional<String> media =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"));
        arrived.add(new Arrived(exchange.getRequestMethod(), uri.toString(), media.map(ApiBody::bare), body));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static boolean says(ShellUse use, Arrived arrived) {
        if (!(use instanceof ShellUse.Fetches(String url, Optional<SentRequest> request))) {
            return false;
        }
        URI uri = URI.create(url);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String said = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        boolean same = request.map(SentRequest::method).orElse("HEAD").equals(arrived.method())
                || (request.isEmpty() && arrived.method().equals("GET"));
        return escaped(said).equals(escaped(arrived.path()))
                && same
                && request.map(SentRequest::body)
                        .map(body -> fits(body, arrived))
                        .orElse(arrived.body().isEmpty());
    }

    /** The letters of an escape mean the same in any case, and versions of curl differ in it. */
    private static String escaped(String url) {
        return Pattern.compile("%[0-9a-f]{2}", Pattern.CASE_INSENSITIVE)
                .matcher(url)
                .replaceAll(found -> found.group().toUpperCase(Locale.ROOT));
    }

    private static boolean fits(SentBody body, Arrived arrived) {
        return switch (body) {
            case SentBody.None ignored -> arrived.body().isEmpty();
            case SentBody.Hidden(Optional<String> media) -> media.isEmpty() || media.equals(arrived.media());
            case SentBody.Written(String text) ->
                text.equals(arrived.body()) && arrived.media().equals(Optional.of("application/json"));
            case SentBody.Shown ignored -> false;
            case SentBody.Unseen ignored -> false;
        };
    }
}
