package dev.reeve.control;

import dev.reeve.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** HTTP/1.1 as the socket needs it: one request, one answer, the length always said, then the connection ends. */
final class SocketText {
    private static final int LONGEST_HEAD = 8 << 10;
    private static final int LARGEST_ANSWER = 64 << 20;

    private SocketText() {}

    /** A message whose head is understood. */
    record Message(String startLine, String body) {}

    static Message request(InputStream in) throws IOException {
        return read(in, ControlRequest.MOST_BYTES);
    }

    static Message answer(InputStream in) throws IOException {
        return read(in, LARGEST_ANSWER);
    }

    private static Message read(InputStream in, int most) throws IOException {
        String[] lines = head(in).split("\r\n", -1);
        int length = 0;
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].toLowerCase(Locale.ROOT);
            if (line.startsWith("transfer-encoding:")) {
                throw new IOException("only bodies with a length are read here");
            }
            if (line.startsWith("content-length:")) {
                length = length(line.substring(15).strip(), most);
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the message ends too early");
        }
        return new Message(lines[0], new String(body, StandardCharsets.UTF_8));
    }

    private static int length(String text, int most) throws IOException {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > most) {
            throw new IOException("the body has more than " + most + " bytes");
        }
        return Integer.parseInt(text);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0 || head.size() >= LONGEST_HEAD) {
                throw new EOFException("the head of the message is too long or ends too early");
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        return text.substring(0, text.length() - 4);
    }

    static byte[] bytes(ControlReply reply) {
        return message(
                "HTTP/1.1 " + reply.status() + " " + (reply.status() < 400 ? "OK" : "Refused"),
                reply.contentType(),
                reply.text());
    }

    static byte[] bytes(String method, String target, Optional<dev.reeve.json.Json.Obj> body) {
        String text = body.map(JsonWriter::text).orElse("");
        return message(method + " " + target + " HTTP/1.1\r\nHost: localhost", "application/json", text);
    }

    private static byte[] message(String start, String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = start + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + bytes.length
                + "\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(bytes);
        return out.toByteArray();
    }
}
