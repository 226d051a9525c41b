package dev.reeve.control;

import static dev.reeve.definitions.OfferedTool.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.agents.Agent;
import dev.reeve.audit.Scope;
import dev.reeve.child.ChildLimits;
import dev.reeve.child.Confinement;
import dev.reeve.control.RoutesCalls.Said;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.Pin;
import dev.reeve.definitions.PinRecords;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.Json.Obj;
import dev.reeve.packages.Packages;
import dev.reeve.secrets.Secret;
import dev.reeve.upstream.LaunchRefusedException;
import dev.reeve.upstream.UpstreamLimits;
import dev.reeve.upstream.UpstreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    @SuppressWarnings("NullAway.Init")
    private PinnedDefinitions definitions;

    private final List<String> pinned = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        house = new ControlHouse(folder);
        room = house.open();
        definitions = new PinnedDefinitions(
                room.pins("default"), pinRecords(), room.clock().source());
        routes = room.routes(ToolRoutes.of(definitions, room));
        room.administrators().create("local:root", "ana", Duration.ofDays(30));
        room.administrators().create("local:root", "bo", Duration.ofDays(30));
    }

    @AfterEach
    void close() {
        room.close();
    }

    private PinRecords pinRecords() {
        return new PinRecords() {
            @Override
            public void changing(String act, Pin pin) {
                throw new AssertionError("it is told with what was found");
            }

            @Override
            public void changing(
                    String act, Pin pin, List<Finding> findings, Set<Check> accepted, Optional<String> second) {
                pinned.add(act + " " + pin.subject() + " " + pin.decidedBy().orElse("nobody")
                        + second.map(name -> " with " + name).orElse(""));
            }
        };
    }

    private Said post(Caller caller, String path, String body) {
        return new RoutesCalls(routes).post(caller, path, body);
    }

    private Said agree(Caller caller, Said asked) {
        return new RoutesCalls(routes).agree(caller, asked);
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

    private static String one(String name, String description) {
        return Json.object()
                .put("upstream", "mail")
                .put("name", name)
                .put("fingerprint", PinnedDefinitions.fingerprint(tool(name, description)))
                .build()
                .toString();
    }

    private State state(String name) {
        return definitions.tool("mail", name).orElseThrow().state();
    }

    private void offers(Json.Obj... tools) {
        definitions.compare("mail", List.of(tools), false);
    }

    private void endBo() throws Exception {
        for (Administrators.Token token : room.administrators().tokens()) {
            if (token.person().equals("bo")) {
                room.administrators().revoke("local:root", token.id());
            }
        }
    }

    @Test
    void aDefinitionWaitsAndExactlyThoseBytesComeInForce() throws Exception {
        offers(tool("send", "Sends."));
        Said asked = post(ANA, "/v1/tools/approve", one("send", "Sends."));
        assertEquals(202, asked.status());
        assertEquals(
                "the definition of `mail.send` with the fingerprint "
                        + PinnedDefinitions.fingerprint(tool("send", "Sends.")),
                asked.what());
        assertEquals(
                asked.id(),
                post(ANA, "/v1/tools/approve", one("send", "Sends.")).id(),
                "it waits already");
        assertEquals(State.HELD, state("send"));
        assertEquals("same_person", agree(ANA, asked).code());
        offers(tool("send", "Sends, and keeps a copy."));
        assertEquals("not_waiting", agree(BO, asked).code(), "it says something else by now");
        assertEquals(State.HELD, state("send"));
        offers(tool("send", "Sends."));
        assertEquals(200, agree(BO, asked).status());
        assertEquals(State.IN_FORCE, state("send"));
        assertEquals("pin_approve mail.send ana with bo", pinned.getLast());
        assertEquals("not_waiting", agree(BO, asked).code());
        assertEquals(
                "not_waiting",
                post(ANA, "/v1/tools/approve", one("send", "Sends.")).code());
    }

    /** As with a file that is edited there: the machine's user may be an agent's. */
    @Test
    void theUserOfTheMachineWaitsToo() throws Exception {
        offers(tool("send", "Sends."));
        Said asked = post(new Caller.Local("ana", 0), "/v1/tools/approve", one("send", "Sends."));
        assertEquals(202, asked.status());
        assertEquals("same_person", agree(ANA, asked).code());
        assertEquals("second_person", agree(HERE, asked).code(), "says by no token who agrees");
        assertEquals(200, agree(BO, asked).status());
        assertEquals("pin_approve mail.send local:ana with bo", pinned.getLast());
    }

    /** Files that were changed by whoever is this user of the system. */
    private static PolicyRoutes.Desk changedBy(String proposer) {
        return new PolicyRoutes.Desk() {
            @Override
            public Optional<PolicyRoutes.Waiting> waiting() {
                return Optional.of(new PolicyRoutes.Waiting("v2", proposer, Json.Obj.EMPTY));
            }

            @Override
            public Optional<List<String>> second(String version, String person) {
                return Optional.of(List.of());
            }
        };
    }

    /** The same human may come by the machine's socket, or with the editor there, and then with a token. */
    @Test
    void whoWorksAsAUserOfTheSystemIsNoSecondPersonForIt() throws Exception {
        room.administrators().atTheMachine(new SystemUsers(Map.of("deploy", Set.of("bo@example.com", "zoe"))));
        List<Route> routes = new ArrayList<>(ToolRoutes.of(definitions, room));
        routes.addAll(PolicyRoutes.of(changedBy("file:root,deploy"), room::administrators));
        this.routes = room.routes(routes);
        offers(tool("send", "Sends."));
        Said asked = post(new Caller.Local("deploy", 0), "/v1/tools/approve", one("send", "Sends."));
        assertEquals("same_person", agree(BO, asked).code());
        assertEquals(200, agree(ANA, asked).status());
        assertEquals(
                "same_person",
                post(BO, "/v1/policy/approve", "{\"version\":\"v2\"}").code());
        assertEquals(
                200, post(ANA, "/v1/policy/approve", "{\"version\":\"v2\"}").status());
    }

    @Test
    void manyDefinitionsWaitAsOneAndComeInForceAllOrNone() throws Exception {
        offers(tool("send", "Sends."), tool("read", "Reads."));
        String both = "{\"definitions\":[" + one("send", "Sends.") + "," + one("read", "Reads.") + "]}";
        Said asked = post(ANA, "/v1/tools/approve", both);
        assertEquals("2 definitions: mail.send, mail.read", asked.what());
        offers(tool("send", "Sends."), tool("read", "Reads all."));
        assertEquals("not_waiting", agree(BO, asked).code());
        assertEquals(State.HELD, state("send"));
        offers(tool("send", "Sends."), tool("read", "Reads."));
        assertEquals(200, agree(BO, asked).status());
        assertEquals(State.IN_FORCE, state("send"));
        assertEquals(State.IN_FORCE, state("read"));
        for (String wrong : List.of("[]", "[1]", "[{\"upstream\":\"mail\",\"x\":1}]", "7")) {
            assertEquals(
                    "invalid",
                    post(ANA, "/v1/tools/approve", "{\"definitions\":" + wrong + "}")
                            .code(),
                    wrong);
        }
    }

    @Test
    void aPackageWaitsAndExactlyThoseFilesComeInForce() throws Exception {
        Path installed = Files.createDirectories(folder.toRealPath().resolve("app/node_modules/@acme/mail"));
        Files.writeString(installed.resolve("package.json"), "{\"name\":\"@acme/mail\",\"version\":\"1.0.0\"}");
        Path program = Files.writeString(installed.resolve("x.js"), "serve()");
        UpstreamSettings.Stdio mail = new UpstreamSettings.Stdio(
                "mail",
                Principal.DEFAULT_TENANT,
                false,
                UpstreamLimits.USUAL,
                Optional.empty(),
                List.of("node", program.toString()),
                Path.of("/"),
                Map.of(),
                Optional.of(new Confinement(List.of(), List.of(), ChildLimits.USUAL)));
        Packages packages = new Packages(
                folder.resolve("servers"),
                folder.resolve("pins"),
                folder.resolve("home"),
                (person, act, upstream, difference) -> pinned.add(act + " " + upstream + " " + person + " with "
                        + difference.string("seconded_by").orElse("nobody")),
                System.getenv());
        assertEquals(mail.argv(), packages.of(mail).argv());
        Files.writeString(program, "steal()");
        assertThrows(LaunchRefusedException.class, () -> packages.of(mail));
        routes = room.routes(PackageRoutes.of(packages, List.of(mail), room));
        String digest = packages.waiting().getFirst().digest();
        Said asked = post(ANA, "/v1/upstreams/approve", "{\"upstream\":\"mail\",\"digest\":\"" + digest + "\"}");
        assertEquals(202, asked.status());
        assertEquals("the package `@acme/mail` of the server `mail`, 1.0.0 -> 1.0.0, digest " + digest, asked.what());
        assertThrows(LaunchRefusedException.class, () -> packages.of(mail));
        room.close();
        room = house.open();
        routes = room.routes(List.of());
        assertEquals("not_possible", agree(BO, asked).code(), "Reeve starts no servers any more");
        routes = room.routes(PackageRoutes.of(packages, List.of(mail), room));
        Files.writeString(program, "worse()");
        assertEquals("not_waiting", agree(BO, asked).code(), "other files by now");
        Files.writeString(program, "steal()");
        assertEquals(200, agree(BO, asked).status());
        assertEquals("package_approved mail ana with bo", pinned.getLast());
        assertEquals(mail.argv(), packages.of(mail).argv());
    }

    @Test
    void whatChecksHoldIsSaidToWhoAgrees() throws Exception {
        offers(tool("send", "Sends. <!-- x -->"));
        String plain = one("send", "Sends. <!-- x -->");
        assertEquals("findings_hold_it", post(ANA, "/v1/tools/approve", plain).code());
        Said asked = post(
                ANA, "/v1/tools/approve", plain.substring(0, plain.length() - 1) + ",\"accept\":[\"html-comment\"]}");
        assertTrue(asked.what().endsWith(", although checks found html-comment"), asked.what());
        assertEquals(200, agree(BO, asked).status());
    }

    @Test
    void whoIsAloneApprovesAlone() throws Exception {
        endBo();
        house.store.pass(Administrators.STILL_COUNTED);
        offers(tool("send", "Sends."));
        assertEquals(200, post(ANA, "/v1/tools/approve", one("send", "Sends.")).status());
        assertEquals("pin_approve mail.send ana", pinned.getLast());
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

    @Test
    void aTokenSaysWhoMadeItAndWhoAgreedAlsoAfterARestart() throws Exception {
        Said asked = post(ANA, "/v1/admin-tokens", "{\"person\":\"zoe\",\"role\":\"approver\"}");
        assertEquals(200, agree(BO, asked).status());
        room.close();
        room = house.open();
        routes = room.routes(List.of());
        List<String> makers = new RoutesCalls(routes)
                .get(ANA, "/v1/admin-tokens").body().array("tokens").orElseThrow().items().stream()
                        .map(Obj.class::cast)
                        .map(token -> token.string("person").orElseThrow() + " by "
                                + token.string("by").orElse("nobody") + " with "
                                + token.string("seconded_by").orElse("nobody"))
                        .sorted()
                        .toList();
        assertEquals(
                List.of("ana by local:root with nobody", "bo by local:root with nobody", "zoe by ana with bo"), makers);
    }
}
