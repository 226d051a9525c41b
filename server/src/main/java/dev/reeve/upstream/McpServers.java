package dev.reeve.upstream;

import dev.reeve.child.Slots;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** All servers of the operator's file. Can be given another file's servers while it runs: those that did not change keep their sessions. */
public final class McpServers implements Upstreams, AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final EventLoopGroup loops;
    private final InstantSource clock;
    private final Slots slots;
    private final Map<String, String> environment;
    private final Launching launching;
    private final Function<String, Offered> declares;
    private final Timetable timetable;
    private final List<Consumer<UpstreamChange>> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, McpServer> servers = Map.of();
    private volatile boolean closed;

    /**
     * @param loops for HTTP; not closed by this
     * @param clock the one that permits run by
     * @param slots for the children of all servers together
     * @param environment Reeve's own; children get PATH, HOME and TMPDIR of it
     * @param launching asked before each start of a child
     * @param declares what a server is told that it could ask when Reeve reads for itself what it has
     */
    public McpServers(
            List<UpstreamSettings> settings,
            EventLoopGroup loops,
            InstantSource clock,
            Slots slots,
            Map<String, String> environment,
            Launching launching,
            Function<String, Offered> declares) {
        this.declares = declares;
        this.loops = loops;
        this.clock = clock;
        this.slots = slots;
        this.environment = Map.copyOf(environment);
        this.launching = launching;
        slots.whenFull(this::yieldOne);
        this.timetable = new Timetable(loops);
        apply(settings);
        timetable.later(SWEEP, this::sweep);
    }

    /** Of servers that start as the operator wrote, and are told of nothing to ask when Reeve reads for itself. */
    public McpServers(
            List<UpstreamSettings> settings,
            EventLoopGroup loops,
            InstantSource clock,
            Slots slots,
            Map<String, String> environment) {
        this(settings, loops, clock, slots, environment, Launching.AS_WRITTEN, name -> Offered.NOTHING);
    }

    /** Takes these instead of the present ones. Sessions of servers that are gone or differ are ended, and what runs on them is cut. */
    public synchronized void apply(List<UpstreamSettings> settings) {
        Map<String, McpServer> next = new LinkedHashMap<>();
        for (UpstreamSettings one : settings) {
            McpServer kept = servers.get(one.name());
            McpServer server = kept != null && kept.settings().equals(one) ? kept : open(one);
            if (next.put(one.name(), server) != null) {
                throw new IllegalArgumentException("two upstreams are named `" + one.name() + "`");
            }
        }
        List<McpServer> gone = new ArrayList<>(servers.values());
        gone.removeAll(next.values());
        servers = next;
        gone.forEach(server -> Thread.startVirtualThread(() -> end(server)));
    }

    private McpServer open(UpstreamSettings settings) {
        return switch (settings) {
            case UpstreamSettings.Http http ->
                new McpServer(
                        http,
                        http.url().toString(),
                        (failures, news) -> new HttpTransport(http, failures, news, loops),
                        timetable,
                        declares.apply(http.name()),
                        this::tell);
            case UpstreamSettings.Stdio stdio ->
                new McpServer(
                        stdio,
                        "the program `" + stdio.argv().getFirst() + "`",
                        (failures, news) -> new StdioTransport(stdio, failures, news, slots, environment, launching),
                        timetable,
                        declares.apply(stdio.name()),
                        this::tell);
        };
    }

    private void tell(UpstreamChange change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    @Override
    public Set<String> names() {
        return servers.keySet();
    }

    @Override
    public Effect send(Permit permit, Exchange exchange) {
        String name = permit.action().operation().upstream();
        McpServer server = servers.get(name);
        if (server == null
                || !server.settings()
                        .tenant()
                        .equals(permit.action().principal().tenant())) {
            return new Effect.NotSent(
                    Denial.of("unknown_upstream", ReasonClass.UNAVAILABLE, "there is no upstream `" + name + "`"));
        }
        return server.send(permit, exchange, clock.instant());
    }

    @Override
    public void abandon(String upstream, Principal principal, String state) {
        McpServer server = servers.get(upstream);
        if (server != null) {
            server.abandon(principal, state);
        }
    }

    @Override
    public Offers offers(String upstream) throws UpstreamDownException {
        McpServer server = servers.get(upstream);
        if (server == null) {
            throw new UpstreamDownException("there is no upstream `" + upstream + "`");
        }
        return server.offers();
    }

    @Override
    public boolean toolsVary(String upstream) {
        McpServer server = servers.get(upstream);
        return server != null && server.toolsVary();
    }

    @Override
    public void onChange(Consumer<UpstreamChange> listener) {
        listeners.add(listener);
    }

    @Override
    public UpstreamHealth health(String upstream) {
        McpServer server = servers.get(upstream);
        return server == null
                ? new UpstreamHealth(
                        upstream,
                        UpstreamHealth.State.DOWN,
                        Optional.empty(),
                        Optional.of("there is no upstream `" + upstream + "`"))
                : server.health();
    }

    /** Cuts what a principal instance has running and ends its sessions (R14). */
    public void cut(String tenant, String instance) {
        servers.values().forEach(server -> server.cut(tenant, instance));
    }

    /** How many messages of a server belonged to nothing and were dropped (R13). For metrics. */
    public long dropped(String upstream) {
        McpServer server = servers.get(upstream);
        return server == null ? 0 : server.dropped();
    }

    /** Sessions and children that are open now. For metrics. */
    public int sessions(String upstream) {
        McpServer server = servers.get(upstream);
        return server == null ? 0 : server.sessions();
    }

    /** How often children of a server ended by themselves since it is known. For status and metrics. */
    public long crashes(String upstream) {
        McpServer server = servers.get(upstream);
        return server == null ? 0 : server.crashes();
    }

    /** Children that run now, of all servers. For metrics. */
    public int children() {
        return slots.taken();
    }

    /** The last lines that the children of a server wrote to stderr, escaped. */
    public List<String> lastWords(String upstream) {
        McpServer server = servers.get(upstream);
        return server == null ? List.of() : server.lastWords();
    }

    private boolean yieldOne() {
        return servers.values().stream()
                .filter(server -> server.settings() instanceof UpstreamSettings.Stdio)
                .anyMatch(McpServer::yieldOne);
    }

    private void sweep() {
        if (!closed) {
            servers.values().forEach(server -> server.expire(System.nanoTime()));
            timetable.later(SWEEP, this::sweep);
        }
    }

    private static void end(McpServer server) {
        try {
            server.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all sessions. Blocks until the goodbyes are said, each in bounded time. */
    @Override
    public void close() {
        closed = true;
        List<Thread> ending = new ArrayList<>();
        for (McpServer server : servers.values()) {
            ending.add(Thread.startVirtualThread(() -> end(server)));
        }
        for (Thread one : ending) {
            join(one);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
