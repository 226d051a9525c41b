package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One agent's session takes long to end; the others do not wait for it. */
final class McpSessionsTest {
    private final AtomicInteger ids = new AtomicInteger();
    private final McpSessions sessions =
            new McpSessions(McpLimits.DEFAULT.withSessions(10, 1), () -> "s" + ids.incrementAndGet(), System::nanoTime);
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private static Caller caller(String agent) {
        return caller(agent, agent);
    }

    private static Caller caller(String agent, String key) {
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                key,
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        return new Caller(
                new Identification.Known(principal, 0), new Route.All(), McpHttp.CHANNEL, "test", Optional.empty());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private McpSession endless() {
        McpSession session = sessions.open(caller("slow")).orElseThrow();
        session.listen(new Replies.Sink() {
            @Override
            public boolean offer(Json.Obj message) {
                return true;
            }

            @Override
            public void end() {
                ending.countDown();
                await(mayEnd);
            }

            @Override
            public void onGone(Runnable action) {}
        });
        return session;
    }

    private void othersGoOn(Runnable whatEndsIt) throws InterruptedException {
        Thread slow = Thread.startVirtualThread(whatEndsIt);
        await(ending);
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertTrue(sessions.open(caller("other")).isPresent()));
        mayEnd.countDown();
        slow.join();
    }

    @Test
    void nobodyWaitsForASessionThatItsOwnerEnds() throws Exception {
        McpSession session = endless();
        othersGoOn(() -> sessions.end(session));
    }

    @Test
    void nobodyWaitsForASessionThatGivesWayToAnotherOfItsOwner() throws Exception {
        endless();
        othersGoOn(() -> assertTrue(sessions.open(caller("slow")).isPresent()));
    }

    /** Or an agent with many keys would have the sessions of all. */
    @Test
    void anotherKeyOfTheSameAgentIsTheSameAgent() {
        McpSession first = sessions.open(caller("ana", "k1")).orElseThrow();
        McpSession others = sessions.open(caller("bob", "k2")).orElseThrow();
        assertTrue(sessions.open(caller("ana", "k3")).isPresent());
        assertTrue(sessions.find(first.id(), caller("ana", "k1")).isEmpty());
        assertTrue(sessions.find(others.id(), caller("bob", "k2")).isPresent());
    }
}
