package dev.reeve.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.Agent;
import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import dev.reeve.json.Json.Obj;
import dev.reeve.secrets.Secret;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits in a file for a second person does not come in beside it, by the control API (R27). */
final class SeveralAdministratorsTest {
    private static final Caller ANA = new Caller.Administrator("ana");
    private static final Caller BO = new Caller.Administrator("bo");
    private static final Caller HERE = new Caller.Local("root", 0);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ControlHouse house;

    @SuppressWarnings("NullAway.Init")
    private ControlRoom room;

    @SuppressWarnings("NullAway.Init")
    private ControlRoutes routes;

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        routes = room.routes(List.of());
        room.administrators().create("local:root", "ana", Duration.ofDays(30));
        room.administrators().create("local:root", "bo", Duration.ofDays(30));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private record Said(int status, Obj body) {
        String id() {
            return body.object("waiting").flatMap(it -> it.string("id")).orElseThrow();
        }

        String what() {
            return body.object("waiting").flatMap(it -> it.string("what")).orElseThrow();
        }

        String code() {
            return body.object("error").flatMap(it -> it.string("code")).orElseThrow();
        }
    }

    private Said post(Caller caller, String path, String body) throws Exception {
        ControlReply reply =
                routes.handle(ControlRequest.of("POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8), caller));
        return new Said(
                reply.status(),
                StrictJson.readObject(reply.text().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER));
    }

    private Said agree(Caller caller, Said asked) throws Exception {
        return post(caller, "/v1/seconds/" + asked.id() + "/agree", "{}");
    }

    private Optional<Agent> agent(String name) {
        return room.directory().roster().agent(name);
    }

    @Test
    void aNewAgentWaitsWithAllThatAPolicyReadsOfIt() throws Exception {
        String wanted =
                "{\"name\":\"clerk\",\"roles\":[\"boss\",\"a\"],\"owner\":\"ana\",\"attributes\":{\"level\":\"9\"}}";
        Said asked = post(ANA, "/v1/agents", wanted);
        assertEquals(202, asked.status());
        assertEquals("a new agent `clerk` with the roles a, boss; owner ana; level = 9", asked.what());
        assertEquals(Optional.empty(), agent("clerk"));
        assertEquals(
                "agent_unknown", post(ANA, "/v1/keys", "{\"agent\":\"clerk\"}").code());
        assertEquals("same_person", agree(ANA, asked).code());
        assertEquals(200, agree(BO, asked).status());
        assertEquals(Set.of("a", "boss"), agent("clerk").orElseThrow().roles());
        assertTrue(
                house.acts.stream()
                        .anyMatch(act ->
                                act.startsWith("ana agent_create clerk ") && act.contains("\"seconded_by\":\"bo\"")),
                house.acts.toString());
        assertEquals(200, post(ANA, "/v1/agents", wanted).status(), "it is there, and nothing is asked");
    }

    @Test
    void anAgentWithoutARoleWaitsTooSinceItsNameIsReadByPolicies() throws Exception {
        Said asked = post(ANA, "/v1/agents", "{\"name\":\"sales_9\"}");
        assertEquals(202, asked.status());
        assertEquals("a new agent `sales_9` without a role", asked.what());
    }

    @Test
    void moreRolesWait() throws Exception {
        room.administration().createAgent("local:root", new NewAgent("clerk", Set.of("a"), Optional.empty(), Map.of()));
        Said asked = post(ANA, "/v1/agents/clerk/roles", "{\"add\":[\"a\",\"boss\"]}");
        assertEquals(202, asked.status());
        assertEquals("the agent `clerk` gets the roles boss", asked.what());
        assertEquals(Set.of("a"), agent("clerk").orElseThrow().roles());
        assertEquals(200, agree(BO, asked).status());
        assertEquals(Set.of("a", "boss"), agent("clerk").orElseThrow().roles());
        assertEquals(
                200, post(ANA, "/v1/agents/clerk/roles", "{\"add\":[\"boss\"]}").status());
        assertEquals(
                1,
                house.acts.stream()
                        .filter(act ->
                                act.startsWith("ana agent_roles clerk ") && act.contains("\"seconded_by\":\"bo\""))
                        .count());
    }

    @Test
    void whatCannotBeDoneDoesNotWait() throws Exception {
        assertEquals(
                "invalid", post(ANA, "/v1/agents", "{\"name\":\"no name\"}").code());
        assertEquals(
                "agent_unknown",
                post(ANA, "/v1/agents/nobody/roles", "{\"add\":[\"a\"]}").code());
        room.administration().createAgent("local:root", new NewAgent("clerk", Set.of("a"), Optional.empty(), Map.of()));
        assertEquals(
                "agent_exists",
                post(ANA, "/v1/agents", "{\"name\":\"clerk\",\"roles\":[\"boss\"]}")
                        .code());
    }

    /** Her token outlived her. */
    @Test
    void whoIsRemovedAdministratesNoMore() throws Exception {
        Secret link = room.accounts().invite("local:root", "bo", Set.of(Role.ADMIN), Scope.ALL);
        room.accounts().accept(link, Secret.of("correct horse battery staple 9"));
        Secret token = room.administrators().create("bo", "bo", Duration.ofDays(366));
        assertEquals(Optional.of("bo"), room.administrators().administrator(token));
        assertEquals(200, post(ANA, "/v1/accounts-removed", "{\"name\":\"bo\"}").status());
        assertEquals(Optional.empty(), room.administrators().administrator(token));
        assertFalse(room.administrators().isOne("bo"));
        assertTrue(room.administrators().areSeveral(), "bo counts for a day all the same");
        assertEquals(
                2,
                house.acts.stream()
                        .filter(act -> act.startsWith("ana admin_token_revoke "))
                        .count(),
                house.acts.toString());
    }

    @Test
    void whoHasTheMachineAndWhoIsAloneDoNotWait() throws Exception {
        assertEquals(
                201,
                post(HERE, "/v1/agents", "{\"name\":\"one\",\"roles\":[\"a\"]}").status());
        assertEquals(
                200, post(HERE, "/v1/agents/one/roles", "{\"add\":[\"b\"]}").status());
        for (Administrators.Token token : room.administrators().tokens()) {
            if (token.person().equals("bo")) {
                room.administrators().revoke("local:root", token.id());
            }
        }
        house.store.pass(Administrators.STILL_COUNTED);
        assertEquals(
                201,
                post(ANA, "/v1/agents", "{\"name\":\"two\",\"roles\":[\"a\"]}").status());
        assertEquals(
                Json.Bool.FALSE,
                post(ANA, "/v1/agents/two/roles", "{\"add\":[\"a\"]}")
                        .body()
                        .get("changed")
                        .orElseThrow());
    }

    @Test
    void aTokenSaysWhoMadeItAndWhoAgreedAlsoAfterARestart() throws Exception {
        Said asked = post(ANA, "/v1/admin-tokens", "{\"person\":\"zoe\",\"role\":\"approver\"}");
        assertEquals(200, agree(BO, asked).status());
        room.close();
        room = house.open();
        routes = room.routes(List.of());
        ControlReply reply = routes.handle(ControlRequest.of("GET", "/v1/admin-tokens", Map.of(), new byte[0], ANA));
        List<String> makers = StrictJson.readObject(reply.text().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER)
                .array("tokens")
                .orElseThrow()
                .items()
                .stream()
                .map(Obj.class::cast)
                .map(token -> token.string("person").orElseThrow() + " by "
                        + token.string("by").orElse("nobody") + " with "
                        + token.string("seconded_by").orElse("nobody"))
                .sorted()
                .toList();
        assertEquals(
                List.of("ana by local:root with nobody", "bo by local:root with nobody", "zoe by ana with bo"), makers);
    }

    @Test
    void whoHasTheMachineAndWhoIsAloneDoNotWait() throws Exception {
        assertEquals(
                201,
                post(HERE, "/v1/agents", "{\"name\":\"one\",\"roles\":[\"a\"]}").status());
        assertEquals(
                200, post(HERE, "/v1/agents/one/roles", "{\"add\":[\"b\"]}").status());
        endBo();
        house.store.pass(Administrators.STILL_COUNTED);
        assertEquals(
                201,
                post(ANA, "/v1/agents", "{\"name\":\"two\",\"roles\":[\"a\"]}").status());
        assertEquals(
                Json.Bool.FALSE,
                post(ANA, "/v1/agents/two/roles", "{\"add\":[\"a\"]}")
                        .body()
                        .get("changed")
                        .orElseThrow());
    }

    /** Whoever stole the token asked with it; it is ended, and its owner has another one of the same name. */
    @Test
    void whatWasAskedForWithATokenThatWasEndedIsNotDone() throws Exception {
        room.administrators().create("local:root", "zoe", Duration.ofDays(30));
        Said asked = post(BO, "/v1/agents", "{\"name\":\"clerk\"}");
        house.store.pass(Duration.ofMinutes(1));
        endBo();
        room.administrators().create("local:root", "bo", Duration.ofDays(30));
        assertEquals("asker_gone", agree(ANA, asked).code());
        assertEquals(Optional.empty(), agent("clerk"));
        house.store.pass(Duration.ofSeconds(1));
        Said again = post(BO, "/v1/agents", "{\"name\":\"clerk\"}");
        assertEquals(200, agree(ANA, again).status(), "who asks after that is somebody");
    }

    /** The door looked before, and another request may have been in between. */
    @Test
    void whoIsNoAdministratorAnyMoreDoesNotAgree() throws Exception {
        room.administrators().create("local:root", "zoe", Duration.ofDays(30));
        Said asked = post(ANA, "/v1/agents", "{\"name\":\"clerk\"}");
        endBo();
        assertEquals("role_missing", agree(BO, asked).code());
        assertEquals(Optional.empty(), agent("clerk"));
    }

    @Test
    void askingAndRefusingAreRecordedWithThePerson() throws Exception {
        Said asked = post(ANA, "/v1/agents", "{\"name\":\"clerk\"}");
        assertTrue(
                house.acts.getLast().startsWith("ana second_ask " + asked.id() + " ")
                        && house.acts.getLast().contains("a new agent `clerk` without a role"),
                house.acts.getLast());
        assertEquals(
                200, post(BO, "/v1/seconds/" + asked.id() + "/refuse", "{}").status());
        assertTrue(house.acts.getLast().startsWith("bo second_refuse " + asked.id() + " "), house.acts.getLast());
        assertEquals("not_waiting", agree(BO, asked).code());
        house.recordBroken = true;
        assertEquals(
                "unrecordable", post(ANA, "/v1/agents", "{\"name\":\"other\"}").code());
        house.recordBroken = false;
        assertEquals(List.of(), room.seconds().all());
    }
}
