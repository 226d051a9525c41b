package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.cli.AuthzenHouse.Said;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The certification scenario of the AuthZEN working group (openid/authzen, {@code certification/authorization-api-1_0-scenario.md}), level by
 * level, with its fixture written in our language. Numbers are those of its sections.
 */
final class AuthzenCertificationTest {
    private static final String CATALOGUE = """
            resources:
              "record:record-1": { actions: [read, write, delete] }
              "record:record-2": { tags: [archived] }
            """;

    private static final String POLICIES = """
            enforcement_points:
              harness: { users: { alice: {}, bob: { position: admin } } }
            agents:
              harness: {}
            rules:
              - allow: { resource: "record:*", action: read }
              - allow: { resource: "record:*", action: write }
                when: >-
                  user.id == "alice" && !("archived" in resource.tags)
                  && !(has(arguments.resource.status) && arguments.resource.status == "archived")
              - allow: { resource: "record:*", action: write }
                when: >-
                  ("archived" in resource.tags || arguments.resource.status == "archived")
                  && (principal.position == "admin" || arguments.subject.role == "admin")
              - deny: { resource: "record:*", action: delete }
                when: '!(has(arguments.action.soft) && arguments.action.soft == true)'
            """;

    private static final String RECORD_1 = "\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}";
    private static final String RECORD_2 =
            "\"resource\":{\"type\":\"record\",\"id\":\"record-2\",\"properties\":{\"status\":\"archived\"}}";
    private static final String ALICE = "\"subject\":{\"type\":\"user\",\"id\":\"alice\"}";
    private static final String BOB = "\"subject\":{\"type\":\"user\",\"id\":\"bob\"}";
    private static final String ADMIN_BOB =
            "\"subject\":{\"type\":\"user\",\"id\":\"bob\",\"properties\":{\"role\":\"admin\"}}";
    private static final String READ = "\"action\":{\"name\":\"read\"}";
    private static final String WRITE = "\"action\":{\"name\":\"write\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static AuthzenHouse house;

    private static String key = "";

    @BeforeAll
    static void open() throws Exception {
        house = AuthzenHouse.open(folder, CATALOGUE, POLICIES);
        key = house.key("harness");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static String object(String... parts) {
        return "{" + String.join(",", parts) + "}";
    }

    private static boolean decides(String... parts) throws Exception {
        return house.evaluate(key, object(parts)).decision();
    }

    /** 2.2.1 to 2.2.3, 2.2.8, 2.2.9 and the other core rules of the fixture. */
    @Test
    void basicCore() throws Exception {
        assertTrue(decides(ALICE, READ, RECORD_1));
        assertTrue(decides(ALICE, WRITE, RECORD_1));
        assertTrue(decides(BOB, READ, RECORD_1));
        assertFalse(decides(BOB, WRITE, RECORD_1));
        assertTrue(decides(
                ALICE, READ, RECORD_1, "\"context\":{\"time\":\"2025-06-27T18:03-07:00\",\"ip\":\"192.168.1.1\"}"));
        assertTrue(
                decides(
                        "\"subject\":{\"type\":\"user\",\"id\":\"alice\",\"properties\":{\"department\":\"Sales\",\"role\":\"manager\"}}",
                        "\"action\":{\"name\":\"read\",\"properties\":{\"method\":\"GET\"}}",
                        "\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{\"status\":\"active\",\"owner\":\"bob\"}}"));
        assertTrue(decides(ALICE, READ, RECORD_1, "\"foo\":\"bar\"", "\"futureField\":{\"nested\":true}"));
    }

    /** 2.2.4 to 2.2.7. */
    @Test
    void basicProperties() throws Exception {
        assertFalse(decides(ALICE, WRITE, RECORD_2));
        assertTrue(decides(ADMIN_BOB, WRITE, RECORD_2));
        assertTrue(decides(ALICE, "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":true}}", RECORD_1));
        assertFalse(decides(ALICE, "\"action\":{\"name\":\"delete\",\"properties\":{\"soft\":false}}", RECORD_1));
    }

    /** 2.4. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{A,R}",
                "{S,R}",
                "{S,A}",
                "{'subject':{'id':'alice'},A,R}",
                "{'subject':{'type':'user'},A,R}",
                "{S,'action':{},R}",
                "{S,A,'resource':{'id':'record-1'}}",
                "{S,A,'resource':{'type':'record'}}",
                "{'subject':'alice',A,R}",
                "{S,'action':{'name':123},R}",
                "{S,A,R",
                "[]",
                ""
            })
    void whatIsNoQuestionIsRefusedWith400(String written) throws Exception {
        String body = written.replace("S", ALICE)
                .replace("A,", READ + ",")
                .replace("A}", READ + "}")
                .replace("R}", RECORD_1 + "}")
                .replace(",R", "," + RECORD_1)
                .replace('\'', '"');
        for (String path : List.of(AuthzenHttp.EVALUATION, AuthzenHttp.EVALUATIONS)) {
            Said said = house.post(key, path, body);
            assertEquals(400, said.status(), body + " " + said.text());
            assertFalse(said.text().isEmpty());
        }
    }

    /** 2.4.3. */
    @Test
    void anotherContentTypeIsRefusedWith400() throws Exception {
        Said said = house.send(HttpRequest.newBuilder(house.url(AuthzenHttp.EVALUATION))
                .POST(HttpRequest.BodyPublishers.ofString(object(ALICE, READ, RECORD_1)))
                .header("Content-Type", "text/plain")
                .header("Authorization", "Bearer " + key)
                .build());
        assertEquals(400, said.status());
    }

    /** 2.5 and 2.6. */
    @Test
    void theRequestIdComesBackAndTheAnswerStaysTheSame() throws Exception {
        for (int i = 0; i < 5; i++) {
            Said said = house.send(HttpRequest.newBuilder(house.url(AuthzenHttp.EVALUATION))
                    .POST(HttpRequest.BodyPublishers.ofString(object(ALICE, READ, RECORD_1)))
                    .header("Content-Type", "application/json; charset=utf-8")
                    .header("Authorization", "Bearer " + key)
                    .header("X-Request-ID", "bfe9eb29-ab87-4ca3-be83-a1d5d8305716")
                    .build());
            assertTrue(said.decision());
            assertEquals(
                    "bfe9eb29-ab87-4ca3-be83-a1d5d8305716",
                    said.response().headers().firstValue("x-request-id").orElse(""));
            assertEquals(
                    "application/json",
                    said.response().headers().firstValue("content-type").orElse(""));
        }
    }

    private static List<Boolean> batch(String... parts) throws Exception {
        return house.post(key, AuthzenHttp.EVALUATIONS, object(parts)).decisions();
    }

    private static String evaluations(String... items) {
        return "\"evaluations\":[" + String.join(",", items) + "]";
    }

    /** 3.2.1, 3.2.2, 3.2.5, 3.2.6, 3.4. */
    @Test
    void batchCore() throws Exception {
        String record2 = "\"resource\":{\"type\":\"record\",\"id\":\"record-2\"}";
        assertEquals(
                2,
                batch(ALICE, READ, evaluations(object(RECORD_1), object(record2)))
                        .size());
        assertEquals(List.of(true, false), batch(BOB, RECORD_1, evaluations(object(READ), object(WRITE))));
        assertEquals(
                List.of(true, false), batch(evaluations(object(ALICE, READ, RECORD_1), object(BOB, WRITE, RECORD_1))));
        assertEquals(
                2,
                batch(
                                ALICE,
                                READ,
                                "\"context\":{\"time\":\"2025-06-27T18:03-07:00\"}",
                                evaluations(object(RECORD_1), object(record2, "\"context\":{\"source\":\"x\"}")))
                        .size());
        assertEquals(List.of(true, false), batch(ALICE, READ, evaluations(object(RECORD_1), "{}")));
        assertTrue(house.post(key, AuthzenHttp.EVALUATIONS, object(ALICE, READ, RECORD_1))
                .decision());
        assertTrue(house.post(key, AuthzenHttp.EVALUATIONS, object(ALICE, READ, RECORD_1, "\"evaluations\":[]"))
                .decision());
    }

    /** 3.2.3, 3.2.4, 3.2.7. */
    @Test
    void batchProperties() throws Exception {
        String active = "\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{\"status\":\"active\"}}";
        assertEquals(List.of(true, false), batch(ALICE, WRITE, evaluations(object(active), object(RECORD_2))));
        assertEquals(List.of(false, true), batch(WRITE, RECORD_2, evaluations(object(ALICE), object(ADMIN_BOB))));
        assertEquals(
                List.of(true, false),
                batch(
                        ALICE,
                        WRITE,
                        "\"resource\":{\"type\":\"record\"}",
                        evaluations(
                                "{\"resource\":{\"id\":\"record-1\",\"properties\":{\"status\":\"active\"}}}",
                                object(RECORD_2))));
    }

    private static Said search(String path, String... parts) throws Exception {
        return house.post(key, path, object(parts));
    }

    /** 4.2 to 4.4. */
    @Test
    void searches() throws Exception {
        String anyUser = "\"subject\":{\"type\":\"user\"}";
        String anyRecord = "\"resource\":{\"type\":\"record\"}";
        String context = "\"context\":{\"time\":\"2025-06-27T18:03-07:00\"}";
        assertEquals(
                List.of("alice", "bob"),
                search(AuthzenHttp.SEARCH_SUBJECT, anyUser, READ, RECORD_1, context)
                        .found("id"));
        assertEquals(
                List.of("record-1", "record-2"),
                search(AuthzenHttp.SEARCH_RESOURCE, ALICE, READ, anyRecord).found("id"));
        assertTrue(search(AuthzenHttp.SEARCH_ACTION, ALICE, RECORD_1, context)
                .found("name")
                .containsAll(List.of("read", "write")));
        assertTrue(search(AuthzenHttp.SEARCH_RESOURCE, ADMIN_BOB, WRITE, anyRecord)
                .found("id")
                .contains("record-2"));
        assertTrue(search(AuthzenHttp.SEARCH_ACTION, ADMIN_BOB, RECORD_2)
                .found("name")
                .contains("write"));
    }

    /** 4.2.4: who is an admin is what the operator wrote of him. */
    @Test
    void whoIsFoundIsWhoIsAllowedByWhatIsKnownHere() throws Exception {
        String anyUser = "\"subject\":{\"type\":\"user\"}";
        assertEquals(
                List.of("alice"),
                search(AuthzenHttp.SEARCH_SUBJECT, anyUser, WRITE, RECORD_1).found("id"));
        assertEquals(
                List.of("bob"),
                search(AuthzenHttp.SEARCH_SUBJECT, anyUser, WRITE, RECORD_2).found("id"));
    }

    /** 4.5. */
    @Test
    void pages() throws Exception {
        String anyUser = "\"subject\":{\"type\":\"user\"}";
        Said first = search(AuthzenHttp.SEARCH_SUBJECT, anyUser, READ, RECORD_1, "\"page\":{\"limit\":1}");
        assertEquals(List.of("alice"), first.found("id"));
        Said second = search(
                AuthzenHttp.SEARCH_SUBJECT,
                anyUser,
                READ,
                RECORD_1,
                "\"page\":{\"token\":\"" + first.nextToken() + "\"}");
        assertEquals(List.of("bob"), second.found("id"));
        assertEquals("", second.nextToken());
    }

    /** 4.6. */
    @Test
    void whatIsUnknownIsFoundNowhere() throws Exception {
        assertEquals(
                List.of(),
                search(
                                AuthzenHttp.SEARCH_ACTION,
                                "\"subject\":{\"type\":\"user\",\"id\":\"nonexistent-user\"}",
                                RECORD_1)
                        .found("name"));
        assertEquals(
                List.of(),
                search(AuthzenHttp.SEARCH_SUBJECT, "\"subject\":{\"type\":\"spaceship\"}", READ, RECORD_1)
                        .found("id"));
    }

    /** 4.7. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subject | {'subject':{'type':'user'},'resource':{'type':'record','id':'record-1'}}",
                "resource | {'action':{'name':'read'},'resource':{'type':'record'}}",
                "action | {'subject':{'type':'user','id':'alice'}}",
                "subject | {'subject':{'type':'user'},'action':{'name':'read'},'resource':{'type':'record'}}",
                "resource | {'subject':{'type':'user'},'action':{'name':'read'},'resource':{'type':'record'}}",
            })
    void searchesThatLackSomethingAreRefusedWith400(String entity, String body) throws Exception {
        assertEquals(
                400,
                house.post(key, "/access/v1/search/" + entity, body.replace('\'', '"'))
                        .status());
    }

    /** 6. The scheme is that of the listener, which needs no TLS on loopback. */
    @Test
    void discovery() throws Exception {
        Said said = house.send(
                HttpRequest.newBuilder(house.url(AuthzenHttp.METADATA)).GET().build());
        assertEquals(200, said.status());
        String base = house.url("").toString();
        assertEquals(base, said.body().string("policy_decision_point").orElse(""));
        for (String endpoint : List.of(
                "access_evaluation_endpoint",
                "access_evaluations_endpoint",
                "search_subject_endpoint",
                "search_resource_endpoint",
                "search_action_endpoint")) {
            String url = said.body().string(endpoint).orElseThrow();
            assertTrue(url.startsWith(base + "/access/v1/"), url);
            assertEquals(
                    400, house.post(key, url.substring(base.length()), "{}").status(), url);
        }
    }
}
