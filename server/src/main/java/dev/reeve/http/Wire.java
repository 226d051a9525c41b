package dev.reeve.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Writes answers: head and body in one buffer, so that each leaves in one write. */
final class Wire {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Read-only: the TLS handler collects what is small by writing behind it, and this one belongs to every connection. */
    static final ByteBuf LAST_CHUNK = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

    static final byte[] DATA = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final byte[] HEARTBEAT = "3\r\n:\n\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private record Dated(long second, String text) {}

    private static volatile Dated dated = new Dated(-1, "");

    private Wire() {}

    /** @param headOnly the length is told, the body is not sent (RFC 9110, section 9.3.2) */
    static ByteBuf whole(ByteBufAllocator allocator, Response response, boolean close, boolean headOnly) {
        ByteBuf out = allocator.ioBuffer(256 + (headOnly ? 0 : response.body().length));
        head(out, response);
        if (response.status() != 204) {
            ascii(out, "content-length: ");
            ascii(out, Integer.toString(response.body().length));
            ascii(out, "\r\n");
        }
        ascii(out, close ? "connection: close\r\n\r\n" : "\r\n");
        return headOnly ? out : out.writeBytes(response.body());
    }

    static ByteBuf streamHead(ByteBufAllocator allocator, Response response) {
        ByteBuf out = allocator.ioBuffer(256);
        head(out, response);
        ascii(out, "transfer-encoding: chunked\r\n\r\n");
        return out;
    }

    /** One chunk that is one event; {@code data} has no line break (compact JSON never has). */
    static ByteBuf event(ByteBufAllocator allocator, byte[] begin, byte[] data) {
        ByteBuf out = allocator.ioBuffer(begin.length + data.length + 16);
        ascii(out, Integer.toHexString(begin.length + data.length + 2));
        ascii(out, "\r\n");
        return out.writeBytes(begin).writeBytes(data).writeBytes(EVENT_END);
    }

    private static void head(ByteBuf out, Response response) {
        ascii(out, "HTTP/1.1 ");
        ascii(out, HttpResponseStatus.valueOf(response.status()).toString());
        ascii(out, "\r\ndate: ");
        ascii(out, date());
        ascii(out, "\r\n");
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            ascii(out, header.getKey());
            ascii(out, ": ");
            ascii(out, header.getValue());
            ascii(out, "\r\n");
        }
    }

    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }

    private static String date() {
        long now = System.currentTimeMillis() / 1000;
        Dated last = dated;
        if (last.second() != now) {
            last = new Dated(now, DATE.format(Instant.ofEpochSecond(now)));
            dated = last;
        }
        return last.text();
    }
}
