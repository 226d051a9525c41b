package dev.reeve.outbound;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/**
 * One request, written anew by us. The framing headers are ours; compression is never offered, so that what comes can be bounded by what was
 * received.
 */
public final class HttpCall {
    private final String method;
    private final String target;
    private final Map<String, String> headers;
    private final byte[] body;

    /**
     * @param target path and query
     * @param body not copied; nobody writes to it afterwards
     */
    public HttpCall(String method, String target, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.target = target;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    FullHttpRequest toNetty(HttpOrigin origin) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target, Unpooled.wrappedBuffer(body));
        headers.forEach((name, value) -> request.headers().set(name, value));
        request.headers().set(HttpHeaderNames.HOST, origin.authority());
        request.headers().set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
        if (body.length > 0 || method.equals("POST")) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return request;
    }

    /** Headers may hold credentials. */
    @Override
    public String toString() {
        return method + " " + target + " (" + body.length + " bytes)";
    }
}
