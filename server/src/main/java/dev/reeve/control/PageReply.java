package dev.reeve.control;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a page answers: bytes, or what is written as it comes. */
public final class PageReply {
    private final int status;
    private final Map<String, String> headers;
    private final List<String> cookies;
    private final Body body;

    private PageReply(int status, Map<String, String> headers, List<String> cookies, Body body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.cookies = List.copyOf(cookies);
        this.body = body;
    }

    /** Writes the body; what is written is sent on {@code flush}. It ends when the other side is gone. */
    @FunctionalInterface
    public interface Body {
        void to(OutputStream out) throws IOException;
    }

    public static PageReply html(int status, String text) {
        return bytes(status, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static PageReply bytes(int status, String type, byte[] bytes) {
        return new PageReply(
                status,
                Map.of("Content-Type", type, "Content-Length", Integer.toString(bytes.length)),
                List.of(),
                out -> out.write(bytes));
    }

    public static PageReply stream(String type, Body body) {
        return new PageReply(200, Map.of("Content-Type", type), List.of(), body);
    }

    /** To a path of ours, by GET. */
    public static PageReply seeOther(String path) {
        return new PageReply(303, Map.of("Location", path, "Content-Length", "0"), List.of(), out -> {});
    }

    public PageReply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new PageReply(status, more, cookies, body);
    }

    /** Sets one more cookie. */
    public PageReply withCookie(String cookie) {
        List<String> more = new ArrayList<>(cookies);
        more.add(cookie);
        return new PageReply(status, headers, more, body);
    }

    public int status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public List<String> cookies() {
        return cookies;
    }

    public Body body() {
        return body;
    }
}
