package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Envoy itself asks before it passes a request on, configured as docs/integrations/envoy.md says; and somebody else's AuthZEN client asks. */
final class EnvoyTest {
    @TempDir
    static Path folder;

    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static HttpServer shop;
    private static Product product;
    private static Running envoy;
    private static int edge;
    private static String shopper;
    private static String point;

    @BeforeAll
    static void startEverybody() throws IOException, InterruptedException {
        Path outside = Outside.decisions();
        SEEN.clear();
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            SEEN.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().keySet());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        shop.start();
        int checks = Ports.free();
        edge = Ports.free();
        product = Product.start(home(checks));
        point = key("edge");
        shopper = key("shopper");
        Path config = folder.resolve("envoy.yaml");
        Files.writeString(config, envoy(checks, shop.getAddress().getPort()));
        envoy = Running.start(
                folder,
                Map.of("REEVE_KEY", point),
                Pattern.compile("starting main dispatch loop"),
                List.of(
                        outside.resolve("venv/bin/envoy").toString(),
                        "-c",
                        config.toString(),
                        "--concurrency",
                        "1",
                        "--base-id",
                        Integer.toString(edge),
                        "--disable-hot-restart"));
    }

    @AfterAll
    static void stopEverybody() {
        if (envoy != null) {
            envoy.close();
        }
        if (product != null) {
            product.close();
        }
        if (shop != null) {
            shop.stop(0);
        }
        HTTP.close();
    }

    private static Path home(int checks) throws IOException {
        Path home = Homes.home(folder.resolve("home"), "{}");
        Homes.file(home, "reeve.yaml", """
                listen: { agents: "127.0.0.1:0", control: "127.0.0.1:0", ext_authz: "127.0.0.1:%d" }
                data: ./reeve-data
                """.formatted(checks));
        Homes.file(home, "policies/edge.yaml", """
                enforcement_points:
                  edge: { agents: shopper, scheme: http }
                agents: { edge: {}, shopper: { roles: [buyer] } }
                agent_roles:
                  buyer:
                    permissions:
                      - { resource: "url:http://127.0.0.1:%1$d/**", actions: [read] }
                      - { resource: "url:http://127.0.0.1:%1$d/cart/*", actions: [create] }
                      - { resource: "api:orders/**", actions: [create] }
                rules:
                  - deny: { resource: "url:http://127.0.0.1:%1$d/admin/**" }
                    reason: the back office is closed
                    tell: agent
                  - deny: { resource: "api:orders/new", action: create }
                    when: arguments.request.body.total > 100
                """.formatted(edge));
        Homes.file(
                home,
                "catalog/orders.yaml",
                "resources: { orders: { api: { document: orders.openapi.yaml, at: \"http://127.0.0.1:" + edge
                        + "/orders\" } } }\n");
        Homes.file(home, "catalog/orders.openapi.yaml", """
                openapi: 3.1.0
                paths:
                  /new: { post: { requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } } } }
                components: { schemas: { Order: { type: object, required: [total], properties: { total: { type: number } } } } }
                """);
        return home;
    }

    private static String key(String agent) {
        return Text.find(
                product.reeve("key", "create", agent, "--json").out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    }

    private static String envoy(int checks, int upstream) {
        return """
                static_resources:
                  listeners:
                    - address: { socket_address: { address: 127.0.0.1, port_value: %d } }
                      filter_chains:
                        - filters:
                            - name: envoy.filters.network.http_connection_manager
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                stat_prefix: edge
                                normalize_path: true
                                merge_slashes: true
                                path_with_escaped_slashes_action: REJECT_REQUEST
                                route_config:
                                  virtual_hosts:
                                    - { name: all, domains: ["*"], routes: [ { match: { prefix: / }, route: { cluster: shop } } ] }
                                http_filters:
                                  - name: envoy.filters.http.ext_authz
                                    typed_config:
                                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                                      transport_api_version: V3
                                      failure_mode_allow: false
                                      status_on_error: { code: ServiceUnavailable }
                                      clear_route_cache: true
                                      with_request_body: { max_request_bytes: 65536, allow_partial_message: false, pack_as_bytes: true }
                                      grpc_service:
                                        envoy_grpc: { cluster_name: reeve }
                                        timeout: 20s
                                        initial_metadata:
                                          - { key: authorization, value: "Bearer %%ENVIRONMENT(REEVE_KEY)%%" }
                                  - name: envoy.filters.http.router
                                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                  clusters:
                    - name: reeve
                      type: STATIC
                      typed_extension_protocol_options:
                        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                          explicit_http_config: { http2_protocol_options: {} }
                      load_assignment:
                        cluster_name: reeve
                        endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ]
                    - name: shop
                      type: STATIC
                      load_assignment:
                        cluster_name: shop
                        endpoints: [ { lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ]
                """.formatted(edge, checks, upstream);
    }

    private static HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("X-Shop", "1"));
        all.addAll(List.of(headers));
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .headers(all.toArray(String[]::new))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Of what this test asks for. */
    private static long seen() {
        return SEEN.stream().filter(one -> !one.contains(" /orders/")).count();
    }

    private static String first() {
        return SEEN.stream()
                .filter(one -> !one.contains(" /orders/"))
                .findFirst()
                .orElse("");
    }

    private static String[] asShopper() {
        return new String[] {"X-Reeve-Key", shopper};
    }

    @Test
    void envoyPassesOnWhatIsAllowedAndAnswersWithWhatIsDenied() throws Exception {
        assertEquals(200, ask("GET", "/things?x=1", asShopper()).statusCode());
        assertEquals(200, ask("POST", "/cart/items", asShopper()).statusCode());
        assertEquals(
                200,
                ask("GET", "/things", "X-Reeve-Key", shopper, "X-Forwarded-Proto", "https")
                        .statusCode(),
                "another scheme, which Envoy tells, makes no other URL");
        assertEquals(3, seen());
        assertTrue(first().startsWith("GET /things?x=1 "), first());
        assertFalse(first().toLowerCase(java.util.Locale.ROOT).contains("x-reeve-key"), first());
        HttpResponse<String> denied = ask("GET", "/admin/users", asShopper());
        assertEquals(403, denied.statusCode());
        assertEquals(
                "denied_by_rule", denied.headers().firstValue("x-reeve-code").orElse(""));
        assertTrue(denied.body().contains("the back office is closed"), denied.body());
        for (String past : List.of("/admin/users?x=/", "/admin;a=b/users", "/;/admin/users", "/admin%20/users")) {
            assertEquals(403, ask("GET", past, asShopper()).statusCode(), past);
        }
        assertEquals(403, ask("DELETE", "/things", asShopper()).statusCode());
        assertEquals(403, ask("GET", "/things/../admin/users", asShopper()).statusCode());
        assertEquals(401, ask("GET", "/things").statusCode());
        assertEquals(401, ask("GET", "/things", "X-Reeve-Key", "reeve_nonsense").statusCode());
        assertEquals(
                401,
                ask("GET", "/things", "X-Forwarded-Client-Cert", "URI=spiffe://x/shopper")
                        .statusCode());
        assertEquals(3, seen(), "nothing that was denied reached the shop");
        String ticket = denied.headers().firstValue("x-reeve-ticket").orElse("");
        String shown = product.reeve("audit", "show", ticket, "--json").out();
        assertTrue(shown.contains("ext-authz") && shown.contains("\"asked_by\""), shown);
        Commands.Ran verified = product.reeve("audit", "verify");
        assertEquals(0, verified.exit(), verified.err());
    }

    private static int order(String body, String type) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge + "/orders/new"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .headers("X-Reeve-Key", shopper, "Content-Type", type)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void envoyShowsBodiesAndTheyAreDecidedOn() throws Exception {
        assertEquals(200, order("{\"total\":20}", "application/json"));
        assertEquals(403, order("{\"total\":200}", "application/json"));
        assertEquals(403, order("{\"total\":20,\"more\":1}", "application/json"));
        assertEquals(400, order("{\"total\":20,\"total\":200}", "application/json"));
        assertEquals(403, order("total=20", "application/x-www-form-urlencoded"));
        assertEquals(403, order("", "application/json"));
        assertEquals(413, order("{\"total\":20" + " ".repeat(70_000) + "}", "application/json"));
    }

    @Test
    void somebodyElsesClientOfTheDecisionApiIsAnswered() {
        Path outside = Outside.decisions();
        String base = product.mcp().replace("/mcp", "");
        for (boolean allowed : List.of(true, false)) {
            Commands.Ran ran = Commands.run(
                    outside,
                    Map.of(),
                    60,
                    List.of(
                            outside.resolve("venv/bin/python").toString(),
                            outside.resolve("check.py").toString(),
                            base,
                            point,
                            "shopper",
                            allowed ? "read" : "delete",
                            "url",
                            "http://127.0.0.1:" + edge + "/things"));
            assertEquals(0, ran.exit(), ran.err());
            assertTrue(ran.out().contains("\"id\": \"rv_"), ran.out());
            assertTrue(ran.out().contains("\"allowed\": " + allowed), ran.out());
        }
    }
}
