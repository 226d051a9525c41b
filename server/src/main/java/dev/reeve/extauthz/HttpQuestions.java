package dev.reeve.extauthz;

import dev.reeve.enforcement.Asked;
import dev.reeve.enforcement.Judged;
import dev.reeve.enforcement.Point;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification.Known;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.openapi.SentRequest;
import dev.reeve.secrets.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * An HTTP request that a proxy holds back, as a question to the gate: its URL is the resource, its method the action.
 *
 * <p>Who asks for it is known by proof only: a key of ours in the request, or the identity that the proxy verified of the client's
 * certificate, if the operator named the agent that it stands for. No other header is believed.
 */
final class HttpQuestions {
    static final String CHANNEL = "ext-authz";
    static final String KEY_HEADER = "x-reeve-key";
    private static final String AUTHORIZATION = "authorization";
    private static final String PARTIAL = "x-envoy-auth-partial-body";
    private static final Pattern BEARER = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +(reeve_[A-Za-z0-9]{1,512})");

    /** Host and port, and nothing that could reach into the rest of an address. */
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");

    private final VerdictDesk desk;
    private final BiConsumer<String, String> refused;

    /** @param refused takes point and code of each request that did not come to a decision */
    HttpQuestions(VerdictDesk desk, BiConsumer<String, String> refused) {
        this.desk = desk;
        this.refused = refused;
    }

    byte[] answer(Point point, CheckRequest request) {
        if (request.header(PARTIAL).stream().anyMatch(value -> !value.equalsIgnoreCase("false"))) {
            return refuse(point, 413, "body_incomplete", "only a part of the body was shown, so it is not decided on");
        }
        if (request.headers().keySet().stream().anyMatch(SentRequest::misleads)) {
            return refuse(point, 400, "misleading_header", "a header says that something else is meant");
        }
        Optional<String> verb = SentRequest.verb(request.method());
        if (verb.isEmpty()) {
            return refuse(point, 405, "method_unknown", "this method is not decided on");
        }
        if (!AUTHORITY.matcher(request.host()).matches() || !request.path().startsWith("/")) {
            return refuse(point, 400, "target_unreadable", "host and path do not make an address");
        }
        Optional<Known> who = who(point, request);
        if (who.isEmpty()) {
            return refuse(point, 401, "credential_missing", "nothing shows which agent this is");
        }
        Optional<Json.Obj> action = RequestBody.described(
                request,
                Json.object()
                        .put("name", verb.get())
                        .put("method", request.method())
                        .build());
        if (action.isEmpty()) {
            return refuse(point, 400, "body_unreadable", "the body is not JSON that can be decided on");
        }
        Judged judged = desk.judge(point, who, asked(point, request, verb.get(), action.get()), CHANNEL);
        return judged.allowed() ? CheckResponse.allowed(keys(request)) : denied(judged);
    }

    private Optional<Known> who(Point point, CheckRequest request) {
        List<String> keys = request.header(KEY_HEADER);
        Optional<String> bearer = bearer(request);
        if (keys.size() > 1
                || (!keys.isEmpty() && bearer.isPresent() && !keys.getFirst().equals(bearer.get()))) {
            return Optional.empty();
        }
        Optional<String> key = keys.stream().findFirst().or(() -> bearer);
        if (key.isPresent()) {
            return desk.shown(point, new Claim.ApiKey(Secret.of(key.get())));
        }
        return Optional.of(request.principal())
                .filter(it -> !it.isEmpty())
                .flatMap(point.segment()::agentOf)
                .flatMap(agent -> desk.agent(point, agent));
    }

    /** A key of ours; what else is in the header is the upstream's. */
    private static Optional<String> bearer(CheckRequest request) {
        return request.header(AUTHORIZATION).stream()
                .map(BEARER::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(found -> found.group(1))
                .findFirst();
    }

    /** What the upstream must not see: our keys. */
    private static List<String> keys(CheckRequest request) {
        return bearer(request).isPresent() ? List.of(KEY_HEADER, AUTHORIZATION) : List.of(KEY_HEADER);
    }

    /** The scheme that the proxy tells is what the client wrote in {@code :scheme} or {@code x-forwarded-proto}. */
    private static Asked asked(Point point, CheckRequest request, String verb, Json.Obj action) {
        String url = point.segment().scheme() + "://" + request.host() + request.path();
        Json.Obj claims = Json.object()
                .put("action", action)
                .put("resource", Json.object().put("type", "url").put("id", url))
                .build();
        return new Asked("url:" + url, verb, claims, Optional.empty(), Optional.empty());
    }

    private byte[] refuse(Point point, int status, String code, String words) {
        refused.accept(point.name(), code);
        return denied(status, code, words, Optional.empty(), Optional.empty());
    }

    /** The client is the agent: it is told no more than an agent is, whatever the point may see (R10). */
    private static byte[] denied(Judged judged) {
        int status = switch (judged.reasonClass()) {
            case POLICY, APPROVAL -> 403;
            case ARGUMENTS -> 400;
            case IDENTITY -> 401;
            case LIMIT -> 429;
            case UNAVAILABLE -> 503;
        };
        return denied(
                status,
                judged.code(),
                judged.words(),
                Optional.of(judged.reasonClass()),
                Optional.of(judged.ticket()).filter(ticket -> !ticket.isEmpty()));
    }

    private static byte[] denied(
            int status, String code, String words, Optional<ReasonClass> reasonClass, Optional<String> ticket) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("cache-control", "no-store");
        headers.put("x-reeve-code", code);
        ticket.ifPresent(it -> headers.put("x-reeve-ticket", it));
        Json.Builder error = Json.object()
                .put("code", code)
                .put("message", words)
                .put("class", reasonClass.map(ReasonClass::wire))
                .put("ticket", ticket);
        reasonClass.ifPresent(it -> error.put("retry", it.retryMayHelp()));
        byte[] body = JsonWriter.bytes(Json.object().put("error", error).build());
        return CheckResponse.denied(status, headers, body);
    }
}
