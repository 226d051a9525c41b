package dev.reeve.workbench;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.audit.AuditHouse;
import dev.reeve.audit.EventFilter;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stops;
import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.jsqlparser.CreateStatements;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A policy in files, the real gate with it, and the real ledger that it writes. */
final class Workshop implements AutoCloseable {
    static final Set<String> UPSTREAMS = Set.of("pg", "hr", "mail", "web", "pay", "vault");

    final Path home;
    final AuditHouse house;
    private final Gate gate;
    private final Map<String, Set<String>> sessions = new HashMap<>();
    private final Map<String, FileAgent> agents = new HashMap<>();
    private Optional<CompiledPolicy> inForce = Optional.empty();
    private int number;
    Instant now = Instant.parse("2026-11-24T10:00:00Z");
    boolean doubtful;
    /** What people have given everybody for a time. */
    List<TimedGrant> granted = List.of();

    Workshop(Path home) throws Exception {
        this.home = home;
        this.house = new AuditHouse(home);
        this.gate = new Gate(
                () -> inForce.orElseThrow(),
                Workshop::admit,
                (principal, epoch) -> epoch > 0,
                new Remembered(),
                (action, facts) -> action.operation().arguments().has("busy")
                        ? new Reserved.Refused(no("too_many", Denial.ReasonClass.LIMIT))
                        : action.operation().arguments().has("full")
                                ? new Reserved.Refused(no("limit_reached", Denial.ReasonClass.LIMIT))
                                : new Reserved.Taken(effect -> {}),
                house.journal,
                () -> "rv_" + String.format("%020d", ++number),
                () -> new GateClock.Reading(now, doubtful),
                Duration.ofMinutes(1),
                List.of(),
                new Voices(Stops.NONE, Approvals.NOBODY, Judges.NONE, (principal, at) -> granted));
    }

    private static Denial no(String code, Denial.ReasonClass why) {
        return Denial.of(code, why, "for the test");
    }

    private static Admission admit(Operation operation) {
        if (operation.subject().equals("pay.held")) {
            return new Admission.Held(operation, no("definition_held", Denial.ReasonClass.APPROVAL));
        }
        return operation.subject().endsWith(".gone")
                ? new Admission.Refused(no("tool_unknown", Denial.ReasonClass.ARGUMENTS))
                : new Admission.Admitted(operation, Optional.of("f"));
    }

    static void write(Path home, String file, String text) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
    }

    static SqlSchema schema(String statements, SqlDialect dialect) throws SqlSchemas.BadSchemaException {
        try {
            return CreateStatements.read(statements, dialect);
        } catch (CreateStatements.UnreadableException e) {
            throw new SqlSchemas.BadSchemaException(e.line(), String.valueOf(e.getMessage()));
        }
    }

    /** Puts the files of the home in force, as they stand. */
    Workshop enforce() {
        PolicySet set = PolicyFiles.read(home, Workshop::schema).value().orElseThrow();
        PolicyCompiler.Outcome outcome = PolicyCompiler.compile(
                set.version(), set.source(), new CelConditions(), new JSqlParserInspector(), tools());
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy compiled, var ignored))) {
            throw new IllegalStateException(outcome.problems().toString());
        }
        inForce = Optional.of(compiled);
        agents.clear();
        set.source().agents().forEach(agent -> agents.put(agent.name(), agent));
        return this;
    }

    static ToolSchemas tools() {
        return new ToolSchemas() {
            @Override
            public Optional<Json.Obj> inputSchema(String upstream, String tool) {
                return Optional.empty();
            }

            @Override
            public Set<String> upstreams() {
                return UPSTREAMS;
            }

            @Override
            public List<String> tools(String upstream) {
                return List.of();
            }
        };
    }

    /** An agent of the files; of others, the name says the role: {@code stored-clerk}. */
    Principal principal(String agent) {
        Optional<FileAgent> file = Optional.ofNullable(agents.get(agent));
        return new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                "k_" + agent,
                Optional.empty(),
                List.of(),
                file.<Set<String>>map(it -> new HashSet<>(it.roles())).orElse(Set.of(agent.replace("stored-", ""))),
                file.flatMap(FileAgent::owner),
                file.map(FileAgent::attributes).orElse(Map.of("department", "sales")));
    }

    Verdict does(String agent, Operation operation) {
        return does(agent, operation, 1);
    }

    /** Decides, and if it is allowed, it is done, and nothing comes back. */
    Verdict does(String agent, Operation operation, long epoch) {
        Verdict verdict = gate.decide(new Attempt(principal(agent), epoch, operation, "s", "test", Optional.empty()));
        if (verdict instanceof Verdict.Allow(Permit permit)) {
            permit.use();
            gate.release(permit, new Effect.Answered(Json.Obj.EMPTY, false), Duration.ofMillis(1));
        }
        return verdict;
    }

    static Operation call(String tool, String... arguments) {
        Json.Builder object = Json.object();
        for (int i = 0; i < arguments.length; i += 2) {
            object.put(
                    arguments[i],
                    arguments[i + 1].matches("[0-9]+")
                            ? new Json.Num(arguments[i + 1])
                            : new Json.Str(arguments[i + 1]));
        }
        int dot = tool.indexOf('.');
        return new Operation.ToolCall(tool.substring(0, dot), tool.substring(dot + 1), object.build());
    }

    Candidate candidate(Path folder) {
        Candidate.Read read = Candidate.read(folder, Workshop::schema, tools());
        return read.candidate()
                .orElseThrow(() -> new IllegalStateException(read.problems().toString()));
    }

    ReplayReport replay(Path folder) throws IOException {
        return Replay.run(house.folder, EventFilter.ALL, candidate(folder), 2, Progress.silent());
    }

    ReplayReport counted(Path folder, EventFilter filter, Optional<Instant> since) throws IOException {
        return Replay.counted(house.folder, filter, since, candidate(folder), 2, Progress.silent());
    }

    @Override
    public void close() throws LedgerUnavailableException {
        house.close();
    }

    private final class Remembered implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.copyOf(sessions.getOrDefault(principal.instance(), Set.of()));
        }

        @Override
        public void received(Principal principal, Set<String> tags) {
            sessions.computeIfAbsent(principal.instance(), ignored -> new HashSet<>())
                    .addAll(tags);
        }
    }
}
