package dev.reeve.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.SocketFactory;

/**
 * The governed call against the direct one, in one run: API key, 1,000 rules, argument conditions, both records durable. CPU is the
 * process's own, read from /proc; the load generator and the upstream are other processes on the same cores.
 *
 * <p>Run: {@code java -cp ... dev.reeve.bench.GatewayBench [seconds per point] [warm-up seconds] [tls|stdio|full]}. With {@code tls} both sides
 * of the gateway, and the direct call, speak HTTPS with certificates made for the run. With {@code stdio} the gateway's upstreams are
 * {@value #CHILDREN} servers that it starts, and connections take them in turn; the direct call is the one over HTTP. Without either, HAProxy
 * is measured in turn with them where it is installed ({@link HaproxyPeer}). With {@code full} another gateway is measured in turn that has
 * limits, guardrails of content in both directions and the embedded judge about every call. {@code -Dconnections=16,64} measures these
 * points only, {@code -Dthreads=true} says which threads the CPU went to.
 */
final class GatewayBench {
    private static final int[] CONNECTIONS = Pattern.compile(",")
            .splitAsStream(System.getProperty("connections", "1,16,64"))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int RULES = 1_000;
    private static final int CHILDREN = 16;
    private static final long WARM_CALLS = 100_000;
    private static final int MOST_WARM_UPS = 8;
    private static final Pattern READY = Pattern.compile("ready: agents https?://[^:]+:(\\d+)/mcp");
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");

    private final Path folder;
    private final double seconds;
    private final double warmUp;
    private final Optional<BenchCertificates> tls;
    private final boolean stdio;
    private final boolean full;

    private GatewayBench(
            Path folder, double seconds, double warmUp, Optional<BenchCertificates> tls, boolean stdio, boolean full) {
        this.full = full;
        this.folder = folder;
        this.seconds = seconds;
        this.warmUp = warmUp;
        this.tls = tls;
        this.stdio = stdio;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        double warmUp = args.length > 1 ? Double.parseDouble(args[1]) : 15;
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "gateway-bench");
        Optional<BenchCertificates> tls = args.length > 2 && args[2].equals("tls")
                ? Optional.of(BenchCertificates.make(folder))
                : Optional.empty();
        String mode = args.length > 2 ? args[2] : "";
        new GatewayBench(folder, seconds, warmUp, tls, mode.equals("stdio"), mode.equals("full")).run();
    }

    private void run() throws IOException, InterruptedException {
        try (OtherProcess upstream = OtherProcess.java(
                List.of("-XX:+UseSerialGC", "-Xmx64m"),
                "dev.reeve.bench.BenchUpstream",
                tls.map(BenchCertificates::files).orElse(List.of()),
                folder.resolve("upstream.err"))) {
            int port = Integer.parseInt(reader(upstream).readLine());
            Path home = home("home", port);
            Optional<HaproxyPeer> peer = Optional.empty();
            Optional<Gateway> everything = full ? Optional.of(everything(port)) : Optional.empty();
            try (OtherProcess reeve =
                    OtherProcess.start(OtherProcess.reeve("serve", home), folder.resolve("reeve.err"))) {
                int agents = ready(reader(reeve));
                String key = key(home);
                peer = tls.isPresent() || stdio || full ? Optional.empty() : HaproxyPeer.start(folder, port, key);
                System.out.println(
                        "| connections | call | calls/s | p50 us | p99 us | CPU s per 10,000 | RSS MB | errors |");
                System.out.println("|---|---|---|---|---|---|---|---|");
                for (int connections : CONNECTIONS) {
                    point("direct", upstream, new LoadRun(port, i -> "/mcp", "", "lookup", sockets()), connections);
                    point(
                            "governed",
                            reeve,
                            new LoadRun(agents, this::endpoint, "Bearer " + key, "lookup", sockets()),
                            connections);
                    if (everything.isPresent()) {
                        point(
                                "everything on",
                                everything.get().process(),
                                everything.get().load(),
                                connections);
                    }
                    if (peer.isPresent()) {
                        point(
                                "haproxy",
                                peer.get().process,
                                new LoadRun(peer.get().port, i -> "/mcp", "Bearer " + key, "lookup", sockets()),
                                connections);
                    }
                }
            } finally {
                peer.ifPresent(HaproxyPeer::close);
                everything.ifPresent(one -> one.process().close());
            }
        }
    }

    private record Gateway(OtherProcess process, LoadRun load) {}

    /** The same with all stages that a policy can have for such a call. */
    private Gateway everything(int upstream) throws IOException, InterruptedException {
        Path home = home("full", upstream);
        Files.writeString(home.resolve("policies/full.yaml"), """
                limits:
                  - { per: agent, count: calls, max: 1000000000, window: 1h }
                  - { per: [agent, tool], count: rows, max: 1000000000, window: 1h, worst: 500 }
                  - { per: tenant, count: bytes, max: 1000GiB, window: 1d, worst: 1MiB }
                  - { per: tool, count: concurrent, max: 1000 }
                  - { per: agent, count: failures, max: 50, window: 5m, rest: 5m }
                guardrails:
                  - { find: [personal, secrets], in: both, do: redact }
                  - { find: [injection], in: result, do: hold, by: [owner] }
                  - { data: [pii, secret], may_go_to: ["db:crm/**"] }
                  - { prohibit: { tool: "*.drop_*" } }
                soft_guardrails:
                  - { name: looked_at, on: { resource: "db:**" }, judge: embedded, by: [owner] }
                """);
        OtherProcess process = OtherProcess.start(OtherProcess.reeve("serve", home), folder.resolve("full.err"));
        int agents = ready(reader(process));
        String key = key(home);
        return new Gateway(process, new LoadRun(agents, this::endpoint, "Bearer " + key, "lookup", sockets()));
    }

    private String endpoint(int connection) {
        return stdio ? "/mcp/s" + connection % CHILDREN : "/mcp/up";
    }

    private SocketFactory sockets() {
        return tls.map(BenchCertificates::sockets).orElseGet(SocketFactory::getDefault);
    }

    private void point(String name, OtherProcess measured, LoadRun load, int connections)
            throws IOException, InterruptedException {
        warm(load, connections);
        double before = measured.cpu();
        Map<String, Double> threads = measured.threads();
        LoadRun.Result result = load.run(connections, seconds);
        double cpu = (measured.cpu() - before) / result.calls() * 10_000;
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %.0f | %.0f | %.0f | %.2f | %d | %d |%n",
                connections,
                name,
                result.rate(),
                result.p50(),
                result.p99(),
                cpu,
                measured.memory(),
                result.errors());
        if (Boolean.getBoolean("threads")) {
            threads(threads, measured.threads(), result.calls());
        }
    }

    /** Where the CPU went, the dearest first, in seconds per 10,000 calls. */
    private static void threads(Map<String, Double> before, Map<String, Double> after, long calls) {
        Map<String, Double> spent = new TreeMap<>();
        after.forEach((name, seconds) -> spent.put(name, (seconds - before.getOrDefault(name, 0.0)) / calls * 10_000));
        System.out.println(spent.entrySet().stream()
                .filter(thread -> thread.getValue() >= 0.01)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(thread -> String.format(Locale.ROOT, "%s %.2f", thread.getKey(), thread.getValue()))
                .collect(Collectors.joining(", ", "    ", "")));
    }

    /** So many seconds, and so many calls: the compiler goes by calls, and on a busy machine few fit a second. */
    private void warm(LoadRun load, int connections) throws InterruptedException {
        long calls = load.run(connections, warmUp).calls();
        for (int more = 0; calls < WARM_CALLS && more < MOST_WARM_UPS; more++) {
            calls += load.run(connections, warmUp).calls();
        }
    }

    private Path home(String name, int upstreamPort) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("policies"));
        Files.createDirectories(home.resolve("catalog"));
        Files.writeString(home.resolve("reeve.yaml"), """
                listen: { agents: { address: "127.0.0.1:0"%s }, control: "127.0.0.1:0" }
                data: ./reeve-data
                keys: ./keys
                upstreams:
                %s
                """.formatted(
                tls.map(it -> ", tls: " + it.listener()).orElse(""), stdio ? children() : upstream(upstreamPort)));
        Files.writeString(
                home.resolve("catalog/tools.yaml"),
                "tools: { \"*.lookup\": { acts_on: \"db:crm/customers\", action: read } }\n");
        Files.writeString(home.resolve("policies/rules.yaml"), rules());
        return home;
    }

    private String upstream(int port) {
        return "  up: { url: \"%s://127.0.0.1:%d/mcp\", definitions: trust-first-use, sessions: stateless%s }"
                .formatted(
                        tls.isPresent() ? "https" : "http",
                        port,
                        tls.map(it -> ", tls: " + it.upstream()).orElse(""));
    }

    private String children() throws IOException {
        Path arguments = Files.writeString(
                folder.resolve("child.args"),
                "-Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp \"" + System.getProperty("java.class.path")
                        + "\" dev.reeve.bench.BenchUpstream stdio\n");
        String command =
                "[\"" + Path.of(System.getProperty("java.home"), "bin", "java") + "\", \"@" + arguments + "\"]";
        return IntStream.range(0, CHILDREN)
                .mapToObj(i -> "  s" + i + ": { stdio: " + command + ", confine: none, definitions: trust-first-use }")
                .collect(Collectors.joining("\n"));
    }

    private static String rules() {
        StringBuilder yaml = new StringBuilder("agent_roles:\n");
        for (int role = 0; role < RULES / 10; role++) {
            yaml.append("  role_").append(role).append(":\n    permissions:\n");
            for (int i = 0; i < 10; i++) {
                yaml.append("      - { resource: \"db:store")
                        .append(role)
                        .append("/table")
                        .append(i)
                        .append("\", actions: [read] }\n");
            }
        }
        yaml.append("  clerk: { permissions: [ { resource: \"db:crm/**\", actions: [read], conditions: [few] } ] }\n");
        yaml.append("conditions: { few: arguments.limit <= 100 }\n");
        return yaml.toString();
    }

    private String key(Path home) throws IOException, InterruptedException {
        OtherProcess.finish(OtherProcess.reeve("agent create clerk --role clerk", home));
        Matcher key = KEY.matcher(OtherProcess.finish(OtherProcess.reeve("key create clerk --json", home)));
        if (!key.find()) {
            throw new IllegalStateException("no key was made");
        }
        return key.group(1);
    }

    private static BufferedReader reader(OtherProcess other) {
        return new BufferedReader(new InputStreamReader(other.process().getInputStream(), StandardCharsets.UTF_8));
    }

    private static int ready(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
        }
        throw new IllegalStateException("reeve did not start");
    }
}
