package dev.reeve.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.json.Json;
import dev.reeve.upstream.Exchange;
import dev.reeve.upstream.Offers;
import dev.reeve.upstream.UpstreamChange;
import dev.reeve.upstream.UpstreamHealth;
import dev.reeve.upstream.Upstreams;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class PinKeeperTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private final BlockingQueue<Duration> rests = new LinkedBlockingQueue<>();
    private final RestlessServer server = new RestlessServer();

    @Test
    void aServerThatChangesAgainAndAgainIsLookedAtLessAndLessOften() throws InterruptedException {
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            PinnedDefinitions definitions = new PinnedDefinitions(noPins(), (act, pin) -> {}, CLOCK);
            new PinKeeper(server, definitions, upstream -> false, news -> {}, workers, rests::add).start();
            server.wasRead();
            assertNull(rests.poll(), "the first look waits for nothing");
            Duration expected = Duration.ofMillis(250);
            for (int i = 0; i < 12; i++) {
                server.cry();
                assertEquals(expected, rests.poll(60, TimeUnit.SECONDS));
                server.wasRead();
                Duration doubled = expected.multipliedBy(2);
                expected = doubled.compareTo(Duration.ofMinutes(1)) < 0 ? doubled : Duration.ofMinutes(1);
            }
            server.restless = false;
            server.cry();
            assertEquals(Duration.ofMinutes(1), rests.poll(60, TimeUnit.SECONDS));
            server.wasRead();
            server.cry();
            server.wasRead();
            assertNull(rests.poll(), "who has calmed down is looked at at once");
        }
    }

    private static Pins noPins() {
        return new Pins() {
            @Override
            public List<Pin> all() {
                return List.of();
            }

            @Override
            public void put(Pin pin) {}
        };
    }

    /** Describes its one tool anew each time, until it is told not to. */
    private static final class RestlessServer implements Upstreams {
        private final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
        private Consumer<UpstreamChange> listener = change -> {};
        private volatile boolean restless = true;
        private final AtomicInteger times = new AtomicInteger();

        void cry() {
            listener.accept(new UpstreamChange("pg", UpstreamChange.What.TOOLS));
        }

        void wasRead() throws InterruptedException {
            assertNotNull(read.poll(60, TimeUnit.SECONDS));
        }

        @Override
        public Set<String> names() {
            return Set.of("pg");
        }

        @Override
        public Offers offers(String upstream) {
            int now = restless ? times.incrementAndGet() : times.get();
            read.add(now);
            Json.Obj schema = Json.object().put("type", "object").build();
            Json.Obj tool = Json.object()
                    .put("name", "query")
                    .put("description", "for the time " + now)
                    .put("inputSchema", schema)
                    .build();
            return new Offers("2025-11-25", Json.Obj.EMPTY, Json.Obj.EMPTY, Optional.empty(), List.of(tool));
        }

        @Override
        public void onChange(Consumer<UpstreamChange> told) {
            listener = told;
        }

        @Override
        public Effect send(Permit permit, Exchange exchange) {
            throw new AssertionError("nothing is sent here");
        }

        @Override
        public UpstreamHealth health(String upstream) {
            throw new AssertionError("nobody asks here");
        }
    }
}
