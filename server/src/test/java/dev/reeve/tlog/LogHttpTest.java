package dev.reeve.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpServer;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.ledger.TileExport;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.ledger.VerifierKeys;
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
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private volatile boolean isUnrecordable;
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

    private HttpServer serve(Optional<LogHttp.Readers> readers, boolean witnessed) throws IOException {
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

    /** Whoever has the token `good` is ana. */
    private final class Ana implements LogHttp.Readers {
        @Override
        public Optional<String> person(Secret token) {
            return token.exposeTextInsecurely().equals("good") ? Optional.of("ana") : Optional.empty();
        }

        @Override
        public void shown(String person, long first, long end) throws UnrecordableException {
            if (isUnrecordable) {
                throw new UnrecordableException("the disk is full");
            }
            shown.add(person + " " + first + " " + end);
        }
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
        HttpServer closed = serve(Optional.of(new Ana()), false);
        assertEquals(
                "private, max-age=31536000, immutable",
                header(get(closed, "/tile/0/000", "Authorization", "Bearer good"), "cache-control"));
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
        HttpServer server = serve(Optional.of(new Ana()), false);
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
    void whoIsShownEntriesIsToldBeforeTheyLeave() throws Exception {
        HttpServer server = serve(Optional.of(new Ana()), false);
        for (String path : List.of("/checkpoint", "/tile/0/000", "/tile/entries/002", "/tile/entries/000", "/tile/x")) {
            get(server, path, "Authorization", "Bearer good");
        }
        get(server, "/tile/entries/000");
        get(server, "/tile/entries/002.p/188", "Authorization", "Bearer good");
        assertEquals(List.of("ana 0 256", "ana 512 700"), shown);
        isUnrecordable = true;
        HttpResponse<byte[]> refusal = get(server, "/tile/entries/001", "Authorization", "Bearer good");
        assertEquals(503, refusal.statusCode());
        assertTrue(new String(refusal.body(), StandardCharsets.UTF_8).contains("unrecordable"));
        assertEquals(
                200, get(server, "/tile/0/001", "Authorization", "Bearer good").statusCode());
    }

    /** Whoever has the first keys follows those of the checkpoint over HTTP alone. */
    @Test
    void successionsOfKeysAreServedAsTheyAreExported() throws Exception {
        HttpServer server = anybody();
        assertEquals(404, get(server, "/succession-000001").statusCode());
        VerifierKeys first = key.verifiers();
        for (int i = 0; i < 2; i++) {
            ledger.changeKeys((before, after) -> Entry.stamped(
                    "n1",
                    Json.object()
                            .put("act", "ledger_keys")
                            .put("id", "c_1")
                            .put("kind", "control")
                            .put("new_keys", vkeys(after))
                            .put("old_keys", vkeys(before))
                            .put("person", "ana")
                            .put("subject", before.name())
                            .put("time", "2026-11-24T10:00:00Z")
                            .put("v", 1)
                            .build(),
                    List.of()));
        }
        Path out = Files.createDirectories(folder.resolve("fetched"));
        for (String name : List.of("succession-000001", "succession-000002", "checkpoint")) {
            HttpResponse<byte[]> answer = get(server, "/" + name);
            assertEquals(200, answer.statusCode(), name);
            Files.write(out.resolve(name), answer.body());
        }
        assertEquals(404, get(server, "/succession-000003").statusCode());
        assertEquals(404, get(server, "/succession-1").statusCode());
        assertTrue(Checkpoint.open(Files.readString(out.resolve("checkpoint")), first, out)
                .filter(checkpoint -> checkpoint.size() == ENTRIES + 2)
                .isPresent());
        // One that a crash left unfinished does not count, and is not served.
        Path last = folder.resolve("ledger/succession-000002");
        Files.writeString(last, Files.readString(last).substring(0, 300));
        assertEquals(404, get(server, "/succession-000002").statusCode());
        assertEquals(200, get(server, "/succession-000001").statusCode());
    }

    private static Json.Arr vkeys(VerifierKeys keys) {
        return Json.Arr.ofStrings(keys.all().stream().map(VerifierKey::toString).toList());
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
