package dev.reeve.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import javax.net.SocketFactory;

/** Closed-loop load: each connection sends its next call when the last one is answered. */
final class LoadRun {
    private final int port;
    private final Requests requests;
    private final SocketFactory sockets;

    /** What is asked, and what counts as answered. */
    interface Requests {
        /** The whole request, head and body. */
        byte[] of(int connection, int count);

        boolean answered(String status, String body);
    }

    LoadRun(int port, Requests requests, SocketFactory sockets) {
        this.port = port;
        this.requests = requests;
        this.sockets = sockets;
    }

    /**
     * Calls of an MCP tool.
     *
     * @param path of the endpoint that connection {@code i} uses
     */
    LoadRun(int port, IntFunction<String> path, String authorization, String tool, SocketFactory sockets) {
        this(port, new Calls(port, path, authorization, tool), sockets);
    }

    /** Latencies in microseconds. */
    record Result(long calls, double seconds, double p50, double p99, long errors) {
        static Result of(long[] sortedNanos, double seconds, long errors) {
            return new Result(sortedNanos.length, seconds, micros(sortedNanos, 0.5), micros(sortedNanos, 0.99), errors);
        }

        private static double micros(long[] nanos, double quantile) {
            return nanos.length == 0
                    ? 0
                    : nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * quantile))] / 1e3;
        }

        double rate() {
            return calls / seconds;
        }
    }

    Result run(int connections, double seconds) throws InterruptedException {
        long[][] samples = new long[connections][];
        AtomicLong errors = new AtomicLong();
        AtomicReference<IOException> failure = new AtomicReference<>();
        CountDownLatch ready = new CountDownLatch(connections);
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        Thread[] threads = new Thread[connections];
        for (int i = 0; i < connections; i++) {
            int index = i;
            threads[i] = Thread.ofPlatform().daemon().start(() -> {
                try {
                    ready.countDown();
                    samples[index] = connection(index, end, errors);
                } catch (IOException e) {
                    failure.set(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - begin) / 1e9;
        if (failure.get() != null) {
            throw new IllegalStateException("a connection failed", failure.get());
        }
        long[] all =
                Arrays.stream(samples).flatMapToLong(Arrays::stream).sorted().toArray();
        return Result.of(all, took, errors.get());
    }

    private long[] connection(int index, long end, AtomicLong errors) throws IOException {
        long[] nanos = new long[1 << 16];
        int count = 0;
        try (Socket socket = sockets.createSocket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
            while (System.nanoTime() < end) {
                byte[] request = requests.of(index, count);
                long before = System.nanoTime();
                out.write(request);
                if (!answered(in)) {
                    errors.incrementAndGet();
                }
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, count * 2);
                }
                nanos[count++] = System.nanoTime() - before;
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private record Calls(int port, IntFunction<String> path, String authorization, String tool) implements Requests {
        @Override
        public byte[] of(int connection, int count) {
            String body = "{\"jsonrpc\":\"2.0\",\"id\":" + (count + 1)
                    + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                    + "\",\"arguments\":{\"customer\":\"c-" + connection + "-" + count + "\",\"limit\":" + (count % 100)
                    + ",\"note\":\"" + "n".repeat(200)
                    + "\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                    + "\"io.modelcontextprotocol/clientCapabilities\":{},\"io.modelcontextprotocol/clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}}";
            String head = "POST " + path.apply(connection) + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                    + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: " + tool + "\r\n"
                    + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n")
                    + "Content-Length: " + body.length() + "\r\n\r\n";
            return (head + body).getBytes(StandardCharsets.ISO_8859_1);
        }

        /** A result that is no tool error. */
        @Override
        public boolean answered(String status, String body) {
            return status.contains(" 200 ") && body.contains("\"result\"") && !body.contains("\"isError\":true");
        }
    }

    private boolean answered(InputStream in) throws IOException {
        String status = line(in);
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).trim());
            }
        }
        if (length < 0) {
            throw new IOException("an answer without a length: " + status);
        }
        String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        return requests.answered(status, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
