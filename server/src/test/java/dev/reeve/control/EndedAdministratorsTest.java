package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two administrators does not become two by ending the other (R27), and ending acts at once all the same (R14). */
final class EndedAdministratorsTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private ControlListener listener;

    private final HttpClient http = HttpClient.newHttpClient();
    private String ana = "";
    private String bo = "";

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        start();
        ana = made("ana");
        bo = made("bo");
    }

    private void start() throws Exception {
        room = house.open();
        listener = ControlListener.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                room.routes(List.of()),
                room.administrators());
    }

    private void restart() throws Exception {
        listener.close();
        room.close();
        start();
    }

    private String made(String person) throws Exception {
        return room.administrators()
                .create("local:root", person, Duration.ofDays(30))
                .exposeTextInsecurely();
    }

    @AfterEach
    void close() {
        http.close();
        listener.close();
        room.close();
    }

    private record Said(int status, Json.Obj body) {}

    private Said ask(String token, String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Said(response.statusCode(), StrictJson.readObject(response.body(), JsonLimits.ANSWER));
    }

    private Said asksForZoe() throws Exception {
        return ask(ana, "POST", "/v1/admin-tokens", "{\"person\":\"zoe\"}");
    }

    private void end(String person) throws Exception {
        String id = room.administrators().tokens().stream()
                .filter(one -> one.person().equals(person) && one.revoked().isEmpty())
                .findFirst()
                .orElseThrow()
                .id();
        assertEquals(
                200,
                ask(ana, "POST", "/v1/admin-tokens/" + id + "/revoke", "{}").status());
    }

    private String status(String member) throws Exception {
        return ask(ana, "GET", "/v1/status", "")
                .body()
                .get(member)
                .orElseThrow()
                .toString();
    }

    @Test
    void whoEndsTheOtherIsNotAloneForADay() throws Exception {
        assertEquals("\"there\"", status("second_person"));
        assertEquals(202, asksForZoe().status());
        end("bo");
        assertEquals(401, ask(bo, "GET", "/v1/agents", "").status(), "at once");
        Said zoe = asksForZoe();
        assertEquals(202, zoe.status());
        String token = zoe.body().string("token").orElseThrow();
        assertEquals(401, ask(token, "GET", "/v1/agents", "").status(), "nobody agreed");
        assertTrue(room.people().several(), "nor may one approve what one asked for");
        assertEquals("false", status("single_operator"));
        assertEquals(
                "\"missing, and what widens waits: `bo` was ended and counts until 2026-11-25T10:00:00Z\"",
                status("second_person"));
        restart();
        assertEquals(202, asksForZoe().status(), "a restart forgets nothing");
        house.store.pass(Administrators.STILL_COUNTED.minusSeconds(1));
        assertEquals(202, asksForZoe().status());
        house.store.pass(Duration.ofSeconds(1));
        assertEquals("\"none, so nothing waits for one\"", status("second_person"));
        assertEquals(201, asksForZoe().status());
    }

    /** Whose token was stolen has a new one by who has the machine, and agrees. */
    @Test
    void whoComesBackAgrees() throws Exception {
        end("bo");
        String id = asksForZoe()
                .body()
                .object("waiting")
                .flatMap(waiting -> waiting.string("id"))
                .orElseThrow();
        String again = made("bo");
        assertEquals(
                200, ask(again, "POST", "/v1/seconds/" + id + "/agree", "{}").status());
        assertEquals("\"there\"", status("second_person"));
    }

    @Test
    void oneWhoSignsInCountsToo() throws Exception {
        Secret link = room.accounts().invite("local:root", "cy", Set.of(Role.ADMIN), Scope.ALL);
        room.accounts().accept(link, Secret.of("correct horse battery staple 9"));
        end("bo");
        house.store.pass(Administrators.STILL_COUNTED);
        assertEquals(202, asksForZoe().status());
        assertEquals(
                200,
                ask(ana, "POST", "/v1/accounts-removed", "{\"name\":\"cy\"}").status());
        assertEquals(202, asksForZoe().status());
        house.store.pass(Administrators.STILL_COUNTED);
        assertEquals(201, asksForZoe().status());
    }

    @Test
    void whatMayBeTheSamePersonsUnderAnotherNameIsNamedToWhoRemovesTheAccount() throws Exception {
        Secret link = room.accounts().invite("local:root", "cy", Set.of(Role.ADMIN), Scope.ALL);
        room.accounts().accept(link, Secret.of("correct horse battery staple 9"));
        room.accounts().invite("local:root", "cy@other.example", Set.of(Role.APPROVER), Scope.ALL);
        String own = made("cy");
        String mail = made("cy@example.com");
        String wide = made("\uff43\uff59");
        made("cyril");
        Json.Obj removed =
                ask(ana, "POST", "/v1/accounts-removed", "{\"name\":\"cy\"}").body();
        assertEquals(
                List.of("account cy@other.example", "token cy@example.com", "token \uff43\uff59"),
                removed.array("alike").orElseThrow().items().stream()
                        .map(Json.Obj.class::cast)
                        .map(one -> one.string("kind").orElseThrow() + " "
                                + one.string("name").orElseThrow())
                        .sorted()
                        .toList());
        assertEquals(401, ask(own, "GET", "/v1/status", "").status());
        assertEquals(200, ask(mail, "GET", "/v1/status", "").status(), "it may be somebody else's");
        assertEquals(200, ask(wide, "GET", "/v1/status", "").status());
        end("cy@example.com");
        Json.Obj next = ask(ana, "POST", "/v1/accounts-removed", "{\"name\":\"cy@other.example\"}")
                .body();
        assertEquals(1, next.array("alike").orElseThrow().items().size(), "what was ended is named no more");
    }

    @Test
    void whoseTokenRanOutOrIsAnotherRolesLeavesNobodyMissing() throws Exception {
        house.store.pass(Duration.ofDays(29));
        ana = made("ana");
        house.store.pass(Duration.ofDays(2));
        assertFalse(room.administrators().areSeveral(), "it ran out");
        end("bo");
        assertFalse(room.administrators().areSeveral(), "ended when it was over");
        assertEquals(
                201,
                ask(ana, "POST", "/v1/admin-tokens", "{\"person\":\"dan\",\"role\":\"approver\"}")
                        .status());
        end("dan");
        assertFalse(room.administrators().areSeveral());
        String second = made("ana");
        end("ana");
        ana = second;
        assertFalse(room.administrators().areSeveral(), "one person changed the token");
    }
}
