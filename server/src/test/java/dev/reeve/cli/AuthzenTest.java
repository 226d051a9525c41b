package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.Credential;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.cli.AuthzenHouse.Said;
import dev.reeve.control.Administration;
import dev.reeve.control.NewAgent;
import dev.reeve.json.Json;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask what through the decision API, what is believed of it, what is told, and what is written down. */
final class AuthzenTest {
    private static final String CATALOGUE = """
            resources:
              ledger: { actions: [approve] }
              secret_plan: {}
            """;

    private static final String POLICIES = """
            enforcement_points:
              gateway: { agents: "sales_*", roles: auditor, users: "*@example.com" }
              console: { agents: "*", reasons: all }
            agents:
              gateway: {}
              console: {}
              plain: { roles: [clerk] }
              sales_1: { roles: [clerk] }
              sales_2: {}
              other: { roles: [clerk] }
              checker: { roles: [auditor] }
            agent_roles:
              clerk:
                permissions:
                  - { resource: ledger, actions: [read, approve] }
                  - { resource: "url:https://shop.example.com/**", actions: [read] }
                  - { resource: "mcp:docs/file:///srv/**", actions: [read] }
              auditor:
                permissions:
                  - { resource: ledger, actions: [read, approve] }
            rules:
              - require_approval: { resource: ledger, action: approve }
                reason: money needs two people
                tell: agent
              - deny: { resource: ledger, action: delete }
                reason: the book is never torn
              - deny: { resource: "file:/srv/board/**" }
              - deny: { resource: "url:https://shop.example.com/admin/**" }
                reason: the back office is closed
                tell: agent
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static AuthzenHouse house;

    private static String gateway = "";
    private static String console = "";

    @BeforeAll
    static void open() throws Exception {
        house = AuthzenHouse.open(folder, CATALOGUE, POLICIES);
        gateway = house.key("gateway");
        console = house.key("console");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static String question(String subjectType, String subject, String action, String type, String id) {
        return """
                {"subject":{"type":"%s","id":"%s","properties":{"roles":["clerk"],"role":"clerk"}},\
                "action":{"name":"%s"},"resource":{"type":"%s","id":"%s"},"context":{"roles":["clerk"]}}""".formatted(subjectType, subject, action, type, id);
    }

    private static Said asks(String key, String agent, String action, String type, String id) throws Exception {
        return house.evaluate(key, question("agent", agent, action, type, id));
    }

    @ParameterizedTest
    @CsvSource({
        "sales_1, read, resource, ledger, true",
        "sales_1, query, resource, ledger, true",
        "sales_1, create, resource, ledger, false",
        // Roles are what is known here, whatever the point says of them.
        "sales_2, read, resource, ledger, false",
        "checker, read, resource, ledger, true",
        "sales_1, read, url, https://shop.example.com/cart?x=1, true",
        // What a server has is asked about as it is read.
        "sales_1, read, mcp, docs/file:///srv/a.txt, true",
        "sales_1, read, mcp, other/file:///srv/a.txt, false",
        "sales_1, read, mcp, docs/file:///srv/board/minutes.md, false",
        "sales_1, read, mcp, docs/file:///srv/../etc/passwd, false",
        "sales_1, read, mcp, docs/file:///srv/%2e%2e/etc/passwd, false",
        "sales_1, read, mcp, docs/file:///srv//a.txt, false",
        "sales_1, read, mcp, docs/file:///srv/a.txt#x, false",
        "sales_1, read, mcp, docs/FILE:///srv/a.txt, false",
        "sales_1, read, mcp, docs/file://u@/srv/a.txt, false",
        "sales_1, read, file, /srv/a.txt, false",
        "sales_1, read, url, HTTPS://SHOP.example.com:443/cart, true",
        "sales_1, read, url, https://shop.example.com/admin/users, false",
        "sales_1, read, url, https://shop.example.com/x/../admin/users, false",
        "sales_1, read, url, https://shop.example.com/%61dmin/users, false",
        "sales_1, read, url, https://shop.example.com/admin/users?x=/, false",
        "sales_1, read, url, https://shop.example.com/admin;a=b/users, false",
        "sales_1, read, url, https://shop.example.com/admin%20/users, false",
        "sales_1, read, URL, https://shop.example.com/cart, false",
        "sales_1, read, url, https://other.example.com/, false",
        "sales_1, read, resource, secret_plan, false",
        "sales_1, read, thing, whatever, false",
        "sales_1, shred, resource, ledger, false",
    })
    void decidesByWhatIsKnownHere(String agent, String action, String type, String id, boolean allowed)
            throws Exception {
        assertEquals(allowed, asks(gateway, agent, action, type, id).decision());
    }

    @Test
    void whoIsOutsideOfTheSegmentAndWhoDoesNotExistGetOneAnswer() throws Exception {
        Said outside = asks(gateway, "other", "read", "resource", "ledger");
        Said nobody = asks(gateway, "sales_99", "read", "resource", "ledger");
        Said strange = house.evaluate(gateway, question("robot", "r2", "read", "resource", "ledger"));
        Said user = house.evaluate(gateway, question("user", "eve@evil.example", "read", "resource", "ledger"));
        for (Said said : List.of(outside, nobody, strange, user)) {
            assertFalse(said.decision());
            assertEquals("subject_unknown", said.code());
            assertEquals(outside.context().without("id"), said.context().without("id"));
        }
        Happened record = house.recorded(outside.context().string("id").orElseThrow());
        assertEquals("denial", record.record().kind());
        assertEquals("gateway", record.record().leaf().string("agent").orElse(""));
    }

    @Test
    void aUserIsThePointsOwnRolesWithTheUserBeside() throws Exception {
        // The point has no role, so its users may nothing; and that is not the answer for an unknown one.
        Said said = house.evaluate(gateway, question("user", "ann@example.com", "read", "resource", "ledger"));
        assertFalse(said.decision());
        assertEquals("no_rule_allows", said.code());
        Happened record = house.recorded(said.context().string("id").orElseThrow());
        assertEquals("ann@example.com", record.record().leaf().string("user").orElse(""));
    }

    @Test
    void whatIsAllowedIsRecordedAsAVerdictOnlyBeforeItIsAnswered() throws Exception {
        Said said = asks(gateway, "sales_1", "read", "resource", "ledger");
        Happened happened = house.recorded(said.context().string("id").orElseThrow());
        Json.Obj leaf = happened.record().leaf();
        assertEquals("verdict", happened.record().kind());
        assertEquals(Optional.empty(), happened.outcome());
        assertEquals("verdict_only", EventText.status(happened));
        assertEquals("sales_1", leaf.string("agent").orElse(""));
        assertEquals("gateway", leaf.string("asked_by").orElse(""));
        assertEquals("authzen", leaf.string("channel").orElse(""));
        assertEquals(
                "access_evaluation",
                leaf.object("operation").flatMap(it -> it.string("kind")).orElse(""));
        assertEquals(0, house.foundation().openIntents().count(), "nothing waits for an outcome");
        Json.Obj event = happened.json();
        assertEquals(
                "verdict_only",
                event.object("result").flatMap(it -> it.string("status")).orElse(""));
    }

    @Test
    void aHoldIsNoPermission() throws Exception {
        Said said = asks(gateway, "sales_1", "approve", "resource", "ledger");
        assertFalse(said.decision());
        assertEquals("approval_required", said.code());
        assertEquals("needed", said.context().string("approval").orElse(""));
        assertEquals(
                "hold",
                house.recorded(said.context().string("id").orElseThrow())
                        .record()
                        .kind());
    }

    @Test
    void aPointSeesWhatAnAgentWouldBeToldAndNoMore() throws Exception {
        Said denied = asks(gateway, "sales_1", "delete", "resource", "ledger");
        assertFalse(denied.text().contains("torn"), denied.text());
        assertFalse(denied.context().has("rule"));
        assertFalse(denied.context().has("reason_admin"));
        Said told = asks(gateway, "sales_1", "read", "url", "https://shop.example.com/admin/x");
        assertEquals(
                "the back office is closed",
                told.context()
                        .object("reason_user")
                        .flatMap(it -> it.string("en"))
                        .orElse(""));
    }

    @Test
    void aPointThatMaySeeAllReasonsSeesTheRuleAndItsPlace() throws Exception {
        Said denied = asks(console, "sales_1", "delete", "resource", "ledger");
        String reason = denied.context()
                .object("reason_admin")
                .flatMap(it -> it.string("en"))
                .orElse("");
        assertTrue(reason.contains("the book is never torn"), reason);
        assertEquals(
                Optional.of("policies/all.yaml"),
                denied.context().object("rule").flatMap(it -> it.string("file")));
        assertFalse(denied.context()
                .object("reason_user")
                .flatMap(it -> it.string("en"))
                .orElse("")
                .contains("torn"));
    }

    @Test
    void whatASubjectMayNotSeeAnswersAsWhatDoesNotExist() throws Exception {
        // sales_2 has no role: a rule about the ledger tells nothing of it.
        Said hidden = asks(gateway, "sales_2", "read", "resource", "ledger");
        Said absent = asks(gateway, "sales_2", "read", "resource", "no_such_thing");
        assertEquals(absent.context().without("id"), hidden.context().without("id"));
    }

    @Test
    void onlyEnrolledPointsAreAnswered() throws Exception {
        String body = question("agent", "sales_1", "read", "resource", "ledger");
        Said plain = house.evaluate(house.key("plain"), body);
        assertEquals(403, plain.status());
        Said nobody = house.send(HttpRequest.newBuilder(house.url(AuthzenHttp.EVALUATION))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("X-Request-ID", "r1")
                .build());
        assertEquals(401, nobody.status());
        assertEquals(
                "r1", nobody.response().headers().firstValue("x-request-id").orElse(""));
        assertTrue(nobody.response().headers().firstValue("www-authenticate").isPresent());
    }

    @Test
    void aRevokedPointAndASuspendedSubjectAreNothingFromTheNextQuestionOn() throws Exception {
        Administration administration = house.foundation().room().administration();
        administration.createAgent("local:test", new NewAgent("sales_3", Set.of("clerk"), Optional.empty(), Map.of()));
        Administration.Shown<Credential.ApiKey> made =
                administration.createKey("local:test", "gateway", Duration.ofDays(1));
        String key = made.text().exposeTextInsecurely();
        assertTrue(asks(key, "sales_3", "read", "resource", "ledger").decision());
        administration.suspend("local:test", "sales_3");
        Said suspended = asks(key, "sales_3", "read", "resource", "ledger");
        assertFalse(suspended.decision());
        assertEquals("subject_unknown", suspended.code());
        administration.revokeKey("local:test", made.credential().id());
        assertEquals(401, asks(key, "sales_1", "read", "resource", "ledger").status());
    }

    @Test
    void aRequestIdThatIsTooLongIsRefusedBeforeAnythingIsAsked() throws Exception {
        Said said = house.send(HttpRequest.newBuilder(house.url(AuthzenHttp.EVALUATION))
                .POST(HttpRequest.BodyPublishers.ofString(question("agent", "sales_1", "read", "resource", "ledger")))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + gateway)
                .header("X-Request-ID", "x".repeat(257))
                .build());
        assertEquals(400, said.status());
        assertTrue(said.response().headers().firstValue("x-request-id").isEmpty());
    }

    @Test
    void limitsAreTold() throws Exception {
        String item = question("agent", "sales_1", "read", "resource", "ledger");
        String most =
                String.join(",", IntStream.range(0, 100).mapToObj(i -> item).toList());
        Said full = house.post(gateway, AuthzenHttp.EVALUATIONS, "{\"evaluations\":[" + most + "]}");
        assertEquals(100, full.decisions().size());
        assertTrue(full.decisions().stream().allMatch(decision -> decision));
        Said over = house.post(gateway, AuthzenHttp.EVALUATIONS, "{\"evaluations\":[" + most + "," + item + "]}");
        assertEquals(400, over.status());
        assertTrue(over.text().contains("100"), over.text());
        String deep = "{\"subject\":" + "[".repeat(40) + "]".repeat(40) + "}";
        assertEquals(400, house.evaluate(gateway, deep).status());
        assertEquals(
                400, house.evaluate(gateway, "{\"subject\":{},\"subject\":{}}").status());
        assertEquals(
                400,
                house.evaluate(gateway, item.replace("\"ledger\"", "\"" + "x".repeat(5_000) + "\""))
                        .status());
    }

    /** One request of a megabyte was a hundred in the record. */
    @Test
    void whatManyQuestionsHaveInCommonCountsForEach() throws Exception {
        String body = "{\"subject\":{\"type\":\"agent\",\"id\":\"sales_1\"},\"action\":{\"name\":\"read\"},"
                + "\"resource\":{\"type\":\"resource\",\"id\":\"ledger\"},\"context\":{\"note\":\"%s\"},\"evaluations\":[%s]}";
        String large = "x".repeat(900_000);
        String four = String.join(",", Collections.nCopies(4, "{}"));
        Said fits = house.post(gateway, AuthzenHttp.EVALUATIONS, body.formatted(large, four));
        assertEquals(List.of(true, true, true, true), fits.decisions());
        Said over = house.post(gateway, AuthzenHttp.EVALUATIONS, body.formatted(large, four + ",{}"));
        assertEquals(400, over.status());
        assertTrue(over.text().contains("send fewer at a time"), over.text());
        Said own = house.post(
                gateway, AuthzenHttp.EVALUATIONS, body.formatted(large, four + ",{\"context\":{\"note\":\"y\"}}"));
        assertEquals(5, own.decisions().size(), "what brings its own takes nothing of it");
    }

    @Test
    void theSemanticsOfManyQuestionsHold() throws Exception {
        String yes = question("agent", "sales_1", "read", "resource", "ledger");
        String no = question("agent", "sales_2", "read", "resource", "ledger");
        String body = "{\"options\":{\"evaluations_semantic\":\"%s\"},\"evaluations\":[%s]}";
        assertEquals(
                List.of(true, false, true),
                house.post(gateway, AuthzenHttp.EVALUATIONS, body.formatted("execute_all", yes + "," + no + "," + yes))
                        .decisions());
        assertEquals(
                List.of(true, false),
                house.post(
                                gateway,
                                AuthzenHttp.EVALUATIONS,
                                body.formatted("deny_on_first_deny", yes + "," + no + "," + yes))
                        .decisions());
        assertEquals(
                List.of(false, true),
                house.post(
                                gateway,
                                AuthzenHttp.EVALUATIONS,
                                body.formatted("permit_on_first_permit", no + "," + yes + "," + no))
                        .decisions());
        // A question that is none ends a conjunction as a denial does.
        assertEquals(
                List.of(false),
                house.post(gateway, AuthzenHttp.EVALUATIONS, body.formatted("deny_on_first_deny", "{}," + yes))
                        .decisions());
        assertEquals(
                400,
                house.post(gateway, AuthzenHttp.EVALUATIONS, body.formatted("all_of_them", yes))
                        .status());
    }

    @Test
    void aSearchShowsOnlyWhomThePointMaySpeakFor() throws Exception {
        String body = """
                {"subject":{"type":"agent"},"action":{"name":"read"},"resource":{"type":"resource","id":"ledger"}}""";
        assertEquals(
                List.of("sales_1"),
                house.post(gateway, AuthzenHttp.SEARCH_SUBJECT, body).found("id").stream()
                        .filter(name -> !name.equals("checker"))
                        .toList());
        assertTrue(house.post(console, AuthzenHttp.SEARCH_SUBJECT, body)
                .found("id")
                .containsAll(List.of("other", "plain", "sales_1")));
        String resources = """
                {"subject":{"type":"agent","id":"%s"},"action":{"name":"read"},"resource":{"type":"resource"}}""";
        assertEquals(
                List.of("ledger"),
                house.post(gateway, AuthzenHttp.SEARCH_RESOURCE, resources.formatted("sales_1"))
                        .found("id"));
        assertEquals(
                List.of(),
                house.post(gateway, AuthzenHttp.SEARCH_RESOURCE, resources.formatted("other"))
                        .found("id"));
        String actions = """
                {"subject":{"type":"agent","id":"sales_1"},"resource":{"type":"resource","id":"ledger"}}""";
        assertEquals(
                List.of("query", "read"),
                house.post(gateway, AuthzenHttp.SEARCH_ACTION, actions).found("name"));
    }
}
