package dev.reeve.upstream;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.McpEngine;
import dev.reeve.adapter.mcp.McpHttp;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.adapter.mcp.RefusedCallers;
import dev.reeve.adapter.mcp.Surroundings;
import dev.reeve.asks.AskAdmissions;
import dev.reeve.asks.AskPolicy;
import dev.reeve.child.Slots;
import dev.reeve.definitions.Pin;
import dev.reeve.definitions.PinKeeper;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.definitions.Pins;
import dev.reeve.definitions.SkillFiles;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stage;
import dev.reeve.gate.Voices;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.secrets.KnownSecrets;
import dev.reeve.secrets.Secret;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Reeve from end to end, from the socket of a client to the socket of a server: everybody is known, and all but {@code hidden} is allowed. */
final class Through implements AutoCloseable {
    /** Known to be the operator's: masked in whatever comes back, as `reeve serve` does it. */
    static final String SECRET = "s3cret-of-the-operator";

    private static final KnownSecrets SECRETS = KnownSecrets.of(List.of(Secret.of(SECRET)));

    private static final class Masking implements ResultStage {
        @Override
        public String name() {
            return "secrets";
        }

        @Override
        public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
            return new ResultFinding.Changed(name(), "masked", (Json.Obj) SECRETS.mask(result));
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Everything that a loopback server may be let ask. */
    private static final AskPolicy ASKS = new AskPolicy(AskPolicy.Elicitation.SAFE, true, true, "127.0.0.1");

    final List<Journal.Decision> decisions = new CopyOnWriteArrayList<>();
    final List<Journal.Completion> completions = new CopyOnWriteArrayList<>();
    /** What was refused before it became an action, by whom and how often. */
    final Map<String, AtomicLong> refused = new ConcurrentHashMap<>();

    final PinnedDefinitions definitions;
    final PinKeeper pins;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final McpServers servers;
    private final McpEngine engine;
    private final McpHttp mcp;
    private final HttpServer http;

    Through(UpstreamSettings settings) throws IOException {
        this(claim -> somebody(), Optional.empty(), PATIENCE, List.of(settings));
    }

    Through(UpstreamSettings settings, HttpLimits httpLimits, McpLimits limits) throws IOException {
        this(claim -> somebody(), Optional.empty(), PATIENCE, List.of(settings), httpLimits, limits);
    }

    /**
     * @param journal that keeps the record instead of {@link #decisions} and {@link #completions}
     * @param patience of a permit
     */
    Through(Authenticator people, Optional<Journal> journal, Duration patience, List<UpstreamSettings> settings)
            throws IOException {
        this(people, journal, patience, settings, HttpLimits.DEFAULT, McpLimits.DEFAULT);
    }

    Through(
            Authenticator people,
            Optional<Journal> journal,
            Duration patience,
            List<UpstreamSettings> settings,
            HttpLimits httpLimits,
            McpLimits limits)
            throws IOException {
        Supplier<String> ids = () -> UUID.randomUUID().toString();
        GateClock clock = () -> new GateClock.Reading(Instant.now(), false);
        definitions = new PinnedDefinitions(new NoPins(), (act, pin) -> {}, clock.source());
        servers = new McpServers(
                settings,
                loops,
                clock.source(),
                new Slots(Slots.USUAL),
                System.getenv(),
                Launching.AS_WRITTEN,
                upstream -> Offered.all(ASKS.offered()));
        Gate gate = new Gate(
                Everything::new,
                new AskAdmissions(definitions, upstream -> ASKS),
                (principal, epoch) -> true,
                new NothingRead(),
                (action, facts) -> new Reservations.Reserved.Taken(effect -> {}),
                journal.orElseGet(Remembering::new),
                () -> "rv_" + ids.get(),
                clock,
                patience,
                List.of(new SkillFiles(definitions), new Masking()),
                Voices.NONE);
        engine = new McpEngine(
                new Surroundings(
                        gate,
                        servers,
                        definitions,
                        upstream -> ASKS.offered(),
                        Everything::new,
                        Strangers.keys(),
                        ids,
                        System::nanoTime,
                        "0"),
                limits);
        McpHttp mcp = new McpHttp(engine, people, refusals());
        this.mcp = mcp;
        http = HttpServer.open(HttpConfig.loopback(0).with(httpLimits), loops, mcp, refusal -> {});
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofVirtual().factory());
        pins = new PinKeeper(servers, definitions, upstream -> true, news -> {}, workers, rest -> {});
        pins.start();
        settings.forEach(one -> pins.compare(one.name()));
        // What a test changes next is not compared by something that began before.
        while (workers.getCompletedTaskCount() < workers.getTaskCount()) {
            Thread.onSpinWait();
        }
    }

    private RefusedCallers refusals() {
        return new RefusedCallers() {
            @Override
            public void refused(String channel, String code) {
                refused(channel, "", code);
            }

            @Override
            public void refused(String channel, String agent, String code) {
                refused.computeIfAbsent(agent + " " + code, any -> new AtomicLong())
                        .incrementAndGet();
            }
        };
    }

    long refused(String agent, String code) {
        AtomicLong count = refused.get(agent + " " + code);
        return count == null ? 0 : count.get();
    }

    private static Identification somebody() {
        return new Identification.Known(
                new Principal(
                        Principal.DEFAULT_TENANT,
                        "ana",
                        "key-ana",
                        Optional.empty(),
                        List.of(),
                        Set.of(),
                        Optional.empty(),
                        Map.of()),
                1);
    }

    java.net.InetSocketAddress address() {
        return http.address();
    }

    int sessions() {
        return mcp.sessions();
    }

    void awaitCompletions(int count) {
        while (completions.size() < count) {
            Thread.onSpinWait();
        }
    }

    int streams() {
        return engine.streams();
    }

    @Override
    public void close() {
        engine.close();
        http.close(Duration.ofMillis(100));
        servers.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private record Everything() implements Rulebook {
        @Override
        public String version() {
            return "test";
        }

        @Override
        public Reading read(Operation operation) {
            return new Reading.Touches(
                    List.of(new Access(List.of(operation.subject()), "execute", Set.of())), Set.of(), Optional.empty());
        }

        @Override
        public List<Stage> stages() {
            return List.of(new Hidden());
        }

        @Override
        public List<ResultStage> resultStages() {
            return List.of();
        }

        @Override
        public boolean visible(Principal principal, Operation operation) {
            return !operation.subject().endsWith("hidden");
        }
    }

    private record Hidden() implements Stage {
        @Override
        public String name() {
            return "hidden";
        }

        @Override
        public List<Finding> check(Action action, Facts facts) {
            return action.operation().subject().endsWith("hidden")
                    ? List.of(new Finding.Stop(name(), Denial.of("denied", Denial.ReasonClass.POLICY, "hidden")))
                    : List.of(new Finding.Pass(name(), Optional.empty(), "allowed"));
        }
    }

    private record NothingRead() implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {}
    }

    private final class Remembering implements Journal {
        @Override
        public String decided(Decision decision) {
            decisions.add(decision);
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {
            completions.add(completion);
        }
    }

    private static final class NoPins implements Pins {
        @Override
        public List<Pin> all() {
            return List.of();
        }

        @Override
        public void put(Pin pin) {}
    }
}
