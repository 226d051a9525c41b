package dev.reeve.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;

/**
 * A verdict of the decision API: key of the enforcement point, subject of its segment, 1,000 permissions, a condition over a claim, the record
 * durable. One question a request, and twenty. CPU is the process's own, read from /proc; the load generator is another process's.
 *
 * <p>Run: {@code java -cp ... dev.reeve.bench.AuthzenBench [seconds per point] [warm-up seconds] [connections]}.
 */
final class AuthzenBench {
    private static final int[] CONNECTIONS = {1, 16, 64};
    private static final int MANY = 20;
    private static final int RULES = 1_000;
    /** The compiler goes by calls, and on a busy machine few fit a second. */
    private static final long WARM_VERDICTS = 100_000;

    private static final int MOST_WARM_UPS = 8;
    private static final Pattern READY = Pattern.compile("ready: agents http://[^:]+:(\\d+)/mcp");
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");

    private AuthzenBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
        double warmUp = args.length > 1 ? Double.parseDouble(args[1]) : 15;
        Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "authzen-bench");
        Path home = home(folder);
        try (OtherProcess reeve = OtherProcess.start(OtherProcess.reeve("serve", home), folder.resolve("reeve.err"))) {
            int port = ready(reeve);
            Matcher key = KEY.matcher(OtherProcess.finish(OtherProcess.reeve("key create gateway --json", home)));
            if (!key.find()) {
                throw new IllegalStateException("no key was made");
            }
            System.out.println(
                    "| connections | questions a request | verdicts/s | p50 us | p99 us | CPU us a verdict | RSS MB | errors |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            for (int connections : args.length > 2 ? new int[] {Integer.parseInt(args[2])} : CONNECTIONS) {
                for (int questions : new int[] {1, MANY}) {
                    LoadRun load =
                            new LoadRun(port, new Questions(port, key.group(1), questions), SocketFactory.getDefault());
                    point(reeve, load, connections, questions, seconds, warmUp);
                }
            }
        }
    }

    private static void point(
            OtherProcess reeve, LoadRun load, int connections, int questions, double seconds, double warmUp)
            throws IOException, InterruptedException {
        long warm = load.run(connections, warmUp).calls();
        for (int more = 0; warm * questions < WARM_VERDICTS && more < MOST_WARM_UPS; more++) {
            warm += load.run(connections, warmUp).calls();
        }
        double before = reeve.cpu();
        LoadRun.Result result = load.run(connections, seconds);
        double verdicts = (double) result.calls() * questions;
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %.0f | %.0f | %.0f | %.1f | %d | %d |%n",
                connections,
                questions,
                result.rate() * questions,
                result.p50(),
                result.p99(),
                (reeve.cpu() - before) / verdicts * 1e6,
                reeve.memory(),
                result.errors());
    }

    private record Questions(int port, String key, int questions) implements LoadRun.Requests {
        @Override
        public byte[] of(int connection, int count) {
            String action = "\"action\":{\"name\":\"read\",\"properties\":{\"limit\":" + (count % 100) + "}}";
            String resource = "\"resource\":{\"type\":\"db\",\"id\":\"crm/customers\",\"properties\":{\"customer\":\"c-"
                    + connection + "-" + count + "\"}}";
            String subject = "\"subject\":{\"type\":\"agent\",\"id\":\"clerk\"}";
            String body = questions == 1
                    ? "{" + subject + "," + action + "," + resource + "}"
                    : "{" + subject + "," + action + ",\"evaluations\":["
                            + String.join(",", java.util.Collections.nCopies(questions, "{" + resource + "}")) + "]}";
            String head = "POST /access/v1/evaluation" + (questions == 1 ? "" : "s") + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + port + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + key
                    + "\r\nX-Request-ID: " + connection + "-" + count + "\r\nContent-Length: " + body.length()
                    + "\r\n\r\n";
            return (head + body).getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public boolean answered(String status, String body) {
            return status.contains(" 200 ")
                    && body.contains("\"decision\":true")
                    && !body.contains("\"decision\":false");
        }
    }

    private static Path home(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("policies"));
        Files.writeString(
                home.resolve("reeve.yaml"),
                "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\" }\ndata: ./reeve-data\nkeys: ./keys\n");
        StringBuilder yaml = new StringBuilder("agent_roles:\n");
        for (int role = 0; role < RULES / 10; role++) {
            yaml.append("  role_").append(role).append(":\n    permissions:\n");
            for (int i = 0; i < 10; i++) {
                yaml.append("      - { resource: \"db:store%d/table%d\", actions: [read] }%n".formatted(role, i));
            }
        }
        yaml.append("  clerk: { permissions: [ { resource: \"db:crm/**\", actions: [read], conditions: [few] } ] }\n");
        yaml.append("conditions: { few: arguments.action.limit <= 100 }\n");
        yaml.append("agents: { gateway: {}, clerk: { roles: [clerk] } }\n");
        yaml.append("enforcement_points: { gateway: { agents: clerk } }\n");
        Files.writeString(home.resolve("policies/rules.yaml"), yaml);
        return home;
    }

    private static int ready(OtherProcess reeve) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(reeve.process().getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
        }
        throw new IllegalStateException("reeve did not start");
    }
}
