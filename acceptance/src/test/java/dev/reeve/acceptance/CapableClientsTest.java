package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is not ours, of a revision with sessions and on a pipe, offers some tools only to clients that can be asked something: through Reeve such a
 * client has them and can use them, and another one gets an ordinary answer. With a process for each client, and with one that clients share.
 */
@Timeout(120)
final class CapableClientsTest {
    private static final String FORM = "{\"elicitation\":{\"form\":{}}}";
    private static final String ALL = "{\"elicitation\":{\"form\":{}},\"sampling\":{},\"roots\":{}}";
    private static final String ASKING = "trigger-elicitation-request";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Product product;

    @SuppressWarnings("NullAway.Init")
    private static RawClient client;

    @BeforeAll
    static void start() throws Exception {
        Outside.slow("servers whose tools depend on the client");
        String server = "confine: none, stdio: "
                + Text.yaml(Outside.node("node_modules/.bin/mcp-server-everything", "stdio"))
                + ", definitions: trust-first-use";
        Path home = Homes.home(
                folder.resolve("home"),
                "  own: { " + server + " }\n  shared: { " + server + ", sessions: stateless }\n" + "  mute: { " + server
                        + ", elicitation: deny, sampling: deny, roots: deny }\n");
        Homes.file(
                home,
                "policies/tester.yaml",
                "agent_roles: { tester: { permissions: [ { resource: \"tool:*.*\", actions: [execute] } ] } }\n");
        product = Product.start(home);
        client = new RawClient(product.mcp(), Agents.withKey(product, "tester"));
        Tools.waitUntilPinned(product, List.of("own", "shared", "mute"));
    }

    @AfterAll
    static void stop() {
        if (product != null) {
            product.close();
        }
    }

    private static Json.Obj ask(String method, String name, String params, String capabilities)
            throws IOException, InterruptedException, JsonRefusedException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params
                + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}}}";
        byte[] said = client.send(method, body, name).body().getBytes(StandardCharsets.UTF_8);
        return StrictJson.readObject(said, JsonLimits.REQUEST);
    }

    /** Of this server, without its name. */
    private static Set<String> tools(String server, String capabilities) throws Exception {
        Set<String> names = new TreeSet<>();
        for (Json tool : ask("tools/list", "", "", capabilities)
                .object("result")
                .flatMap(result -> result.array("tools"))
                .orElseThrow()
                .items()) {
            String name = ((Json.Obj) tool).string("name").orElseThrow();
            if (name.startsWith(server + ".")) {
                names.add(name.substring(server.length() + 1));
            }
        }
        return names;
    }

    private static Json.Obj call(String server, String name, String capabilities, String more) throws Exception {
        String tool = server + "." + name;
        return ask("tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":{}," + more, capabilities);
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "shared"})
    void eachClientHasTheToolsForWhatItCanBeAsked(String server) throws Exception {
        Set<String> plain = tools(server, "{}");
        assertTrue(plain.contains("echo") && !plain.contains(ASKING), plain.toString());
        Set<String> asked = tools(server, FORM);
        assertTrue(asked.containsAll(plain) && asked.contains(ASKING), asked.toString());
        assertFalse(asked.contains("trigger-sampling-request"), asked.toString());
        Set<String> all = tools(server, ALL);
        assertTrue(all.containsAll(asked), all.toString());
        assertTrue(all.containsAll(Set.of("trigger-sampling-request", "get-roots-list")), all.toString());
        assertEquals(plain, tools(server, "{}"), "what others are shown changes nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "shared"})
    void whoCanBeAskedUsesSuchAToolToItsEnd(String server) throws Exception {
        Json.Obj asked = call(server, ASKING, FORM, "").object("result").orElseThrow();
        assertEquals("input_required", asked.string("resultType").orElse(""), asked.toString());
        String question = asked.object("inputRequests")
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
        String state = asked.string("requestState").orElseThrow();
        Json.Obj done = call(
                server,
                ASKING,
                FORM,
                "\"requestState\":\"" + state + "\",\"inputResponses\":{\"" + question
                        + "\":{\"action\":\"decline\"}},");
        assertTrue(done.toString().contains("declined"), done.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "shared"})
    void whoCannotBeAskedGetsAnOrdinaryAnswer(String server) throws Exception {
        Json.Obj said = call(server, ASKING, "{}", "");
        assertTrue(said.toString().contains(ASKING + " not found"), said.toString());
    }

    /** What the operator lets no server ask is not offered to it, whatever the client could be asked. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", FORM, ALL})
    void nobodyHasAToolForWhatTheOperatorForbids(String capabilities) throws Exception {
        assertEquals(tools("own", "{}"), tools("mute", capabilities));
        assertEquals(
                call("mute", "no-such-tool", capabilities, "").toString(),
                call("mute", ASKING, capabilities, "").toString().replace(ASKING, "no-such-tool"));
    }
}
