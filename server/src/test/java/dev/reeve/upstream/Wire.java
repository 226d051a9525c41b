package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One connection of somebody with a key: sends messages of any revision, and hands over what comes back while it comes. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    Wire(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** A request as it goes out. */
    record Sent(String method, String path, String key, Map<String, String> headers, String body) {
        static Sent post(String key, String body) {
            return new Sent("POST", "/mcp", key, Map.of(), body);
        }

        static Sent get(String key) {
            return new Sent("GET", "/mcp", key, Map.of(), "");
        }

        Sent to(String newPath) {
            return new Sent(method, newPath, key, headers, body);
        }

        Sent by(String newKey) {
            return new Sent(method, path, newKey, headers, body);
        }

        Sent with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Sent(method, path, key, more, body);
        }

        /** As a message of 2026-07-28, whose headers repeat what its body says, as far as it can be read. */
        Sent modern() {
            Json.Obj message = json(bytes());
            Json.Obj params = message.object("params").orElse(Json.Obj.EMPTY);
            Optional<String> name =
                    params.string("name").or(() -> params.string("uri")).or(() -> params.string("taskId"));
            Sent headed = with("MCP-Protocol-Version", "2026-07-28")
                    .with("Mcp-Method", coded(message.string("method").orElse("")));
            return name.map(it -> headed.with("Mcp-Name", coded(it))).orElse(headed);
        }

        private byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }

        private static String coded(String value) {
            boolean plain = value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '=');
            return plain
                    ? value
                    : "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
        }

        private byte[] head() {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n")
                    .append("Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\n")
                    .append("Accept: application/json, text/event-stream\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("Content-Length: " + bytes().length + "\r\n\r\n")
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** What came back. Names of headers in lower case. */
    record Came(int status, Map<String, String> headers, String body) {
        boolean streams() {
            return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        }
    }

    static Json.Obj json(byte[] text) {
        try {
            return StrictJson.read(text, JsonLimits.ANSWER) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
        } catch (JsonRefusedException e) {
            return Json.Obj.EMPTY;
        }
    }

    static String text(Json json) {
        return new String(JsonWriter.bytes(json), StandardCharsets.UTF_8);
    }

    Came send(Sent sent) throws IOException {
        return send(sent, event -> {});
    }

    /** @param events takes each piece of a stream as it comes, heartbeats too; all of them are the body in the end */
    Came send(Sent sent, Consumer<String> events) throws IOException {
        Came head = begin(sent);
        if (!head.streams()) {
            return new Came(head.status(), head.headers(), body(head));
        }
        StringBuilder all = new StringBuilder();
        for (String piece = piece(); !piece.isEmpty(); piece = piece()) {
            all.append(piece);
            events.accept(piece);
        }
        return new Came(head.status(), head.headers(), all.toString());
    }

    /** Reads no further than the head. */
    Came begin(Sent sent) throws IOException {
        byte[] head = sent.head();
        byte[] body = sent.bytes();
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        socket.getOutputStream().write(all);
        socket.getOutputStream().flush();
        return head();
    }

    private Came head() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Came(Integer.parseInt(status.split(" ", 3)[1]), headers, "");
    }

    private String body(Came head) throws IOException {
        return exactly(Integer.parseInt(head.headers().getOrDefault("content-length", "0")));
    }

    /** The next piece of a stream; empty at its end. */
    String piece() throws IOException {
        String piece = exactly(Integer.parseInt(line(), 16));
        line();
        return piece;
    }

    /** The next event of a stream that says something. */
    String event() throws IOException {
        String piece = piece();
        while (!piece.isEmpty() && !data(piece).startsWith("{")) {
            piece = piece();
        }
        return data(piece);
    }

    /** What an event says. */
    static String data(String piece) {
        int at = piece.indexOf("data: ");
        return at < 0 ? "" : piece.substring(at + 6).strip();
    }

    /** What has come so far on a stream, without waiting for more. */
    String soFar() throws IOException {
        int ready = in.available();
        return new String(in.readNBytes(ready), StandardCharsets.ISO_8859_1);
    }

    private String exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("closed within a body");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
