package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditHouse;
import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.ControlListener;
import dev.reeve.control.ControlRoutes;
import dev.reeve.control.ControlSocket;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the record through a process's doors, as auditors, administrators and the local user do it. */
final class AuditRoomTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ReeveConfig config;

    @SuppressWarnings("NullAway.Init")
    private Foundation foundation;

    @SuppressWarnings("NullAway.Init")
    private AuditRoom audit;

    @SuppressWarnings("NullAway.Init")
    private Refusals refusals;

    @SuppressWarnings("NullAway.Init")
    private ControlListener listener;

    @SuppressWarnings("NullAway.Init")
    private ControlSocket socket;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void open() throws Exception {
        Files.writeString(folder.resolve("reeve.yaml"), "keys: ./keys\n");
        config = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        Metrics metrics = new Metrics();
        foundation = Foundation.open(config, metrics, incident -> {});
        refusals = new Refusals(
                foundation.clock().source(), metrics, foundation.ids().tickets());
        audit = AuditRoom.open(foundation, refusals, metrics);
        ControlRoutes routes = foundation.room().routes(audit.routes().routes());
        listener = ControlListener.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                routes,
                foundation.room().administrators());
        socket = ControlSocket.open(config.data(), routes);
        done("rv_clerk00001", "clerk");
        done("rv_other00001", "other");
        decide("rv_clerk00002", "clerk", Ruling.DENY);
    }

    @AfterEach
    void close() throws Exception {
        threads.close();
        http.close();
        socket.close();
        listener.close();
        audit.close();
        foundation.close();
    }

    private Action decide(String id, String agent, Ruling ruling) throws Exception {
        Action action = AuditHouse.action(
                id, agent, Json.object().put("sql", "SELECT secretplan").build());
        foundation.journal().decided(AuditHouse.decision(action, ruling));
        return action;
    }

    private void done(String id, String agent) throws Exception {
        foundation.journal().completed(AuditHouse.completion(decide(id, agent, Ruling.ALLOW)));
    }

    private String token(String person, String role, String... agents) throws Exception {
        Json.Obj body = Json.object()
                .put("person", person)
                .put("role", role)
                .put("agents", Json.Arr.ofStrings(List.of(agents)))
                .build();
        try (Control control = Control.running(config)) {
            return control.call("POST", "/v1/admin-tokens", body)
                    .string("token")
                    .orElseThrow();
        }
    }

    private record Said(int status, Json.Obj body) {
        List<String> ids() {
            return body.array("events").orElse(Json.Arr.EMPTY).items().stream()
                    .map(event -> AuditReader.read((Json.Obj) event).record().id())
                    .toList();
        }

        long number(String name) {
            return ((Json.Num) body.get(name).orElseThrow()).whole().orElseThrow();
        }

        String code() {
            return body.object("error").flatMap(error -> error.string("code")).orElse("");
        }
    }

    private Said ask(String token, String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Said(response.statusCode(), StrictJson.readObject(response.body(), JsonLimits.ANSWER));
    }

    private Said get(String token, String path) throws Exception {
        return ask(token, "GET", path, "");
    }

    private List<Happened> readings(String person) throws Exception {
        AuditReader reader = new AuditReader(config.data().resolve("ledger"));
        EventQuery asked = EventQuery.of(Map.of(Part.PERSON, person, Part.KIND, "control"));
        return reader.last(10_000, EventFilter.of(asked), reader.size()).stream()
                .filter(one -> one.record().leaf().string("act").orElse("").equals("audit_read"))
                .toList();
    }

    private static Json.Obj told(Happened reading) {
        return (Json.Obj) Optional.ofNullable(reading.record().disclosed().get("difference"))
                .orElseThrow();
    }

    @Test
    void anAuditorReadsTheRecordAndDoesNothingElse() throws Exception {
        String bo = token("bo", "auditor");
        assertEquals(
                List.of("rv_clerk00002", "rv_other00001", "rv_clerk00001"),
                get(bo, "/v1/audit/events?kind=action").ids());
        assertEquals(200, get(bo, "/v1/audit/events/rv_clerk00001").status());
        for (String[] other : List.of(
                new String[] {"GET", "/v1/agents"},
                new String[] {"GET", "/v1/status"},
                new String[] {"POST", "/v1/agents"},
                new String[] {"GET", "/v1/admin-tokens"},
                new String[] {"POST", "/v1/admin-tokens"},
                new String[] {"POST", "/v1/audit/readings"},
                new String[] {"POST", "/v1/keys"})) {
            Said said = ask(bo, other[0], other[1], "{}");
            assertEquals(403, said.status(), other[1]);
            assertEquals("role_missing", said.code(), other[1]);
        }
        assertEquals(
                401,
                get("reeveu_" + bo.substring(7).toLowerCase(java.util.Locale.ROOT), "/v1/audit/events")
                        .status());
        assertEquals(401, get("", "/v1/audit/events").status());
    }

    @Test
    void whatIsOutsideOfAScopeAnswersLikeWhatDoesNotExist() throws Exception {
        String bo = token("bo", "auditor", "clerk");
        assertEquals(
                List.of("rv_clerk00002", "rv_clerk00001"),
                get(bo, "/v1/audit/events").ids());
        assertEquals(List.of(), get(bo, "/v1/audit/events?agent=other").ids());
        assertEquals(List.of(), get(bo, "/v1/audit/events?kind=control").ids());
        assertEquals(0, get(bo, "/v1/audit/events?agent=other&count=true").number("count"));
        Said hidden = get(bo, "/v1/audit/events/rv_other00001");
        Said nothing = get(bo, "/v1/audit/events/rv_nothing001");
        assertEquals(404, hidden.status());
        assertEquals(
                hidden.body().toString().replace("rv_other00001", "X"),
                nothing.body().toString().replace("rv_nothing001", "X"));
        assertEquals(404, get(bo, "/v1/audit/events/2").status());
        assertEquals(404, get(bo, "/v1/audit/events/999999").status());
    }

    @Test
    void eachReadingIsOneRecordWithWhoWhatAndHowMuch() throws Exception {
        String bo = token("bo", "auditor", "clerk");
        get(bo, "/v1/audit/events?tool=query_database&limit=1");
        get(bo, "/v1/audit/events/rv_clerk00001");
        List<Happened> readings = readings("bo");
        assertEquals(2, readings.size());
        assertEquals(
                "search", readings.getFirst().record().leaf().string("subject").orElse(""));
        assertEquals(
                "{\"filter\":{\"tool\":\"query_database\"},\"from\":4,\"scope\":[\"clerk\"],\"shown\":1,\"to\":4}",
                told(readings.getFirst()).toString());
        assertEquals(
                "show", readings.getLast().record().leaf().string("subject").orElse(""));
        assertTrue(readings("local:nobody").isEmpty());
    }

    @Test
    void readingWithoutEndIsCountedAndDoesNotFillTheDisk() throws Exception {
        String bo = token("bo", "auditor");
        for (int i = 0; i < 230; i++) {
            assertEquals(200, get(bo, "/v1/audit/events?limit=1").status());
        }
        int recorded = readings("bo").size();
        assertTrue(recorded >= 200 && recorded < 230, recorded + " readings");
        refusals.record(foundation::summary);
        AuditReader reader = new AuditReader(config.data().resolve("ledger"));
        Happened summary = reader.last(1, EventFilter.of(EventQuery.of(Map.of(Part.KIND, "summary"))), reader.size())
                .getFirst();
        long counted = ((Json.Num) summary.record()
                        .leaf()
                        .object("counts")
                        .flatMap(counts -> counts.get("audit_read@bo"))
                        .orElseThrow())
                .whole()
                .orElseThrow();
        assertEquals(230, recorded + counted);
    }

    @Test
    void aTailLosesNothingAndRepeatsNothingAlsoWhenItIsTakenUpAgain() throws Exception {
        String bo = token("bo", "auditor", "clerk");
        Action slow = decide("rv_clerkslow1", "clerk", Ruling.ALLOW);
        Said opened = ask(bo, "POST", "/v1/audit/tails", "{\"from\":0}");
        assertEquals(201, opened.status());
        String tail = opened.body().string("tail").orElseThrow();
        long from = opened.number("next");
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            done("rv_clerk0100" + i, "clerk");
            done("rv_other0100" + i, "other");
            Said page = get(bo, "/v1/audit/tails/" + tail + "?wait=20s&limit=2&from=" + from);
            seen.addAll(page.ids());
            from = page.number("next");
        }
        ask(bo, "POST", "/v1/audit/tails/" + tail + "/end", "{}");
        foundation.journal().completed(AuditHouse.completion(slow));
        String again = ask(bo, "POST", "/v1/audit/tails", "{\"from\":" + from + "}")
                .body()
                .string("tail")
                .orElseThrow();
        while (from < foundation.ledger().size()) {
            Said page = get(bo, "/v1/audit/tails/" + again + "?wait=20s&from=" + from);
            seen.addAll(page.ids());
            from = page.number("next");
        }
        List<String> all = new ArrayList<>();
        new AuditReader(config.data().resolve("ledger")).read(0, happened -> {
            if (happened.record().leaf().string("agent").orElse("").equals("clerk")) {
                all.add(happened.record().id());
            }
            return true;
        });
        assertEquals(all, seen);
        assertEquals(
                List.of("tail", "tail_end", "tail"),
                readings("bo").stream()
                        .map(one -> one.record().leaf().string("subject").orElse(""))
                        .toList());
        Json.Obj ended = told(readings("bo").get(1));
        assertTrue(ended.has("shown") && ended.has("from") && ended.has("to"), ended.toString());
    }

    /** The record of the revocation itself was the last thing that it saw. */
    @Test
    void aTailThatWaitsTellsNothingToWhoseTokenEndsMeanwhile() throws Exception {
        String bo = token("bo", "auditor");
        Said opened = ask(bo, "POST", "/v1/audit/tails", "{}");
        String tail = "/v1/audit/tails/" + opened.body().string("tail").orElseThrow();
        Said first = get(bo, tail + "?wait=20s&from=" + opened.number("next"));
        Future<Said> waiting = threads.submit(() -> get(bo, tail + "?wait=20s&from=" + first.number("next")));
        try (Control control = Control.running(config)) {
            Json.Obj only = (Json.Obj) control.get("/v1/admin-tokens")
                    .array("tokens")
                    .orElseThrow()
                    .items()
                    .getFirst();
            control.call("POST", "/v1/admin-tokens/" + only.string("id").orElseThrow() + "/revoke", Json.Obj.EMPTY);
        }
        Said last = waiting.get();
        assertTrue(
                Set.of("caller_ended", "unauthorised").contains(last.code()),
                last.body().toString());
    }

    @Test
    void aTailBelongsToWhoOpenedIt() throws Exception {
        String bo = token("bo", "auditor", "clerk");
        String cy = token("cy", "auditor");
        String tail =
                ask(bo, "POST", "/v1/audit/tails", "{}").body().string("tail").orElseThrow();
        assertEquals(404, get(cy, "/v1/audit/tails/" + tail + "?from=0").status());
        assertEquals(
                404, ask(cy, "POST", "/v1/audit/tails/" + tail + "/end", "{}").status());
        assertEquals(200, get(bo, "/v1/audit/tails/" + tail + "?from=0").status());
    }

    @Test
    void wrongQuestionsAreRefusedWithWhatIsWrong() throws Exception {
        String bo = token("bo", "auditor");
        for (String wrong : List.of(
                "status=maybe",
                "since=yesterday",
                "kind=secret",
                "limit=0",
                "limit=501",
                "cursor=x",
                "from=-1",
                "text=%20--",
                "color=red")) {
            Said said = get(bo, "/v1/audit/events?" + wrong);
            assertEquals(400, said.status(), wrong);
            assertEquals("invalid", said.code(), wrong);
        }
        assertEquals(400, get(bo, "/v1/audit/events/rv_x").status());
        assertTrue(readings("bo").isEmpty(), "what was not shown was not read");
    }

    @Test
    void theCommandsReadThroughTheProcessWhatTheyReadFromTheFiles() throws Exception {
        decide("rv_clerkopen1", "clerk", Ruling.ALLOW);
        Path ledger = config.data().resolve("ledger");
        try (RecordReader served = new ServedReader(Control.running(config));
                RecordReader files = new FileReader(ledger)) {
            for (EventQuery asked : List.of(
                    EventQuery.of(Map.of(Part.KIND, "action")),
                    EventQuery.of(Map.of(Part.AGENT, "clerk", Part.STATUS, "pending")),
                    EventQuery.of(Map.of(Part.TEXT, "SELECT secret")))) {
                List<Json> wanted = new ArrayList<>();
                files.all(asked, one -> wanted.add(one.json()));
                List<Json> shown = new ArrayList<>();
                served.all(asked, one -> shown.add(one.json()));
                assertEquals(wanted, shown);
                assertEquals(
                        files.newest(asked, 2).stream().map(Happened::json).toList(),
                        served.newest(asked, 2).stream().map(Happened::json).toList());
                assertFalse(wanted.isEmpty());
            }
            assertEquals(files.find("1").json(), served.find("1").json());
            assertEquals(
                    files.find("rv_clerk00002").json(),
                    served.find("rv_clerk00002").json());
            assertEquals(
                    assertThrows(CommandException.class, () -> files.find("rv_nothing01"))
                            .getMessage(),
                    assertThrows(CommandException.class, () -> served.find("rv_nothing01"))
                            .getMessage());
        }
        assertFalse(readings("local:" + System.getProperty("user.name")).isEmpty());
    }

    @Test
    void atTheEndOfTheProcessOpenTailsAreEndedInTheRecord() throws Exception {
        String bo = token("bo", "auditor");
        ask(bo, "POST", "/v1/audit/tails", "{}");
        audit.routes().end().run();
        assertEquals(
                "tail_end",
                readings("bo").getLast().record().leaf().string("subject").orElse(""));
    }
}
