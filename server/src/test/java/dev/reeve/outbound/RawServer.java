package dev.reeve.outbound;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/1.1 server of bare sockets, so that a test decides about every byte and every close. */
public final class RawServer implements AutoCloseable {
    /** One request as it came. Header names in lower case. */
    public record Request(String method, String target, Map<String, String> headers, String body) {}

    /** One connection, to be answered byte by byte. */
    public record Line(Socket socket, OutputStream out) {
        public void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        public void answer(int status, String type, String body, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            if (!type.isEmpty()) {
                head.append("Content-Type: ").append(type).append("\r\n");
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            raw(head + "Content-Length: " + bytes.length + "\r\n\r\n");
            out.write(bytes);
            out.flush();
        }

        public void json(String body, String... headers) throws IOException {
            answer(200, "application/json", body, headers);
        }

        public void startStream(String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            raw(head + "Transfer-Encoding: chunked\r\n\r\n");
        }

        public void chunk(String text) throws IOException {
            raw(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        public void event(String json) throws IOException {
            chunk("event: message\r\ndata: " + json + "\r\n\r\n");
        }

        public void endStream() throws IOException {
            raw("0\r\n\r\n");
        }

        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /** Answers. Throwing closes the connection. */
    public interface Handler {
        void handle(Request request, Line line) throws Exception;
    }

    private final ServerSocket listener;
    private final Thread acceptor;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    public RawServer(Handler handler) throws IOException {
        this(0, handler);
    }

    public RawServer(int port, Handler handler) throws IOException {
        this.handler = handler;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        this.acceptor = Thread.startVirtualThread(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                open.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Line line = new Line(socket, socket.getOutputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                handler.handle(request, line);
            }
        } catch (Exception e) {
            // The client went away, or the script wants the connection closed.
        } finally {
            open.remove(socket);
        }
    }

    @SuppressWarnings("NullAway") // a test's reader; null is the end
    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        String[] parts = first.split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }

    /** Closes all connections, not the listener. */
    public void hangUp() throws IOException {
        for (Socket socket : open) {
            try (socket) {
                // Says goodbye at once; a close waits for the thread that reads.
                socket.shutdownOutput();
            } catch (SocketException e) {
                // It was closed by its own thread meanwhile.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // What it accepts in its last moment is to be hung up on, too.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hangUp();
    }
}
