package dev.reeve.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpServer;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.ledger.TileExport;
import dev.reeve.secrets.Secret;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real ledger, read over a real socket while it is open. */
@Timeout(180)
final class LogHttpTest {
    private static final int ENTRIES = 700;

    @TempDir
    private Path folder;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> incidents = new CopyOnWriteArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private SigningKeys key;
    private Ledger ledger;

    @BeforeEach
    void record() throws Exception {
        key = SigningKeys.loadOrCreate(folder.resolve("keys/ledger.key"));
        ledger = Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system());
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.add(ledger.appendAsync(
                    Entry.stamped("n1", Json.object().put("n", i).build(), List.of())));
        }
        all.forEach(CompletableFuture::join);
        ledger.close();
        ledger = Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system());
        assertEquals(ENTRIES, ledger.checkpoint().size());
    }

    @AfterEach
    void close() throws Exception {
        servers.forEach(server -> server.close(Duration.ofMillis(100)));
        ledger.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private HttpServer serve(Optional<Predicate<Secret>> readers, boolean witnessed) throws IOException {
        LogHttp.Published published = new LogHttp.Published(
                witnessed ? ledger::cosigned : () -> Optional.of(ledger.checkpoint()),
                ledger::checkpoint,
                ledger.tiles());
        HttpServer server = HttpServer.open(
                HttpConfig.loopback(0),
                loops,
                new LogHttp(published, readers, LogHttp.Limits.USUAL, refused::add, incidents::add),
                refusal -> {});
        servers.add(server);
        return server;
    }

    private HttpServer anybody() throws IOException {
        return serve(Optional.empty(), false);
    }

    private HttpResponse<byte[]> get(HttpServer server, String path, String... headers) throws Exception {
        return ask(server, "GET", path, headers);
    }

    private HttpResponse<byte[]> ask(HttpServer server, String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void everyFileOfAnExportIsServedByteForByte() throws Exception {
        HttpServer server = anybody();
        Path out = folder.resolve("out");
        TileExport.run(folder.resolve("ledger"), key.verifiers(), out, Progress.silent());
        int compared = 0;
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = "/" + out.relativize(file);
                if (!path.contains(".reeve-export")) {
                    HttpResponse<byte[]> answer = get(server, path);
                    assertEquals(200, answer.statusCode(), path);
                    assertArrayEquals(Files.readAllBytes(file), answer.body(), path);
                    compared++;
                }
            }
        }
        assertEquals(8, compared);
    }

    @Test
    void whatNeverChangesMayBeKeptAndTheCheckpointMayNot() throws Exception {
        HttpServer server = anybody();
        HttpResponse<byte[]> checkpoint = get(server, "/checkpoint");
        assertEquals("text/plain; charset=utf-8", header(checkpoint, "content-type"));
        assertEquals("no-store", header(checkpoint, "cache-control"));
        for (String full : List.of("/tile/0/000", "/tile/entries/001")) {
            HttpResponse<byte[]> answer = get(server, full);
            assertEquals("application/octet-stream", header(answer, "content-type"));
            assertEquals("public, max-age=31536000, immutable", header(answer, "cache-control"), full);
        }
        assertEquals("public, max-age=3600", header(get(server, "/tile/entries/002.p/188"), "cache-control"));
        HttpResponse<byte[]> later = get(server, "/tile/entries/002");
        assertEquals(404, later.statusCode());
        assertEquals("no-store", header(later, "cache-control"));
        HttpServer closed = serve(Optional.of(token -> true), false);
        assertEquals(
                "private, max-age=31536000, immutable",
                header(get(closed, "/tile/0/000", "Authorization", "Bearer t"), "cache-control"));
    }

    @Test
    void aHeadIsTheAnswerWithoutItsBody() throws Exception {
        HttpServer server = anybody();
        try (RawClient raw = new RawClient(server.address())) {
            String host = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (String path : List.of("/tile/0/000", "/tile/0/999")) {
                RawClient.Answer head = raw.send("HEAD " + path + host).readHead();
                // If a byte of a body had been sent, the next answer could not be read.
                RawClient.Answer get = raw.send("GET " + path + host).read();
                assertEquals(get.status(), head.status());
                assertEquals(get.headers().get("content-length"), head.headers().get("content-length"));
                assertEquals(get.headers().get("cache-control"), head.headers().get("cache-control"));
            }
        }
    }

    @Test
    void withoutATokenOfAReaderNothingIsReadAndEachTryIsCounted() throws Exception {
        HttpServer server =
                serve(Optional.of(token -> token.exposeTextInsecurely().equals("good")), false);
        for (String path : List.of("/checkpoint", "/tile/0/000", "/tile/entries/000", "/nothing")) {
            assertEquals(401, get(server, path).statusCode(), path);
            assertEquals(401, get(server, path, "Authorization", "Bearer bad").statusCode(), path);
            assertEquals(401, get(server, path, "Authorization", "Basic good").statusCode(), path);
        }
        assertEquals(12, refused.size());
        assertEquals(
                200, get(server, "/checkpoint", "Authorization", "Bearer good").statusCode());
        assertEquals(
                200,
                get(server, "/tile/entries/000", "Authorization", "bearer good").statusCode());
        assertEquals(12, refused.size());
    }

    @Test
    void onlyTheNamesOfTheSpecificationAreThere() throws Exception {
        HttpServer server = anybody();
        try (RawClient raw = new RawClient(server.address())) {
            for (String path : List.of(
                    "/",
                    "/checkpoint/",
                    "//checkpoint",
                    "/tile/0/../../checkpoint",
                    "/tile/entries/../../ledger",
                    "/tile/0/%30%30%30",
                    "/tile/0/000.p/256",
                    "/tile/0/00",
                    "/.reeve-export",
                    "/" + "x".repeat(3000))) {
                int status = raw.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .read()
                        .status();
                assertEquals(404, status, path);
            }
            assertEquals(
                    400,
                    raw.send("GET /checkpoint?x HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status());
        }
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            HttpResponse<byte[]> answer = ask(server, method, "/checkpoint");
            assertEquals(405, answer.statusCode());
            assertEquals("GET, HEAD", header(answer, "allow"));
        }
    }

    @Test
    void withWitnessesOnlyWhatTheyCosignedIsTheCheckpoint() throws Exception {
        HttpServer server = serve(Optional.empty(), true);
        assertEquals(404, get(server, "/checkpoint").statusCode());
        ledger.storeCosigned(ledger.checkpoint());
        byte[] cosigned = get(server, "/checkpoint").body();
        ledger.append(Entry.stamped("n1", Json.object().put("n", 7).build(), List.of()));
        ledger.close();
        ledger = Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system());
        assertEquals(ENTRIES + 1, ledger.checkpoint().size());
        assertArrayEquals(
                cosigned, get(serve(Optional.empty(), true), "/checkpoint").body());
    }

    @Test
    void anEntryThatWasAlteredIsNotServedAndIsToldOnce() throws Exception {
        HttpServer server = anybody();
        try (FileChannel hashes =
                FileChannel.open(folder.resolve("ledger/hashes-0-000000"), StandardOpenOption.WRITE)) {
            hashes.write(ByteBuffer.wrap(new byte[] {1}), 32 * 9);
        }
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer = get(server, "/tile/entries/000");
            assertEquals(500, answer.statusCode());
            assertFalse(new String(answer.body(), StandardCharsets.UTF_8).contains("entry 9"));
        }
        assertEquals(1, incidents.size());
        assertTrue(
                incidents.getFirst().startsWith("log_damaged: tile/entries/000: entry 9 is not"), incidents::toString);
    }
}
