package dev.reeve.bench;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.audit.EventFilter;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Rulebook;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.record.Draft;
import dev.reeve.record.Event.Stored;
import dev.reeve.record.Records;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.jsqlparser.CreateStatements;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import dev.reeve.workbench.Candidate;
import dev.reeve.workbench.DecisionLog;
import dev.reeve.workbench.Replay;
import dev.reeve.workbench.ReplayReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A candidate over recorded actions, from the ledger's files to the report. {@code java ... ReplayBench FOLDER ACTIONS [ROUNDS]}; a ledger
 * that is in the folder already is used as it is. 1,000 rules: 90 roles with ten permissions, each with a condition in CEL, and 100 denies;
 * one action in ten is SQL, of 200 statements.
 */
public final class ReplayBench {
    private static final int ROLES = 90;
    private static final Instant NOW = Instant.parse("2026-11-24T10:30:00Z");

    private ReplayBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int actions = Integer.parseInt(arguments[1]);
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        write(folder.resolve("then"), 500);
        write(folder.resolve("candidate"), 400);
        if (!Files.exists(folder.resolve("ledger"))) {
            record(folder, actions);
        }
        Candidate candidate = Candidate.read(folder.resolve("candidate"), ReplayBench::schema, new Tools())
                .candidate()
                .orElseThrow();
        int threads = Runtime.getRuntime().availableProcessors();
        for (int round = 0; round < rounds; round++) {
            measure(folder.resolve("ledger"), candidate, threads);
        }
        afterLoad(folder.resolve("ledger"), candidate, rounds);
    }

    private static void measure(Path ledger, Candidate candidate, int threads) throws IOException {
        long begun = System.nanoTime();
        LedgerReader.read(ledger, 0, (index, leaf, disclosures) -> true);
        double reading = (System.nanoTime() - begun) / 1e6;
        long cpu = cpu();
        begun = System.nanoTime();
        ReplayReport report = Replay.run(ledger, EventFilter.ALL, candidate, threads, Progress.silent());
        double all = (System.nanoTime() - begun) / 1e6;
        System.out.printf(
                "%d threads: %.0f ms (%.1f us of CPU an action); reading the files alone %.0f ms; %s%n",
                threads, all, (cpu() - cpu) / 1e3 / report.actions(), reading, report.summary());
    }

    /** The same once the records are read: what it costs to rebuild each action and judge it, on one thread. */
    private static void afterLoad(Path ledger, Candidate candidate, int rounds) throws IOException {
        List<Stored> loaded = new ArrayList<>();
        new DecisionLog(ledger, EventFilter.ALL, 1).each(stored -> stored, loaded::add, Progress.silent());
        for (int round = 0; round < rounds; round++) {
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long wider = loaded.stream()
                    .filter(stored -> Replay.now(stored, candidate).verdict().equals("allow"))
                    .count();
            double spent = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6;
            System.out.printf(
                    "after load: %.0f ms of CPU for %d actions (%.2f us each), %d allowed%n",
                    spent, loaded.size(), spent * 1e3 / loaded.size(), wider);
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static SqlSchema schema(String statements, SqlDialect dialect) throws SqlSchemas.BadSchemaException {
        try {
            return CreateStatements.read(statements, dialect);
        } catch (CreateStatements.UnreadableException e) {
            throw new SqlSchemas.BadSchemaException(e.line(), String.valueOf(e.getMessage()));
        }
    }

    private static void write(Path home, int limit) throws IOException {
        Files.createDirectories(home.resolve("catalog"));
        Files.createDirectories(home.resolve("policies"));
        StringBuilder catalog = new StringBuilder(
                "resources:\n  sales: { database: { dialect: sqlite, schema: sales.sql }, tags: { customers.email: pii } }\n");
        StringBuilder tools = new StringBuilder("tools:\n  up.sql: { acts_on: sales, sql: arguments.sql }\n");
        StringBuilder roles = new StringBuilder("agent_roles:\n");
        for (int role = 0; role < ROLES; role++) {
            roles.append("  role%d:\n    permissions:\n".formatted(role));
            roles.append("      - { resource: sales, actions: [query], conditions: [no_pii_access] }\n");
            for (int i = 0; i < 10; i++) {
                int tool = 10 * role + i;
                catalog.append("  res%d: {}%n".formatted(tool));
                tools.append("  up.t%d: { acts_on: res%d, action: read }%n".formatted(tool, tool));
                roles.append("      - { resource: res%d, actions: [read], conditions: [\"arguments.amount <= %d\"] }%n"
                        .formatted(tool, limit));
            }
        }
        StringBuilder rules = new StringBuilder("rules:\n");
        for (int i = 0; i < 100; i++) {
            rules.append("  - { name: deny%d, deny: { tool: \"up.t%d*\", agent: \"guest-*\" } }%n".formatted(i, i));
        }
        StringBuilder agents = new StringBuilder("agents:\n");
        for (int i = 0; i < 1_000; i++) {
            agents.append(
                    "  agent-%d: { roles: [role%d], owner: ana, department: d%d }%n".formatted(i, i % ROLES, i % 7));
        }
        Files.writeString(
                home.resolve("catalog/all.yaml"), catalog.append(tools).toString());
        Files.writeString(
                home.resolve("catalog/sales.sql"), "CREATE TABLE customers (id INTEGER, name TEXT, email TEXT);");
        Files.writeString(
                home.resolve("policies/all.yaml"),
                roles.append(rules).append(agents).toString());
    }

    private static void record(Path folder, int actions) throws Exception {
        PolicySet set = PolicyFiles.read(folder.resolve("then"), ReplayBench::schema)
                .value()
                .orElseThrow();
        PolicyCompiler.Outcome outcome = PolicyCompiler.compile(
                set.version(), set.source(), new CelConditions(), new JSqlParserInspector(), new Tools());
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(Rulebook policy, var ignored))) {
            throw new IllegalStateException(outcome.problems().toString());
        }
        SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("keys").resolve("ledger.key"));
        Random random = new Random(58);
        Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
        try (Ledger ledger =
                Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system())) {
            for (int i = 0; i < actions; i++) {
                waiting.add(ledger.appendAsync(decided(policy, random, i)));
                while (waiting.size() > 2_000) {
                    waiting.removeFirst().join();
                }
            }
            waiting.forEach(CompletableFuture::join);
        }
    }

    private static Entry decided(Rulebook policy, Random random, int i) {
        int agent = random.nextInt(1_000);
        Json.Obj arguments = random.nextInt(10) == 0
                ? Json.object()
                        .put("sql", "SELECT id, name FROM customers WHERE id = " + random.nextInt(200))
                        .build()
                : Json.object()
                        .put("amount", random.nextInt(600))
                        .put("note", "for the quarter that began in october")
                        .build();
        String tool = arguments.has("sql") ? "sql" : "t" + (10 * (agent % ROLES) + random.nextInt(10));
        Operation call = new Operation.ToolCall("up", tool, arguments);
        Principal who = new Principal(
                "default",
                "agent-" + agent,
                "key-" + agent,
                Optional.empty(),
                List.of(),
                Set.of("role" + agent % ROLES),
                Optional.of("ana"),
                Map.of("department", "d" + agent % 7));
        Attempt attempt = new Attempt(who, 1, call, "s" + agent, "mcp-http", Optional.empty());
        String id = "rv_" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + Integer.toString(i, 36);
        Deliberation deliberation =
                new Deliberation(policy, Action.of(id, NOW.plusMillis(i), attempt, call, Optional.of("f")));
        deliberation.gatherFacts(Set::of, NOW.plusMillis(i), false);
        deliberation.runStages();
        return entry(
                random,
                Records.decided(new Decision(
                        attempt,
                        deliberation.action(),
                        policy.version(),
                        deliberation.facts(),
                        deliberation.findings(),
                        deliberation.ruling(),
                        deliberation.denial(),
                        Recording.USUAL)));
    }

    private static Entry entry(Random random, Draft draft) {
        List<Disclosure> hidden = new ArrayList<>();
        Json.Builder commitments = Json.object();
        draft.hidden().forEach((name, value) -> {
            byte[] salt = new byte[Disclosure.SALT_BYTES];
            random.nextBytes(salt);
            Disclosure disclosure = new Disclosure(salt, name, Records.hiddenBytes(value));
            hidden.add(disclosure);
            commitments.put(name, Commitment.of(disclosure));
        });
        return Entry.stamped("n1", draft.body().with("hidden", commitments.build()), hidden);
    }

    private record Tools() implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public Set<String> upstreams() {
            return Set.of("up");
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }
}
