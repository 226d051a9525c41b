package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy is answered, in Envoy's own messages. */
final class ExtAuthzTest {
    private static final String POLICIES = """
            enforcement_points:
              edge:
                agents: [cart, shopper]
                peers: { "spiffe://mesh.example/cart": cart }
              inside: { agents: [shopper], scheme: http }
            agents:
              edge: {}
              inside: {}
              plain: {}
              cart: { roles: [buyer] }
              shopper: { roles: [buyer] }
              stranger: { roles: [buyer] }
            agent_roles:
              buyer:
                permissions:
                  - { resource: "url:https://shop.example.com/**", actions: [read] }
                  - { resource: "url:https://shop.example.com/cart/**", actions: [create, delete] }
                  - { resource: "url:https://books.example.com/**", actions: [read, create, update, delete] }
                  - { resource: "url:http://shop.example.com/plain/**", actions: [read] }
                  - { resource: "url:http://shop.example.com/admin/**", actions: [read] }
            rules:
              - deny: { resource: "url:https://shop.example.com/admin/**" }
                reason: the back office is closed
                tell: agent
              - deny: { resource: "api:library/loans/**", action: update }
              - deny: { resource: "api:library/books", action: read }
                when: has(arguments.request.query.limit) && arguments.request.query.limit > 20
              - deny: { resource: "api:library/fines", action: create }
                when: arguments.request.body.amount > 100
              - require_approval: { resource: "url:https://shop.example.com/cart/pay", action: create }
            """;

    private static final String CATALOGUE = """
            resources:
              library: { api: { document: library.openapi.json, at: ["https://books.example.com/v1"] } }
            """;

    private static final String DOCUMENT = """
            { "openapi": "3.1.0", "info": { "title": "Library", "version": "1" },
              "paths": {
                "/books": { "get": { "operationId": "listBooks", "parameters": [
                  { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 50 } },
                  { "name": "author", "in": "query", "schema": { "type": "string" } } ] } },
                "/fines": { "post": { "requestBody": { "required": true, "content": {
                  "application/json": { "schema": { "$ref": "#/components/schemas/Fine" } } } } } },
                "/scans": { "post": { "requestBody": { "content": { "image/*": {} } } } },
                "/books/{isbn}": { "get": { "operationId": "getBook" } },
                "/books/search": { "post": { "operationId": "search", "x-reeve-action": "read" } },
                "/loans/{id}": { "get": { "operationId": "getLoan" }, "put": { "operationId": "extend" } } },
              "components": { "schemas": { "Fine": { "type": "object", "required": ["amount"], "properties": {
                "amount": { "type": "number", "maximum": 500 }, "for": { "$ref": "#/components/schemas/Reader" } } },
                "Reader": { "type": "object", "properties": { "id": { "type": "string", "pattern": "^r[0-9]+$" } } } } } }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static AuthzenHouse house;

    @SuppressWarnings("NullAway.Init")
    private static ManagedChannel channel;

    private static String edge = "";
    private static String shopper = "";
    private static String inside = "";

    @BeforeAll
    static void open() throws Exception {
        Files.createDirectories(folder.resolve("catalog"));
        Files.writeString(folder.resolve("catalog/library.openapi.json"), DOCUMENT);
        house = AuthzenHouse.open(folder, ", ext_authz: \"127.0.0.1:0\"", CATALOGUE, POLICIES);
        edge = house.key("edge");
        shopper = house.key("shopper");
        inside = house.key("inside");
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), house.serve().extAuthzPort()))
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void close() throws Exception {
        channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        house.close();
    }

    private static CheckResponse check(String key, CheckRequest request) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        return AuthorizationGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .check(request);
    }

    private static HttpRequest.Builder http(String method, String path) {
        return HttpRequest.newBuilder()
                .setMethod(method)
                .setScheme("https")
                .setHost("shop.example.com")
                .setPath(path)
                .setProtocol("HTTP/1.1")
                .setSize(-1);
    }

    private static CheckRequest of(HttpRequest.Builder http, String principal) {
        return CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .setSource(AttributeContext.Peer.newBuilder()
                                .setService("whatever")
                                .putLabels("a", "b")
                                .setPrincipal(principal))
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(http))
                        .putContextExtensions("x", "y"))
                .build();
    }

    private static CheckRequest withKey(String method, String path) {
        return of(http(method, path).putHeaders("x-reeve-key", shopper), "");
    }

    private static String header(CheckResponse response, String name) {
        return response.getDeniedResponse().getHeadersList().stream()
                .map(option -> option.getHeader())
                .filter(header -> header.getKey().equals(name))
                .map(HeaderValue::getValue)
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 0",
        "HEAD, /cart, 0",
        "POST, /cart/items, 0",
        "DELETE, /cart/items?id=1, 0",
        "PUT, /cart/items, 403",
        "POST, /other, 403",
        "POST, /cart/pay, 403",
        "POST, /cart/pay?, 403",
        "POST, /cart/pay?x=1, 403",
        "POST, /cart/pay?x=/cart/items, 403",
        "POST, /cart/pay/, 403",
        "POST, /cart/pay;x=1, 403",
        "POST, /cart/payments, 0",
        "GET, /admin/users?x=1, 403",
        "GET, /admin;a=b/users, 403",
        "GET, /;/admin/users, 403",
        "GET, /x/..%3b/admin/users, 403",
        "GET, /%c0%ae%c0%ae/admin/users, 403",
        "GET, /admin%20/users, 403",
        "GET, /%E2%80%8Badmin/x, 403",
        "GET, /a%20file.pdf?x=1;y=2, 0",
        "GET, /admin/users, 403",
        "GET, /cart/../admin/users, 403",
        "GET, /%61dmin/users, 403",
        "GET, //admin/users, 403",
        "OPTIONS, *, 400",
        "GET, .evil.example/cart, 400",
        "GET, shop.example.com/cart, 400",
        "TRACE, /, 405",
        "CONNECT, , 405",
    })
    void theMethodIsTheActionAndTheUrlTheResource(String method, String path, int status) {
        CheckResponse response = check(edge, withKey(method, path == null ? "" : path));
        assertEquals(
                status == 0 ? Status.Code.OK.value() : Status.Code.PERMISSION_DENIED.value(),
                response.getStatus().getCode());
        assertEquals(status == 0, response.hasOkResponse());
        assertEquals(status, response.getDeniedResponse().getStatus().getCode().getNumber());
    }

    /** A client writes it, in HTTP/2 and in a header, and Envoy tells what it wrote. */
    @ParameterizedTest
    @ValueSource(strings = {"https", "http", "HTTP", "ftp", ""})
    void theSchemeIsThePointsWhateverTheClientSays(String said) {
        HttpRequest.Builder closed = http("GET", "/admin/users").setScheme(said).putHeaders("x-reeve-key", shopper);
        assertFalse(check(edge, of(closed, "")).hasOkResponse());
        HttpRequest.Builder shown = http("GET", "/cart").setScheme(said).putHeaders("x-reeve-key", shopper);
        assertTrue(check(edge, of(shown, "")).hasOkResponse());
        assertFalse(check(inside, of(shown, "")).hasOkResponse());
        HttpRequest.Builder plain = http("GET", "/plain/x").setScheme(said).putHeaders("x-reeve-key", shopper);
        assertTrue(check(inside, of(plain, "")).hasOkResponse());
    }

    /** The role allows every URL of the host; the document says which there are, and a rule on its paths denies one. */
    @ParameterizedTest
    @CsvSource({
        "GET, /v1/books, 0",
        "GET, /v1/books?author=Lem&limit=20, 0",
        "GET, /v1/books?limit=21, 403",
        "GET, /v1/books?limit=51, 403",
        "GET, /v1/books?limit=20&limit=50, 403",
        "GET, /v1/books?limit=20%26limit=50, 403",
        "GET, /v1/books?limits=21, 403",
        "GET, /v1/books/978-3?limit=1, 403",
        "GET, /v1/books/978-3, 0",
        "POST, /v1/books/search, 0",
        "GET, /v1/loans/7, 0",
        "PUT, /v1/loans/7, 403",
        "POST, /v1/books, 403",
        "DELETE, /v1/books/978-3, 403",
        "GET, /v1/books/, 403",
        "GET, /v1/users, 403",
        "GET, /v1/books/a%2Fb, 403",
        "GET, /v1/books/a%252Fb, 403",
        "GET, /v1, 403",
        "DELETE, /v2/anything, 0",
    })
    void anApisDocumentSaysWhichRequestsThereAre(String method, String path, int status) {
        HttpRequest.Builder request = http(method, path).setHost("books.example.com");
        CheckResponse response = check(edge, of(request.putHeaders("x-reeve-key", shopper), ""));
        assertEquals(status, response.getDeniedResponse().getStatus().getCode().getNumber());
        assertEquals(status == 0, response.hasOkResponse());
    }

    /** A rule on the body denies fines over 100; the document has the rest. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | {\"amount\": 20} | 0",
                "application/json; charset=utf-8 | {\"amount\": 20.5, \"for\": {\"id\": \"r1\"}} | 0",
                "application/vnd.library+json | {\"amount\": 20} | 0",
                "application/json | {\"amount\": 101} | 403",
                "application/json | {\"amount\": 501} | 403",
                "application/json | {\"amount\": \"20\"} | 403",
                "application/json | {\"amount\": 20, \"Amount\": 200} | 403",
                "application/json | {\"amount\": 20, \"amount\": 200} | 400",
                "application/json | {\"amount\": 20, \"sum\": 200} | 403",
                "application/json | {\"amount\": 20, \"for\": {\"id\": \"x\"}} | 403",
                "application/json | {\"amount\": 20, \"for\": {\"name\": \"x\"}} | 403",
                "application/json | {} | 403",
                "application/json | [] | 403",
                "application/json | {\"amount\": 20 | 400",
                "application/json; charset=utf-16 | {\"amount\": 20} | 400",
                "application/x-www-form-urlencoded | amount=20 | 403",
                "text/json | {\"amount\": 20} | 403",
                "application/json | '' | 403",
            })
    void theBodyOfARequestIsReadByTheDocument(String type, String body, int status) {
        HttpRequest.Builder request = http("POST", "/v1/fines")
                .setHost("books.example.com")
                .putHeaders("x-reeve-key", shopper)
                .putHeaders("content-type", type)
                .setRawBody(com.google.protobuf.ByteString.copyFromUtf8(body));
        CheckResponse response = check(edge, of(request, ""));
        assertEquals(status, response.getDeniedResponse().getStatus().getCode().getNumber(), () -> response.toString());
        assertEquals(status == 0, response.hasOkResponse());
    }

    private static int fine(String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = http("POST", path)
                .setHost("books.example.com")
                .putHeaders("x-reeve-key", shopper)
                .putAllHeaders(headers)
                .setBody(body);
        return check(edge, of(request, ""))
                .getDeniedResponse()
                .getStatus()
                .getCode()
                .getNumber();
    }

    /** What was not shown is not taken for missing: the rule cannot be evaluated, and denies. */
    @Test
    void aBodyThatIsNotShownIsNotDecidedOn() throws Exception {
        String json = "application/json";
        assertEquals(0, fine("/v1/fines", Map.of("content-type", json), "{\"amount\": 1}"));
        assertEquals(403, fine("/v1/fines", Map.of("content-type", json, "content-length", "15"), ""));
        String ticket = newest();
        String record = house.recorded(ticket).json().toString();
        assertTrue(record.contains("the body of the request was not seen"), record);
        assertEquals(403, fine("/v1/fines", Map.of("content-type", json, "transfer-encoding", "chunked"), ""));
        assertEquals(
                400,
                fine("/v1/fines", Map.of("content-type", json, "content-encoding", "gzip"), "{\"amount\": 1}"),
                "what is packed may hold anything");
        assertEquals(403, fine("/v1/books/search", Map.of("content-type", json), "{}"), "it has no body");
        assertEquals(403, fine("/v1/books/search", Map.of("content-length", "2"), ""), "it has no body");
        assertEquals(0, fine("/v1/books/search", Map.of("content-length", "0"), ""));
        assertEquals(0, fine("/v1/scans", Map.of("content-type", "image/png"), "x"));
        assertEquals(403, fine("/v1/scans", Map.of("content-type", json), "{}"));
        assertEquals(403, fine("/v1/scans", Map.of(), "x"));
    }

    @Test
    void aBodyIsInTheRecord() throws Exception {
        assertEquals(0, fine("/v1/fines", Map.of("content-type", "application/json"), "{\"amount\": 17}"));
        String record = house.recorded(newest()).json().toString();
        assertTrue(record.contains("\"body\":{\"amount\":17}"), record);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop.example", "x@shop.example.com", "shop.example.com/cart", "shop.example.com?"})
    void aHostThatRunsIntoThePathIsRefused(String host) {
        HttpRequest.Builder split = http("GET", host.equals("shop.example") ? ".com/cart" : "shop.example.com/cart");
        CheckResponse response = check(edge, of(split.setHost(host).putHeaders("x-reeve-key", shopper), ""));
        assertEquals(400, response.getDeniedResponse().getStatus().getCode().getNumber());
    }

    @Test
    void anAllowedRequestLosesItsKeyAndIsRecordedAsAVerdict() throws Exception {
        CheckResponse response = check(edge, withKey("GET", "/cart"));
        assertEquals(List.of("x-reeve-key"), response.getOkResponse().getHeadersToRemoveList());
        CheckRequest bearer = of(http("GET", "/cart").putHeaders("authorization", "Bearer " + shopper), "");
        assertEquals(
                List.of("x-reeve-key", "authorization"),
                check(edge, bearer).getOkResponse().getHeadersToRemoveList());
        CheckRequest foreign = of(
                http("GET", "/cart")
                        .putHeaders("authorization", "Bearer eyJ.a.b")
                        .putHeaders("x-reeve-key", shopper),
                "");
        assertEquals(
                List.of("x-reeve-key"),
                check(edge, foreign).getOkResponse().getHeadersToRemoveList(),
                "what is no key of ours is the upstream's");
        Happened last = house.recorded(newest());
        assertEquals("verdict", last.record().kind());
        assertEquals("ext-authz", last.record().leaf().string("channel").orElse(""));
        assertEquals("shopper", last.record().leaf().string("agent").orElse(""));
        assertEquals("edge", last.record().leaf().string("asked_by").orElse(""));
        assertFalse(last.json().toString().contains(shopper), "no key in the record");
    }

    private static String newest() throws Exception {
        var reader = new dev.reeve.audit.AuditReader(folder.resolve("reeve-data/ledger"));
        String[] id = new String[1];
        reader.read(0, happened -> {
            if (happened.isAction()) {
                id[0] = happened.record().id();
            }
            return true;
        });
        return id[0];
    }

    @Test
    void aVerifiedPeerIsTheAgentThatTheOperatorNamed() {
        assertTrue(check(edge, of(http("GET", "/cart"), "spiffe://mesh.example/cart"))
                .hasOkResponse());
        for (String nobody : List.of("", "spiffe://mesh.example/other", "cart", "spiffe://mesh.example/cart/")) {
            CheckResponse response = check(edge, of(http("GET", "/cart"), nobody));
            assertEquals(401, response.getDeniedResponse().getStatus().getCode().getNumber(), nobody);
        }
    }

    @Test
    void nothingThatARequestSaysOfItselfIsProof() {
        CheckRequest claims = of(
                http("GET", "/cart")
                        .putHeaders("x-forwarded-client-cert", "URI=spiffe://mesh.example/cart")
                        .putHeaders("x-user", "cart")
                        .putHeaders("authorization", "Basic Y2FydDpjYXJ0"),
                "");
        assertEquals(
                401,
                check(edge, claims).getDeniedResponse().getStatus().getCode().getNumber());
        // A key that is none does not fall back to the certificate.
        CheckRequest bad =
                of(http("GET", "/cart").putHeaders("x-reeve-key", "reeve_wrong"), "spiffe://mesh.example/cart");
        assertEquals(
                401, check(edge, bad).getDeniedResponse().getStatus().getCode().getNumber());
    }

    @Test
    void anAgentOutsideOfTheSegmentIsNobodyEvenWithItsOwnKey() throws Exception {
        CheckRequest outside = of(http("GET", "/cart").putHeaders("x-reeve-key", house.key("stranger")), "");
        assertEquals(
                401,
                check(edge, outside).getDeniedResponse().getStatus().getCode().getNumber());
    }

    @ParameterizedTest
    @CsvSource({
        "x-envoy-auth-partial-body, true, 413",
        "x-envoy-auth-partial-body, maybe, 413",
        "x-http-method-override, DELETE, 400",
        "x-original-url, /admin, 400",
        "X-Rewrite-URL, /admin, 400",
    })
    void whatWasNotShownWholeOrMeansSomethingElseIsRefused(String name, String value, int status) {
        CheckRequest request =
                of(http("GET", "/cart").putHeaders("x-reeve-key", shopper).putHeaders(name, value), "");
        assertEquals(
                status,
                check(edge, request).getDeniedResponse().getStatus().getCode().getNumber());
        CheckRequest whole = of(
                http("GET", "/cart")
                        .putHeaders("x-reeve-key", shopper)
                        .putHeaders("x-envoy-auth-partial-body", "false"),
                "");
        assertTrue(check(edge, whole).hasOkResponse());
    }

    @Test
    void rawHeadersAreReadToo() {
        HttpRequest.Builder raw = http("GET", "/cart")
                .setHeaderMap(HeaderMap.newBuilder()
                        .addHeaders(HeaderValue.newBuilder()
                                .setKey("x-reeve-key")
                                .setRawValue(com.google.protobuf.ByteString.copyFromUtf8(shopper))));
        assertTrue(check(edge, of(raw, "")).hasOkResponse());
    }

    @Test
    void aDenialTellsWhatAnAgentIsToldAndTheTicket() throws Exception {
        CheckResponse response = check(edge, withKey("GET", "/admin/users"));
        assertEquals("denied_by_rule", header(response, "x-reeve-code"));
        String ticket = header(response, "x-reeve-ticket");
        assertEquals("denial", house.recorded(ticket).record().kind());
        Json.Obj body = dev.reeve.strict.StrictJson.readObject(
                response.getDeniedResponse().getBody().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                dev.reeve.strict.JsonLimits.ANSWER);
        Json.Obj error = body.object("error").orElseThrow();
        assertEquals("the back office is closed", error.string("message").orElse(""));
        assertEquals(ticket, error.string("ticket").orElse(""));
        assertEquals("application/json", header(response, "content-type"));
    }

    @Test
    void onlyEnrolledProxiesAreAnswered() throws Exception {
        StatusRuntimeException plain =
                assertThrows(StatusRuntimeException.class, () -> check(house.key("plain"), withKey("GET", "/")));
        assertEquals(Status.Code.PERMISSION_DENIED, plain.getStatus().getCode());
        StatusRuntimeException nobody =
                assertThrows(StatusRuntimeException.class, () -> check("reeve_nonsense", withKey("GET", "/")));
        assertEquals(Status.Code.UNAUTHENTICATED, nobody.getStatus().getCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 100_000})
    void tooManyHeadersAreRefused(int count) {
        HttpRequest.Builder many = http("GET", "/cart").putHeaders("x-reeve-key", shopper);
        for (int i = 0; i < count; i++) {
            many.putHeaders("h" + i, "v");
        }
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> check(edge, of(many, "")));
        assertTrue(
                List.of(Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED)
                        .contains(refused.getStatus().getCode()),
                refused.getStatus().toString());
    }

    /** Whatever Envoy's own library reads as a request is read so here, and what is damaged allows nothing. */
    @Test
    void randomMessagesAreReadAsEnvoyReadsThemOrRefused() throws Exception {
        long seed = 20261126;
        Random random = new Random(seed);
        byte[] good = withKey("GET", "/cart").toByteArray();
        Map<String, Integer> seen = new java.util.TreeMap<>();
        for (int i = 0; i < Integer.getInteger("reeve.fuzz.ext_authz", 500); i++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            CheckRequest altered;
            try {
                altered = CheckRequest.parseFrom(bytes);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                continue;
            }
            HttpRequest http = altered.getAttributes().getRequest().getHttp();
            boolean same = http.getMethod().equals("GET")
                    && http.getPath().startsWith("/")
                    && http.getHost().equalsIgnoreCase("shop.example.com")
                    && http.getHeadersMap().entrySet().stream()
                            .anyMatch(one -> one.getKey().equalsIgnoreCase("x-reeve-key")
                                    && one.getValue().equals(shopper));
            boolean allowed = check(edge, altered).hasOkResponse();
            assertTrue(same || !allowed, () -> "allowed " + altered);
            seen.merge(same + " " + allowed, 1, Integer::sum);
        }
        assertFalse(seen.isEmpty());
    }
}
