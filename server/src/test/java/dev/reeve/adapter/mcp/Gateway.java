package dev.reeve.adapter.mcp;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalRoom;
import dev.reeve.approval.ApprovalRows;
import dev.reeve.approval.Limits;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
import dev.reeve.definitions.Pin;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.definitions.Pins;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Voices;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.http.RawClient;
import dev.reeve.http.Router;
import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The real gate, engine and server over loopback; store, policy and servers behind are in memory. */
final class Gateway implements AutoCloseable {
    static final String ANA = "reeve_ana";
    static final String ANAS_OTHER_KEY = "reeve_ana_other";
    static final String BOB = "reeve_bob";
    static final String CORA = "reeve_cora";
    static final String NOBODY = "reeve_nobody";

    final FakeUpstreams upstreams = new FakeUpstreams("pg", "mail");
    final AtomicReference<Rulebook> rulebook = new AtomicReference<>(new FakeRulebook(Set.of("secret")));
    final PinnedDefinitions definitions;
    final RecordingJournal journal = new RecordingJournal();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    final AtomicReference<Stops> stops = new AtomicReference<>(Stops.NONE);
    final AtomicReference<Judges> judges = new AtomicReference<>(Judges.NONE);
    final AtomicLong ids = new AtomicLong();
    final Clock clock = new Clock();
    final ApprovalRoom approvals;
    /** Tickets of what was granted for a time. */
    final Set<String> given = ConcurrentHashMap.newKeySet();
    /** What people did, as it was written down. */
    final List<String> acts = new CopyOnWriteArrayList<>();

    final McpEngine engine;
    final McpHttp http;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HttpServer server;

    Gateway() {
        this(HttpLimits.DEFAULT, McpLimits.DEFAULT);
    }

    Gateway(HttpLimits httpLimits, McpLimits limits) {
        approvals = approvals(clock);
        definitions = new PinnedDefinitions(new NoPins(), (act, pin) -> {}, clock.source());
        definitions.compare(
                "pg",
                tools(
                        "echo",
                        "slow",
                        "stuck",
                        "broken",
                        "lost",
                        "down",
                        "bug",
                        "secret",
                        "link",
                        "ask_echo",
                        "ask_form",
                        "ask_twice",
                        "ask_task",
                        "ask_broken",
                        "ask_stuck"),
                true);
        definitions.compare("mail", tools("send", "forbidden"), true);
        for (String upstream : List.of("pg", "mail")) {
            FakeUpstreams.OFFERS.forEach((kind, entry) -> definitions.compare(upstream, kind, List.of(entry), true));
        }
        Gate gate = new Gate(
                rulebook::get,
                definitions,
                (principal, epoch) -> !revoked.contains(principal.instance()),
                new NoSessions(),
                (action, facts) -> new Reservations.Reserved.Taken(effect -> {}),
                journal,
                () -> "rv_" + ids.incrementAndGet(),
                clock,
                Duration.ofMinutes(1),
                List.of(),
                new Voices(
                        (principal, operation) -> stops.get().stopped(principal, operation),
                        approvals,
                        (judge, action, facts) -> judges.get().ask(judge, action, facts)));
        engine = new McpEngine(
                new Surroundings(
                        gate,
                        upstreams,
                        definitions,
                        upstream -> Set.of(),
                        rulebook::get,
                        (principal, epoch) -> !revoked.contains(principal.instance()),
                        () -> "id-" + ids.incrementAndGet(),
                        System::nanoTime,
                        "0.0.1-test",
                        ticket -> Optional.of("https://reeve.example/approvals/" + ticket),
                        Optional.of(new Surroundings.People(approvals, given::contains, clock.source()))),
                limits);
        http = new McpHttp(engine, people(), counting());
        try {
            server = HttpServer.open(
                    HttpConfig.loopback(0).with(httpLimits),
                    loops,
                    new Router(Map.of("/mcp", http, "/mcp/", http), http::sender),
                    response -> {});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ApprovalRoom approvals(GateClock time) {
        try {
            return new ApprovalRoom(
                    new MemoryApprovals(),
                    new MemoryResults(),
                    (person, act, ticket, difference) -> acts.add(act + " " + ticket + " by " + person),
                    new Boss(),
                    time,
                    Limits.USUAL,
                    json -> json);
        } catch (UnrecordableException e) {
            throw new AssertionError(e);
        }
    }

    static final Answerer BOSS = new Answerer("boss", Set.of("admin"));

    /** The boss answers. */
    void says(String ticket, boolean yes) {
        try {
            approvals.desk().decide(ticket, BOSS, yes, "because");
        } catch (NotDecidedException e) {
            throw new AssertionError(e);
        }
    }

    private RefusedCallers counting() {
        return new RefusedCallers() {
            @Override
            public void refused(String channel, String code) {
                refused.add(code);
            }

            @Override
            public void refused(String channel, String agent, String code) {
                refused.add(agent + " " + code);
            }
        };
    }

    private static Authenticator people() {
        return claim -> switch (claim) {
            case Claim.ApiKey(var key) ->
                switch (key.exposeTextInsecurely()) {
                    case ANA -> known("ana", Set.of("pg", "mail"));
                    case ANAS_OTHER_KEY -> known("ana", "key-ana-other", Set.of("pg", "mail"));
                    case BOB -> known("bob", Set.of("mail"));
                    case CORA -> known("cora", Set.of("pg"));
                    case NOBODY -> known("nobody", Set.of());
                    default -> new Identification.Unknown("key_unknown", "no such key");
                };
            case Claim.Connector ignored -> new Identification.Unknown("not_here", "not here");
            case Claim.Nothing ignored -> new Identification.Unknown("key_missing", "no key");
        };
    }

    static Identification.Known known(String agent, Set<String> roles) {
        return known(agent, "key-" + agent, roles);
    }

    static Identification.Known known(String agent, String key, Set<String> roles) {
        return new Identification.Known(
                new Principal(
                        Principal.DEFAULT_TENANT,
                        agent,
                        key,
                        Optional.empty(),
                        List.of(),
                        roles,
                        Optional.empty(),
                        Map.of()),
                1);
    }

    static List<Json.Obj> tools(String... names) {
        return List.of(names).stream().map(Gateway::tool).toList();
    }

    static Json.Obj tool(String name) {
        Json.Obj text = Json.object().put("type", "string").build();
        return Json.object()
                .put("name", name)
                .put("description", "does " + name)
                .put(
                        "inputSchema",
                        Json.object()
                                .put("type", "object")
                                .put("properties", Json.object().put("text", text)))
                .build();
    }

    InetSocketAddress address() {
        return server.address();
    }

    HttpServer server() {
        return server;
    }

    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    @Override
    public void close() {
        upstreams.stopped.countDown();
        engine.close();
        server.close(Duration.ofSeconds(2));
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Remembers what was written down. */
    static final class RecordingJournal implements Journal {
        final List<Decision> decisions = new CopyOnWriteArrayList<>();
        final List<Completion> completions = new CopyOnWriteArrayList<>();
        /** Nothing is left to write with. */
        volatile boolean exhausted;
        /** What was done cannot be written down any more. */
        volatile boolean losesOutcomes;

        @Override
        public String decided(Decision decision) {
            if (exhausted) {
                throw new OutOfMemoryError("for the test");
            }
            decisions.add(decision);
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) throws UnrecordableException {
            if (losesOutcomes) {
                throw new UnrecordableException("for the test");
            }
            completions.add(completion);
        }

        Effect lastEffect() {
            return completions.getLast().effect();
        }
    }

    static final class Clock implements GateClock {
        volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Reading read() {
            return new Reading(now, false);
        }
    }

    private static final class Boss implements People {
        @Override
        public Optional<Person> person(String name) {
            return Optional.of(new Person(name, Set.of("admin", "approver"), Set.of()));
        }

        @Override
        public boolean several() {
            return true;
        }
    }

    /** Rows with versions, as a table has them. */
    private static final class MemoryApprovals implements ApprovalRows {
        private final Map<String, Approval> all = new ConcurrentHashMap<>();

        @Override
        public List<Approval> approvals() {
            return List.copyOf(all.values());
        }

        @Override
        public synchronized Optional<Approval> put(Approval approval) {
            Approval before = all.get(approval.ticket());
            if ((before == null ? 0 : before.version()) != approval.version()) {
                return Optional.empty();
            }
            Approval stored = approval.at(approval.version() + 1);
            all.put(stored.ticket(), stored);
            return Optional.of(stored);
        }

        @Override
        public void remove(Approval approval) {
            all.remove(approval.ticket());
        }
    }

    private static final class NoSessions implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {}
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
