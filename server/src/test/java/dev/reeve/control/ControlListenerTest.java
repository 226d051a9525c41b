package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.KeyText;
import dev.reeve.approval.Answerer;
import dev.reeve.approval.ApprovalRoom;
import dev.reeve.approval.Limits;
import dev.reeve.budget.Budgets;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.grant.GrantDesk;
import dev.reeve.json.Json;
import dev.reeve.packages.Packages;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Pace;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import dev.reeve.token.TokenBook;
import dev.reeve.token.TokenDesk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control address over real sockets, as an attacker and as an administrator see it. */
final class ControlListenerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private ControlListener listener;

    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "";

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = ControlListener.open(address, room.routes(List.of()), room.administrators());
        token = room.administrators()
                .create("local:ana", "ana", Duration.ofDays(1))
                .exposeTextInsecurely();
    }

    @AfterEach
    void close() {
        http.close();
        listener.close();
        room.close();
    }

    private record Said(int status, Json.Obj body) {
        String code() {
            return body.object("error").flatMap(error -> error.string("code")).orElse("");
        }
    }

    private Said ask(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
        return new Said(response.statusCode(), StrictJson.readObject(response.body(), JsonLimits.ANSWER));
    }

    private Said asAdmin(String method, String path, String body) throws Exception {
        return ask(method, path, body, "Authorization", "Bearer " + token);
    }

    /** A request as it is written, and the first line of the answer, for what an HTTP client would not send. */
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
    void anAgentIsCreatedGetsAKeyAndIsRetired() throws Exception {
        Said created = asAdmin("POST", "/v1/agents", """
                {"name":"clerk","roles":["data_analyst"],"owner":"ana@example.com","attributes":{"department":"sales"}}""");
        assertEquals(201, created.status());
        assertEquals(200, asAdmin("POST", "/v1/agents", """
                                {"name":"clerk","roles":["data_analyst"],"owner":"ana@example.com","attributes":{"department":"sales"}}""").status());
        Said key = asAdmin("POST", "/v1/keys", "{\"agent\":\"clerk\",\"expires\":\"12h\"}");
        assertEquals(201, key.status());
        String text = key.body().string("key").orElseThrow();
        assertTrue(KeyText.AGENT.wellFormed(Secret.of(text)));
        String id = key.body().string("id").orElseThrow();
        Said shown = asAdmin("GET", "/v1/agents/clerk", "");
        assertFalse(shown.body().toString().contains(text), "shown once");
        assertEquals("1", shown.body().get("active_keys").orElseThrow().toString());
        Said rotated = asAdmin("POST", "/v1/keys/" + id + "/rotate", "{\"overlap\":\"1h\"}");
        assertEquals(201, rotated.status());
        assertEquals(
                2,
                asAdmin("GET", "/v1/keys?agent=clerk", "")
                        .body()
                        .array("keys")
                        .orElseThrow()
                        .items()
                        .size());
        assertEquals(200, asAdmin("POST", "/v1/keys/" + id + "/revoke", "{}").status());
        Said retired = asAdmin("POST", "/v1/agents/clerk/retire", "{}");
        assertEquals(Json.Bool.TRUE, retired.body().get("complete").orElseThrow());
        assertTrue(house.acts.stream().anyMatch(act -> act.startsWith("ana key_rotate " + id)));
    }

    @Test
    void withoutATokenOnlyHealthAndMetricsAnswer() throws Exception {
        assertEquals(200, ask("GET", "/healthz", "").status());
        assertEquals(200, ask("GET", "/readyz", "").status());
        for (Route route : room.routes(List.of()).routes()) {
            if (route.access() != Route.Access.ANYBODY) {
                String path = route.pattern().replaceAll("\\{[a-z]+}", "x");
                Said said = ask(route.method(), path, route.method().equals("GET") ? "" : "{}");
                assertEquals(401, said.status(), route.toString());
                assertEquals("unauthorised", said.code());
            }
        }
    }

    @Test
    void keysOfAgentsAreRefusedEverywhereEvenWhereNothingIsNeeded() throws Exception {
        asAdmin("POST", "/v1/agents", "{\"name\":\"clerk\"}");
        String agentKey = asAdmin("POST", "/v1/keys", "{\"agent\":\"clerk\"}")
                .body()
                .string("key")
                .orElseThrow();
        for (Route route : room.routes(List.of()).routes()) {
            String path = route.pattern().replaceAll("\\{[a-z]+}", "clerk");
            Said said = ask(
                    route.method(),
                    path,
                    route.method().equals("GET") ? "" : "{}",
                    "Authorization",
                    "Bearer " + agentKey);
            assertEquals(403, said.status(), route.toString());
            assertEquals("agent_credential", said.code());
        }
    }

    private String roleToken(String person, String role) throws Exception {
        return asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"" + person + "\",\"role\":\"" + role + "\"}")
                .body()
                .string("token")
                .orElseThrow();
    }

    @Test
    void aTokenMayWhatASignedInPersonOfItsRoleMay() throws Exception {
        for (Role role : List.of(Role.APPROVER, Role.POLICY_AUTHOR)) {
            String made = roleToken("bo", role.wire());
            assertTrue(KeyText.PERSON.wellFormed(Secret.of(made)), made);
            Set<Route.Access> allowed = Set.of(
                    Route.Access.ANYBODY,
                    Route.Access.AUDITOR,
                    role == Role.APPROVER ? Route.Access.APPROVER : Route.Access.POLICY_AUTHOR);
            for (Route route : room.routes(List.of()).routes()) {
                String path = route.pattern().replaceAll("\\{[a-z]+}", "x");
                String body = route.method().equals("GET") ? "" : "{}";
                if (!allowed.contains(route.access())) {
                    Said said = ask(route.method(), path, body, "Authorization", "Bearer " + made);
                    assertEquals(403, said.status(), route.toString());
                }
            }
        }
        assertEquals(
                200,
                ask("GET", "/v1/policy/versions", "", "Authorization", "Bearer " + roleToken("cy", "policy-author"))
                        .status());
        assertEquals(
                Set.of("approver"), room.people().person("bo").orElseThrow().roles());
        assertEquals(Optional.empty(), room.people().person("cy"), "an author of policies answers no questions");
        assertFalse(room.administrators().areSeveral(), "neither of them is a second administrator");
    }

    @Test
    void tokensOfRolesEndAndOutliveARestart() throws Exception {
        String made = roleToken("bo", "approver");
        String id = room.administrators().tokens().stream()
                .filter(one -> one.person().equals("bo"))
                .findFirst()
                .orElseThrow()
                .id();
        listener.close();
        room.close();
        room = house.open();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = ControlListener.open(address, room.routes(List.of()), room.administrators());
        assertEquals(
                Optional.of(new Answerer("bo", Set.of("approver"))),
                room.administrators().answering(Secret.of(made)));
        assertEquals(Optional.empty(), room.administrators().administrator(Secret.of(made)));
        assertEquals(Optional.empty(), room.administrators().readerOfEverything(Secret.of(made)));
        assertEquals(
                200, asAdmin("POST", "/v1/admin-tokens/" + id + "/revoke", "{}").status());
        assertEquals(
                401,
                ask("GET", "/v1/policy/versions", "", "Authorization", "Bearer " + made)
                        .status());
        assertEquals(Optional.empty(), room.people().person("bo"));
    }

    @Test
    void whoIsRemovedHasNoTokenLeft() throws Exception {
        String made = roleToken("bo", "approver");
        assertEquals(
                201,
                asAdmin("POST", "/v1/accounts", "{\"name\":\"bo\",\"roles\":[\"approver\"],\"agents\":[]}")
                        .status());
        assertEquals(
                200,
                asAdmin("POST", "/v1/accounts-removed", "{\"name\":\"bo\"}").status());
        assertEquals(Optional.empty(), room.administrators().answering(Secret.of(made)));
        assertEquals(Optional.empty(), room.people().person("bo"));
    }

    @Test
    void onlyKnownRolesGetTokensAndOnlyAuditorsHaveAgents() throws Exception {
        assertEquals(
                400,
                asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"bo\",\"role\":\"boss\"}")
                        .status());
        assertEquals(
                400,
                asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"bo\",\"role\":\"approver\",\"agents\":[\"clerk\"]}")
                        .status());
    }

    @Test
    void oneOfSeveralAdministratorsMakesNobodyWhoCouldAgreeAlone() throws Exception {
        String zoe = roleToken("zoe", "admin");
        Said asked = asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"zoe\"}");
        assertEquals(202, asked.status());
        String second = asked.body().string("token").orElseThrow();
        assertEquals(
                401,
                ask("GET", "/v1/agents", "", "Authorization", "Bearer " + second)
                        .status());
        Said invited = asAdmin("POST", "/v1/accounts", "{\"name\":\"bo\",\"roles\":[\"approver\"],\"agents\":[]}");
        assertEquals(202, invited.status());
        assertEquals(
                202,
                asAdmin("POST", "/v1/people", "{\"person\":\"ana\",\"groups\":[\"supervisors\"]}")
                        .status());
        assertEquals(Set.of(), room.groups().of("ana"));
        assertEquals(Optional.empty(), room.accounts().find("bo"));
        List<String> waiting = waiting();
        assertEquals(3, waiting.size());
        for (String id : waiting) {
            Said own = asAdmin("POST", "/v1/seconds/" + id + "/agree", "{}");
            assertEquals("same_person", own.code());
            assertEquals(
                    200,
                    ask("POST", "/v1/seconds/" + id + "/agree", "{}", "Authorization", "Bearer " + zoe)
                            .status());
        }
        assertEquals(List.of(), waiting());
        assertEquals(
                200,
                ask("GET", "/v1/agents", "", "Authorization", "Bearer " + second)
                        .status());
        assertEquals(Set.of("supervisors"), room.groups().of("ana"));
        assertTrue(room.accounts().find("bo").isPresent());
        assertEquals(
                3,
                house.acts.stream()
                        .filter(act -> act.startsWith("ana ") && act.contains("seconded_by") && act.contains("zoe"))
                        .count(),
                house.acts.toString());
    }

    @Test
    void whoAgreesIsToldWhatItIsAndJoinsNothingElse() throws Exception {
        String zoe = roleToken("zoe", "admin");
        room.groups().set("local:ana", "bo", Set.of("finance"));
        asAdmin("POST", "/v1/people", "{\"person\":\"bo\",\"groups\":[\"finance\",\"night\"]}");
        room.groups().set("local:ana", "bo", Set.of());
        assertEquals(200, agreed(zoe, waiting().getFirst()));
        assertEquals(Set.of("night"), room.groups().of("bo"), "what was left meanwhile stays left");
        asAdmin("POST", "/v1/accounts", "{\"name\":\"bo\",\"roles\":[\"approver\",\"admin\"],\"agents\":[]}");
        assertEquals("an invitation for `bo` as admin and approver", whats().getFirst());
        assertEquals(200, agreed(zoe, waiting().getFirst()));
        asAdmin("POST", "/v1/accounts", "{\"name\":\"bo\",\"roles\":[\"approver\",\"admin\"],\"agents\":[]}");
        assertEquals("another password for `bo`, who is admin and approver", whats().getFirst());
        asAdmin("POST", "/v1/accounts-removed", "{\"name\":\"bo\"}");
        assertEquals(409, agreed(zoe, waiting().getFirst()));
        assertEquals(
                202,
                asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"ana@partner.example\"}")
                        .status(),
                "a name that may be hers is not hers");
    }

    @Test
    void whatSomebodyAskedForWhoIsNoAdministratorAnyMoreIsNotDone() throws Exception {
        String zoe = roleToken("zoe", "admin");
        Said asked = ask("POST", "/v1/admin-tokens", "{\"person\":\"bo\"}", "Authorization", "Bearer " + zoe);
        assertEquals(202, asked.status());
        for (Administrators.Token one : room.administrators().tokens()) {
            if (one.person().equals("zoe")) {
                assertEquals(
                        200,
                        asAdmin("POST", "/v1/admin-tokens/" + one.id() + "/revoke", "{}")
                                .status());
            }
        }
        String id = waiting().getFirst();
        assertEquals(
                "asker_gone",
                asAdmin("POST", "/v1/seconds/" + id + "/agree", "{}").code());
        assertEquals(List.of(), waiting());
    }

    private int agreed(String token, String id) throws Exception {
        return ask("POST", "/v1/seconds/" + id + "/agree", "{}", "Authorization", "Bearer " + token)
                .status();
    }

    private List<String> whats() throws Exception {
        return asAdmin("GET", "/v1/seconds", "").body().array("waiting").orElseThrow().items().stream()
                .map(one -> ((Json.Obj) one).string("what").orElseThrow())
                .toList();
    }

    private List<String> waiting() throws Exception {
        return asAdmin("GET", "/v1/seconds", "").body().array("waiting").orElseThrow().items().stream()
                .map(one -> ((Json.Obj) one).string("id").orElseThrow())
                .toList();
    }

    @Test
    void whatNarrowsOrReadsOrIsOnesOwnWaitsForNobody() throws Exception {
        room.groups().set("local:ana", "zoe", Set.of("night", "week"));
        roleToken("zoe", "admin");
        assertEquals(
                200,
                asAdmin("POST", "/v1/people", "{\"person\":\"zoe\",\"groups\":[\"week\"]}")
                        .status());
        assertEquals(Set.of("week"), room.groups().of("zoe"));
        assertEquals(
                201,
                asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"cy\",\"role\":\"auditor\"}")
                        .status());
        assertEquals(
                201, asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"ana\"}").status());
        Said asked = asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"bo\",\"role\":\"approver\"}");
        assertEquals(202, asked.status());
        assertEquals(
                200,
                asAdmin("POST", "/v1/seconds/" + waiting().getFirst() + "/refuse", "{}")
                        .status());
        assertEquals(List.of(), waiting());
        assertEquals(Optional.empty(), room.people().person("bo"));
        asAdmin("POST", "/v1/admin-tokens", "{\"person\":\"bo\",\"role\":\"approver\"}");
        house.store.pass(Seconds.LIFE.minusHours(1));
        assertEquals(1, room.seconds().all().size());
        house.store.pass(Duration.ofHours(1));
        assertEquals(List.of(), room.seconds().all());
    }

    @Test
    void wrongTokensAreRefused() throws Exception {
        for (String wrong : List.of(
                "Bearer x",
                "Bearer ",
                "Basic " + token,
                "Bearer " + token + "x",
                "Bearer " + KeyText.ADMIN.fresh(new SecureRandom()).exposeTextInsecurely())) {
            assertEquals(
                    401, ask("GET", "/v1/agents", "", "Authorization", wrong).status(), wrong);
        }
        house.store.pass(Duration.ofDays(1));
        assertEquals(401, asAdmin("GET", "/v1/agents", "").status(), "expired");
    }

    @Test
    void aRevokedTokenIsRefusedAtOnce() throws Exception {
        Json.Obj listed = (Json.Obj) asAdmin("GET", "/v1/admin-tokens", "")
                .body()
                .array("tokens")
                .orElseThrow()
                .items()
                .getFirst();
        String id = listed.string("id").orElseThrow();
        assertEquals(
                200, asAdmin("POST", "/v1/admin-tokens/" + id + "/revoke", "{}").status());
        assertEquals(401, asAdmin("GET", "/v1/agents", "").status());
    }

    @Test
    void otherHostsAndOriginsAreRefused() throws Exception {
        int port = listener.port();
        for (String host : List.of("evil.example", "evil.example:" + port, "127.0.0.1", "127.0.0.1:1", "localhost")) {
            String answer = String.valueOf(raw("GET /v1/agents HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer "
                    + token + "\r\nConnection: close\r\n\r\n"));
            assertTrue(answer.startsWith("HTTP/1.1 403"), host + ": " + answer);
        }
        assertFalse(String.valueOf(raw("GET /v1/agents HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nHost: evil.example\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200"));
        for (String origin : List.of(
                "http://evil.example",
                "null",
                "https://127.0.0.1:" + port,
                "http://localhost:1",
                "http://localhost:" + port)) {
            Said said = ask("GET", "/v1/agents", "", "Authorization", "Bearer " + token, "Origin", origin);
            assertEquals("origin_refused", said.code(), origin);
        }
        assertEquals(
                200,
                ask("GET", "/v1/agents", "", "Authorization", "Bearer " + token, "Origin", "http://127.0.0.1:" + port)
                        .status());
    }

    @Test
    void aFormOfAPageIsNotTaken() throws Exception {
        Said said = ask(
                "POST",
                "/v1/agents",
                "{\"name\":\"x\"}",
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "text/plain");
        assertEquals("content_type", said.code());
    }

    @Test
    void badBodiesGetAnAnswerThatNamesTheMistake() throws Exception {
        for (String bad : List.of(
                "{",
                "[]",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"name\":7}",
                "{\"name\":\"a\",\"roles\":\"x\"}",
                "{\"name\":\"a\",\"roles\":[1]}",
                "{\"name\":\"a\",\"rolse\":[]}",
                "{\"name\":\"a\",\"attributes\":{\"x\":{}}}",
                "{\"name\":\"a\",\"attributes\":" + "[".repeat(40) + "]".repeat(40) + "}",
                "{}")) {
            Said said = asAdmin("POST", "/v1/agents", bad);
            assertEquals(400, said.status(), bad);
            assertEquals("invalid", said.code());
        }
        assertEquals(List.of(), room.administration().agents());
        Said large = asAdmin("POST", "/v1/agents", " ".repeat(ControlRequest.MOST_BYTES + 1));
        assertEquals(413, large.status());
    }

    @Test
    void unknownPathsMethodsAndParametersAreSaid() throws Exception {
        assertEquals("path_unknown", asAdmin("GET", "/v1/nothing", "").code());
        assertEquals("path_unknown", asAdmin("GET", "/v1/agents/a%2fb", "").code());
        assertEquals("method_unknown", asAdmin("DELETE", "/v1/agents", "").code());
        assertEquals("invalid", asAdmin("GET", "/v1/keys?agnet=x", "").code());
        assertEquals("agent_unknown", asAdmin("GET", "/v1/agents/x", "").code());
    }

    @Test
    void connectorsAreRegisteredOnTheMachineOnly() throws Exception {
        asAdmin("POST", "/v1/agents", "{\"name\":\"clerk\"}");
        assertEquals(
                "local_only",
                asAdmin("POST", "/v1/agents/clerk/connectors", "{}").code());
    }

    @Test
    void theFirstLinkWorksOnceForTenMinutesAndForFiveTries() throws Exception {
        assertEquals(Optional.empty(), room.administrators().firstLink(), "ana is administrator already");
        String id = room.administrators().tokens().iterator().next().id();
        room.administrators().revoke("local:ana", id);
        String link = room.administrators().firstLink().orElseThrow().exposeTextInsecurely();
        String body = "{\"link\":\"" + link + "\",\"person\":\"bob\"}";
        Said said = ask("POST", "/v1/first-admin", body);
        assertEquals(201, said.status());
        token = said.body().string("token").orElseThrow();
        assertEquals(200, asAdmin("GET", "/v1/agents", "").status());
        assertEquals("first_admin_refused", ask("POST", "/v1/first-admin", body).code());
        assertEquals(Optional.empty(), room.administrators().firstLink());
        assertFalse(house.acts.toString().contains(link));
        assertFalse(house.acts.toString().contains(token));
    }

    @Test
    void anOldOrGuessedAtLinkIsDead() throws Exception {
        room.administrators()
                .revoke(
                        "local:ana",
                        room.administrators().tokens().iterator().next().id());
        String old = room.administrators().firstLink().orElseThrow().exposeTextInsecurely();
        house.store.pass(Duration.ofMinutes(10));
        assertEquals(
                "first_admin_refused",
                ask("POST", "/v1/first-admin", "{\"link\":\"" + old + "\",\"person\":\"b\"}")
                        .code());
        String fresh = room.administrators().firstLink().orElseThrow().exposeTextInsecurely();
        for (int i = 0; i < 5; i++) {
            ask("POST", "/v1/first-admin", "{\"link\":\"guess" + i + "\",\"person\":\"b\"}");
        }
        assertEquals(
                "first_admin_refused",
                ask("POST", "/v1/first-admin", "{\"link\":\"" + fresh + "\",\"person\":\"b\"}")
                        .code());
    }

    @Test
    void readinessGivesReasons() throws Exception {
        room.health().check("ledger", () -> Optional.of("the disk is full"));
        room.health().check("broken", () -> {
            throw new IllegalStateException("no answer");
        });
        Said said = ask("GET", "/readyz", "");
        assertEquals(503, said.status());
        assertEquals(
                "[{\"part\":\"broken\",\"reason\":\"it does not answer: no answer\"},"
                        + "{\"part\":\"ledger\",\"reason\":\"the disk is full\"}]",
                said.body().get("reasons").orElseThrow().toString());
        Said status = asAdmin("GET", "/v1/status", "");
        assertEquals("true", status.body().get("single_operator").orElseThrow().toString());
    }

    @Test
    void metricsAreWhatPrometheusReads() throws Exception {
        ask("GET", "/healthz", "");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/metrics"))
                .build();
        String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        assertTrue(text.contains("# TYPE reeve_control_requests_total counter\n"), text);
        assertTrue(text.contains("reeve_control_requests_total{status=\"200\"} 1\n"), text);
        assertTrue(text.contains("reeve_agents 0\n"), text);
        for (String line : text.split("\n", -1)) {
            assertTrue(
                    line.isEmpty()
                            || line.matches("# (HELP|TYPE) [a-z_]+ .+")
                            || line.matches("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.eE+-]+"),
                    line);
        }
    }

    @Test
    void onlyLoopbackIsOpened() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
        assertThrows(
                IOException.class,
                () -> ControlListener.open(everywhere, room.routes(List.of()), room.administrators()));
    }

    @Test
    void aTakenPortIsSaid() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
        IOException refused = assertThrows(
                IOException.class, () -> ControlListener.open(taken, room.routes(List.of()), room.administrators()));
        assertTrue(String.valueOf(refused.getMessage()).contains("cannot be opened"));
    }

    private static final class NothingWaits implements PolicyRoutes.Desk {
        @Override
        public Optional<PolicyRoutes.Waiting> waiting() {
            return Optional.empty();
        }

        @Override
        public Optional<List<String>> second(String version, String person) {
            return Optional.empty();
        }
    }

    @Test
    void theReferenceNamesExactlyTheRoutes() throws Exception {
        String yaml = java.nio.file.Files.readString(Path.of("../docs/reference/control-api.yaml"));
        TreeSet<String> written = new TreeSet<>();
        String path = "";
        for (String line : yaml.split("\n", -1)) {
            if (line.matches("  /\\S*:")) {
                path = line.strip().replaceAll(":$", "");
            } else if (line.matches("    (get|post|put|delete|patch):")) {
                written.add(line.strip().replace(":", "").toUpperCase(java.util.Locale.ROOT) + " " + path);
            }
        }
        TreeSet<String> built = new TreeSet<>();
        PinnedDefinitions definitions = new PinnedDefinitions(
                room.pins("default"), (act, pin) -> {}, room.clock().source());
        Packages packages = new Packages(folder, folder, folder, (person, act, upstream, difference) -> {}, Map.of());
        List<Route> more = new ArrayList<>(ToolRoutes.of(definitions, room));
        more.addAll(PackageRoutes.of(packages, List.of(), room));
        more.add(StopRoute.of((person, act, subject, difference) -> {}, () -> {}));
        more.addAll(PolicyRoutes.of(new NothingWaits(), room::administrators));
        more.addAll(LimitRoutes.of(
                new Budgets(() -> dev.reeve.budget.Limits.NONE, room.clock().source()),
                () -> dev.reeve.budget.Limits.NONE));
        more.add(LedgerKeysRoute.of(person -> {
            throw new IOException("nobody asks");
        }));
        ApprovalRoom approvals = new ApprovalRoom(
                room.approvals(),
                room.results(),
                (person, act, subject, difference) -> {},
                room.people(),
                room.clock(),
                Limits.USUAL,
                json -> json);
        GrantDesk grants = new GrantDesk(
                room.grants(), (person, act, subject, difference) -> {}, room.people(), room.clock(), () -> "g_1");
        more.addAll(ApprovalRoutes.of(approvals.desk(), grants, room.administrators()));
        more.addAll(GrantRoutes.of(grants, Map::of, room.directory(), room.administrators()));
        TokenBook tokens = new TokenBook(room.tokens(), room.clock(), () -> "t_1", text -> false, digest -> digest);
        more.addAll(TokenRoutes.of(
                new TokenDesk(tokens, (person, act, subject, difference) -> {}, room.people(), room.clock()),
                room.administrators()));
        Readings readings = new Readings(
                (person, act, subject, difference) -> {},
                person -> {},
                room.clock().source());
        try (EventSearch search = EventSearch.open(
                folder.resolve("search.db"), folder, () -> 0, Pace.always(Duration.ofHours(1)), incident -> {})) {
            more.addAll(AuditRoutes.open(search, readings, room.clock().source(), () -> "t_1", index -> {
                        throw new IOException("nothing is signed");
                    })
                    .routes());
        }
        room.routes(more).routes().forEach(route -> built.add(route.method() + " " + route.pattern()));
        assertEquals(built, written);
    }
}
