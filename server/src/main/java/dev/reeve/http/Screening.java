package dev.reeve.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at the head of a request before its body is read. */
final class Screening {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?");

    private final HttpConfig config;
    /** The last Host that was fine: clients say the same one again and again. */
    private volatile String lastFine = "";

    Screening(HttpConfig config) {
        this.config = config;
    }

    /** Why not, if not. */
    Optional<Response> refuse(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(unreadable(request.decoderResult().cause()));
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return refusal(505, "version_not_supported", "only HTTP/1.1 is spoken here");
        }
        if (request.uri().isEmpty() || request.uri().charAt(0) != '/') {
            return refusal(400, "bad_target", "the request target must be a path");
        }
        HttpHeaders headers = request.headers();
        if (headers.size() > config.limits().headerCount()) {
            return refusal(431, "too_many_headers", "at most " + config.limits().headerCount() + " headers are read");
        }
        return whose(headers).or(() -> body(headers));
    }

    private static Response unreadable(Throwable cause) {
        String kind = cause.getClass().getSimpleName();
        return switch (kind) {
            case "TooLongHttpLineException" ->
                Response.error(414, "request_line_too_long", "the request line is too long");
            case "TooLongHttpHeaderException" -> Response.error(431, "headers_too_large", "the headers are too large");
            default -> Response.error(400, "bad_request", "this is not an HTTP/1.1 request");
        };
    }

    private Optional<Response> whose(HttpHeaders headers) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            return refusal(400, "bad_host", "exactly one valid Host header is needed");
        }
        Optional<Response> refusal = hosts.getFirst().equals(lastFine) ? Optional.empty() : whose(hosts.getFirst());
        return refusal.isPresent() ? refusal : origin(headers);
    }

    private Optional<Response> whose(String host) {
        if (!HOST.matcher(host).matches()) {
            return refusal(400, "bad_host", "exactly one valid Host header is needed");
        }
        if (!known(host)) {
            return refusal(403, "host_not_allowed", "this Host is not a name of this server; the operator can add it");
        }
        lastFine = host;
        return Optional.empty();
    }

    private Optional<Response> origin(HttpHeaders headers) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (!origins.isEmpty() && (origins.size() != 1 || !fine(origins.getFirst(), headers))) {
            return refusal(403, "origin_not_allowed", "this Origin may not call; the operator can allow it");
        }
        return Optional.empty();
    }

    /** A page of ours is no stranger: the Host was found to be a name of this server just now. */
    private boolean fine(String origin, HttpHeaders headers) {
        String scheme = config.tls().isPresent() ? "https://" : "http://";
        return config.origins().contains(origin) || origin.equals(scheme + headers.get(HttpHeaderNames.HOST));
    }

    private boolean known(String host) {
        int port = host.lastIndexOf(':');
        boolean hasPort = port > host.lastIndexOf(']');
        String name = (hasPort ? host.substring(0, port) : host).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name)
                || config.names().contains(name)
                || config.tls().filter(it -> it.names().test(bare(name))).isPresent();
    }

    private static String bare(String name) {
        return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    }

    private Optional<Response> body(HttpHeaders headers) {
        List<String> encodings = headers.getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (!encodings.isEmpty()
                && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("identity"))) {
            return refusal(415, "compressed_body", "compressed bodies are not read; send it plain");
        }
        List<String> transfer = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!transfer.isEmpty() && !(transfer.size() == 1 && transfer.getFirst().equalsIgnoreCase("chunked"))) {
            return refusal(501, "transfer_encoding", "only the transfer encoding `chunked` is read");
        }
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1) {
            return refusal(400, "bad_length", "one Content-Length at most");
        }
        return lengths.isEmpty() ? Optional.empty() : length(lengths.getFirst());
    }

    private Optional<Response> length(String length) {
        if (length.isEmpty() || length.length() > 18 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return refusal(400, "bad_length", "the Content-Length is not a number");
        }
        return Long.parseLong(length) > config.limits().body() ? Optional.of(tooLarge()) : Optional.empty();
    }

    Response tooLarge() {
        return Response.error(
                413, "body_too_large", "at most " + config.limits().body() + " bytes of body are read");
    }

    private static Optional<Response> refusal(int status, String code, String message) {
        return Optional.of(Response.error(status, code, message));
    }
}
