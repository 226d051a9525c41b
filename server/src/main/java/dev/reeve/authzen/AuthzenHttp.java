package dev.reeve.authzen;

import dev.reeve.enforcement.Inventory;
import dev.reeve.enforcement.Point;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.http.Handler;
import dev.reeve.http.Request;
import dev.reeve.http.Responder;
import dev.reeve.http.Response;
import dev.reeve.identity.Claim;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decision API of OpenID AuthZEN Authorization API 1.0, HTTPS binding (section 12 of the specification). Every path but the metadata is
 * for enrolled enforcement points with their key as a bearer token.
 *
 * <p>Limits: {@link #LIMITS} of one request, and the number of questions. Errors are a status and a text; a denial is no error.
 */
public final class AuthzenHttp {
    /** As records and counters call it. */
    public static final String CHANNEL = "authzen";

    public static final String EVALUATION = "/access/v1/evaluation";
    public static final String EVALUATIONS = "/access/v1/evaluations";
    public static final String SEARCH_SUBJECT = "/access/v1/search/subject";
    public static final String SEARCH_RESOURCE = "/access/v1/search/resource";
    public static final String SEARCH_ACTION = "/access/v1/search/action";
    public static final String METADATA = "/.well-known/authzen-configuration";

    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32, 50_000, true);
    private static final String REQUEST_ID = "x-request-id";
    private static final int LONGEST_ID = 256;
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_KEY = 512;

    private final VerdictDesk desk;
    private final Evaluations evaluations;
    private final Searches searches;
    private final Refused refused;
    private final boolean secure;

    /** Counts requests that are none; they become summary records (R15). */
    @FunctionalInterface
    public interface Refused {
        /** @param point empty if nobody was believed */
        void refused(Optional<String> point, String code);
    }

    private interface Endpoint {
        Json.Obj answer(Point point, Json.Obj body) throws BadRequestException;
    }

    /**
     * @param most questions of one request
     * @param secure whether the listener speaks TLS: then the metadata says https
     */
    public AuthzenHttp(
            VerdictDesk desk, Inventory inventory, int most, SecureRandom random, boolean secure, Refused refused) {
        this.desk = desk;
        this.evaluations = new Evaluations(desk, most, (point, code) -> refused.refused(Optional.of(point), code));
        this.searches = new Searches(desk, inventory, new PageTokens(random));
        this.secure = secure;
        this.refused = refused;
    }

    /** By path. */
    public Map<String, Handler> routes() {
        Map<String, Handler> routes = new LinkedHashMap<>();
        routes.put(EVALUATION, handler(evaluations::one));
        routes.put(EVALUATIONS, handler(evaluations::many));
        routes.put(SEARCH_SUBJECT, handler(searches::subjects));
        routes.put(SEARCH_RESOURCE, handler(searches::resources));
        routes.put(SEARCH_ACTION, handler(searches::actions));
        routes.put(METADATA, (request, responder) -> responder.send(metadata(request)));
        return routes;
    }

    private Handler handler(Endpoint endpoint) {
        return (request, responder) -> handle(endpoint, request, responder);
    }

    private void handle(Endpoint endpoint, Request request, Responder responder) {
        List<String> ids = request.headers().all(REQUEST_ID);
        if (ids.size() > 1 || (ids.size() == 1 && !isRequestId(ids.getFirst()))) {
            refused.refused(Optional.empty(), "request_id");
            responder.send(error(400, "X-Request-ID is one text of 1 to 256 printable ASCII characters"));
            return;
        }
        Response response = answer(endpoint, request);
        responder.send(ids.isEmpty() ? response : response.with(REQUEST_ID, ids.getFirst()));
    }

    private Response answer(Endpoint endpoint, Request request) {
        return switch (desk.caller(claim(request))) {
            case VerdictDesk.Caller.Enrolled(Point point) -> answer(endpoint, point, request);
            case VerdictDesk.Caller.NoPoint(String agent) -> {
                refused.refused(Optional.of(agent), "no_enforcement_point");
                yield error(
                        403,
                        "this key is none of an enforcement point; the operator enrols one under `enforcement_points:`");
            }
            case VerdictDesk.Caller.Nobody(String code) -> {
                refused.refused(Optional.empty(), code);
                yield error(401, "the key of an enforcement point is needed: Authorization: Bearer reeve_...")
                        .with("www-authenticate", "Bearer realm=\"reeve\"");
            }
        };
    }

    private static Claim claim(Request request) {
        String written = request.headers().only("authorization").orElse("");
        if (!written.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Claim.Nothing();
        }
        int from = BEARER.length();
        while (from < written.length() && written.charAt(from) == ' ') {
            from++;
        }
        String key = written.substring(from);
        return Characters.isText(key, LONGEST_KEY, AuthzenHttp::mayBeInKey)
                ? new Claim.ApiKey(Secret.of(key))
                : new Claim.Nothing();
    }

    /** RFC 6750, section 2.1. */
    private static boolean mayBeInKey(int c) {
        return Characters.isLetterOrDigit(c) || "._~+/=-".indexOf(c) >= 0;
    }

    private static boolean isRequestId(String id) {
        return Characters.isText(id, LONGEST_ID, c -> c >= 0x20 && c <= 0x7e);
    }

    private Response answer(Endpoint endpoint, Point point, Request request) {
        try {
            Json.Obj body = body(request);
            return Response.json(200, JsonWriter.bytes(endpoint.answer(point, body)))
                    .with("cache-control", "no-store");
        } catch (MethodException e) {
            return error(405, "questions are sent by POST").with("allow", "POST");
        } catch (BadRequestException e) {
            refused.refused(Optional.of(point.name()), e.code());
            return error(400, e.words());
        } catch (Searches.UnansweredException e) {
            return error(500, "this cannot be answered at present");
        }
    }

    private static Json.Obj body(Request request) throws BadRequestException, MethodException {
        if (!request.method().equals("POST")) {
            throw new MethodException();
        }
        if (request.query().isPresent()) {
            throw BadRequestException.invalid("no query is read here");
        }
        String type = request.headers().only("content-type").orElse("");
        int end = type.indexOf(';');
        if (!(end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json")) {
            throw BadRequestException.invalid("the Content-Type must be application/json");
        }
        try {
            return StrictJson.readObject(request.body(), LIMITS);
        } catch (JsonRefusedException e) {
            throw new BadRequestException(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static final class MethodException extends Exception {
        private static final long serialVersionUID = 1;

        MethodException() {
            super("not POST", null, false, false);
        }
    }

    /** Section 11: under the name by which the caller came, which the listener knows as one of its own. */
    private Response metadata(Request request) {
        if (!request.method().equals("GET") || request.query().isPresent()) {
            return error(405, "the metadata is read by GET").with("allow", "GET");
        }
        String base = (secure ? "https://" : "http://")
                + request.headers().only("host").orElse("127.0.0.1");
        Json.Obj metadata = Json.object()
                .put("policy_decision_point", base)
                .put("access_evaluation_endpoint", base + EVALUATION)
                .put("access_evaluations_endpoint", base + EVALUATIONS)
                .put("search_subject_endpoint", base + SEARCH_SUBJECT)
                .put("search_resource_endpoint", base + SEARCH_RESOURCE)
                .put("search_action_endpoint", base + SEARCH_ACTION)
                .build();
        return Response.json(200, JsonWriter.bytes(metadata)).with("cache-control", "public, max-age=3600");
    }

    /** The specification wants a text as the body of an error. */
    private static Response error(int status, String message) {
        return new Response(
                status,
                Map.of("content-type", "text/plain; charset=utf-8", "cache-control", "no-store"),
                message.getBytes(StandardCharsets.UTF_8));
    }
}
