package dev.reeve.control;

import dev.reeve.tls.ListenerSockets;
import io.helidon.common.tls.Tls;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The control address: HTTP for administrators with a token, and for health and metrics. Without TLS on loopback only (R31). */
public final class ControlListener implements AutoCloseable {
    /** Held, so that the level is not forgotten: the library announces itself at every start. */
    private static final Logger LIBRARY = Logger.getLogger("io.helidon");

    /** It would print the whole failure of a start; we throw it on, in one line. */
    private static final Logger STARTER = Logger.getLogger("io.helidon.webserver.LoomServer");

    private static final String FIRST_ADMIN = "/v1/first-admin";
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final HeaderName FETCH_DEST = HeaderNames.create("Sec-Fetch-Dest");
    private static final HeaderName PURPOSE = HeaderNames.create("Sec-Purpose");

    private final WebServer server;
    private final ControlRoutes routes;
    private final Door door;
    private final Optional<ListenerSockets> sockets;
    private final Pages pages;
    private final boolean isSecure;

    private ControlListener(Place place, ControlRoutes routes, Administrators administrators, Pages pages) {
        this.routes = routes;
        this.pages = pages;
        this.isSecure = place.tls().isPresent();
        this.sockets = place.tls().map(tls -> new ListenerSockets(tls.sockets()));
        InetSocketAddress address = place.address();
        HttpRouting.Builder routing = HttpRouting.builder().any(this::serve);
        WebServerConfig.Builder builder = PlainServer.builder(Http1Config.builder()
                        .maxHeadersSize(16 << 10)
                        .maxPrologueLength(4 << 10)
                        .sendKeepAliveHeader(false))
                .address(address.getAddress())
                .port(address.getPort())
                .maxTcpConnections(256)
                .maxPayloadSize(16L * ControlRequest.MOST_BYTES)
                .idleConnectionTimeout(Duration.ofSeconds(60))
                .shutdownGracePeriod(Duration.ofMillis(200))
                // Off by default there: an answer then waits 40 ms for the client's acknowledgement.
                .connectionOptions(options -> options.tcpNoDelay(true).readTimeout(Duration.ofSeconds(30)))
                .routing(routing);
        // Not with NIO: that makes an engine by the client's name, asks a resolver for it, and has no time limit for a
        // handshake.
        sockets.ifPresent(it -> builder.useNio(false)
                .tls(Tls.builder().enabled(true).sslContext(it.context()).build()));
        this.server = builder.build();
        server.start();
        this.door = new Door(
                place.tls().isPresent() ? "https" : "http",
                Math.max(0, server.port()),
                host -> place.names().contains(host)
                        || place.tls().filter(tls -> tls.names().test(host)).isPresent(),
                administrators);
    }

    /**
     * Where it is.
     *
     * @param names that it may be called by beside the loopback ones and those of its certificate, lower case
     */
    public record Place(InetSocketAddress address, Set<String> names, Optional<ControlTls> tls) {
        public Place {
            names = Set.copyOf(names);
        }

        public static Place of(InetSocketAddress address) {
            return new Place(address, Set.of(), Optional.empty());
        }
    }

    public static ControlListener open(InetSocketAddress address, ControlRoutes routes, Administrators administrators)
            throws IOException {
        return open(Place.of(address), routes, administrators);
    }

    public static ControlListener open(Place place, ControlRoutes routes, Administrators administrators)
            throws IOException {
        return open(place, routes, administrators, Pages.NONE);
    }

    /** @throws IOException if the address is neither loopback nor has TLS, or is taken */
    public static ControlListener open(Place place, ControlRoutes routes, Administrators administrators, Pages pages)
            throws IOException {
        InetSocketAddress address = place.address();
        LIBRARY.setLevel(Level.WARNING);
        STARTER.setLevel(Level.OFF);
        if (!address.getAddress().isLoopbackAddress() && place.tls().isEmpty()) {
            throw new IOException("the control address " + address + " is not loopback, and that needs TLS");
        }
        ControlListener listener = new ControlListener(place, routes, administrators, pages);
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
        String path = request.path().rawPath();
        if (pages.holds(path) && refused(request, path).isEmpty()) {
            servePage(request, response);
            return;
        }
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

    private static Optional<Target> target(ServerRequest request) {
        String query = request.prologue().query().rawValue();
        return Target.read(request.path().rawPath() + (query.isEmpty() ? "" : "?" + query));
    }

    /** What stands before everything else, also before pages: those take no credential of the API's, and none of an agent's (R28). */
    private Optional<ControlReply> refused(ServerRequest request, String path) {
        Optional<ControlReply> refused =
                door.refusal(values(request, HeaderNames.HOST), values(request, HeaderNames.ORIGIN));
        if (refused.isPresent() || !pages.holds(path)) {
            return refused;
        }
        if (request.headers().contains(HeaderNames.AUTHORIZATION)) {
            return Optional.of(ControlReply.refused(
                    403, "page_credential", "pages are for people who signed in", "use the API under /v1"));
        }
        return target(request).isPresent()
                ? Optional.empty()
                : Optional.of(ControlReply.refused(404, "path_unknown", "there is no such page", ""));
    }

    private void servePage(ServerRequest request, ServerResponse response) throws IOException {
        PageReply reply = pages.answer(pageRequest(request, target(request).orElseThrow()));
        response.status(Status.create(reply.status()));
        reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        if (!reply.cookies().isEmpty()) {
            response.header(HeaderValues.create(HeaderNames.SET_COOKIE, reply.cookies()));
        }
        try (OutputStream out = response.outputStream()) {
            reply.body().to(out);
        }
    }

    private PageRequest pageRequest(ServerRequest request, Target target) throws IOException {
        List<String> type = values(request, HeaderNames.CONTENT_TYPE);
        return new PageRequest(
                request.prologue().method().text(),
                target.path(),
                target.query(),
                Optional.of(String.join("; ", values(request, HeaderNames.COOKIE)))
                        .filter(text -> !text.isEmpty()),
                values(request, FETCH_SITE).stream().findFirst(),
                isUnseen(request),
                request.headers().contains(HeaderNames.ORIGIN),
                type.size() == 1 && type.getFirst().startsWith("application/x-www-form-urlencoded"),
                body(request),
                isSecure,
                isHere(request),
                request.remotePeer().address() instanceof InetSocketAddress peer && peer.getAddress() != null
                        ? peer.getAddress().getHostAddress()
                        : "?");
    }

    /** Fetch Metadata Request Headers (W3C), which no page can set. A browser that sends none is taken at its word that somebody looks. */
    private static boolean isUnseen(ServerRequest request) {
        boolean isOfElsewhere = values(request, FETCH_SITE).stream()
                .anyMatch(site -> !site.equals("same-origin") && !site.equals("none"));
        boolean isShown = values(request, FETCH_DEST).equals(List.of("document"));
        return (isOfElsewhere && !isShown) || request.headers().contains(PURPOSE);
    }

    private ControlReply reply(ServerRequest request) throws IOException {
        String method = request.prologue().method().text();
        Optional<ControlReply> refused = refused(request, request.path().rawPath())
                .or(() -> door.refusal(method, values(request, HeaderNames.CONTENT_TYPE)));
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<Target> target = target(request);
        if (target.isEmpty()) {
            return ControlReply.refused(404, "path_unknown", "there is no such path", "see docs/reference");
        }
        if (target.get().path().equals(FIRST_ADMIN) && !isHere(request)) {
            return ControlReply.refused(
                    403,
                    "local_only",
                    "the first administrator is made on the machine itself",
                    "use the address 127.0.0.1 there");
        }
        byte[] body = body(request);
        if (body.length > ControlRequest.MOST_BYTES) {
            return ControlReply.refused(413, "too_large", "the body has more than 65536 bytes", "");
        }
        List<String> authorisation = values(request, HeaderNames.AUTHORIZATION);
        return routes.handle(ControlRequest.of(
                method, target.get().path(), target.get().query(), body, () -> door.caller(authorisation)));
    }

    /** R31: the link of the first administrator is for this machine, whatever address is listened on. */
    private static boolean isHere(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && peer.getAddress().isLoopbackAddress();
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
        sockets.ifPresent(ListenerSockets::close);
    }
}
