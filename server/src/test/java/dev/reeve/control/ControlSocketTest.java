package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private ControlSocket socket;

    @BeforeEach
    void open() throws IOException {
        house = new ControlHouse(folder);
        room = house.open();
        socket = ControlSocket.open(house.store.data, room.routes(List.of()));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        room.close();
    }

    private ControlReply call(String method, String target, Optional<Json.Obj> body) throws IOException {
        return ControlCalls.over(house.store.data).call(method, target, body);
    }

    private String raw(String text) throws IOException {
        Path path = house.store.data.toAbsolutePath().resolve(ControlSocket.NAME);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            OutputStream out = Channels.newOutputStream(channel);
            out.write(text.getBytes(StandardCharsets.UTF_8));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theLocalUserNeedsNoTokenAndIsNamedInTheRecord() throws IOException {
        Json.Obj body = Json.object().put("name", "clerk").build();
        assertEquals(201, call("POST", "/v1/agents", Optional.of(body)).status());
        assertTrue(
                house.acts.getFirst().startsWith("local:" + System.getProperty("user.name") + " agent_create clerk"));
        assertTrue(call("GET", "/v1/agents", Optional.empty()).text().contains("\"clerk\""));
        ControlReply connector = call("POST", "/v1/agents/clerk/connectors", Optional.of(Json.Obj.EMPTY));
        assertEquals(201, connector.status());
        assertTrue(connector.text().contains("\"registration\":\"reevec_"));
    }

    @Test
    void theSocketIsForItsOwnerOnly() throws IOException {
        Path path = house.store.data.resolve(ControlSocket.NAME);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void whatIsNotHttpGetsAShortAnswer() throws IOException {
        String host = "Host: x\r\n";
        assertTrue(raw("hello\r\n\r\n").startsWith("HTTP/1.1 404"));
        assertTrue(raw("GET /v1/agents").startsWith("HTTP/1.1 400"));
        assertTrue(raw("GET /../etc HTTP/1.1 x\r\n\r\n").startsWith("HTTP/1.1 404"));
        assertTrue(raw("POST /v1/agents HTTP/1.1\r\n" + host + "Content-Length: 99999999\r\n\r\n")
                .startsWith("HTTP/1.1 400"));
        assertTrue(raw("POST /v1/agents HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n")
                .startsWith("HTTP/1.1 400"));
        assertTrue(raw("POST /v1/agents HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .startsWith("HTTP/1.1 400"));
        assertTrue(raw("POST /v1/agents HTTP/1.1\r\n" + host + "Content-Length: 10\r\n\r\n{}")
                .startsWith("HTTP/1.1 400"));
        assertTrue(raw("GET / HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertEquals(200, call("GET", "/healthz", Optional.empty()).status(), "it still answers");
    }

    @Test
    void aSocketThatAKilledProcessLeftIsReplaced() throws IOException {
        // As after kill -9: the file is there, nobody listens.
        Path path = house.store.data.resolve(ControlSocket.NAME);
        socket.close();
        Files.createFile(path);
        socket = ControlSocket.open(house.store.data, room.routes(List.of()));
        assertEquals(200, call("GET", "/healthz", Optional.empty()).status());
    }

    @Test
    void aPathTooLongForASocketIsSaid() {
        Path far = folder.resolve("x".repeat(120));
        IOException refused = assertThrows(IOException.class, () -> ControlSocket.open(far, room.routes(List.of())));
        assertTrue(String.valueOf(refused.getMessage()).contains("choose a shorter `data` folder"));
    }
}
