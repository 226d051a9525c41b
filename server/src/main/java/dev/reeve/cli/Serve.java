package dev.reeve.cli;

import dev.reeve.action.Operation.Asks;
import dev.reeve.adapter.mcp.McpEngine;
import dev.reeve.adapter.mcp.McpHttp;
import dev.reeve.adapter.mcp.McpLimits;
import dev.reeve.adapter.mcp.McpLines;
import dev.reeve.adapter.mcp.Surroundings;
import dev.reeve.asks.AskAdmissions;
import dev.reeve.asks.AskPolicy;
import dev.reeve.audit.DenialQuotas;
import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.budget.Budgets;
import dev.reeve.budget.InFlight;
import dev.reeve.child.Slots;
import dev.reeve.config.GatewayConfig;
import dev.reeve.config.ListenerConfig;
import dev.reeve.config.PolicyWatch;
import dev.reeve.config.ReeveConfig;
import dev.reeve.connector.ConnectorLimits;
import dev.reeve.connector.ConnectorListener;
import dev.reeve.console.Console;
import dev.reeve.control.ControlListener;
import dev.reeve.control.ControlRoutes;
import dev.reeve.control.ControlSocket;
import dev.reeve.control.Health;
import dev.reeve.control.LedgerKeysRoute;
import dev.reeve.control.LimitRoutes;
import dev.reeve.control.PackageRoutes;
import dev.reeve.control.PolicyRoutes;
import dev.reeve.control.Route;
import dev.reeve.control.SignIns;
import dev.reeve.control.StopRoute;
import dev.reeve.control.ToolRoutes;
import dev.reeve.definitions.PinKeeper;
import dev.reeve.definitions.SkillFiles;
import dev.reeve.enforcement.Inventory;
import dev.reeve.enforcement.VerdictDesk;
import dev.reeve.extauthz.ExtAuthz;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.hook.HookDesk;
import dev.reeve.hook.HookLines;
import dev.reeve.http.Handler;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.http.Router;
import dev.reeve.identity.Claim;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.packages.Packages;
import dev.reeve.strict.JsonLimits;
import dev.reeve.tlog.LogHttp;
import dev.reeve.upstream.McpServers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The one process: every room opened from its own record, and joined by hand. What is opened is closed in the opposite order. */
final class Serve implements AutoCloseable {
    static final String VERSION = "0.1.0";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SUMMARY_SECONDS = 60;
    /** One principal takes at most a quarter of all streams. */
    private static final int STREAM_SHARES = 4;

    private final Deque<Closing> closing = new ArrayDeque<>();
    private final Foundation foundation;
    private final Metrics metrics = new Metrics();
    private final TlsRoom tls;
    private final Packages packages;
    private final McpServers upstreams;
    private final PolicyRoom policy;
    private final Budgets budgets;
    private final McpEngine engine;
    private final PolicyFollower follower;
    private final VerdictDesk desk;
    private final Optional<ExtAuthz> extAuthz;
    private final HttpServer http;
    private final ControlListener control;
    private final Optional<WitnessRoom> witnesses;
    private final Optional<LogRoom> log;
    private final Refusals refusals;
    private final AuditRoom audit;
    private final CountDownLatch stop = new CountDownLatch(1);

    private interface Closing {
        void run() throws Exception;
    }

    /** @throws CommandException with everything that is wrong, if it does not start */
    static Serve start(ReeveConfig config) throws CommandException {
        return start(config, news -> Log.info("definitions", news));
    }

    /** @param news what a person should know of the tools' definitions, a line each */
    static Serve start(ReeveConfig config, Consumer<String> news) throws CommandException {
        try {
            return new Serve(config, news);
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Serve(ReeveConfig config, Consumer<String> news) throws CommandException, IOException {
        try {
            tls = TlsRoom.open(config, InstantSource.system(), this::handshake);
            foundation = Foundation.open(config, metrics, incident -> Log.error("incident", incident));
            closing.push(foundation::close);
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                    Math.min(2, Runtime.getRuntime().availableProcessors()), NioIoHandler.newFactory());
            closing.push(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS));
            packages = new Packages(
                    config.data(), config.keys(), config.home(), foundation::recordPackage, System.getenv());
            upstreams = new McpServers(
                    UpstreamsFromConfig.of(config.upstreams(), tls),
                    loops,
                    foundation.clock().source(),
                    new Slots(config.gateway().maxChildren()),
                    System.getenv(),
                    packages,
                    AsksFromConfig.declared(config.upstreams()));
            closing.push(upstreams::close);
            recordStart();
            refusals = new Refusals(
                    foundation.clock().source(), metrics, foundation.ids().tickets());
            closing.push(() -> refusals.record(foundation::summary));
            audit = AuditRoom.open(foundation, refusals, metrics);
            closing.push(audit::close);
            closing.push(ExportRoom.open(foundation, audit.search(), tls, loops, metrics)::close);
            policy = new PolicyRoom(
                    foundation,
                    new PinnedSchemas(foundation.definitions(), upstreams::names),
                    foundation.room().administrators()::areSeveral);
            firstPolicy();
            BudgetRoom used = BudgetRoom.open(foundation, policy, metrics);
            closing.push(used::close);
            budgets = used.budgets();
            Map<String, AskPolicy> asks = AsksFromConfig.of(config.upstreams());
            JudgeRoom judges = JudgeRoom.open(foundation, tls, loops);
            closing.push(judges::close);
            Gate gate = gate(config.gateway(), asks, judges);
            engine = engine(gate, config.gateway(), AsksFromConfig.offered(asks));
            closing.push(engine::close);
            follower = PolicyFollower.start(
                    policy::reload, engine::policyChanged, engine::reconsider, Duration.ofSeconds(1));
            closing.push(follower::close);
            HookDesk hooks = hooks(gate);
            closing.push(hooks::close);
            desk = new VerdictDesk(gate, foundation.room().authenticator(), policy::points, policy);
            http = serveAgents(config, loops);
            closing.push(() -> http.close(PATIENCE));
            extAuthz = config.listen().extAuthz().isPresent()
                    ? Optional.of(serveProxies(config.listen().extAuthz().get(), loops))
                    : Optional.empty();
            extAuthz.ifPresent(it -> closing.push(it::close));
            witnesses = config.witnesses().map(it -> WitnessRoom.open(it, foundation, tls, loops, metrics));
            witnesses.ifPresent(room -> closing.push(room::close));
            log = serveLog(config, loops);
            control = serveControl(config);
            serveConnectors(config, hooks);
            Optional<NoticeRoom> notices = NoticeRoom.open(foundation, loops, this::pageOf);
            notices.ifPresent(room -> closing.push(room::close));
            ReviewRoom.open(foundation, policy, notices, metrics).ifPresent(room -> closing.push(room::close));
            joinRooms(config, news);
            beginChores();
        } catch (CommandException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Optional<String> pageOf(String ticket) {
        return ApprovalPages.page(foundation.config(), this::controlUrl, ticket);
    }

    private HookDesk hooks(Gate gate) {
        return new HookDesk(
                gate,
                System.getProperty("user.home", "/"),
                (server, tool) -> foundation.definitions().tool(server, tool).isPresent(),
                code -> refusals.refused(HookDesk.CHANNEL, code));
    }

    private void serveConnectors(ReeveConfig config, HookDesk hooks) throws IOException {
        ConnectorListener connectors = ConnectorListener.open(
                config.data().resolve("connector.sock"),
                this::identifyConnector,
                new HookLines(new McpLines(engine, upstreams), hooks),
                ConnectorLimits.DEFAULT.with(
                        config.gateway().maxConnectors(), config.gateway().maxBody()));
        closing.push(connectors::close);
        foundation
                .room()
                .directory()
                .onChange(() -> connectors.identitiesChanged(foundation.room().authenticator()));
    }

    /** TCP checks of load balancers go away without a handshake: they are counted, and not recorded. */
    private void handshake(String listener, String outcome) {
        CertificateWatch.handshakes(metrics).increment(listener, outcome);
        if (!outcome.equals("ok") && !outcome.equals("gone")) {
            refusals.refused("tls", outcome);
        }
    }

    private void recordStart() throws CommandException, IOException {
        try {
            foundation.recordStart();
        } catch (UnrecordableException e) {
            throw new CommandException(ExitCodes.FAILED, "the start cannot be recorded: " + e.getMessage());
        }
    }

    private Identification identifyConnector(Claim claim) {
        Identification who = foundation.room().authenticator().identify(claim);
        if (who instanceof Identification.Unknown unknown) {
            refusals.refused("connector", unknown.code());
        }
        return who;
    }

    private void firstPolicy() throws CommandException {
        List<String> errors = policy.reload();
        if (!errors.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, String.join("\n", errors));
        }
    }

    private Gate gate(GatewayConfig limits, Map<String, AskPolicy> asks, JudgeRoom judges) {
        return new Gate(
                policy,
                new AskAdmissions(foundation.definitions(), upstream -> asks.getOrDefault(upstream, AskPolicy.NOTHING)),
                foundation.room().authenticator(),
                foundation.room().sessions(),
                Reservations.all(
                        List.of(new InFlight(limits.maxInFlightPerInstance(), limits.maxInFlightPerAgent()), budgets)),
                judges.learning(new CountedJournal(
                        budgets.watching(
                                new DenialQuotas(foundation.journal(), foundation.clock()::latest, refusals::denied)),
                        metrics)),
                foundation.ids().tickets(),
                foundation.clock(),
                limits.callTimeout(),
                List.of(new SkillFiles(foundation.definitions()), new SecretsStage(foundation::secrets)),
                foundation.voices(judges.desk()));
    }

    /** What runs is told why it is cut off; then streams end. */
    private void stopsChanged() {
        engine.reconsider();
        engine.identitiesChanged();
    }

    private McpEngine engine(Gate gate, GatewayConfig limits, Map<String, Set<Asks>> offered) {
        Surroundings around = new Surroundings(
                gate,
                upstreams,
                foundation.definitions(),
                upstream -> offered.getOrDefault(upstream, Set.of()),
                policy,
                // Who is stopped is nobody: streams end too.
                foundation.room().authenticator().butFor(foundation.room().killSwitch()::stops),
                () -> foundation.ids().next(""),
                System::nanoTime,
                VERSION,
                this::pageOf,
                Optional.of(foundation.people()));
        return new McpEngine(
                around,
                new McpLimits(
                        new JsonLimits(limits.maxBody(), limits.maxDepth(), limits.maxTokens(), true),
                        limits.maxSessions(),
                        Math.min(limits.maxSessionsPerAgent(), Math.max(1, limits.maxSessions() / 2)),
                        limits.sessionIdle(),
                        limits.maxStreams(),
                        Math.max(1, limits.maxStreams() / STREAM_SHARES),
                        limits.maxInFlightPerSession(),
                        limits.maxFollowed(),
                        limits.maxRounds(),
                        limits.maxTasks(),
                        Math.min(limits.maxTasksPerAgent(), Math.max(1, limits.maxTasks() / 2)),
                        limits.maxAnswers(),
                        limits.pageSize()));
    }

    private HttpServer serveAgents(ReeveConfig config, EventLoopGroup loops) throws IOException {
        McpHttp mcp = new McpHttp(engine, foundation.room().authenticator(), refusals);
        GatewayConfig limits = config.gateway();
        HttpLimits http1 = new HttpLimits(
                HttpLimits.DEFAULT.requestLine(),
                limits.maxHeaderBytes(),
                limits.maxHeaders(),
                limits.maxBody(),
                limits.maxBodies(),
                limits.maxConnections(),
                limits.maxPipelined(),
                limits.maxInFlight(),
                limits.readTimeout(),
                limits.writeTimeout(),
                limits.idleTimeout(),
                limits.heartbeat());
        HttpConfig agents = new HttpConfig(
                config.listen().agents().address(), config.listen().agents().names(), Set.of(), http1, tls.agents());
        Map<String, Handler> decisions = authzen(limits).routes();
        Map<String, Handler> routes = new HashMap<>(decisions);
        routes.put(McpHttp.PATH, mcp);
        routes.put(McpHttp.PATH + "/", mcp);
        return HttpServer.open(agents, loops, new Router(routes, mcp::sender), (path, refusal) -> {
            if (refusal.status() == 401) {
                refusals.refused(
                        decisions.containsKey(path) ? AuthzenHttp.CHANNEL : McpHttp.CHANNEL, "body_without_key");
            }
        });
    }

    private ExtAuthz serveProxies(ListenerConfig listener, EventLoopGroup loops) throws IOException {
        return ExtAuthz.open(
                listener.address(),
                tls.extAuthz(),
                loops,
                desk,
                (point, code) -> counted(ExtAuthz.CHANNEL, point, code));
    }

    private void counted(String channel, Optional<String> point, String code) {
        point.ifPresentOrElse(name -> refusals.refused(channel, name, code), () -> refusals.refused(channel, code));
    }

    private AuthzenHttp authzen(GatewayConfig limits) {
        return new AuthzenHttp(
                desk,
                new Inventory(
                        policy::source, () -> foundation.room().directory().roster(), policy.schemas()),
                limits.maxEvaluations(),
                new SecureRandom(),
                tls.agents().isPresent(),
                (point, code) -> counted(AuthzenHttp.CHANNEL, point, code));
    }

    private Optional<LogRoom> serveLog(ReeveConfig config, EventLoopGroup loops) throws IOException {
        if (config.listen().log().isEmpty()) {
            return Optional.empty();
        }
        LogRoom open = LogRoom.open(
                foundation,
                config.listen().log().get(),
                tls.log(),
                loops,
                LogRoom.published(foundation.ledger(), witnesses),
                audit.readings(),
                code -> refusals.refused(LogHttp.CHANNEL, code));
        closing.push(open::close);
        return Optional.of(open);
    }

    private ControlListener serveControl(ReeveConfig config) throws IOException {
        tellHealth(foundation.room().health());
        ControlRoutes all = foundation.room().routes(ofServing(config), code -> refusals.refused("control", code));
        foundation.room().startTicking();
        Console pages = pages(all);
        ControlListener listener = ControlListener.open(
                new ControlListener.Place(
                        config.listen().control().address(),
                        config.listen().control().names(),
                        tls.control()),
                all,
                foundation.room().administrators(),
                pages);
        closing.push(listener::close);
        // Before the listener, whose end their streams would hold up.
        closing.push(pages::close);
        ControlSocket socket = ControlSocket.open(config.data(), all);
        closing.push(socket::close);
        return listener;
    }

    /** Nothing of them is loaded before the first is asked for. */
    private Console pages(ControlRoutes all) {
        return new Console(
                all,
                new SignIns(foundation.room(), new SecureRandom()),
                this::controlPort,
                code -> refusals.refused("console", code));
    }

    private int controlPort() {
        return control.port();
    }

    /** What only the running process can do. */
    private List<Route> ofServing(ReeveConfig config) {
        List<Route> routes = new ArrayList<>(ToolRoutes.of(foundation.definitions(), foundation.room()));
        routes.addAll(PackageRoutes.of(packages, UpstreamsFromConfig.of(config.upstreams(), tls), foundation.room()));
        routes.add(StopRoute.of(foundation::recordAct, this::askToStop));
        routes.addAll(PolicyRoutes.of(policyDesk(), foundation.room()::administrators));
        routes.add(LedgerKeysRoute.of(foundation::changeKeys));
        routes.addAll(audit.routes().routes());
        routes.addAll(LimitRoutes.of(budgets, policy::limits));
        routes.addAll(GrantRoom.routes(foundation, policy));
        return routes;
    }

    private PolicyDesk policyDesk() {
        return new PolicyDesk(policy, follower::isChanged);
    }

    /** Returns at once; who waits in {@link #awaitStop} then closes. */
    void askToStop() {
        stop.countDown();
    }

    void awaitStop() throws InterruptedException {
        stop.await();
    }

    private void tellHealth(Health health) {
        health.check("ledger", () -> foundation.ledger().status().trouble());
        health.check("policy", policy::trouble);
        health.check("policy-watch", follower::trouble);
        health.tell("version", () -> new Json.Str(VERSION));
        health.tell("policy", () -> new Json.Str(policy.get().version()));
        health.tell("policy_waiting", () -> policyDesk().status());
        health.tell(
                "approvals", () -> ApprovalText.status(foundation.approvals().desk()));
        health.tell("records", () -> Json.of(foundation.ledger().size()));
        health.tell("open_intents", () -> Json.of(foundation.openIntents().count()));
        health.tell("confinement", () -> new Json.Str(Confined.machine()));
        new UpstreamsStatus(foundation, upstreams).tell(health, metrics);
        health.tell("tls", tls::status);
        health.check("tls", tls.watch()::trouble);
        tls.watch().measure(metrics);
        witnesses.ifPresent(room -> room.tell(health));
        metrics.gauge(
                "reeve_ledger_records",
                "Durable records.",
                () -> foundation.ledger().size());
        metrics.gauge(
                "reeve_open_intents",
                "Intents without an outcome yet.",
                () -> foundation.openIntents().count());
        metrics.gauge("reeve_streams", "Open streams of agents.", () -> engine.streams());
        metrics.gauge("reeve_connections", "Open connections of agents.", () -> http.connections());
    }

    private void joinRooms(ReeveConfig config, Consumer<String> news) {
        foundation.room().directory().onChange(engine::identitiesChanged);
        foundation.room().killSwitch().onChange(this::stopsChanged);
        foundation.definitions().onChange(upstream -> follower.mayHaveChanged());
        follower.watch(told -> PolicyWatch.start(
                config.home(),
                PolicyRoom::schema,
                policy.get().version(),
                foundation.clock().source(),
                told));
        GrantRoom.join(foundation, engine);
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        closing.push(workers::shutdownNow);
        Set<String> trusting = new HashSet<>();
        config.upstreams().stream()
                .filter(one -> one.common().trustFirstUse())
                .forEach(one -> trusting.add(one.name()));
        new PinKeeper(upstreams, foundation.definitions(), trusting::contains, news, workers, Serve::rest).start();
    }

    private void beginChores() {
        Chores chores = new Chores("timer");
        closing.push(chores::close);
        Troubles troubles = new Troubles(foundation);
        chores.every(5, troubles::writeLate);
        // A key that expires changes nothing by itself; what it holds open ends all the same.
        chores.every(5, foundation.room().directory()::lookAgain);
        chores.every(1, troubles::tellOfLedger);
        chores.every(SUMMARY_SECONDS, () -> refusals.record(foundation::summary));
        chores.every(30, budgets::sweep);
        chores.every(30, 5, OldGeneration::lookAtOwn);
        chores.every(1, () -> GrantRoom.tick(foundation));
        chores.every(30, audit.routes().tick());
        log.ifPresent(it -> chores.every(30, it::tick));
        // On a thread of its own: a network file system that hangs must not stop the others.
        Chores certificates = new Chores("certificates");
        closing.push(certificates::close);
        certificates.every(0, 1, () -> tls.watch().look(foundation.certificates()));
    }

    /** Ends early when the workers are shut down. */
    private static void rest(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    Foundation foundation() {
        return foundation;
    }

    McpEngine engine() {
        return engine;
    }

    McpServers upstreams() {
        return upstreams;
    }

    String agentsUrl() {
        return tls.agentsUrl(http.address().getPort()) + McpHttp.PATH;
    }

    String controlUrl() {
        return tls.controlUrl(control.port());
    }

    /** Empty if the record is not served. */
    Optional<String> logUrl() {
        return log.map(it -> tls.logUrl(it.port()));
    }

    /** Where proxies ask; 0 if nowhere. */
    int extAuthzPort() {
        return extAuthz.map(ExtAuthz::port).orElse(0);
    }

    Optional<String> trouble() {
        return policy.trouble();
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (Exception e) {
                Log.warn("close", "not closed in order: " + e.getMessage());
            }
        }
    }
}
