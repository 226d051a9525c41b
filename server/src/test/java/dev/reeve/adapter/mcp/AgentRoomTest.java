package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.adapter.mcp.SealedStates.Binding;
import dev.reeve.adapter.mcp.SealedStates.Open;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.RawClient;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Reeve keeps for agents is counted by agent: another key has no other part of it, and what one has is not taken from another. */
@Timeout(60)
final class AgentRoomTest {
    private static final String TASKS = "{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
    private static final Open ASKED =
            new Open(Optional.empty(), 1, Json.object().put("a", "FORM").build(), Json.Obj.EMPTY);

    private static Binding binding(String agent, String key, int call) {
        Principal who = Gateway.known(agent, key, Set.of()).principal();
        Json.Obj arguments = Json.object().put("x", call).build();
        return new Binding(who, new Route.All(), Method.TOOLS_CALL, "pg echo", arguments);
    }

    @Test
    void openQuestionsOfAnotherKeyTakeThePlaceOfTheSameAgents() {
        BareQuestions questions = new BareQuestions(() -> 1, Duration.ofMinutes(10));
        questions.remember(binding("bob", "k0", 0), ASKED);
        for (int i = 0; i <= BareQuestions.MOST_EACH; i++) {
            questions.remember(binding("ana", "k" + i % 2, i), ASKED);
        }
        assertTrue(questions.find(binding("ana", "k0", 0)).isEmpty(), "the agent's oldest");
        assertTrue(questions.find(binding("ana", "k1", 1)).isPresent());
        assertTrue(questions.find(binding("ana", "k0", BareQuestions.MOST_EACH)).isPresent());
        assertTrue(questions.find(binding("bob", "k0", 0)).isPresent());
        assertTrue(questions.find(binding("ana", "k1", 0)).isEmpty(), "what one key was asked another does not answer");
    }

    @Test
    void roundsOfAllItsKeysCountForAnAgent() {
        assertEquals(binding("ana", "k1", 0).whose(), binding("ana", "k2", 0).whose());
        TakenStates taken = new TakenStates();
        for (int i = 0; i < TakenStates.MOST; i++) {
            boolean ignored = taken.take(binding("ana", "k" + i % 20, 0).whose(), "mark-" + i, 1_000, 1);
        }
        assertTrue(taken.take(binding("bob", "k0", 0).whose(), "mark", 1_000, 1), "twenty keys do not take all");
    }

    @Test
    void keysOfOneAgentShareTheRoomForLargeAnswers() {
        LargeAnswers room = new LargeAnswers(32 << 10);
        long now = System.nanoTime();
        LargeAnswers.Part first = room.of("t ana");
        LargeAnswers.Part second = room.of("t ana");
        LargeAnswers.Part others = room.of("t bob");
        assertTrue(first.take(16 << 10, now));
        assertTrue(first.take(30 << 10, now), "once for a request");
        assertFalse(second.take(1 << 10, now));
        assertTrue(others.take(16 << 10, now));
        first.giveBack();
        first.giveBack();
        assertTrue(second.take(8 << 10, now));
        others.giveBack();
        second.giveBack();
        LargeAnswers.Part all = room.of("t cora");
        assertTrue(all.take(1 << 30, now), "one that is larger than all has all of it, and nothing is lost");
        assertFalse(others.take(1, now));
        all.giveBack();
        assertTrue(others.take(1 << 30, now));
    }

    private static Post stream(String session, String key) {
        return Post.in(session, "").method("GET").by(key);
    }

    private static String session(Gateway gateway, String key) throws IOException {
        return Post.initialize().by(key).send(gateway).headers().getOrDefault("mcp-session-id", "none");
    }

    /** A stream that does not end is read for ever. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keysOfOneAgentShareItsStreams() throws IOException {
        List<RawClient> open = new ArrayList<>();
        try (Gateway gateway = new Gateway(HttpLimits.DEFAULT, McpLimits.DEFAULT.withStreams(10, 2))) {
            try {
                for (String key : List.of(Gateway.ANA, Gateway.ANAS_OTHER_KEY)) {
                    open.add(gateway.connect());
                    open.getLast()
                            .send(stream(session(gateway, key), key).bytes())
                            .readHead();
                }
                for (String key : List.of(Gateway.ANA, Gateway.ANAS_OTHER_KEY)) {
                    try (RawClient more = gateway.connect()) {
                        more.send(stream(session(gateway, key), key).bytes());
                        assertEquals(200, more.readHead().status());
                        assertThrows(EOFException.class, more::event);
                    }
                }
                open.add(gateway.connect());
                open.getLast()
                        .send(stream(session(gateway, Gateway.BOB), Gateway.BOB).bytes())
                        .readHead();
                Waiting.whilst(() -> gateway.engine.streams() != 3);
                open.removeFirst().close();
                Waiting.whilst(() -> gateway.engine.streams() != 2);
                open.add(gateway.connect());
                String again = session(gateway, Gateway.ANAS_OTHER_KEY);
                open.getLast()
                        .send(stream(again, Gateway.ANAS_OTHER_KEY).bytes())
                        .readHead();
                Waiting.whilst(() -> gateway.engine.streams() != 3);
            } finally {
                for (RawClient one : open) {
                    one.close();
                }
            }
        }
    }

    private static Json.Obj done(Gateway gateway, String key, String text) throws IOException {
        String params = "\"name\":\"pg.ask_echo\",\"arguments\":{\"text\":\"" + text + "\"}";
        Json.Obj begun = Post.result(
                Post.able(TASKS, "tools/call", "pg.ask_echo", params).by(key).send(gateway));
        String ticket = begun.object("_meta")
                .flatMap(meta -> meta.object(Denials.KEY))
                .flatMap(denial -> denial.string("ticket"))
                .orElseThrow();
        gateway.says(ticket, true);
        Json.Obj task = begun;
        while (!task.string("status").equals(Optional.of("completed"))) {
            task = Post.result(fetched(gateway, key, begun));
        }
        return begun;
    }

    private static RawClient.Answer fetched(Gateway gateway, String key, Json.Obj task) throws IOException {
        String id = task.string("taskId").orElseThrow();
        return Post.able(TASKS, "tasks/get", id, "\"taskId\":\"" + id + "\"")
                .by(key)
                .send(gateway);
    }

    @Test
    void resultsThatNobodyFetchesAreForgottenOfWhoHasMostOfThem() throws Exception {
        try (Gateway gateway = new Gateway(HttpLimits.DEFAULT, McpLimits.DEFAULT.withAnswers(6_000))) {
            Json.Obj coras = done(gateway, Gateway.CORA, "c".repeat(700));
            Json.Obj oldest = done(gateway, Gateway.ANA, "a".repeat(700));
            Json.Obj others = done(gateway, Gateway.ANAS_OTHER_KEY, "b".repeat(700));
            Json.Obj newest = done(gateway, Gateway.ANA, "d".repeat(700));
            assertEquals(-32602, Post.code(fetched(gateway, Gateway.ANA, oldest)));
            Map<String, Json.Obj> kept =
                    Map.of(Gateway.ANAS_OTHER_KEY, others, Gateway.ANA, newest, Gateway.CORA, coras);
            for (Map.Entry<String, Json.Obj> one : kept.entrySet()) {
                assertTrue(
                        Post.result(fetched(gateway, one.getKey(), one.getValue()))
                                .has("result"),
                        one.getKey());
            }
        }
    }
}
