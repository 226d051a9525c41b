package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation.ToolCall;
import dev.reeve.child.LongLines;
import dev.reeve.child.Slots;
import dev.reeve.gate.Effect;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real child process. */
@Timeout(180)
final class StdioUpstreamTest {
    @BeforeAll
    static void pythonIsHere() {
        boolean here = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        Assumptions.assumeTrue(here, "SKIPPED: no python3 on the PATH, so no child process was tested");
    }

    private static UpstreamSettings.Stdio child(UpstreamLimits limits, boolean stateless, String... arguments)
            throws URISyntaxException {
        List<String> argv = new ArrayList<>(List.of("python3", "-S", "-E"));
        argv.add(
                Path.of(StdioUpstreamTest.class.getResource("child.py").toURI()).toString());
        argv.addAll(List.of(arguments));
        return new UpstreamSettings.Stdio(
                "up",
                Principal.DEFAULT_TENANT,
                stateless,
                limits,
                java.util.Optional.empty(),
                argv,
                Path.of("/tmp").toAbsolutePath(),
                Map.of("TOKEN", Secret.of("sesame-open")),
                java.util.Optional.empty());
    }

    private static UpstreamSettings.Stdio child(String... arguments) throws URISyntaxException {
        return child(UpstreamLimits.USUAL, false, arguments);
    }

    private static ToolCall does(String what) {
        return new ToolCall("up", "echo", Json.object().put("do", what).build());
    }

    private static ToolCall does(String what, long size) {
        return new ToolCall(
                "up", "echo", Json.object().put("do", what).put("size", size).build());
    }

    private static Effect call(House house, String instance, ToolCall what) {
        return house.servers.send(house.permits.of(instance, what), Exchange.silent());
    }

    private static Effect call(House house, String what) {
        return call(house, "k1", does(what));
    }

    /** On a busy machine the start of a child may take longer than a short limit for calls. */
    private static void untilItRuns(House house) {
        Effect effect = call(house, "echo");
        for (int tries = 0; tries < 50 && !(effect instanceof Effect.Answered); tries++) {
            effect = call(house, "echo");
        }
    }

    @Test
    void aChildOfEachRevisionIsCalled() throws Exception {
        Map<String, String> revisions = Map.of("modern", "2026-07-28", "legacy", "2025-11-25", "shy", "2025-11-25");
        for (Map.Entry<String, String> era : revisions.entrySet()) {
            try (House house = new House(child(era.getKey()))) {
                assertEquals("hi", House.text(house.call()), era.getKey());
                assertEquals(
                        era.getValue(), house.servers.health("up").revision().orElseThrow());
                assertEquals(1, house.servers.offers("up").tools().size());
            }
        }
    }

    @Test
    void aChildThatRunsACallAndThenRenouncesItsRevisionRanItOnce(@TempDir Path folder) throws Exception {
        Path runs = folder.resolve("runs");
        ToolCall renounce = new ToolCall(
                "up",
                "echo",
                Json.object()
                        .put("do", "renounce")
                        .put("message", runs.toString())
                        .build());
        for (String era : List.of("modern", "legacy")) {
            Files.deleteIfExists(runs);
            try (House house = new House(child(era))) {
                assertEquals("unknown: outcome_unknown", House.code(call(house, "k1", renounce)), era);
                assertEquals(List.of("ran"), Files.readAllLines(runs), era);
                assertEquals("hi", House.text(house.call()), era);
            }
        }
    }

    @Test
    void aChildThatDoesNotFinishALongLineIsEndedWhenAnotherNeedsTheRoom() throws Exception {
        LongLines room = new LongLines(2 << 20, Duration.ofSeconds(2), System::nanoTime);
        UpstreamLimits limits = UpstreamLimits.USUAL.withAnswerBytes(2 << 20);
        try (House house = new House(new Slots(Slots.USUAL, room), child(limits, false, "modern"))) {
            CompletableFuture<Effect> stuck =
                    house.inBackground(house.permits.of("k1", does("unfinished", 500_000)), Exchange.silent());
            // Whether its line is there already cannot be seen from here: until it is, nobody is in anybody's way.
            for (int calls = 0; calls < 500 && !stuck.isDone(); calls++) {
                assertEquals(
                        500_000,
                        House.text(call(house, "k2", does("large", 500_000))).length());
            }
            assertEquals("unknown: outcome_unknown", House.code(stuck.get(60, TimeUnit.SECONDS)));
            assertTrue(
                    house.servers.lastWords("up").toString().contains("did not finish a long line"),
                    house.servers.lastWords("up").toString());
        }
    }

    @Test
    void aChildThatWasTooSlowToSayThatItSpeaksOnlyTheNewestIsAskedAgain() throws Exception {
        UpstreamLimits limits = UpstreamLimits.USUAL.withFirstByte(Duration.ofSeconds(2));
        try (House house = new House(child(limits, false, "modern", "drowsy"))) {
            assertEquals("hi", House.text(house.call()));
            assertEquals("2026-07-28", house.servers.health("up").revision().orElseThrow());
        }
    }

    @Test
    void aChildSeesNothingOfReevesEnvironmentAndNoDescriptors() throws Exception {
        try (House house = new House(child("legacy"))) {
            String environment = House.text(call(house, "env"));
            Json.Obj seen = dev.reeve.strict.StrictJson.readObject(
                    environment.getBytes(java.nio.charset.StandardCharsets.UTF_8), dev.reeve.strict.JsonLimits.ANSWER);
            assertEquals("sesame-open", seen.string("TOKEN").orElseThrow());
            // What a wrapper script around python3 adds is its own business; of ours there is nothing else.
            List<String> ours = System.getenv().keySet().stream()
                    .filter(name -> !name.matches("PATH|HOME|TMPDIR|PWD|OLDPWD|SHLVL|LC_CTYPE|_|_?PYENV.*"))
                    .filter(seen::has)
                    .toList();
            assertEquals(List.of(), ours);
            assertEquals("/tmp", House.text(call(house, "cwd")));
            // 3 is the listing of the folder itself.
            assertEquals("0 1 2 3", House.text(call(house, "fds")));
        }
    }

    @Test
    void eachPrincipalHasAChildOfItsOwnUnlessDeclaredStateless() throws Exception {
        try (House house = new House(child("modern"))) {
            String first = House.text(call(house, "k1", does("pid")));
            assertNotEquals(first, House.text(call(house, "k2", does("pid"))));
            assertEquals(first, House.text(call(house, "k1", does("pid"))));
        }
        try (House house = new House(child(UpstreamLimits.USUAL, true, "modern"))) {
            assertEquals(House.text(call(house, "k1", does("pid"))), House.text(call(house, "k2", does("pid"))));
        }
    }

    @Test
    void progressReachesItsCallAndNoOther() throws Exception {
        for (String era : List.of("modern", "legacy")) {
            try (House house = new House(child(era))) {
                BlockingQueue<Json.Obj> seen = new LinkedBlockingQueue<>();
                house.servers.send(
                        house.permits.of("k1", does("progress")),
                        HttpUpstreamTest.watching(seen, new AtomicReference<>()));
                assertEquals(
                        List.of("{\"progress\":1,\"total\":2}", "{\"progress\":2,\"total\":2}"),
                        seen.stream().map(Json.Obj::toString).toList());
            }
        }
    }

    @Test
    void cancellingIsToldToTheChildAndItStaysUsable() throws Exception {
        try (House house = new House(child("modern"))) {
            String pid = House.text(call(house, "pid"));
            AtomicReference<Runnable> stop = new AtomicReference<>();
            CompletableFuture<Effect> effect = house.inBackground(
                    house.permits.of("k1", does("silence")),
                    HttpUpstreamTest.watching(new LinkedBlockingQueue<>(), stop));
            // The pipe keeps the order: when this is answered, the silent call has been read, or comes next.
            assertEquals(pid, House.text(call(house, "pid")));
            House.stop(stop);
            assertTrue(House.code(effect.get(60, TimeUnit.SECONDS))
                    .matches("unknown: outcome_unknown|not sent: cancelled"));
            assertEquals(pid, House.text(call(house, "pid")));
        }
    }

    @Test
    void aCallTakesNoLongerThanItsLimit() throws Exception {
        UpstreamLimits short1 = UpstreamLimits.USUAL.withCall(Duration.ofMillis(300));
        try (House house = new House(child(short1, false, "modern"))) {
            untilItRuns(house);
            assertEquals("unknown: outcome_unknown", House.code(call(house, "silence")));
        }
    }

    @Test
    void whatAChildDoesNotTakeInTimeIsNeverSent() throws Exception {
        UpstreamLimits short1 = UpstreamLimits.USUAL.withCall(Duration.ofMillis(500));
        try (House house = new House(child(short1, false, "modern"))) {
            untilItRuns(house);
            assertEquals("done", House.text(call(house, "deaf")));
            ToolCall large = new ToolCall(
                    "up",
                    "echo",
                    Json.object().put("message", "x".repeat(1 << 20)).build());
            CompletableFuture<Effect> first = house.inBackground(house.permits.of("k1", large), Exchange.silent());
            CompletableFuture<Effect> second = house.inBackground(house.permits.of("k1", large), Exchange.silent());
            List<String> codes = new ArrayList<>(
                    List.of(House.code(first.get(20, TimeUnit.SECONDS)), House.code(second.get(20, TimeUnit.SECONDS))));
            codes.sort(null);
            assertEquals(List.of("not sent: upstream_busy", "unknown: outcome_unknown"), codes);
        }
    }

    @Test
    void aCrashMakesTheOutcomeUnknownAndTheNextCallHasANewChild() throws Exception {
        try (House house = new House(child("legacy"))) {
            String pid = House.text(call(house, "pid"));
            Effect crashed = call(house, "crash");
            assertEquals("unknown: outcome_unknown", House.code(crashed));
            String reason = ((Effect.Unknown) crashed).why().reason();
            assertFalse(reason.contains("sesame-open") || reason.contains("\u001b"), reason);
            assertNotEquals(pid, House.text(call(house, "pid")));
            String words = house.servers.lastWords("up").getLast();
            assertEquals("I am \\u{1b}[31mbroken\\u{1b}[0m and my token is ***", words);
        }
    }

    @Test
    void aChildThatCrashesAgainAndAgainRests() throws Exception {
        try (House house = new House(child("legacy"))) {
            List<String> codes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                codes.add(House.code(call(house, "crash")));
            }
            assertTrue(codes.contains("not sent: upstream_down"), codes.toString());
            assertEquals("done", House.text(call(house, "k2", does("echo"))), "others are not held up");
        }
    }

    @Test
    void aChildThatDiesAtItsStartIsToldWithItsLastWords() throws Exception {
        try (House house = new House(child("legacy", "die"))) {
            Effect.NotSent effect = (Effect.NotSent) house.call();
            assertEquals("upstream_down", effect.why().code());
            assertEquals(UpstreamHealth.State.DOWN, house.servers.health("up").state());
            UpstreamDownException down = assertThrows(UpstreamDownException.class, () -> house.servers.offers("up"));
            assertTrue(String.valueOf(down.getMessage()).contains("`up`"), down.getMessage());
            assertEquals("no licence", house.servers.lastWords("up").getLast());
        }
    }

    @Test
    void aProgramThatIsNotThereIsSaidToBeMissing() throws Exception {
        UpstreamSettings.Stdio missing = new UpstreamSettings.Stdio(
                "up",
                Principal.DEFAULT_TENANT,
                false,
                UpstreamLimits.USUAL,
                java.util.Optional.empty(),
                List.of("/no/such/program"),
                Path.of("/tmp"),
                Map.of(),
                java.util.Optional.empty());
        try (House house = new House(missing)) {
            assertEquals("not sent: upstream_down", House.code(house.call()));
            assertTrue(house.servers.health("up").problem().orElseThrow().contains("`/no/such/program`"));
        }
    }

    @Test
    void aFloodOnStderrOrStdoutDoesNotDrownTheAnswer() throws Exception {
        try (House house = new House(child("modern"))) {
            assertEquals("done", House.text(call(house, "k1", does("flood-stderr", 5_000))));
            assertTrue(house.servers.lastWords("up").size() <= 40);
            assertEquals("done", House.text(call(house, "k1", does("flood-stdout", 5_000))));
            assertTrue(house.servers.dropped("up") >= 5_000);
        }
    }

    @Test
    void aChildThatOnlyTalksNonsenseIsEnded() throws Exception {
        try (House house = new House(child("modern"))) {
            assertEquals("unknown: outcome_unknown", House.code(call(house, "k1", does("flood-stdout", 200_000))));
        }
    }

    @Test
    void anAnswerOverTheLimitIsNamed() throws Exception {
        try (House house = new House(child(UpstreamLimits.USUAL.withAnswerBytes(100_000), false, "modern"))) {
            assertEquals(
                    90_000, House.text(call(house, "k1", does("large", 90_000))).length());
            assertEquals("unknown: answer_too_large", House.code(call(house, "k1", does("large", 100_000))));
            assertEquals("done", House.text(call(house, "k1", does("echo"))));
        }
    }

    @Test
    void changesAndRequestsOfAChildAreHandled() throws Exception {
        try (House house = new House(child("legacy"))) {
            call(house, "change");
            house.awaitChange(UpstreamChange.What.TOOLS);
            assertEquals(
                    "{\"error\": {\"code\": -32601, \"message\": \"Method not found\"}, \"id\": 0, \"jsonrpc\": \"2.0\"}",
                    House.text(call(house, "ask")));
        }
    }

    @Test
    void theWholeTreeEndsWithReeve() throws Exception {
        long child;
        long grandchild;
        long stubborn;
        try (House house = new House(child("legacy"))) {
            child = Long.parseLong(House.text(call(house, "pid")));
            grandchild = Long.parseLong(House.text(call(house, "grandchild")));
            stubborn = Long.parseLong(House.text(call(house, "k2", does("stubborn"))));
            assertTrue(ProcessHandle.of(grandchild).isPresent());
        }
        for (long pid : new long[] {child, grandchild, stubborn}) {
            ProcessHandle.of(pid)
                    .ifPresent(it -> it.onExit().orTimeout(60, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void idleChildrenAreEnded() throws Exception {
        UpstreamLimits idle = UpstreamLimits.USUAL.withIdle(Duration.ofMillis(1));
        try (House house = new House(child(idle, false, "modern"))) {
            long pid = Long.parseLong(House.text(call(house, "pid")));
            ProcessHandle.of(pid)
                    .ifPresent(it -> it.onExit().orTimeout(60, TimeUnit.SECONDS).join());
            assertEquals("done", House.text(call(house, "echo")));
        }
    }

    @Test
    void childrenBeyondTheCapTakeThePlaceOfUnusedOnesAndNeverOfUsedOnes() throws Exception {
        Slots slots = new Slots(2);
        try (House house = new House(slots, child("modern"))) {
            for (int i = 0; i < 4; i++) {
                assertEquals("done", House.text(call(house, "k" + i, does("echo"))));
                assertTrue(slots.taken() <= 2);
            }
            AtomicReference<Runnable> stop1 = new AtomicReference<>();
            AtomicReference<Runnable> stop2 = new AtomicReference<>();
            LinkedBlockingQueue<Json.Obj> begun = new LinkedBlockingQueue<>();
            CompletableFuture<Effect> one =
                    house.inBackground(house.permits.of("k2", does("begun")), HttpUpstreamTest.watching(begun, stop1));
            CompletableFuture<Effect> two =
                    house.inBackground(house.permits.of("k3", does("begun")), HttpUpstreamTest.watching(begun, stop2));
            // Both are in use as soon as both have said so, and not before.
            for (int i = 0; i < 2; i++) {
                assertTrue(begun.poll(60, TimeUnit.SECONDS) != null);
            }
            assertEquals("not sent: upstream_busy", House.code(call(house, "k9", does("echo"))));
            House.stop(stop1);
            House.stop(stop2);
            one.get(60, TimeUnit.SECONDS);
            two.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void cuttingAPrincipalEndsWhatItHasRunning() throws Exception {
        try (House house = new House(child("modern"))) {
            CompletableFuture<Effect> effect =
                    house.inBackground(house.permits.of("k1", does("silence")), Exchange.silent());
            // The pipe keeps the order: when this is answered, the silent call has been read, or comes next.
            House.text(call(house, "pid"));
            house.servers.cut(Principal.DEFAULT_TENANT, "k1");
            String code = House.code(effect.get(60, TimeUnit.SECONDS));
            assertTrue(code.matches("unknown: outcome_unknown|not sent: \\w+"), code);
        }
    }
}
