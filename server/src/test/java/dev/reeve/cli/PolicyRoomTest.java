package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.config.Home;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.store.StoredPolicyVersions.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a changed file does to the policy in force. */
final class PolicyRoomTest {
    private static final String GOOD =
            "agent_roles: { clerk: { permissions: [ { resource: 'tool:up.t', actions: [execute] } ] } }\n";
    private static final String WIDER = GOOD + "rules:\n  - allow: { tool: up.more }\n";
    private static final String NARROWER = GOOD + "rules:\n  - deny: { tool: up.t }\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path file = Path.of("");
    private boolean several;

    @BeforeEach
    void home() throws IOException {
        Files.writeString(
                folder.resolve("reeve.yaml"), "keys: ./keys\nupstreams: { up: { url: 'http://127.0.0.1:9/mcp' } }\n");
        file = Files.createDirectories(folder.resolve("policies")).resolve("p.yaml");
        Files.writeString(file, GOOD);
    }

    private Foundation foundation() throws CommandException {
        ReeveConfig config = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()))
                .value()
                .orElseThrow();
        return Foundation.open(config, new Metrics(), incident -> {});
    }

    private PolicyRoom room(Foundation foundation) {
        return new PolicyRoom(
                foundation, new PinnedSchemas(foundation.definitions(), () -> Set.of("up")), () -> several);
    }

    private static boolean allowsMore(PolicyRoom room) {
        Principal clerk = new Principal(
                Principal.DEFAULT_TENANT,
                "a",
                "k",
                Optional.empty(),
                List.of(),
                Set.of("clerk"),
                Optional.empty(),
                Map.of());
        return room.get().visible(clerk, new Operation.ToolCall("up", "more", Json.Obj.EMPTY));
    }

    @Test
    void aBadFileIsRefusedWholeSaidInStatusAndMendedByAGoodOne() throws Exception {
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            assertTrue(room.reload().isEmpty());
            String version = room.get().version();
            Files.writeString(file, GOOD + "rules:\n  - deny: { tool: nowhere.t }\n");
            assertFalse(room.reload().isEmpty());
            assertEquals(version, room.get().version());
            String trouble = room.trouble().orElseThrow();
            assertTrue(trouble.contains("policies/p.yaml:3"), trouble);
            assertTrue(trouble.endsWith("; what was in force stays"), trouble);
            Files.writeString(file, GOOD);
            assertTrue(room.reload().isEmpty());
            assertEquals(Optional.empty(), room.trouble());
            assertEquals(version, room.get().version());
        }
    }

    @Test
    @Timeout(60)
    void aDecisionNeverWaitsForAReload() throws Exception {
        CountDownLatch compiling = new CountDownLatch(1);
        CountDownLatch decided = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        try (Foundation foundation = foundation()) {
            PolicyRoom room = new PolicyRoom(
                    foundation,
                    new PinnedSchemas(foundation.definitions(), () -> {
                        if (slow.get()) {
                            compiling.countDown();
                            await(decided);
                        }
                        return Set.of("up");
                    }),
                    () -> several);
            assertTrue(room.reload().isEmpty());
            slow.set(true);
            Files.writeString(file, WIDER);
            Thread reload = Thread.ofPlatform().start(room::reload);
            compiling.await();
            assertFalse(allowsMore(room), "as it was, at once");
            decided.countDown();
            reload.join();
            assertTrue(allowsMore(room));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whereOnePersonAdministersEveryEditActsAndIsAVersion() throws Exception {
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            for (String text : List.of(GOOD, WIDER, WIDER, NARROWER, GOOD)) {
                Files.writeString(file, text);
                assertTrue(room.reload().isEmpty());
                assertEquals(text.equals(WIDER), allowsMore(room));
                assertEquals(Optional.empty(), room.waiting());
            }
            PolicyVersions versions = new PolicyVersions(foundation);
            Version last = versions.last().orElseThrow();
            assertEquals(4, last.number(), "a reload without a change is none");
            assertEquals(Optional.of(Map.of("policies/p.yaml", GOOD)), versions.files(last));
        }
        try (Foundation foundation = foundation()) {
            assertTrue(room(foundation).reload().isEmpty());
            assertEquals(4, new PolicyVersions(foundation).last().orElseThrow().number(), "nor is a start");
        }
    }

    @Test
    void whatMayAllowMoreWaitsForASecondPersonAlsoThroughARestart() throws Exception {
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            assertTrue(room.reload().isEmpty());
            several = true;
            Files.writeString(file, NARROWER);
            assertTrue(room.reload().isEmpty());
            assertEquals(Optional.empty(), room.waiting(), "what is narrower acts at once");
            Files.writeString(file, WIDER);
            assertTrue(room.reload().isEmpty());
            assertFalse(allowsMore(room));
            assertEquals(2, room.waiting().orElseThrow().wider().size(), "the denial that goes, and the new rule");
            assertEquals(Optional.empty(), room.trouble(), "it serves");
        }
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            assertTrue(room.reload().isEmpty());
            assertFalse(allowsMore(room), "a restart is no second person");
            String version = room.waiting().orElseThrow().version();
            assertEquals(Optional.empty(), room.second("another", "bo"));
            Files.writeString(file, WIDER + "# edited after it was read\n");
            assertEquals(Optional.empty(), room.second(version, "bo"));
            Files.writeString(file, WIDER);
            assertEquals(Optional.of(List.of()), room.second(version, "bo"));
            assertTrue(allowsMore(room));
            assertEquals(Optional.empty(), room.waiting());
            assertEquals(
                    Optional.of("bo"),
                    new PolicyVersions(foundation).last().orElseThrow().seconded());
        }
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            assertTrue(room.reload().isEmpty());
            assertTrue(allowsMore(room), "what was agreed to stays agreed to");
        }
    }

    @Test
    void anEditThatIsTakenBackWaitsNoLonger() throws Exception {
        several = true;
        try (Foundation foundation = foundation()) {
            PolicyRoom room = room(foundation);
            assertTrue(room.reload().isEmpty());
            assertEquals(
                    Optional.empty(),
                    room.waiting(),
                    "the first policy of an installation has nothing to be wider than");
            Files.writeString(file, WIDER);
            room.reload();
            assertTrue(room.waiting().isPresent());
            Files.writeString(file, GOOD);
            room.reload();
            assertEquals(Optional.empty(), room.waiting());
        }
    }

    @Test
    void ifWhatWasInForceCannotBePutBackNothingIsAllowedUntilSomebodyAgrees() throws Exception {
        several = true;
        Path config = folder.resolve("reeve.yaml");
        Path catalogue = Files.createDirectories(folder.resolve("catalog")).resolve("c.yaml");
        Files.writeString(catalogue, "resources: { r: {} }\ntools: { up.t: { acts_on: r, action: read } }\n");
        try (Foundation foundation = foundation()) {
            assertTrue(room(foundation).reload().isEmpty());
        }
        // The server that the old policy speaks of is gone, so it cannot be compiled any more.
        Files.writeString(config, Files.readString(config).replace("up:", "other:"));
        Files.delete(catalogue);
        Files.writeString(file, GOOD.replace("up.t", "other.t"));
        try (Foundation foundation = foundation()) {
            PolicyRoom room = new PolicyRoom(
                    foundation, new PinnedSchemas(foundation.definitions(), () -> Set.of("other")), () -> several);
            assertTrue(room.reload().isEmpty());
            assertTrue(room.trouble().orElseThrow().contains("nothing is allowed until a second person"));
            assertEquals(
                    Optional.of(List.of()),
                    room.second(room.waiting().orElseThrow().version(), "bo"));
            assertEquals(Optional.empty(), room.trouble());
        }
    }
}
