package dev.reeve.control;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The control address: HTTP for administrators with a token, and for health and metrics. Loopback only, as long as there is no TLS (R31). */
public final class ControlListener implements AutoCloseable {
    /** Held, so that the level is not forgotten: the library announces itself at every start. */
    private static final Logger LIBRARY = Logger.getLogger("io.helidon");

    /** It would print the whole failure of a start; we throw it on, in one line. */
    private static final Logger STARTER = Logger.getLogger("io.helidon.webserver.LoomServer");

    private final WebServer server;
    private final ControlRoutes routes;
    private final Door door;

    private ControlListener(InetSocketAddress address, ControlRoutes routes, Administrators administrators) {
        this.routes = routes;
        HttpRouting.Builder routing = HttpRouting.builder().any(this::serve);
        this.server = WebServer.builder()
                .address(address.getAddress())
                .port(address.getPort())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .maxTcpConnections(256)
                .maxPayloadSize(16L * ControlRequest.MOST_BYTES)
                .idleConnectionTimeout(Duration.ofSeconds(60))
                .shutdownGracePeriod(Duration.ofMillis(200))
                // Off by default there: an answer then waits 40 ms for the client's acknowledgement.
                .connectionOptions(options -> options.tcpNoDelay(true).readTimeout(Duration.ofSeconds(30)))
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(16 << 10)
                        .maxPrologueLength(4 << 10)
                        .sendKeepAliveHeader(false)
                        .build())
                .routing(routing)
                .build();
        server.start();
        this.door = new Door(Math.max(0, server.port()), administrators);
    }

    /** @throws IOException if the address is not loopback or is taken */
    public static ControlListener open(InetSocketAddress address, ControlRoutes routes, Administrators administrators)
            throws IOException {
        LIBRARY.setLevel(Level.WARNING);
        STARTER.setLevel(Level.OFF);
        if (!address.getAddress().isLoopbackAddress()) {
            throw new IOException("the control address " + address + " is not loopback, and that needs TLS");
        }
        ControlListener listener = new ControlListener(address, routes, administrators);
        // The library only logs that it could not bind.
        if (!listener.server.isRunning()) {
            throw new IOException("the control address " + address.getHostString() + ":" + address.getPort()
                    + " cannot be opened; stop what listens there, or choose another port under `listen:`");
        }
        return listener;
    }

    /** On which it listens; known after the start where the file says 0. */
    public int port() {
        return server.port();
    }

    private void serve(ServerRequest request, ServerResponse response) throws IOException {
        ControlReply reply = reply(request);
        response.status(Status.create(reply.status()));
        response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        if (reply.status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"reeve\"");
        }
        response.send(reply.bytes());
    }

    private ControlReply reply(ServerRequest request) throws IOException {
        String method = request.prologue().method().text();
        Optional<ControlReply> refused = door.refusal(
                        values(request, HeaderNames.HOST), values(request, HeaderNames.ORIGIN))
                .or(() -> door.refusal(method, values(request, HeaderNames.CONTENT_TYPE)));
        if (refused.isPresent()) {
            return refused.get();
        }
        String query = request.prologue().query().rawValue();
        Optional<Target> target = Target.read(request.path().rawPath() + (query.isEmpty() ? "" : "?" + query));
        if (target.isEmpty()) {
            return ControlReply.refused(404, "path_unknown", "there is no such path", "see docs/reference");
        }
        byte[] body = body(request);
        if (body.length > ControlRequest.MOST_BYTES) {
            return ControlReply.refused(413, "too_large", "the body has more than 65536 bytes", "");
        }
        Caller caller = door.caller(values(request, HeaderNames.AUTHORIZATION));
        return routes.handle(
                ControlRequest.of(method, target.get().path(), target.get().query(), body, caller));
    }

    private static byte[] body(ServerRequest request) throws IOException {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            return in.readNBytes(ControlRequest.MOST_BYTES + 1);
        }
    }

    private static List<String> values(ServerRequest request, HeaderName name) {
        if (!request.headers().contains(name)) {
            return List.of();
        }
        Header header = request.headers().get(name);
        return header.allValues();
    }

    @Override
    public void close() {
        server.stop();
    }
}
