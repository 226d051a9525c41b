package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.action.Operation;
import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import dev.reeve.outbound.RawServer.Line;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever follows a resource hears of each change, also of one that comes while it begins or while another ends. */
@Timeout(60)
final class FollowedTest {
    private static Json.Obj about(String uri) {
        return Json.object().put("uri", uri).build();
    }

    private static String updated(String uri) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("method", Followed.UPDATED)
                .put("params", about(uri))
                .build()
                .toString();
    }

    private static Effect follow(House house, String uri, Runnable told, AtomicReference<Runnable> stop) {
        return house.servers.send(
                house.permits.of("agent", "k1", new Operation.Subscription("up", uri, true)), new Exchange() {
                    @Override
                    public void updated() {
                        told.run();
                    }

                    @Override
                    public void progress(Json.Obj params) {}

                    @Override
                    public void onCancel(Runnable how) {
                        stop.set(how);
                    }
                });
    }

    @Test
    void aChangeBeforeAnybodyReadsIsTold() throws Exception {
        Followed.Board board = new Followed.Board();
        Followed.Board.Listening one = board.add("x:1");
        assertTrue(board.tells(new Incoming.Notification(Followed.UPDATED, about("x:1"))));
        CountDownLatch told = new CountDownLatch(1);
        Thread.startVirtualThread(() -> one.read(told::countDown));
        assertTrue(told.await(10, TimeUnit.SECONDS));
        board.end();
    }

    @Test
    void aServerMayTellOfAChangeBeforeItAgrees() throws Exception {
        CompletableFuture<Line> stream = new CompletableFuture<>();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (ScriptedMcp mcp = following(stream);
                House house = new House(House.http(mcp.url()))) {
            mcp.on("resources/subscribe", (message, line) -> {
                if (message.params().string("uri").equals(Optional.of("x:2"))) {
                    stream.get().event(updated("x:2"));
                    // They are read in turn: when this is heard, the other was seen.
                    stream.get().event(updated("x:1"));
                    first.await();
                }
                line.json(message.result("{}"));
            });
            assertTrue(follow(house, "x:1", first::countDown, new AtomicReference<>()) instanceof Effect.Answered);
            Waiting.whilst(() -> !stream.isDone());
            assertTrue(follow(house, "x:2", second::countDown, new AtomicReference<>()) instanceof Effect.Answered);
            assertTrue(second.await(10, TimeUnit.SECONDS));
        } finally {
            first.countDown();
        }
    }

    /** The server is told of the end of one when it knows of the beginning of the next already. */
    @Test
    void whoBeginsWhileAnotherEndsIsNotForgotten() throws Exception {
        CountDownLatch ending = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Runnable> stop = new AtomicReference<>();
        try (ScriptedMcp mcp = following(new CompletableFuture<>());
                House house = new House(House.http(mcp.url()))) {
            mcp.on("resources/unsubscribe", (message, line) -> {
                ending.countDown();
                begun.await();
                line.json(message.result("{}"));
            });
            assertTrue(follow(house, "x:1", () -> {}, stop) instanceof Effect.Answered);
            House.stop(stop);
            ending.await();
            assertTrue(follow(house, "x:1", () -> {}, new AtomicReference<>()) instanceof Effect.Answered);
            begun.countDown();
            Waiting.whilst(() -> mcp.count("resources/subscribe") < 3);
            assertEquals(1, mcp.count("resources/unsubscribe"));
        } finally {
            begun.countDown();
        }
    }

    /** @param stream of the session, as soon as it is asked for */
    private static ScriptedMcp following(CompletableFuture<Line> stream) throws Exception {
        ScriptedMcp mcp = new ScriptedMcp(Era.LEGACY);
        mcp.capabilities = "{\"tools\":{},\"resources\":{\"subscribe\":true}}";
        mcp.on("resources/subscribe", (message, line) -> line.json(message.result("{}")));
        mcp.on("GET", (message, line) -> {
            line.startStream();
            stream.complete(line);
            int ignored = line.socket().getInputStream().read();
        });
        return mcp;
    }
}
