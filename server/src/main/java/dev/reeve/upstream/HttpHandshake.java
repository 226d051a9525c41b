package dev.reeve.upstream;

import dev.reeve.json.Json;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.upstream.HttpEndpoint.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Agrees on a revision with a streamable HTTP server: the newest first, then the handshake of the older ones, as the clients of the official
 * kits do it.
 */
final class HttpHandshake {
    /** How long a server may keep silent before it is taken for one that does not know the newest revision. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final HttpEndpoint endpoint;
    private final Optional<String> fixed;
    private final News news;

    /** @param fixed the revision that the operator demands */
    HttpHandshake(HttpEndpoint endpoint, Optional<String> fixed, News news) {
        this.fixed = fixed;
        this.endpoint = endpoint;
        this.news = news;
    }

    /**
     * @param known what was agreed with this server before, if it has not been away since
     * @param offered what the server is told that it may ask
     * @param asks whether somebody is there to be asked
     */
    HttpLink open(Optional<Agreement> known, Offered offered, boolean asks) throws CallFailedException {
        boolean olderFixed = fixed.filter(Agreement::isKnownLegacy).isPresent();
        Optional<Agreement> modern =
                known.isPresent() || olderFixed ? known.filter(Agreement::modern) : discover(offered);
        Discovery.refuseIfNotAsFixed(modern, fixed, endpoint.failures());
        return modern.isPresent()
                ? new HttpLink(endpoint, modern.get(), Optional.empty(), news)
                : initialize(offered, asks);
    }

    private Optional<Agreement> discover(Offered offered) throws CallFailedException {
        String id = Envelope.freshId();
        Json.Obj message = Envelope.discover(id, offered);
        Map<String, String> headers = Map.of(
                "MCP-Protocol-Version",
                Agreement.MODERN,
                "Mcp-Method",
                Envelope.discover().method());
        Duration firstByte = endpoint.limits().firstByte();
        Reply reply;
        try {
            reply = ask(message, id, headers, firstByte.compareTo(SILENCE) < 0 ? firstByte : SILENCE);
        } catch (CallFailedException e) {
            if (e.kind() == CallFailedException.Kind.LOST) {
                return Optional.empty();
            }
            throw e;
        }
        refuseIfUnauthorized(reply.status());
        return Discovery.read(reply.answer(), endpoint.failures());
    }

    private HttpLink initialize(Offered offered, boolean asks) throws CallFailedException {
        String id = Envelope.freshId();
        Json.Obj message = Envelope.request(id, Envelope.initialize(fixed, offered), false, Optional.empty());
        Reply reply = ask(message, id, Map.of(), endpoint.limits().firstByte());
        refuseIfUnauthorized(reply.status());
        if (fixed.isEmpty() && Discovery.isNewerOnly(reply.answer())) {
            Optional<Agreement> late = discover(offered);
            if (late.isPresent()) {
                return new HttpLink(endpoint, late.get(), Optional.empty(), news);
            }
        }
        Agreement agreement = Discovery.initialized(reply.answer(), "HTTP " + reply.status(), endpoint.failures());
        Optional<String> session = reply.session();
        if (session.isPresent() && !session.get().matches("[\\x21-\\x7E]{1,1024}")) {
            throw endpoint.failures().down("its session id is not one");
        }
        Map<String, String> headers = new HashMap<>();
        session.ifPresent(it -> headers.put("Mcp-Session-Id", it));
        if (agreement.saysItsRevision()) {
            headers.put("MCP-Protocol-Version", agreement.revision());
        }
        int status = endpoint.tell(Envelope.notification("notifications/initialized", Json.Obj.EMPTY), headers);
        if (status >= 400) {
            throw endpoint.failures().down("it refused the end of the handshake with HTTP " + status);
        }
        return new HttpLink(
                endpoint, agreement, session, news, asks && !offered.kinds().isEmpty());
    }

    private Reply ask(Json.Obj message, String id, Map<String, String> headers, Duration firstByte)
            throws CallFailedException {
        Call own = Call.own(endpoint.limits().connect().plus(firstByte));
        try (HttpExchange http = endpoint.post(message, headers, own)) {
            http.start(own.deadline());
            return endpoint.read(http, id, own.deadline(), ignored -> news.drop());
        } catch (HttpCallException e) {
            throw endpoint.failures().of(e, own);
        }
    }

    private void refuseIfUnauthorized(int status) throws CallFailedException {
        if (status == 401 || status == 403) {
            throw endpoint.failures()
                    .down("it refuses Reeve's credential (HTTP " + status + "); check its headers in the file");
        }
    }
}
