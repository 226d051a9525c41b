package dev.reeve.cli;

import dev.reeve.condition.CelConditions;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.jsqlparser.CreateStatements;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The policy in force. A new one comes in whole or not at all; until then the old one stays. */
final class PolicyRoom implements Supplier<Rulebook> {
    /** Shared: what is cached by text and schema serves every version. */
    private static final SqlInspector INSPECTOR = new JSqlParserInspector();

    private final Foundation foundation;
    private final ToolSchemas schemas;
    private volatile Optional<CompiledPolicy> inForce = Optional.empty();
    private volatile String content = "";
    private SortedMap<String, String> files = new TreeMap<>();
    private volatile List<String> trouble = List.of();

    PolicyRoom(Foundation foundation, ToolSchemas schemas) {
        this.foundation = foundation;
        this.schemas = schemas;
    }

    /** What came of reading and compiling. */
    record Checked(
            Optional<CompiledPolicy> policy, Optional<PolicySet> set, List<String> errors, List<String> warnings) {}

    /** Reads and compiles without putting anything in force. */
    static Checked check(Path home, ToolSchemas schemas) {
        Loaded<PolicySet> loaded = PolicyFiles.read(home, PolicyRoom::schema);
        List<String> warnings = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        loaded.problems().forEach(problem -> sort(problem, errors, warnings));
        if (loaded.value().isEmpty()) {
            return new Checked(Optional.empty(), Optional.empty(), errors, warnings);
        }
        PolicySet set = loaded.value().get();
        PolicyCompiler.Outcome outcome = compile(set, schemas);
        outcome.problems().forEach(problem -> sort(problem, errors, warnings));
        Optional<CompiledPolicy> policy =
                outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy done, var ignored)
                        ? Optional.of(done)
                        : Optional.empty();
        return new Checked(policy, Optional.of(set), errors, warnings);
    }

    static PolicyCompiler.Outcome compile(PolicySet set, ToolSchemas schemas) {
        return PolicyCompiler.compile(set.version(), set.source(), new CelConditions(), INSPECTOR, schemas);
    }

    private static void sort(Problem problem, List<String> errors, List<String> warnings) {
        (problem.severity() == Problem.Severity.ERROR ? errors : warnings).add(problem.toString());
    }

    static dev.reeve.sql.SqlSchema schema(String statements, dev.reeve.sql.SqlDialect dialect)
            throws SqlSchemas.BadSchemaException {
        try {
            return CreateStatements.read(statements);
        } catch (CreateStatements.UnreadableException e) {
            throw new SqlSchemas.BadSchemaException(e.line(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads all files and, if nothing is wrong, puts them in force.
     *
     * @return what is wrong; empty if they are in force
     */
    synchronized List<String> reload() {
        boolean first = inForce.isEmpty();
        String before = content;
        Checked checked = check(foundation.config().home(), schemas);
        List<String> errors = new ArrayList<>(checked.errors());
        if (checked.policy().isPresent() && errors.isEmpty()) {
            errors.addAll(putInForce(checked.policy().get(), checked.set().orElseThrow()));
        }
        boolean mended = !trouble.isEmpty() && errors.isEmpty();
        trouble = List.copyOf(errors);
        // Of the first one the start tells: it is ready, or it is not.
        if (!first && (mended || !before.equals(content))) {
            Log.info("policy", "version " + content + " is in force");
        }
        checked.warnings().forEach(warning -> Log.warn("policy", warning));
        errors.forEach(error -> Log.error("policy", error));
        if (!errors.isEmpty() && inForce.isPresent()) {
            Log.error("policy", "refused whole; version " + content + " stays in force");
        }
        return trouble;
    }

    private List<String> putInForce(CompiledPolicy policy, PolicySet set) {
        if (!set.version().equals(content)) {
            Optional<String> refused = record(set);
            if (refused.isPresent()) {
                return List.of(refused.get());
            }
        }
        List<Problem> problems = foundation
                .room()
                .directory()
                .replaceFileAgents(
                        set.source().agents(), foundation.clock().read().now());
        if (!problems.isEmpty()) {
            return problems.stream().map(Problem::toString).toList();
        }
        content = set.version();
        files = set.files();
        inForce = Optional.of(policy);
        return List.of();
    }

    private Optional<String> record(PolicySet set) {
        PolicyChange change = PolicyChange.of(files, content, set);
        try {
            foundation.recordPolicy(change.person(foundation.config().home()), set.version(), change.difference());
            return Optional.empty();
        } catch (UnrecordableException e) {
            return Optional.of("the policy is not put in force, because that cannot be recorded: " + e.getMessage());
        }
    }

    /** Why the files are not what is in force. */
    Optional<String> trouble() {
        return trouble.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", trouble) + (inForce.isPresent() ? "; what was in force stays" : ""));
    }

    @Override
    public Rulebook get() {
        return inForce.orElseThrow(() -> new IllegalStateException("no policy is in force"));
    }
}
