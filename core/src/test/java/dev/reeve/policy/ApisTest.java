package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.ApiParameter.Kind;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of an API that an OpenAPI document describes: by URL, and by tools made of its operations. */
final class ApisTest {
    private static final OpenApi SHOP = new OpenApi(List.of(
            new ApiOperation(
                    Optional.of("listOrders"),
                    "GET",
                    PathTemplate.of("/orders"),
                    "read",
                    List.of(
                            new ApiParameter(
                                    "limit",
                                    false,
                                    Kind.WHOLE,
                                    false,
                                    true,
                                    Set.of(),
                                    OptionalDouble.of(1),
                                    OptionalDouble.of(100)),
                            new ApiParameter(
                                    "state",
                                    false,
                                    Kind.TEXT,
                                    true,
                                    true,
                                    Set.of("open", "done"),
                                    OptionalDouble.empty(),
                                    OptionalDouble.empty()),
                            ApiParameter.of("q", Kind.TEXT),
                            ApiParameter.of("deep", Kind.UNREAD))),
            operation("placeOrder", "POST", "/orders", "create"),
            operation("getOrder", "GET", "/orders/{id}", "read"),
            operation("change order", "PATCH", "/orders/{id}", "update"),
            operation("latest", "GET", "/orders/latest", "read"),
            operation("search", "POST", "/orders/search", "read"),
            operation("file", "GET", "/files/{name}.pdf", "read"),
            operation("line", "GET", "/orders/{id}/lines/{line}", "read")));

    private static ApiOperation operation(String id, String method, String path, String verb) {
        return new ApiOperation(Optional.of(id), method, PathTemplate.of(path), verb);
    }

    private static final CompiledPolicy POLICY = policy();

    private static CompiledPolicy policy() {
        Written written = new Written();
        return written.holds("shop", new Holding.Api(SHOP, List.of("HTTPS://Shop.example:443/v1/")), Map.of(), Map.of())
                .mapsTaking("up.*", "shop", new Takes.Parameters(""))
                .mapsTaking("pg.*", "shop", new Takes.Parameters("path"))
                .maps("web.*", "url:{arguments.url}", "read")
                .role("all", written.permission("shop", "read,create,update"))
                .role("one", written.permission("api:shop/orders/7/**", "read"))
                .role("urls", written.permission("url:**", "read,create,update,delete"))
                .compiled();
    }

    private static Operation asked(String method, String url, String verb) {
        return new Operation.AccessEvaluation(
                "point",
                "url:" + url,
                verb,
                Json.object().put("action", Json.object().put("method", method)).build(),
                true);
    }

    private static Access only(Operation operation) {
        Reading reading = POLICY.read(operation);
        return assertInstanceOf(Reading.Touches.class, reading, reading.toString())
                .accesses()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, read, /orders, api:shop/orders, read",
        "HEAD, read, /orders, api:shop/orders, read",
        "POST, create, /orders, api:shop/orders, create",
        "GET, read, /orders/7, api:shop/orders/7, read",
        "GET, read, /orders?limit=7, api:shop/orders, read",
        "PATCH, update, /orders/7, api:shop/orders/7, update",
        "GET, read, /orders/latest, api:shop/orders/latest, read",
        "POST, create, /orders/search, api:shop/orders/search, read",
        "GET, read, /files/a.pdf, api:shop/files/a.pdf, read",
        "GET, read, /orders/%C3%A9/lines/2, api:shop/orders/é/lines/2, read",
    })
    void aRequestIsTheClosestOperation(String method, String verb, String path, String name, String means) {
        Access access = only(asked(method, "https://shop.example/v1" + path, verb));
        assertEquals(List.of("shop", "url:https://shop.example/v1" + path, name), access.names());
        assertEquals(means, access.verb());
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, delete, /orders/7",
        "PUT, update, /orders/7",
        "PATCH, update, /orders/latest",
        "GET, read, /orders/",
        "GET, read, /admin",
        "GET, read, ''",
        "GET, read, /orders/7/lines",
        "GET, read, /files/.pdf",
        "GET, read, /files/a.txt",
        "GET, read, /orders//7",
        "GET, read, /orders/7/../8",
        "GET, read, /orders/%2e%2e",
        "GET, read, /orders/7%2Flines",
        "GET, read, /orders/7%252Flines",
        "GET, read, /orders/%37",
        "GET, read, /orders/7%3Bx",
        "GET, read, /orders/7;x=1",
        "GET, read, /orders/7%5c8",
        "GET, read, /orders/%FF",
        "GET, read, /orders/%E2%80%AE7",
        "GET, read, /Orders",
        "GET, read, /orders/7?x=1",
        "GET, read, /orders?x=1",
        "GET, read, /orders?Limit=1",
        "GET, read, /orders?limit=1&limit=1000",
        "GET, read, /orders?limit=0",
        "GET, read, /orders?limit=101",
        "GET, read, /orders?limit=1e1",
        "GET, read, /orders?limit=%201",
        "GET, read, /orders?limit",
        "GET, read, /orders?limit=1;q=x",
        "GET, read, /orders?q=a&&limit=1",
        "GET, read, /orders?q=%FF",
        "GET, read, /orders?q=%E2%80%AE",
        "GET, read, /orders?q=%00",
        "GET, read, /orders?state=closed",
        "GET, read, /orders?state=open&state=closed",
        "GET, read, /orders?deep=1",
        "POST, create, /orders?limit=1",
    })
    void whatIsNoOperationIsDeniedWhateverARuleOnUrlsAllows(String method, String verb, String path) {
        Operation operation = asked(method, "https://shop.example/v1" + path, verb);
        assertInstanceOf(Reading.Unreadable.class, POLICY.read(operation));
        assertEquals("deny", verdict(decide(POLICY, principal("urls", "all"), operation, Set.of())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|{}",
                "?|{}",
                "?limit=7|{\"limit\":7}",
                "?q=a%20b+c%26limit=9|{\"q\":\"a b c&limit=9\"}",
                "?%6cimit=7|{\"limit\":7}",
                "?state=open&limit=7&state=done|{\"limit\":7,\"state\":[\"open\",\"done\"]}",
            })
    void whatTheQuerySaysIsTypedByTheDocument(String query, String typed) {
        Access access = only(asked("GET", "https://shop.example/v1/orders" + query, "read"));
        assertEquals(
                typed,
                access.arguments()
                        .orElseThrow()
                        .object("request")
                        .flatMap(request -> request.object("query"))
                        .orElseThrow()
                        .toString());
    }

    @Test
    void whatAToolAsksIsCheckedByTheSameParameters() {
        Access access = only(call(
                "up.listOrders", Json.object().put("limit", 7).put("other", "x").build()));
        assertEquals(
                "{\"limit\":7,\"other\":\"x\",\"request\":{\"query\":{\"limit\":7}}}",
                access.arguments().orElseThrow().toString());
        for (Json wrong : List.of(Json.of("7"), Json.of(101), new Json.Num("1.5"), Json.Bool.TRUE)) {
            assertInstanceOf(
                    Reading.Unreadable.class,
                    POLICY.read(call(
                            "up.listOrders", Json.object().put("limit", wrong).build())),
                    wrong::toString);
        }
    }

    @Test
    void otherUrlsAreDecidedAsBefore() {
        assertEquals(
                List.of("url:https://shop.example/v2/orders"),
                only(asked("DELETE", "https://shop.example/v2/orders", "delete"))
                        .names());
        assertEquals(
                List.of("url:https://shop.example/v10"),
                only(asked("GET", "https://shop.example/v10", "read")).names());
    }

    @Test
    void aToolIsDecidedByItsOperationAndTheParametersOfItsPath() {
        Access access = only(call("up.line", args("id", "7", "line", "2")));
        assertEquals(List.of("shop", "api:shop/orders/7/lines/2"), access.names());
        assertEquals("update", only(call("up.change_order", args("id", "7"))).verb());
        assertEquals(
                "api:shop/orders/8",
                only(call(
                                "pg.getOrder",
                                Json.object()
                                        .put("path", Json.object().put("id", 8))
                                        .build()))
                        .narrowest());
        assertEquals(
                "allow",
                verdict(decide(POLICY, principal("one"), call("up.line", args("id", "7", "line", "2")), Set.of())));
        assertEquals(
                "deny",
                verdict(decide(POLICY, principal("one"), call("up.line", args("id", "8", "line", "2")), Set.of())));
        assertInstanceOf(Reading.Unreadable.class, POLICY.read(call("up.deleteOrder", args("id", "7"))));
        assertInstanceOf(Reading.Unreadable.class, POLICY.read(call("up.line", args("id", "7"))));
    }

    @Test
    void aToolThatTakesUrlsIsDecidedByTheDocumentToo() {
        assertEquals(
                "api:shop/orders/7",
                only(call("web.fetch", args("url", "https://shop.example/v1/orders/7")))
                        .narrowest());
        assertInstanceOf(
                Reading.Unreadable.class, POLICY.read(call("web.fetch", args("url", "https://shop.example/v1/admin"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", "7/8", "7%2F8", "7\\8", "7?x", "7#x", "7;x", "*", "7\n", "7\u202e"})
    void aParameterThatCouldBeMoreThanOneSegmentIsRefused(String value) {
        assertInstanceOf(Reading.Unreadable.class, POLICY.read(call("up.getOrder", args("id", value))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "/a/{b", "/a/{b}{c}", "/a/../b", "/a%2fb", "/{a}/{a}", "/a;b", "/*"})
    void aPathThatCouldMeanTwoThingsIsAnError(String path) {
        assertThrows(IllegalArgumentException.class, () -> PathTemplate.of(path));
    }

    @Test
    void aDocumentNamesEachPathAndOperationOnce() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new OpenApi(List.of(
                        operation("a", "GET", "/{c}/x", "read"),
                        operation("b", "GET", "/{b}/y", "read"),
                        operation("c", "POST", "/{a}/x", "read"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new OpenApi(List.of(operation("a", "GET", "/x", "read"), operation("a", "GET", "/y", "read"))));
    }
}
