package dev.reeve.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends whatever bytes it is told, and reads answers as HTTP/1.1 frames them. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(InetSocketAddress server) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** What came back. Names of headers in lower case. */
    public record Answer(int status, Map<String, String> headers, String body) {}

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    public Answer read() throws IOException {
        Answer head = readHead();
        String transfer = head.headers().getOrDefault("transfer-encoding", "");
        String body = transfer.equals("chunked") ? chunks() : exactly(length(head));
        return new Answer(head.status(), head.headers(), body);
    }

    private static int length(Answer head) {
        return Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
    }

    /** The status line and headers; the body stays unread. */
    public Answer readHead() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), headers, "");
    }

    private String chunks() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
            all.append(chunk);
        }
        return all.toString();
    }

    /** The next chunk; empty at the end. */
    public String chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String chunk = exactly(size);
        line();
        return chunk;
    }

    /** The data of the next event of a stream, heartbeats left out. */
    public String event() throws IOException {
        String chunk = chunk();
        while (chunk.startsWith(":")) {
            chunk = chunk();
        }
        if (chunk.isEmpty()) {
            throw new EOFException("the stream ended in order");
        }
        return data(chunk).getFirst();
    }

    /** The data of each event in a stream's text that has some. */
    public static List<String> data(String stream) {
        List<String> data = new ArrayList<>();
        for (String line : stream.split("\n", -1)) {
            if (line.startsWith("data: ") && line.length() > 6) {
                data.add(line.substring(6));
            }
        }
        return data;
    }

    /** So many bytes, or fewer at the end. */
    public byte[] bytes(int size) throws IOException {
        return in.readNBytes(size);
    }

    private String exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("closed within a body");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** True if the server has closed, after whatever it had still sent. */
    public boolean closedByServer() throws IOException {
        try {
            in.readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Small buffers, for clients that do not read. */
    public void receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
