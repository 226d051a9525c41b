package dev.reeve.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An MCP server (2026-07-28) whose one tool tells its progress in many events, and notes when each was written. */
final class StreamUpstream implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+|\"[^\"]{1,100}\")");
    private static final Pattern TOKEN = Pattern.compile("\"progressToken\":(\\d+|\"[^\"]{1,100}\")");
    private static final String CACHE = "\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"";
    private static final long PAUSE_NANOS = 2_000_000;

    private final ServerSocket listener;
    /** When the event of each number was written. */
    final long[] written;

    StreamUpstream(int events) throws IOException {
        written = new long[events];
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the run is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String body = body(in); !body.isEmpty(); body = body(in)) {
                answer(body, socket.getOutputStream());
            }
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private static String body(InputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private void answer(String body, OutputStream out) throws IOException {
        String id = found(ID, body);
        if (body.contains("\"tools/call\"")) {
            progress(found(TOKEN, body), out);
            chunk(out, "data: " + response(id, "{\"resultType\":\"complete\",\"content\":[]}") + "\n\n");
            write(out, "0\r\n\r\n");
            return;
        }
        String result = body.contains("\"tools/list\"")
                ? "{" + CACHE + ",\"tools\":[{\"name\":\"lookup\",\"inputSchema\":{\"type\":\"object\"}}]}"
                : "{" + CACHE + ",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}";
        String text = response(id, result);
        write(
                out,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + text.length() + "\r\n\r\n"
                        + text);
    }

    private void progress(String token, OutputStream out) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < written.length; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            String event =
                    "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                            + token + ",\"progress\":" + i + ",\"message\":\"at work\"}}\n\n";
            written[i] = System.nanoTime();
            chunk(out, event);
        }
    }

    private static String response(String id, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        write(out, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "null";
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
