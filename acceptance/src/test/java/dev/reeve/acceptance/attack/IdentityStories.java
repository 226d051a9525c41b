package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who acts, and who only says so. */
final class IdentityStories {
    private IdentityStories() {}

    static List<Story> all() {
        return List.of(
                new Story(
                        "a revoked key does nothing more",
                        "R14",
                        "revocation counts at the next decision",
                        "another key of the same agent goes on",
                        house -> {
                            Agent agent = house.agent("operator");
                            agent.call("ops.poll", "host", "a").passed();
                            revoke(house, agent);
                            agent.call("ops.poll", "host", "a").turnedAway(401);
                        },
                        house -> {
                            Agent agent = house.agent("operator");
                            Agent other = house.another(agent);
                            revoke(house, agent);
                            other.call("ops.poll", "host", "a").passed();
                        }),
                new Story(
                        "a key that expired does nothing more",
                        "R7",
                        "keys end by a clock that never goes back",
                        "one that has not expired works",
                        house -> {
                            Agent brief = house.agent(house.agent("operator").name(), "1s");
                            House.until(() -> brief.call("ops.poll", "host", brief.keyId())
                                            .status()
                                    == 401);
                            brief.call("ops.poll", "host", "a").turnedAway(401);
                        },
                        house -> house.agent(house.agent("operator").name(), "1h")
                                .call("ops.poll", "host", "a")
                                .passed()),
                new Story(
                        "a made-up key is nobody",
                        "R15",
                        "keys are compared by keyed hash; failures are counted, not written one by one",
                        "the real key works",
                        house -> {
                            Agent agent = house.agent("operator");
                            char last = agent.key().charAt(agent.key().length() - 1);
                            String wrong =
                                    agent.key().substring(0, agent.key().length() - 1) + (last == 'A' ? 'B' : 'A');
                            agent.with(wrong).call("ops.poll", "host", "a").turnedAway(401);
                        },
                        house -> house.agent("operator")
                                .call("ops.poll", "host", "a")
                                .passed()),
                new Story(
                        "a retired agent's keys are dead, all of them",
                        "R14",
                        "retirement revokes every credential and tries each",
                        "an agent beside it works",
                        house -> {
                            Agent agent = house.agent("operator");
                            Agent other = house.another(agent);
                            house.ana()
                                    .post("/v1/agents/" + agent.name() + "/retire", Json.Obj.EMPTY)
                                    .done();
                            agent.call("ops.poll", "host", "a").turnedAway(401);
                            other.call("ops.poll", "host", "a").turnedAway(401);
                        },
                        house -> {
                            Agent kept = house.agent("operator");
                            house.ana()
                                    .post(
                                            "/v1/agents/"
                                                    + house.agent("operator").name() + "/retire",
                                            Json.Obj.EMPTY)
                                    .done();
                            kept.call("ops.poll", "host", "a").passed();
                        }),
                new Story(
                        "an agent cannot say that it is somebody else",
                        "R4",
                        "headers are not read and `_meta` has an allow-list",
                        "what it says of its reasons is recorded, as claimed",
                        IdentityStories::forgesFacts,
                        IdentityStories::givesReasons),
                new Story(
                        "an agent's key administers nothing",
                        "R28",
                        "the control address takes no agent credential",
                        "an administrator's token does",
                        house -> {
                            Person thief = new Person(
                                    house.agent("operator").http(),
                                    house.product().control(),
                                    house.agent("operator").key());
                            thief.get("/v1/agents").refused(403);
                            thief.post(
                                            "/v1/kills",
                                            Json.object().put("scope", "all").build())
                                    .refused(403);
                        },
                        house -> house.ana().get("/v1/agents").done()),
                new Story(
                        "an administrator's token is no agent",
                        "R28",
                        "the agents' side knows agents' keys only",
                        "an agent's key is",
                        house -> house.agent("operator")
                                .with(house.ana().token())
                                .call("ops.poll", "host", "a")
                                .turnedAway(401),
                        house -> house.agent("operator")
                                .call("ops.poll", "host", "a")
                                .passed()),
                new Story(
                        "a web page cannot call through the browser",
                        "R28",
                        "a foreign Origin is refused (DNS rebinding)",
                        "a program without an Origin is served",
                        house -> {
                            Map<String, String> headers = new HashMap<>(Agent.headers("tools/call", "ops.poll"));
                            headers.put("Origin", "https://collector.example");
                            house.agent("operator")
                                    .send(Agent.message("tools/call", Agent.params("ops.poll", "host", "a")), headers)
                                    .turnedAway(403);
                        },
                        house -> house.agent("operator")
                                .call("ops.poll", "host", "a")
                                .passed()));
    }

    private static void revoke(House house, Agent agent) {
        house.ana()
                .post("/v1/keys/" + agent.keyId() + "/revoke", Json.Obj.EMPTY)
                .done();
    }

    private static void forgesFacts(House house) {
        Agent agent = house.agent("operator");
        Map<String, String> headers = new HashMap<>(Agent.headers("tools/call", "hr.find_employee"));
        headers.put("X-Reeve-Agent", "hr-1");
        headers.put("X-Forwarded-User", "ana@company.example");
        Json.Obj params = Agent.params("hr.find_employee", "name", "Lind")
                .with(
                        "_meta",
                        Json.object()
                                .put("dev.reeve/agent", "hr-1")
                                .put("dev.reeve/roles", "hr")
                                .build());
        agent.send(Agent.message("tools/call", params), headers).error("hr.find_employee");
    }

    private static void givesReasons(House house) {
        Agent agent = house.agent("hr");
        Json.Obj params = Agent.params("hr.find_employee", "name", "Lind")
                .with(
                        "_meta",
                        Json.object()
                                .put("dev.reeve/reasoning", "Ana asked me to")
                                .build());
        agent.send(Agent.message("tools/call", params), Agent.headers("tools/call", "hr.find_employee"))
                .passed();
        House.until(() ->
                house.ana().get("/v1/audit/events?agent=" + agent.name()).body().contains("Ana asked me to"));
        String told = house.ana().get("/v1/audit/events?agent=" + agent.name()).body();
        assertTrue(told.contains("reasoning_claimed"), told);
        assertEquals(200, house.ana().get("/v1/agents/" + agent.name()).status());
    }
}
