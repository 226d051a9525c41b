package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import dev.reeve.upstream.ScriptedMcp.Era;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients of all revisions and servers of both kinds, all of them hostile, with the real thing in between: nothing crashes, nobody hears of anybody else, every
 * effect has an intent of its own, every permit one outcome, and memory stays. {@code -Dreeve.fuzz=1000000} sets the number of messages of clients.
 */
@Timeout(7_200)
final class BothSidesFuzzTest {
    private static final long SEED = Long.getLong("reeve.fuzz.seed", 20_260_728L);
    private static final long ROUNDS = Long.getLong("reeve.fuzz", 4_000L);
    private static final int CLIENTS = 48;
    /** What is lost on purpose is waited for so long, and no message needs more. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long MAY_GROW = 48L << 20;
    private static final List<String> REVISIONS = List.of("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26");

    /** Logged failures and threads that died. */
    private static final class Alarms extends Handler implements Thread.UncaughtExceptionHandler {
        private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord said) {
            if (said.getLevel().intValue() >= Level.SEVERE.intValue()) {
                heard.add(said.getLoggerName() + ": " + said.getMessage() + trace(said.getThrown()));
            }
        }

        private static String trace(Throwable thrown) {
            return thrown == null ? "" : " " + thrown + " " + List.of(thrown.getStackTrace());
        }

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            heard.add(thread + trace(thrown));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private final Alarms alarms = new Alarms();
    private final FuzzIds ids = new FuzzIds();
    private final Bookkeeping book = new Bookkeeping();

    @Test
    void nothingThatEitherSideSaysCrashesLeaksOrRunsUnrecorded() throws Exception {
        Logger root = Logger.getLogger("");
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        root.addHandler(alarms);
        Thread.setDefaultUncaughtExceptionHandler(alarms);
        try {
            fuzz();
        } finally {
            root.removeHandler(alarms);
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private Through through(FuzzServer modern, FuzzServer legacy) throws IOException {
        UpstreamLimits limits =
                UpstreamLimits.USUAL.withFirstByte(PATIENCE).withCall(PATIENCE).withAnswerBytes(1 << 20);
        return new Through(
                Strangers.byKey(),
                Optional.of(book),
                PATIENCE,
                List.of(
                        Strangers.server("modern", "default", modern.port(), false, limits),
                        Strangers.server("legacy", "default", legacy.port(), false, limits),
                        Strangers.server("shared", "default", legacy.port(), true, limits),
                        Strangers.server("elsewhere", "other", modern.port(), false, limits)));
    }

    private void fuzz() throws Exception {
        List<FuzzClient> clients = new ArrayList<>();
        long begun = System.nanoTime();
        try (FuzzServer modern = new FuzzServer(Era.MODERN, SEED, ids, book);
                FuzzServer legacy = new FuzzServer(Era.LEGACY, SEED + 1, ids, book);
                Through through = through(modern, legacy)) {
            for (int i = 0; i < CLIENTS; i++) {
                String who = Strangers.ALL.get(i % Strangers.ALL.size());
                clients.add(new FuzzClient(through, ids, SEED + i, who, REVISIONS.get(i / 4 % REVISIONS.size())));
            }
            run(clients, ROUNDS / 4);
            long early = used();
            run(clients, ROUNDS - ROUNDS / 4);
            long late = used();
            for (FuzzClient client : clients) {
                client.close();
            }
            Waiting.whilst(() -> book.open() > 0);
            report(through, clients, begun, early, late);
            assertTrue(late - early < MAY_GROW, "heap grew from " + early + " to " + late + " bytes");
        }
        judge(clients);
    }

    private static void run(List<FuzzClient> clients, long rounds) throws Exception {
        AtomicLong left = new AtomicLong(rounds);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (FuzzClient client : clients) {
                Callable<Void> task = () -> {
                    while (left.getAndDecrement() > 0) {
                        client.round();
                    }
                    return null;
                };
                all.add(threads.submit(task));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime now = Runtime.getRuntime();
        return now.totalMemory() - now.freeMemory();
    }

    private Map<String, Integer> seen(List<FuzzClient> clients) {
        Map<String, Integer> all = new TreeMap<>(book.counts());
        clients.forEach(
                client -> client.seen.forEach((what, count) -> all.merge("client " + what, count, Integer::sum)));
        return all;
    }

    private void report(Through through, List<FuzzClient> clients, long begun, long early, long late) {
        Logger.getLogger(BothSidesFuzzTest.class.getName())
                .info("seed " + SEED + ", " + ROUNDS + " messages in " + (System.nanoTime() - begun) / 1_000_000
                        + " ms, heap " + (early >> 10) + " KB, then " + (late >> 10) + " KB: " + seen(clients)
                        + " refused " + through.refused);
    }

    private void judge(List<FuzzClient> clients) {
        assertEquals(List.of(), List.copyOf(alarms.heard));
        assertEquals(List.of(), book.wrong);
        for (FuzzClient client : clients) {
            assertEquals(List.of(), client.wrong);
        }
        Map<String, Integer> seen = seen(clients);
        for (String must : List.of(
                "seen tools/call",
                "seen tasks/get",
                "seen prompts/get",
                "seen resources/read",
                "ALLOW question",
                "ALLOW another round",
                "ended Answered",
                "ended Unknown",
                "client elicitation/create",
                "client notifications/progress",
                "client notifications/message",
                "client resumed 200",
                "client resumed 400",
                "client canary")) {
            assertTrue(seen.getOrDefault(must, 0) > 0, must + " never came: " + seen);
        }
    }
}
