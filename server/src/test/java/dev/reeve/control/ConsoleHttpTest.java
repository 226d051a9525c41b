package dev.reeve.control;

import static dev.reeve.definitions.OfferedTool.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.KeyText;
import dev.reeve.approval.Answerer;
import dev.reeve.audit.Scope;
import dev.reeve.console.Console;
import dev.reeve.control.Route.Access;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.grant.GrantDesk;
import dev.reeve.grant.Recipient;
import dev.reeve.grant.Wish;
import dev.reeve.json.Json;
import dev.reeve.policy.Glob;
import dev.reeve.policy.Offer;
import dev.reeve.policy.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages over real sockets, as browsers, strangers and attackers ask for them. */
final class ConsoleHttpTest {
    private static final String PASSWORD = "a long walk beside the river";
    private static final String PAYLOAD =
            "\"'><script>alert(1)</script><img src=x onerror=alert(1)>`\u202e\u200b{{7*7}}";
    private static final Offer OFFER = new Offer(
            "refunds",
            Place.BUILT_IN,
            List.of(Glob.of("clerk")),
            List.of(),
            Duration.ofHours(1),
            1,
            Set.of(),
            List.of(PAYLOAD),
            "terms");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private ControlListener listener;

    @SuppressWarnings("NullAway.Init")
    private GrantDesk grants;

    @SuppressWarnings("NullAway.Init")
    private PinnedDefinitions definitions;

    @SuppressWarnings("NullAway.Init")
    private ControlRoutes routes;

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Optional<String> changedBy = Optional.empty();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        grants = new GrantDesk(
                room.grants(),
                (person, act, subject, difference) -> house.acts.add(person + " " + act + " " + subject),
                room.people(),
                room.clock(),
                () -> "g_1");
        List<Route> more = new ArrayList<>(
                GrantRoutes.of(grants, () -> Map.of("refunds", OFFER), room.directory(), room.administrators()));
        more.addAll(List.of(
                new Route("GET", "/v1/audit/events", Access.AUDITOR, request -> events(request, List.of(event()))),
                new Route("GET", "/v1/audit/events/{record}", Access.AUDITOR, request -> ControlReply.json(event())),
                new Route("GET", "/v1/limits", Access.ADMINISTRATOR, request -> limits()),
                new Route("GET", "/v1/approvals", Access.APPROVER, request -> approvals()),
                new Route("GET", "/v1/approvals/{ticket}", Access.APPROVER, request -> ControlReply.json(approval())),
                new Route("GET", "/v1/tokens", Access.APPROVER, request -> tokens()),
                new Route("GET", "/v1/tokens/{id}", Access.APPROVER, request -> ControlReply.json(token())),
                new Route("POST", "/v1/tokens/{id}/reveal", Access.APPROVER, this::reveal),
                new Route(
                        "POST",
                        "/v1/approvals/{ticket}/result",
                        Access.APPROVER,
                        request -> ControlReply.json(Json.object()
                                .put("result", Json.object().put(PAYLOAD, PAYLOAD))
                                .build())),
                new Route("POST", "/v1/approvals/{ticket}/approve", Access.APPROVER, this::approve)));
        more.addAll(PolicyRoutes.of(new Waits(), room::administrators));
        definitions = new PinnedDefinitions(
                room.pins("default"), (act, pin) -> {}, room.clock().source());
        more.addAll(ToolRoutes.of(definitions, room));
        routes = room.routes(more);
        Console console = new Console(routes, new SignIns(room, new SecureRandom()), () -> 7071, refused::add);
        listener = ControlListener.open(
                ControlListener.Place.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                routes,
                room.administrators(),
                console);
    }

    @AfterEach
    void close() {
        http.close();
        listener.close();
        room.close();
    }

    /** A policy that bo changed. */
    private final class Waits implements PolicyRoutes.Desk {
        @Override
        public Optional<PolicyRoutes.Waiting> waiting() {
            return changedBy.map(person -> new PolicyRoutes.Waiting(
                    "v1",
                    "file:" + person,
                    Json.object()
                            .put("version", "v1")
                            .put("person", "file:" + person)
                            .put("wider", Json.Arr.ofStrings(List.of(PAYLOAD)))
                            .build()));
        }

        @Override
        public Optional<List<String>> second(String version, String person) {
            asked.add(person + " agrees to " + version);
            changedBy = Optional.empty();
            return Optional.of(List.of());
        }
    }

    private ControlReply events(ControlRequest request, List<Json> events) {
        asked.add(request.person() + " reads");
        return ControlReply.json(Json.object()
                .put("events", new Json.Arr(events))
                .put("indexed", 1)
                .build());
    }

    private ControlReply approvals() {
        return ControlReply.json(Json.object()
                .put("approvals", new Json.Arr(List.of(approval())))
                .build());
    }

    private static ControlReply tokens() {
        return ControlReply.json(
                Json.object().put("tokens", new Json.Arr(List.of(token()))).build());
    }

    private static Json.Obj token() {
        Json.Builder one = Json.object().put("token", "[email:t_1]").put("used", true);
        List.of("kind", "agent", "instance", "user", "created", "expires").forEach(name -> one.put(name, PAYLOAD));
        return one.put("by", Json.Arr.ofStrings(List.of(PAYLOAD))).build();
    }

    private ControlReply reveal(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("reason");
        if (body.text("reason").equals("curious")) {
            throw RefusedException.forbidden("not_for_you", "the guardrail does not let you", "");
        }
        asked.add(request.person() + " reveals " + request.variable("id") + " because " + body.text("reason"));
        return ControlReply.json(token().with("value", Json.of("grete@holm.example" + PAYLOAD)));
    }

    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("reason", "for", "free");
        asked.add(request.person() + " approves because " + body.text("reason")
                + body.optionalText("for").map(time -> " for " + time).orElse("")
                + (body.texts("free").isEmpty() ? "" : " whatever " + new TreeSet<>(body.texts("free"))));
        return ControlReply.json(approval());
    }

    /** With the payload in every place that somebody else may have written. */
    private static Json.Obj event() {
        Json.Obj rule = Json.object()
                .put("name", PAYLOAD)
                .put("file", PAYLOAD)
                .put("line", 3)
                .build();
        Json.Obj finding = Json.object()
                .put("stage", PAYLOAD)
                .put("result", PAYLOAD)
                .put("rule", rule)
                .build();
        Json.Builder decided = Json.object()
                .put("kind", "denial")
                .put("findings", new Json.Arr(List.of(finding)))
                .put("operation", Json.object().put("kind", PAYLOAD).put("subject", PAYLOAD))
                .put("denial", Json.object().put("code", PAYLOAD).put("rule", rule));
        List.of("id", "time", "agent", "instance", "session", "user", "policy")
                .forEach(name -> decided.put(name, PAYLOAD));
        Json.Obj reasons = Json.object()
                .put("denial", PAYLOAD)
                .put("nearest", PAYLOAD)
                .put("help", PAYLOAD)
                .put("tell", PAYLOAD)
                .put("findings", Json.Arr.ofStrings(List.of(PAYLOAD)))
                .build();
        Json.Obj outcome = Json.object()
                .put("kind", "outcome")
                .put("id", PAYLOAD)
                .put("status", PAYLOAD)
                .put("result", Json.object().put(PAYLOAD, PAYLOAD))
                .build();
        return Json.object()
                .put(
                        "reeve",
                        Json.object()
                                .put("index", 1)
                                .put("decided", decided)
                                .put(
                                        "disclosed",
                                        Json.object()
                                                .put("arguments", Json.object().put(PAYLOAD, PAYLOAD))
                                                .put("reasons", reasons))
                                .put("outcome", outcome)
                                .put("outcome_index", 2)
                                .put(
                                        "outcome_disclosed",
                                        Json.object()
                                                .put("reasons", Json.object().put("x", PAYLOAD))))
                .build();
    }

    private static Json.Obj approval() {
        Json.Builder one = Json.object().put("ticket", "rv_1").put("state", "pending");
        List.of("subject", "agent", "user", "owner", "created", "until").forEach(name -> one.put(name, PAYLOAD));
        Json.Obj rule = Json.object()
                .put("name", PAYLOAD)
                .put("place", PAYLOAD)
                .put("reason", PAYLOAD)
                .put("by", Json.Arr.ofStrings(List.of(PAYLOAD)))
                .build();
        Json.Obj vote =
                Json.object().put("person", PAYLOAD).put("reason", PAYLOAD).build();
        return one.put("grant_up_to", "PT1H")
                .put("about", "result")
                .put("found", PAYLOAD)
                .put(
                        "hidden",
                        new Json.Arr(List.of(Json.object()
                                .put("at", PAYLOAD)
                                .put("why", "secret")
                                .build())))
                .put("hidden_elsewhere", true)
                .put("arguments", Json.object().put(PAYLOAD, PAYLOAD))
                .put("touches", Json.Arr.ofStrings(List.of(PAYLOAD)))
                .put("labels", Json.Arr.ofStrings(List.of(PAYLOAD)))
                .put("rules", new Json.Arr(List.of(rule)))
                .put("votes", new Json.Arr(List.of(vote)))
                .build();
    }

    private String origin() {
        return "http://127.0.0.1:" + listener.port();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As a browser sends a form of ours. */
    private HttpResponse<String> post(String path, Map<String, String> fields, String... headers) throws Exception {
        StringBuilder body = new StringBuilder();
        fields.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Origin", origin());
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i + 1].isEmpty()) {
                request = without(path, body.toString(), headers[i]);
            } else {
                request.setHeader(headers[i], headers[i + 1]);
            }
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder without(String path, String body, String header) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/x-www-form-urlencoded");
        return header.equals("Origin") ? request : request.header("Origin", origin());
    }

    private String invite(String name, Role... roles) throws RefusedException {
        return room.accounts()
                .invite("local:root", name, Set.of(roles), Scope.ALL)
                .exposeTextInsecurely();
    }

    private HttpResponse<String> take(String link, String name) throws Exception {
        return post("/console/welcome", Map.of("link", link, "name", name, "password", PASSWORD, "again", PASSWORD));
    }

    private static String cookie(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private String signedIn(String name, Role... roles) throws Exception {
        HttpResponse<String> response = take(invite(name, roles), name);
        assertEquals(303, response.statusCode(), response.body());
        return cookie(response);
    }

    private HttpResponse<String> signIn(String name, String password) throws Exception {
        return post("/console/sign-in", Map.of("name", name, "password", password));
    }

    private String csrf(String cookie) throws Exception {
        Matcher found = CSRF.matcher(get("/console", "Cookie", cookie).body());
        assertTrue(found.find());
        return found.group(1);
    }

    private boolean isIn(String cookie) throws Exception {
        return get("/console", "Cookie", cookie).statusCode() == 200;
    }

    /** Whoever follows the link of a message decides on what it is about. */
    @Test
    void whoSignsInGoesOnToThePageThatWasAskedFor() throws Exception {
        signedIn("ana", Role.APPROVER);
        String door = location(get("/console/approvals/rv_1"));
        assertEquals("/console/sign-in?to=%2Fconsole%2Fapprovals%2Frv_1", door);
        assertTrue(get(door).body().contains("name=\"to\" value=\"/console/approvals/rv_1\""));
        String to = "/console/approvals/rv_1";
        HttpResponse<String> wrong = post("/console/sign-in", Map.of("name", "ana", "password", "no", "to", to));
        assertTrue(wrong.body().contains("value=\"/console/approvals/rv_1\""), "it is not forgotten");
        HttpResponse<String> in = post("/console/sign-in", Map.of("name", "ana", "password", PASSWORD, "to", to));
        assertEquals(to, location(in));
        assertEquals(to, location(get(door, "Cookie", cookie(in))));
        assertEquals("/console/sign-in", location(get("/console")));
        for (String elsewhere : List.of(
                "https://evil.example/",
                "//evil.example",
                "/console/../v1/agents",
                "/console//evil.example",
                "/v1/agents",
                "/console/sign-out",
                "/console/approvals?x=1\r\nSet-Cookie: a=b")) {
            assertEquals(
                    "/console",
                    location(post("/console/sign-in", Map.of("name", "ana", "password", PASSWORD, "to", elsewhere))),
                    elsewhere);
        }
    }

    /** From a chat or a mailbox the browser sends no cookie, also over a redirect; from a page of ours it does. */
    @Test
    void aLinkOfAnotherSiteLeadsOverAPageOfOurs() throws Exception {
        HttpResponse<String> page = get("/approvals/rv_1", "Sec-Fetch-Site", "cross-site");
        assertEquals(200, page.statusCode());
        assertEquals(
                "0; url=/console/approvals/rv_1",
                page.headers().firstValue("Refresh").orElse(""));
        assertTrue(page.body().contains("href=\"/console/approvals/rv_1\""));
        assertEquals("/console/approvals/rv_1", location(get("/approvals/rv_1", "Sec-Fetch-Site", "same-origin")));
    }

    /** The list says when another question waits; that it looks is no use of the session, and nobody has seen anything. */
    @Test
    void theListOfQuestionsIsToldWhatChanged() throws Exception {
        String cookie = signedIn("ana", Role.APPROVER);
        Matcher shown = Pattern.compile("data-address=\"([^\"]+)\" data-mark=\"([^\"]+)\"")
                .matcher(get("/console/approvals", "Cookie", cookie).body());
        assertTrue(shown.find());
        assertEquals(shown.group(2), get(shown.group(1), "Cookie", cookie).body());
        assertEquals(401, get(shown.group(1)).statusCode(), "a script is not led to the door");
        assertEquals(
                403,
                get(shown.group(1), "Cookie", signedIn("eve", Role.AUDITOR)).statusCode());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    @Test
    void everyAnswerHoldsTheBrowserToOurOwnFiles() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        for (String path : List.of(
                "/console",
                "/console/sign-in",
                "/console/welcome",
                "/console/welcome?link=x",
                "/console/actions/1",
                "/console/approvals",
                "/console/approvals/rv_1",
                "/console/tokens",
                "/console/tokens/t_1",
                "/console/nowhere",
                "/console/live",
                "/")) {
            for (String[] headers : new String[][] {{}, {"Cookie", cookie}}) {
                HttpResponse<String> response = get(path, headers);
                String policy =
                        response.headers().firstValue("Content-Security-Policy").orElse("");
                assertTrue(
                        policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), path + policy);
                assertTrue(policy.contains("frame-ancestors 'none'") && policy.contains("trusted-types 'none'"), path);
                assertFalse(policy.contains("unsafe"), path);
                assertEquals(
                        "nosniff",
                        response.headers().firstValue("X-Content-Type-Options").orElse(""),
                        path);
                assertEquals(
                        "no-store",
                        response.headers().firstValue("Cache-Control").orElse(""),
                        path);
                assertEquals(
                        "same-origin",
                        response.headers()
                                .firstValue("Cross-Origin-Opener-Policy")
                                .orElse(""));
                assertFalse(
                        response.body().contains("<style") || response.body().matches("(?s).*<script(?! src=).*"),
                        path);
                String tags = response.body().replaceAll("\"[^\"]*\"", "\"\"");
                assertFalse(tags.matches("(?is).*<[^>]+ (style|on[a-z]+)=.*"), path);
            }
        }
    }

    @Test
    void aTokenIsTurnedBackInTheNameOfWhoIsSignedInAndSaysWhy() throws Exception {
        String ana = signedIn("ana", Role.APPROVER);
        assertTrue(get("/console/tokens", "Cookie", ana).body().contains("/console/tokens/t_1"));
        assertTrue(get("/console/tokens/t_1", "Cookie", ana).body().contains("id=\"reveal\""));
        Map<String, String> fields = new HashMap<>(Map.of("answer", "reveal", "reason", "ticket 4711"));
        assertEquals(
                403, post("/console/tokens/t_1", fields, "Cookie", ana).statusCode(), "without the session's word");
        assertEquals(List.of(), asked);
        fields.put("csrf", csrf(ana));
        asked.clear();
        HttpResponse<String> shown = post("/console/tokens/t_1", fields, "Cookie", ana);
        assertEquals(200, shown.statusCode(), shown.body());
        assertTrue(shown.body().contains("grete@holm.example"), shown.body());
        assertFalse(shown.body().contains("<script>alert") || shown.body().contains("id=\"reveal\""), shown.body());
        assertEquals("no-store", shown.headers().firstValue("Cache-Control").orElse(""));
        assertTrue(asked.toString().contains("reveals t_1 because ticket 4711"), asked.toString());
        fields.put("reason", "curious");
        HttpResponse<String> refused = post("/console/tokens/t_1", fields, "Cookie", ana);
        assertEquals(409, refused.statusCode());
        assertTrue(
                refused.body().contains("does not let you") && !refused.body().contains("grete@"), refused.body());
        assertFalse(get("/console/tokens/t_1", "Cookie", ana).body().contains("grete@"), "it is kept nowhere");
        String bo = signedIn("bo", Role.AUDITOR);
        assertEquals(403, get("/console/tokens", "Cookie", bo).statusCode());
        assertFalse(get("/console", "Cookie", bo).body().contains("/console/tokens"));
        fields.put("csrf", csrf(bo));
        assertEquals(403, post("/console/tokens/t_1", fields, "Cookie", bo).statusCode());
    }

    @Test
    void whatIsNotShownOfAnApprovalIsSaid() throws Exception {
        String ana = signedIn("ana", Role.APPROVER);
        String page = get("/console/approvals/rv_1", "Cookie", ana).body();
        assertTrue(page.contains("What you do not see") && page.contains("It is masked."), page);
        assertTrue(page.contains("Something in a name"), page);
        assertTrue(get("/console/approvals", "Cookie", ana).body().contains("One value is not shown."));
    }

    @Test
    void whoIsNotSignedInIsLedToTheDoor() throws Exception {
        for (String path : List.of("/console", "/console/actions/1", "/console/approvals", "/console/approvals/rv_1")) {
            HttpResponse<String> response = get(path, "Cookie", "reeve-7071=made-up");
            assertEquals(303, response.statusCode(), path);
            assertEquals("/console/sign-in", location(response).split("\\?", 2)[0]);
            assertTrue(response.body().isEmpty());
        }
        assertEquals(401, get("/console/live").statusCode());
        assertEquals(
                401,
                post("/console/approvals/rv_1", Map.of("answer", "approve")).statusCode());
        assertEquals(
                "/console/approvals/rv_1",
                get("/approvals/rv_1").headers().firstValue("Location").orElse(""));
    }

    @Test
    void theFirstLinkIsForOneUseAndForTenMinutesAndLookingDoesNotUseItUp() throws Exception {
        String late = room.administrators().firstLink().orElseThrow().exposeTextInsecurely();
        house.store.pass(Duration.ofMinutes(11));
        assertEquals(400, take(late, "ana").statusCode());
        String link = room.administrators().firstLink().orElseThrow().exposeTextInsecurely();
        assertEquals(200, get("/console/welcome?link=" + link).statusCode());
        HttpResponse<String> weak =
                post("/console/welcome", Map.of("link", link, "name", "ana", "password", "short", "again", "short"));
        assertTrue(weak.body().contains("15 to 200 characters"), "and the link stays good");
        HttpResponse<String> taken = take(link, "ana");
        assertEquals(303, taken.statusCode(), taken.body());
        assertTrue(isIn(cookie(taken)));
        assertEquals(400, take(link, "eve").statusCode());
        assertTrue(room.accounts().find("eve").isEmpty());
        assertEquals(Optional.empty(), room.administrators().firstLink(), "somebody is administrator now");
    }

    @Test
    void anInvitationIsForOneUseAndADay() throws Exception {
        String link = invite("bo", Role.APPROVER);
        String newer = invite("bo");
        assertEquals(403, take(link, "bo").statusCode(), "a newer link ends the older");
        assertEquals(303, take(newer, "somebody else").statusCode());
        assertTrue(room.accounts().find("somebody else").isEmpty(), "the name is that of the invitation");
        assertEquals(403, take(newer, "bo").statusCode());
        String old = invite("bo");
        house.store.pass(Duration.ofHours(25));
        assertEquals(403, take(old, "bo").statusCode());
        assertEquals(403, get("/console/welcome?link=" + old).statusCode());
    }

    @Test
    void theCookieIsHeldAsTightAsABrowserCan() throws Exception {
        HttpResponse<String> response = take(invite("ana", Role.ADMIN), "ana");
        String set = response.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(set.matches("reeve-7071=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), set);
        List<String> all = response.headers().allValues("Set-Cookie");
        assertEquals(2, all.size(), all.toString());
        assertTrue(
                all.get(1)
                        .matches("reeve-device-7071=[^;]{90,110}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Strict"),
                all.get(1));
        assertFalse(isIn(all.get(1).split(";", 2)[0]), "it lets nobody in");
        assertFalse(isIn(cookie(response) + "; " + cookie(response)), "two of them: somebody else put one there");
        String out = post("/console/sign-out", Map.of("csrf", csrf(cookie(response))), "Cookie", cookie(response))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        assertTrue(out.startsWith("reeve-7071=; Path=/; Max-Age=0"), out);
        assertFalse(isIn(cookie(response)), "the server forgot it, whatever the browser does");
    }

    @Test
    void aWrongNameAndAWrongPasswordAreTheSameAnswerAndAreLimitedAlike() throws Exception {
        signedIn("ana", Role.ADMIN);
        HttpResponse<String> name = signIn("nobody", PASSWORD);
        HttpResponse<String> password = signIn("ana", "a long walk beside the sea");
        assertEquals(401, name.statusCode());
        assertEquals(name.statusCode(), password.statusCode());
        assertEquals(name.body(), password.body());
        for (String who : List.of("ana", "nobody")) {
            for (int i = 1; i < SignIns.TRIES; i++) {
                assertEquals(401, signIn(who, "x").statusCode(), who + i);
            }
            assertEquals(429, signIn(who, PASSWORD).statusCode(), "also what is right waits");
        }
        house.store.pass(SignIns.REFILL);
        assertEquals(303, signIn("ana", PASSWORD).statusCode());
        assertEquals(
                2L * SignIns.TRIES,
                refused.stream().filter("sign_in_wrong"::equals).count());
        assertTrue(
                house.acts.stream().noneMatch(act -> act.contains("nobody")),
                "failures are counted, not recorded one by one");
    }

    @Test
    void whoHasNoTriesLeftTakesNoneFromOthers() throws Exception {
        signedIn("ana", Role.ADMIN);
        int tries = 0;
        while (signIn("nobody-" + tries, "x").statusCode() != 429) {
            tries++;
        }
        for (int i = 0; i <= SignIns.TRIES; i++) {
            assertEquals(429, signIn("ana", "x").statusCode());
        }
        house.store.pass(Duration.ofSeconds(5));
        assertEquals(303, signIn("ana", PASSWORD).statusCode());
    }

    @Test
    void aBrowserWhereSomebodySignedInBeforeHasTriesOfItsOwn() throws Exception {
        HttpResponse<String> response = take(invite("ana", Role.ADMIN), "ana");
        String device = response.headers().allValues("Set-Cookie").get(1).split(";", 2)[0];
        int tries = 0;
        while (signIn("nobody-" + tries, "x").statusCode() != 429) {
            tries++;
        }
        assertEquals(429, signIn("ana", PASSWORD).statusCode());
        Map<String, String> fields = Map.of("name", "ana", "password", PASSWORD);
        assertEquals(303, post("/console/sign-in", fields, "Cookie", device).statusCode());
    }

    @Test
    void signingInAndOutAreRecordedWithThePersonAndNoSecret() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        post("/console/sign-out", Map.of("csrf", csrf(cookie)), "Cookie", cookie);
        String acts = String.join("\n", house.acts);
        for (String act : List.of(
                "local:root person_create ana", "ana password_set ana", "ana sign_in ana", "ana sign_out ana")) {
            assertTrue(acts.contains(act), acts);
        }
        assertFalse(
                acts.contains(PASSWORD)
                        || acts.contains("argon2")
                        || acts.contains(cookie.substring(cookie.indexOf('=') + 1)),
                acts);
        house.recordBroken = true;
        assertEquals(503, signIn("ana", PASSWORD).statusCode(), "what cannot be recorded is not done");
    }

    @Test
    void whatChangesSomethingComesFromAFormOfThisSession() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        String other = signedIn("bo", Role.ADMIN);
        for (String wrong : List.of("", "x", csrf(other))) {
            assertEquals(
                    403,
                    post("/console/sign-out", Map.of("csrf", wrong), "Cookie", cookie)
                            .statusCode());
            assertEquals(
                    403,
                    post("/console/approvals/rv_1", Map.of("csrf", wrong, "answer", "approve"), "Cookie", cookie)
                            .statusCode());
        }
        Map<String, String> good = Map.of("csrf", csrf(cookie), "answer", "approve", "reason", "so be it");
        for (String[] header : new String[][] {
            {"Origin", "http://evil.example"},
            {"Origin", "null"},
            {"Origin", "http://127.0.0.1:1"},
            {"Origin", ""},
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "none"},
            {"Content-Type", "text/plain"},
            {"Content-Type", "application/json"}
        }) {
            assertEquals(
                    403,
                    post("/console/approvals/rv_1", good, "Cookie", cookie, header[0], header[1])
                            .statusCode(),
                    List.of(header).toString());
        }
        assertTrue(isIn(cookie));
        assertTrue(asked.stream().noneMatch(one -> one.contains("approves")), asked.toString());
        assertEquals(
                303, post("/console/approvals/rv_1", good, "Cookie", cookie).statusCode());
        assertTrue(asked.contains("ana approves because so be it"), asked.toString());
    }

    /** A page at another port of this host has one of ours as an image: the cookie comes along, and the person sees nothing. */
    @Test
    void whatNobodyLooksAtIsNotShownInTheirName() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "image"},
            {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "iframe"},
            {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "empty"},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "same-origin", "Sec-Purpose", "prefetch"}
        }) {
            String[] all = Stream.concat(Stream.of("Cookie", cookie), Stream.of(headers))
                    .toArray(String[]::new);
            assertEquals(303, get("/console/approvals/rv_1", all).statusCode(), String.join(" ", headers));
            assertEquals(401, get("/console/live?from=0", all).statusCode(), String.join(" ", headers));
        }
        assertTrue(asked.stream().noneMatch(one -> one.contains("reads")), asked.toString());
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site", "none", "Sec-Fetch-Dest", "document"},
            {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "document"},
            {"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "empty"}
        }) {
            String[] all = Stream.concat(Stream.of("Cookie", cookie), Stream.of(headers))
                    .toArray(String[]::new);
            assertEquals(200, get("/console/approvals/rv_1", all).statusCode(), String.join(" ", headers));
        }
    }

    @Test
    void anotherHostAndEveryOtherCredentialAreRefused() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        String agent = KeyText.AGENT.fresh(new SecureRandom()).exposeTextInsecurely();
        String admin =
                room.administrators().create("ana", "ana", Duration.ofDays(1)).exposeTextInsecurely();
        for (String credential : List.of(agent, admin, "x")) {
            assertEquals(
                    403,
                    get("/console", "Cookie", cookie, "Authorization", "Bearer " + credential)
                            .statusCode());
            assertEquals(
                    403,
                    get("/console/sign-in", "Authorization", "Bearer " + credential)
                            .statusCode());
            assertEquals(
                    303, get("/console", "Cookie", "reeve-7071=" + credential).statusCode());
            assertEquals(401, signIn("ana", credential).statusCode());
        }
        String line = raw("GET /console HTTP/1.1\r\nHost: evil.example:" + listener.port() + "\r\nCookie: " + cookie
                + "\r\n\r\n");
        assertTrue(String.valueOf(line).contains("403"), line);
        assertEquals(401, get("/v1/status", "Cookie", cookie).statusCode(), "the API takes no cookie");
    }

    private @Nullable String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    @Test
    void aSessionEndsUnusedAndInAnyCaseAfterTwelveHours() throws Exception {
        String idle = signedIn("ana", Role.ADMIN);
        house.store.pass(SignIns.IDLE.minusMinutes(1));
        assertTrue(isIn(idle));
        house.store.pass(SignIns.IDLE);
        assertFalse(isIn(idle));
        String busy = cookie(signIn("ana", PASSWORD));
        for (Duration used = Duration.ZERO;
                used.compareTo(SignIns.LIFE.minusMinutes(30)) < 0;
                used = used.plusMinutes(30)) {
            assertTrue(isIn(busy), used.toString());
            house.store.pass(Duration.ofMinutes(30));
        }
        assertTrue(isIn(busy));
        house.store.pass(Duration.ofMinutes(30));
        assertFalse(isIn(busy));
    }

    @Test
    void aPersonWhoIsRemovedOrSetsAPasswordHasNoSessionAnyMore() throws Exception {
        String before = signedIn("ana", Role.ADMIN);
        String after = cookie(take(invite("ana"), "ana"));
        assertFalse(isIn(before));
        assertTrue(isIn(after));
        room.accounts().remove("bo", "ana");
        assertFalse(isIn(after));
        assertEquals(401, signIn("ana", PASSWORD).statusCode());
        room.close();
        room = house.open();
        assertTrue(room.accounts().find("ana").isEmpty(), "for ever");
        assertTrue(house.store.incidents.isEmpty());
    }

    @Test
    void aRoleShowsAndDoesWhatItIsForAndNoMore() throws Exception {
        Map<Role, Integer> approvals =
                Map.of(Role.ADMIN, 200, Role.APPROVER, 200, Role.AUDITOR, 403, Role.POLICY_AUTHOR, 403);
        for (Map.Entry<Role, Integer> one : approvals.entrySet()) {
            String cookie = signedIn(one.getKey().wire(), one.getKey());
            String first = get("/console", "Cookie", cookie).body();
            assertEquals(one.getValue() == 200, first.contains("/console/approvals"), first);
            assertEquals(
                    one.getValue(),
                    get("/console/approvals", "Cookie", cookie).statusCode(),
                    one.getKey().wire());
            int answered = post(
                            "/console/approvals/rv_1",
                            Map.of("csrf", csrf(cookie), "answer", "approve", "reason", "x"),
                            "Cookie",
                            cookie)
                    .statusCode();
            assertEquals(
                    one.getValue() == 200 ? 303 : 403, answered, one.getKey().wire());
        }
        assertEquals(2, asked.stream().filter(act -> act.contains("approves")).count());
    }

    @Test
    void onlyAnAdministratorStopsAndInTheirName() throws Exception {
        String ana = signedIn("ana", Role.ADMIN);
        String bo = signedIn("bo", Role.APPROVER);
        Map<String, String> all = Map.of("answer", "stop", "scope", "all", "reason", "a test");
        assertEquals(403, get("/console/stops", "Cookie", bo).statusCode());
        assertEquals(403, stops(bo, all).statusCode());
        assertFalse(get("/console", "Cookie", bo).body().contains("/console/stops"), "nor are they shown the way");
        assertEquals(303, stops(ana, all).statusCode());
        assertTrue(house.acts.stream().anyMatch(act -> act.startsWith("ana kill")), house.acts.toString());
        String shown = get("/console/stops", "Cookie", ana).body();
        assertTrue(shown.contains("Everything") && shown.contains("a test"), shown);
        assertEquals(409, stops(ana, Map.of("answer", "stop", "scope", "agent")).statusCode(), "an agent has a name");
        assertEquals(
                400, stops(ana, Map.of("answer", "perhaps", "scope", "all")).statusCode());
        assertEquals(303, stops(ana, Map.of("answer", "undo", "scope", "all")).statusCode());
        assertTrue(get("/console/stops", "Cookie", ana).body().contains("Nothing is stopped"));
    }

    private static ControlReply limits() {
        Json use = Json.object()
                .put("limit", PAYLOAD)
                .put("max", Json.Num.of(10))
                .put("window", "1h")
                .put("unit", "calls")
                .put("subject", "agent " + PAYLOAD)
                .put("used", Json.Num.of(9))
                .put("share", new Json.Num("0.9"))
                .build();
        return ControlReply.json(Json.object()
                .put("limits", Json.Arr.EMPTY)
                .put("used", new Json.Arr(List.of(use)))
                .build());
    }

    @Test
    void onlyAnAdministratorSeesWhatIsUsedUpOfTheLimits() throws Exception {
        String shown =
                get("/console/limits", "Cookie", signedIn("ana", Role.ADMIN)).body();
        assertTrue(shown.contains("9 of 10 calls in 1h") && shown.contains("value=\"0.9\""), shown);
        String bo = signedIn("bo", Role.APPROVER);
        assertEquals(403, get("/console/limits", "Cookie", bo).statusCode());
        assertFalse(get("/console", "Cookie", bo).body().contains("/console/limits"), "nor are they shown the way");
    }

    @Test
    void whatIsGivenForATimeIsShownAndTakenBackInThePersonsName() throws Exception {
        String ana = signedIn("ana", Role.ADMIN);
        String bo = signedIn("bo", Role.APPROVER);
        String path = "/console/grants";
        assertTrue(get(path, "Cookie", bo).body().contains("Nothing is granted for a time"));
        Wish wish = new Wish(
                new Recipient("default", "clerk", Optional.empty(), Optional.of(PAYLOAD), Optional.empty()),
                Optional.empty(),
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Json.object().put(PAYLOAD, PAYLOAD).build());
        grants.give(OFFER, wish, new Answerer("ana", Set.of("admin")), PAYLOAD);
        String shown = get(path, "Cookie", bo).body();
        assertTrue(shown.contains("clerk") && shown.contains("refunds") && shown.contains("In force"), shown);
        assertFalse(shown.contains("<script>") || shown.contains("\u202e"), "R9");
        Map<String, String> back = new HashMap<>(Map.of("answer", "revoke", "name", "g_1", "csrf", csrf(bo)));
        assertEquals(409, post(path, back, "Cookie", bo).statusCode(), "bo did not give it and is no administrator");
        back.put("csrf", csrf(ana));
        assertEquals(303, post(path, back, "Cookie", ana).statusCode());
        assertTrue(house.acts.contains("ana grant_revoke g_1"), house.acts.toString());
        assertTrue(get(path, "Cookie", ana).body().contains("Nothing is granted for a time"));
    }

    @Test
    void anAnswerMayBeForCallsLikeThisOneForATime() throws Exception {
        String bo = signedIn("bo", Role.APPROVER);
        Map<String, String> fields =
                Map.of("csrf", csrf(bo), "answer", "approve", "reason", "x", "for", "1h", "free", "body, to");
        assertEquals(303, post("/console/approvals/rv_1", fields, "Cookie", bo).statusCode());
        assertTrue(asked.contains("bo approves because x for 1h whatever [body, to]"), asked.toString());
    }

    private HttpResponse<String> seconds(String cookie, String answer, String name) throws Exception {
        return post("/console/seconds", Map.of("csrf", csrf(cookie), "answer", answer, "name", name), "Cookie", cookie);
    }

    /** Whoever has an account and no token agrees here. */
    @Test
    void whatOneAdministratorAskedForAnotherAgreesToOnThePage() throws Exception {
        String ana = signedIn("ana", Role.ADMIN);
        String bo = signedIn("bo", Role.ADMIN);
        String cy = signedIn("cy", Role.APPROVER);
        room.seconds().does("test", (one, second) -> asked.add("done with " + second));
        room.seconds().ask("ana", new Seconds.Wish("test", "a token for " + PAYLOAD, "x", Json.Obj.EMPTY));
        String id = room.seconds().all().getFirst().id();
        String page = get("/console/seconds", "Cookie", bo).body();
        assertTrue(page.contains("a token for") && page.contains(id), page);
        assertFalse(page.contains("<script>alert"), "foreign text is text");
        assertEquals(403, get("/console/seconds", "Cookie", cy).statusCode());
        assertEquals(403, seconds(cy, "agree", id).statusCode());
        assertEquals(
                403,
                post("/console/seconds", Map.of("csrf", "x", "answer", "agree", "name", id), "Cookie", bo)
                        .statusCode(),
                "not with a form of elsewhere");
        assertEquals(409, seconds(ana, "agree", id).statusCode(), "who asked does not agree");
        assertEquals(409, seconds(bo, "agree", "../accounts").statusCode());
        assertEquals(303, seconds(bo, "agree", id).statusCode());
        assertEquals(
                List.of("done with bo"),
                asked.stream().filter(one -> one.startsWith("done")).toList());
        assertTrue(get("/console/seconds", "Cookie", bo).body().contains("Nothing waits"));
    }

    /** Whoever agrees reads what the model will, and not what its server says by now. */
    @Test
    void aDefinitionThatWaitsIsReadOnThePage() throws Exception {
        String bo = signedIn("bo", Role.ADMIN);
        signedIn("ana", Role.ADMIN);
        definitions.compare("mail", List.of(tool("send", "Sends to one.")), true);
        definitions.compare("mail", List.of(tool("send", "Sends <b>to \u043ell.")), true);
        Json.Obj body = Json.object()
                .put("upstream", "mail")
                .put("name", "send")
                .put("fingerprint", PinnedDefinitions.fingerprint(tool("send", "Sends <b>to \u043ell.")))
                .build();
        ControlReply waits = routes.handle(ControlRequest.of(
                "POST",
                "/v1/tools/approve",
                Map.of(),
                body.toString().getBytes(StandardCharsets.UTF_8),
                new Caller.Administrator("ana")));
        assertEquals(202, waits.status(), waits.text());
        String page = get("/console/seconds", "Cookie", bo).body();
        assertTrue(page.contains("What it says") && page.contains("Sends &lt;b&gt;to <mark"), page);
        assertTrue(page.contains("What was approved before") && page.contains("Sends to one."), page);
        definitions.compare("mail", List.of(tool("send", "Sends to all.")), true);
        page = get("/console/seconds", "Cookie", bo).body();
        assertTrue(page.contains("says something else by now"), page);
        assertFalse(page.contains("What it says"), "that is not what is asked for");
        assertEquals(
                409, seconds(bo, "agree", room.seconds().all().getFirst().id()).statusCode());
    }

    @Test
    void aPolicyIsAgreedToBySomebodyWhoSignedInAndHasNoToken() throws Exception {
        String ana = signedIn("ana", Role.ADMIN);
        String bo = signedIn("bo", Role.ADMIN);
        changedBy = Optional.of("bo");
        String page = get("/console/seconds", "Cookie", ana).body();
        assertTrue(page.contains("A policy that may allow more"), page);
        assertFalse(page.contains("<script>alert"), "foreign text is text");
        HttpResponse<String> own = seconds(bo, "approve", "v1");
        assertEquals(409, own.statusCode());
        assertTrue(own.body().contains("somebody else must agree"), own.body());
        assertEquals(409, seconds(ana, "approve", "v2").statusCode(), "that one does not wait");
        assertEquals(303, seconds(ana, "approve", "v1").statusCode());
        assertTrue(asked.contains("ana agrees to v1"), asked.toString());
    }

    @Test
    void aStopOfWhatNobodyKnowsIsSaidOnThePage() throws Exception {
        String ana = signedIn("ana", Role.ADMIN);
        HttpResponse<String> said = stops(ana, Map.of("answer", "stop", "scope", "tool", "name", "mial.send"));
        assertEquals(200, said.statusCode());
        assertTrue(
                said.body().contains("nothing known is called") && said.body().contains("mial.send"), said.body());
        assertTrue(get("/console/stops", "Cookie", ana).body().contains("Nothing known is called so"));
    }

    private HttpResponse<String> stops(String cookie, Map<String, String> fields) throws Exception {
        Map<String, String> all = new HashMap<>(fields);
        all.put("csrf", csrf(cookie));
        return post("/console/stops", all, "Cookie", cookie);
    }

    @Test
    void nothingThatAnAgentSaysIsMoreThanText() throws Exception {
        String cookie = signedIn("ana", Role.ADMIN);
        for (String path : List.of(
                "/console",
                "/console/actions/1",
                "/console/approvals",
                "/console/approvals/rv_1",
                "/console/limits",
                "/console?agent=" + URLEncoder.encode(PAYLOAD, StandardCharsets.UTF_8))) {
            String body = get(path, "Cookie", cookie).body();
            assertTrue(body.contains("&lt;script&gt;"), path + " shows it\n" + body);
            assertFalse(body.contains("<script>") || body.contains("<img") || body.contains("\"'>"), path);
            assertFalse(path.contains("actions") && body.contains("\u202e"), path + " hides a change of direction");
            assertFalse(path.contains("approvals") && body.contains("\u200b"), path + " hides a character");
        }
    }
}
