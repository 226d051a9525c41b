package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.Denial;
import dev.reeve.http.RawClient;
import dev.reeve.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What servers tell of resources beside their contents: that one has changed, and which there are. */
@Timeout(60)
final class FollowingTest {
    private final Gateway gateway = new Gateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    /** It was decided when it began; what would not be allowed any more is not told of, whatever the reason. */
    @Test
    void nobodyHearsOfChangesThatMayNotBeFollowedAnyMore() throws IOException {
        try (RawClient hears = gateway.connect()) {
            hears.send(Post.modern(
                                    "subscriptions/listen",
                                    "",
                                    "\"notifications\":{\"resourceSubscriptions\":[\"reeve://pg/memo://1\",\"reeve://pg/memo://2\"]}")
                            .bytes())
                    .readHead();
            assertTrue(hears.event().contains("memo://2"));
            gateway.upstreams.changed("memo://1");
            assertTrue(hears.event().contains("reeve://pg/memo://1"));
            gateway.stops.set((principal, operation) -> operation.subject().equals("memo://1")
                    ? Optional.of(Denial.of("stopped", Denial.ReasonClass.POLICY, "stopped"))
                    : Optional.empty());
            gateway.upstreams.changed("memo://1");
            gateway.upstreams.changed("memo://2");
            assertTrue(hears.event().contains("reeve://pg/memo://2"), "the first is not told any more");
        }
    }

    /** What begins goes on until somebody stops it, and of a request that is refused nobody knows what to stop. */
    @Test
    void ofAListThatIsRefusedNothingIsFollowed() throws IOException {
        RawClient.Answer answer = Post.modern(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"resourceSubscriptions\":[\"reeve://pg/memo://1\",5]}")
                .send(gateway);
        assertTrue(answer.body().contains("must hold URIs"), answer.body());
        assertEquals(List.of(), gateway.upstreams.received);
    }

    @Test
    void whatCannotBeRecordedIsNotFollowed() throws IOException {
        gateway.journal.losesOutcomes = true;
        try (RawClient hears = gateway.connect()) {
            hears.send(Post.modern(
                                    "subscriptions/listen",
                                    "",
                                    "\"notifications\":{\"resourceSubscriptions\":[\"reeve://pg/memo://1\"]}")
                            .bytes())
                    .readHead();
            String acknowledged = hears.event();
            assertFalse(acknowledged.contains("memo://1"), acknowledged);
            assertEquals(1, gateway.upstreams.received.size(), "it was asked");
            assertFalse(gateway.upstreams.isFollowed("memo://1"));
        }
    }

    @Test
    void whatGoesWrongAmongSeveralEndsThoseThatBegan() throws IOException {
        gateway.stops.set((principal, operation) -> {
            gateway.journal.exhausted = operation.subject().equals("memo://2");
            return Optional.empty();
        });
        RawClient.Answer answer = Post.modern(
                        "subscriptions/listen",
                        "",
                        "\"notifications\":{\"resourceSubscriptions\":[\"reeve://pg/memo://1\",\"reeve://pg/memo://2\"]}")
                .send(gateway);
        assertTrue(answer.body().contains("-32603"), answer.body());
        assertEquals(1, gateway.upstreams.received.size());
        assertFalse(gateway.upstreams.isFollowed("memo://1"));
    }

    /** A template that may be completed was a list of all that may not be read. */
    @Test
    void onlyWhatMayBeReadIsProposed() throws IOException {
        RawClient.Answer answer = Post.modern(
                        "completion/complete",
                        "",
                        "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"reeve://pg/memo://{id}\"},"
                                + "\"argument\":{\"name\":\"id\",\"value\":\"\"}")
                .send(gateway);
        Json.Obj completion = Post.result(answer).object("completion").orElseThrow();
        assertEquals(Optional.of(Json.Arr.ofStrings(List.of("open", "more"))), completion.array("values"));
        assertFalse(completion.has("total"), "it counts what is not shown");
        Json.Obj recorded = ((dev.reeve.gate.Effect.Answered)
                        gateway.journal.completions.getLast().effect())
                .result();
        assertFalse(recorded.toString().contains("secret"), recorded.toString());
    }
}
