package dev.reeve.adapter.mcp;

import dev.reeve.http.Handler;
import dev.reeve.http.Request;
import dev.reeve.http.Responder;
import dev.reeve.http.Response;
import dev.reeve.http.Sender;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.secrets.Secret;
import java.util.List;
import java.util.Optional;

/** MCP's streamable HTTP in all revisions, at {@code /mcp} and {@code /mcp/<upstream>}. */
public final class McpHttp implements Handler {
    public static final String CHANNEL = "mcp-http";
    public static final String PATH = "/mcp";
    private static final String LAST_EVENT = "last-event-id";
    private static final String SESSION = "mcp-session-id";
    private static final String ONE = PATH + "/";
    private static final int LONGEST_NAME = 64;
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_TOKEN = 512;

    private final McpEngine engine;
    private final Authenticator authenticator;
    private final RefusedCallers refused;
    private final ModernHeaders modernHeaders;
    private final McpSessions sessions;

    public McpHttp(McpEngine engine, Authenticator authenticator, RefusedCallers refused) {
        this.engine = engine;
        this.authenticator = authenticator;
        this.refused = refused;
        engine.countRefusals(refused);
        this.modernHeaders = new ModernHeaders(engine.around());
        this.sessions = new McpSessions(
                engine.limits(), engine.around().ids(), engine.around().nanos());
    }

    /** Sessions that are open. */
    public int sessions() {
        return sessions.size();
    }

    @Override
    public void handle(Request request, Responder responder) {
        Optional<Route> route = route(request.path());
        if (route.isEmpty()) {
            responder.send(Response.error(404, "not_found", "MCP is served at /mcp and /mcp/<upstream>"));
        } else if (request.query().isPresent()) {
            responder.send(Response.error(
                    400, "query_not_read", "no query is read here; a key goes into the Authorization header"));
        } else {
            authenticated(request, route.get(), responder);
        }
    }

    private static Optional<Route> route(String path) {
        if (path.equals(PATH)) {
            return Optional.of(new Route.All());
        }
        // Whether there is such an upstream is not told here: to those who may not see it there is none (R10).
        return path.startsWith(ONE) && isName(path, ONE.length())
                ? Optional.of(new Route.One(path.substring(ONE.length())))
                : Optional.empty();
    }

    private static boolean isName(String path, int from) {
        for (int i = from; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return path.length() > from && path.length() <= from + LONGEST_NAME;
    }

    private void authenticated(Request request, Route route, Responder responder) {
        switch (authenticator.identify(claim(request.headers()))) {
            case Identification.Known known -> {
                Caller caller =
                        new Caller(known, route, CHANNEL, known.principal().instance(), Optional.empty());
                byMethod(request, caller, responder);
            }
            case Identification.Unknown unknown -> {
                refused.refused(CHANNEL, unknown.code());
                responder.send(unauthorized(request));
            }
        }
    }

    /** Whose room a request takes for its body, and for what is not read of its answer: its agent's. Looks into memory only. */
    @Override
    public Sender sender(Request.Headers headers) {
        return authenticator.identify(claim(headers)) instanceof Identification.Known known
                ? new Sender.Known(known.principal().party())
                : new Sender.Stranger();
    }

    private static Claim claim(Request.Headers headers) {
        Optional<String> header = headers.only("authorization");
        String token = header.map(McpHttp::token).orElse("");
        return token.isEmpty() ? new Claim.Nothing() : new Claim.ApiKey(Secret.of(token));
    }

    /** The token of RFC 6750 section 2.1, the scheme in any capitals; nothing of what is none. */
    private static String token(String header) {
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return "";
        }
        int from = BEARER.length();
        while (from < header.length() && header.charAt(from) == ' ') {
            from++;
        }
        String token = header.substring(from);
        boolean wellFormed = token.length() <= LONGEST_TOKEN && token.chars().allMatch(McpHttp::isOfToken);
        return wellFormed ? token : "";
    }

    private static boolean isOfToken(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._~+/=-".indexOf(c) >= 0;
    }

    /** Why a key is not accepted is told to nobody who has none. */
    private static Response unauthorized(Request request) {
        boolean given = request.headers().has("authorization");
        String challenge = "Bearer realm=\"reeve\"" + (given ? ", error=\"invalid_token\"" : "");
        String message = given
                ? "this key is not accepted; your operator makes one with `reeve key create AGENT`"
                : "a key is needed: Authorization: Bearer reeve_...; your operator makes one with `reeve key create AGENT`";
        return Response.error(401, "unauthorized", message).with("www-authenticate", challenge);
    }

    private void byMethod(Request request, Caller caller, Responder responder) {
        switch (request.method()) {
            case "POST" -> post(request, caller, responder);
            case "GET" -> get(request, caller, responder);
            case "DELETE" -> delete(request, caller, responder);
            default -> responder.send(notAllowed());
        }
    }

    private static Response notAllowed() {
        return Response.error(405, "method_not_allowed", "MCP messages are sent by POST")
                .with("allow", "POST");
    }

    private void post(Request request, Caller caller, Responder responder) {
        if (!isJson(request)) {
            responder.send(Response.error(415, "not_json", "the Content-Type must be application/json"));
            return;
        }
        Accepted accepted = Accepted.of(request);
        if (!accepted.json()) {
            responder.send(
                    Response.error(406, "not_acceptable", "Accept must name application/json and text/event-stream"));
            return;
        }
        HttpReplies replies = new HttpReplies(responder, accepted.events(), Optional.empty());
        switch (Message.read(request.body(), engine.limits().message())) {
            case Message.Unreadable bad -> {
                engine.refused(caller, bad.code());
                replies.respond(400, bad.error().response(bad.id()));
            }
            case Message.Request call -> request(request, call, caller, responder, replies);
            case Message.Notification said -> notification(request, said, caller, responder);
            case Message.Answer answer -> answer(request, answer, caller, responder);
            case Message.Batch batch -> batch(request, batch, caller, responder, accepted.events());
        }
    }

    private static boolean isJson(Request request) {
        String type = request.headers().only("content-type").orElse("");
        return Accepted.mediaType(type, 0, type.length()).equalsIgnoreCase("application/json");
    }

    /** A request that says its own revision is stateless; so is one whose header names a revision without sessions. */
    private static boolean stateless(Request request, Json.Obj params) {
        if (Meta.enveloped(params)) {
            return true;
        }
        List<String> version = request.headers().all(ModernHeaders.VERSION);
        return version.contains(Revision.V2026_07_28.wire());
    }

    private void request(Request http, Message.Request call, Caller caller, Responder responder, HttpReplies replies) {
        try {
            if (stateless(http, call.params())) {
                agreeing(http, call, caller);
                listenable(call, http);
                engine.request(caller, Revision.V2026_07_28, call, replies);
            } else if (call.method().equals(Method.INITIALIZE.wire())) {
                initialize(http, call, caller, responder);
            } else {
                McpSession session = session(http, caller);
                HttpReplies own = HttpReplies.of(responder, Accepted.of(http), session.replays());
                engine.request(session.in(caller), session.revision(), call, own);
            }
        } catch (RpcException e) {
            replies.respond(e.error().status(Revision.V2026_07_28), e.error().response(call.id()));
        } catch (HttpRefusal e) {
            responder.send(e.response(call.id()));
        }
    }

    private void agreeing(Request http, Message.Request call, Caller caller) throws RpcException {
        try {
            modernHeaders.check(http, call, caller);
        } catch (RpcException e) {
            engine.refused(caller, e.error().code() == RpcError.HEADER_MISMATCH ? "header_mismatch" : "invalid_params");
            throw e;
        }
    }

    private static void listenable(Message.Request call, Request http) throws HttpRefusal {
        if (call.method().equals(Method.LISTEN.wire()) && !Accepted.of(http).events()) {
            throw new HttpRefusal(406, "Accept must name text/event-stream");
        }
    }

    private void initialize(Request http, Message.Request call, Caller caller, Responder responder) throws HttpRefusal {
        McpSession session =
                sessions.open(caller).orElseThrow(() -> new HttpRefusal(503, "Too many sessions; try again later"));
        boolean mayStream = Accepted.of(http).events();
        HttpReplies replies = new HttpReplies(responder, mayStream, Optional.of(session.id()));
        engine.request(session.in(caller), session.revision(), call, replies);
        if (!replies.succeeded()) {
            sessions.end(session);
        }
    }

    private McpSession session(Request http, Caller caller) throws HttpRefusal {
        if (!http.headers().has(SESSION)) {
            throw new HttpRefusal(400, "Bad Request: Missing session ID");
        }
        refuseUnknownVersion(http);
        return http.headers()
                .only(SESSION)
                .flatMap(id -> sessions.find(id, caller))
                .orElseThrow(() -> new HttpRefusal(404, "Session not found"));
    }

    /** No header is fine here, and another known one too, which some clients send: the session knows what was agreed, and that counts. */
    private static void refuseUnknownVersion(Request http) throws HttpRefusal {
        for (String version : http.headers().all(ModernHeaders.VERSION)) {
            if (Revision.of(version).isEmpty()) {
                throw new HttpRefusal(
                        400,
                        "Bad Request: Unsupported protocol version (supported versions: "
                                + String.join(", ", Revision.all()) + ")");
            }
        }
    }

    private void notification(Request http, Message.Notification said, Caller caller, Responder responder) {
        try {
            if (!stateless(http, said.params())) {
                McpSession session = session(http, caller);
                engine.notification(session.in(caller), session.revision(), said);
            }
            responder.send(Response.empty(202));
        } catch (HttpRefusal e) {
            responder.send(e.response(Json.Null.NULL));
        }
    }

    /** What answers nothing of ours is dropped (R13); in 2026-07-28 it must not even be sent. */
    private void answer(Request http, Message.Answer answer, Caller caller, Responder responder) {
        try {
            if (stateless(http, Json.Obj.EMPTY)) {
                throw new HttpRefusal(400, "Invalid Request: responses are not sent in this revision");
            }
            if (!session(http, caller).answered(answer)) {
                engine.refused(caller, "unasked_answer");
            }
            responder.send(Response.empty(202));
        } catch (HttpRefusal e) {
            responder.send(e.response(Json.Null.NULL));
        }
    }

    /** Each message is an action of its own (R18); they run one after another. */
    private void batch(Request http, Message.Batch batch, Caller caller, Responder responder, boolean mayStream) {
        try {
            if (stateless(http, Json.Obj.EMPTY)) {
                throw new HttpRefusal(400, "Invalid Request: batches are not part of this protocol revision");
            }
            McpSession session = session(http, caller);
            if (!session.revision().hasBatches()) {
                throw new HttpRefusal(400, "Invalid Request: batches are not part of this protocol revision");
            }
            HttpReplies replies = new HttpReplies(responder, mayStream, Optional.empty());
            Optional<Json> answers = engine.batch(session.in(caller), session.revision(), batch, replies);
            if (answers.isPresent()) {
                replies.respondAll(answers.get());
            } else {
                responder.send(Response.empty(202));
            }
        } catch (HttpRefusal e) {
            engine.refused(caller, "invalid_request");
            responder.send(e.response(Json.Null.NULL));
        }
    }

    private void get(Request http, Caller caller, Responder responder) {
        if (!http.headers().has(SESSION) || stateless(http, Json.Obj.EMPTY)) {
            responder.send(notAllowed());
            return;
        }
        try {
            McpSession session = session(http, caller);
            if (!Accepted.of(http).events()) {
                throw new HttpRefusal(406, "Not Acceptable: Accept must name text/event-stream");
            }
            if (http.headers().has(LAST_EVENT)) {
                resume(http, session, responder);
                return;
            }
            Replies.Sink sink = HttpReplies.sink(responder, responder.stream(HttpReplies.streamHead()));
            session.listen(sink);
            if (!engine.listenToAll(session.in(caller), sink)) {
                sink.end();
            }
        } catch (HttpRefusal e) {
            responder.send(e.response(Json.Null.NULL));
        }
    }

    private static void resume(Request http, McpSession session, Responder responder) throws HttpRefusal {
        boolean found = http.headers()
                .only(LAST_EVENT)
                .flatMap(id -> session.replays()
                        .map(kept -> kept.resume(id, () -> responder.stream(HttpReplies.streamHead()))))
                .orElse(false);
        if (!found) {
            throw new HttpRefusal(400, "Bad Request: there is no such event of this session to go on from");
        }
    }

    private void delete(Request http, Caller caller, Responder responder) {
        if (!http.headers().has(SESSION) || stateless(http, Json.Obj.EMPTY)) {
            responder.send(notAllowed());
            return;
        }
        try {
            sessions.end(session(http, caller));
            responder.send(Response.empty(204));
        } catch (HttpRefusal e) {
            responder.send(e.response(Json.Null.NULL));
        }
    }

    /** Refused by the transport; worded as clients know it. */
    private static final class HttpRefusal extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        HttpRefusal(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        Response response(Json id) {
            String message = String.valueOf(getMessage());
            return Response.json(
                    status, JsonWriter.bytes(RpcError.invalidRequest(message).response(id)));
        }
    }
}
