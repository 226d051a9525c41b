package dev.reeve.bench;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What streams cost: how long an event of a server takes to its client, direct and through Reeve, and what an idle stream takes of memory. Server and
 * client are this process, so that both ends read one clock; Reeve is as it is shipped.
 *
 * <p>Run in the folder {@code bench}: {@code java -cp ... dev.reeve.bench.StreamBench [events] [idle streams]}. The limit of open files must be above the
 * second.
 */
final class StreamBench {
    private static final int WARM_UPS = 4;
    private static final int KEYS = 4;
    private static final Pattern READY = Pattern.compile("ready: agents https?://[^:]+:(\\d+)/mcp");
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    private static final Pattern PROGRESS = Pattern.compile("\"progress\":(\\d+)");
    private static final Pattern SESSION = Pattern.compile("(?i)mcp-session-id: (\\S+)");
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}";

    private final Path folder;
    private final List<Socket> open = new ArrayList<>();

    private StreamBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int streams = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "stream-bench");
        new StreamBench(folder).run(events, streams);
    }

    private void run(int events, int streams) throws IOException, InterruptedException {
        try (StreamUpstream upstream = new StreamUpstream(events)) {
            Path home = home(upstream.port());
            List<String> keys = keys(home);
            try (OtherProcess reeve =
                    OtherProcess.start(OtherProcess.reeve("serve", home), folder.resolve("reeve.err"))) {
                int port = ready(reeve);
                latency("direct", upstream, upstream.port(), "");
                latency("governed", upstream, port, keys.getFirst());
                idle("subscriptions/listen", reeve, port, keys, streams, false);
                idle("GET of a session", reeve, port, keys, streams, true);
            }
        }
    }

    private static void latency(String name, StreamUpstream upstream, int port, String key) throws IOException {
        long[] nanos = new long[0];
        for (int i = 0; i <= WARM_UPS; i++) {
            nanos = events(upstream, port, key);
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s: %d events, p50 %.0f us, p99 %.0f us, most %.0f us%n",
                name,
                nanos.length,
                nanos[nanos.length / 2] / 1e3,
                nanos[(int) (nanos.length * 0.99)] / 1e3,
                nanos[nanos.length - 1] / 1e3);
    }

    /** How long each event of one call took. */
    private static long[] events(StreamUpstream upstream, int port, String key) throws IOException {
        long[] took = new long[upstream.written.length];
        try (Socket socket = connect(port)) {
            send(
                    socket,
                    "POST",
                    key,
                    "Mcp-Method: tools/call\r\nMcp-Name: lookup\r\nMCP-Protocol-Version: 2026-07-28\r\n",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"lookup\",\"arguments\":{},"
                            + META + ",\"progressToken\":7}}}");
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int next = 0; next < took.length; ) {
                String line = StreamUpstream.line(in);
                long now = System.nanoTime();
                Matcher progress = PROGRESS.matcher(line);
                if (progress.find()) {
                    next = Integer.parseInt(progress.group(1));
                    took[next] = now - upstream.written[next];
                    next++;
                } else if (line.contains("\"result\"") || line.contains("\"error\"")) {
                    throw new IllegalStateException("only " + next + " events came: " + line);
                }
            }
        }
        return took;
    }

    private void idle(String name, OtherProcess reeve, int port, List<String> keys, int streams, boolean sessions)
            throws IOException {
        // A first thousand fills what is there only once: pools, compiled code, the young part of the heap.
        openAll(port, keys, 1_000, sessions);
        closeAll();
        LockSupport.parkNanos(3_000_000_000L);
        long before = reeve.memory();
        openAll(port, keys, streams, sessions);
        LockSupport.parkNanos(3_000_000_000L);
        long after = reeve.memory();
        System.out.printf(
                Locale.ROOT,
                "%s: %d idle streams, resident %d -> %d MB, %.1f KB each%n",
                name,
                streams,
                before,
                after,
                (after - before) * 1024.0 / streams);
        closeAll();
    }

    private void openAll(int port, List<String> keys, int streams, boolean sessions) throws IOException {
        for (int i = 0; i < streams; i++) {
            String key = keys.get(i % keys.size());
            Socket socket = connect(port);
            open.add(socket);
            if (sessions) {
                session(socket, key);
            } else {
                send(
                        socket,
                        "POST",
                        key,
                        "Mcp-Method: subscriptions/listen\r\nMCP-Protocol-Version: 2026-07-28\r\n",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":"
                                + "{\"toolsListChanged\":true}," + META + "}}}");
                expect(socket, "acknowledged");
            }
        }
    }

    private static void session(Socket socket, String key) throws IOException {
        send(
                socket,
                "POST",
                key,
                "",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}");
        Matcher session = SESSION.matcher(expect(socket, "serverInfo"));
        if (!session.find()) {
            throw new IllegalStateException("no session was given");
        }
        send(socket, "GET", key, "Mcp-Session-Id: " + session.group(1) + "\r\n", "");
        String ignored = expect(socket, "text/event-stream");
    }

    /** Reads until this is there. */
    private static String expect(Socket socket, String text) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[8192];
        while (all.indexOf(text) < 0 || all.charAt(all.length() - 1) == '\r') {
            int read = socket.getInputStream().read(some);
            if (read < 0) {
                throw new IllegalStateException("closed after: " + all);
            }
            all.append(new String(some, 0, read, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, String method, String key, String headers, String body) throws IOException {
        String request = method
                + " /mcp/up HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + "Content-Type: application/json\r\n" + (key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n")
                + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private Path home(int upstreamPort) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(home.resolve("reeve.yaml"), """
                listen: { agents: "127.0.0.1:0", control: "127.0.0.1:0" }
                data: ./reeve-data
                keys: ./keys
                gateway: { max_sessions_per_agent: 5000 }
                upstreams:
                  up: { url: "http://127.0.0.1:%d/mcp", definitions: trust-first-use }
                """.formatted(upstreamPort));
        Files.writeString(
                home.resolve("policies/roles.yaml"),
                "agent_roles: { clerk: { permissions: [ { resource: \"tool:up.lookup\", actions: [execute] } ] } }\n");
        return home;
    }

    private static List<String> keys(Path home) throws IOException, InterruptedException {
        String ignored = OtherProcess.finish(OtherProcess.reeve("agent create clerk --role clerk", home));
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            Matcher key = KEY.matcher(OtherProcess.finish(OtherProcess.reeve("key create clerk --json", home)));
            if (!key.find()) {
                throw new IllegalStateException("no key was made");
            }
            keys.add(key.group(1));
        }
        return keys;
    }

    private static int ready(OtherProcess reeve) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(reeve.process().getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
        }
        throw new IllegalStateException("reeve did not start");
    }
}
