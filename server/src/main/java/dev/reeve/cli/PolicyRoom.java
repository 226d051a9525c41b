package dev.reeve.cli;

import dev.reeve.budget.Limits;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.EnforcementPoint;
import dev.reeve.config.Further;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.NamedTools;
import dev.reeve.policy.Offer;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.policy.Widening;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.jsqlparser.CreateStatements;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import dev.reeve.store.StoredPolicyVersions.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The policy in force. A new one comes in whole or not at all; until then the old one stays. Where more than one person administers, one that
 * may allow more waits until another of them agrees (R27), also through a restart: the old one is read from the record.
 */
final class PolicyRoom implements Supplier<Rulebook> {
    private static final int MOST_SHOWN = 100;

    /** Shared: what is cached by text and schema serves every version. */
    private static final SqlInspector INSPECTOR = new JSqlParserInspector();

    private static final SameSchemas SCHEMAS = new SameSchemas();

    private final Foundation foundation;
    private final ToolSchemas schemas;
    private final PolicyVersions versions;
    private final BooleanSupplier needsSecond;
    private volatile Optional<CompiledPolicy> inForce = Optional.empty();
    /** What is in force, as it is written. */
    private volatile PolicySet set = PolicySet.EMPTY;

    private volatile Map<String, EnforcementPoint> points = Map.of();
    private volatile List<String> trouble = List.of();
    private volatile Optional<Waiting> waiting = Optional.empty();
    /** Why nothing is allowed, where that is no policy of anybody. */
    private volatile Optional<String> nothing = Optional.empty();

    /** @param needsSecond whether what widens needs a second person */
    PolicyRoom(Foundation foundation, ToolSchemas schemas, BooleanSupplier needsSecond) {
        this.foundation = foundation;
        this.schemas = schemas;
        this.versions = new PolicyVersions(foundation);
        this.needsSecond = needsSecond;
        foundation.room().knowsWritten(this::names);
    }

    /** What the policy in force calls by its whole name, and the enforcement points of the files. */
    private Set<String> names() {
        Set<String> names = NamedTools.of(set.source());
        points.keySet().forEach(point -> names.add(point + "."));
        return names;
    }

    /**
     * A policy of the files that is not in force until a second person agrees.
     *
     * @param person whose edit it is
     */
    record Waiting(String version, String person, Instant since, List<Widening> wider) {}

    /** What came of reading and compiling. */
    record Checked(
            Optional<CompiledPolicy> policy, Optional<PolicySet> set, List<String> errors, List<String> warnings) {}

    /** Reads and compiles without putting anything in force. */
    static Checked check(Path home, ToolSchemas schemas) {
        return check(PolicyFiles.read(home, PolicyRoom::schema), schemas);
    }

    private static Checked check(Loaded<PolicySet> loaded, ToolSchemas schemas) {
        List<String> warnings = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        loaded.problems().forEach(problem -> sort(problem, errors, warnings));
        if (loaded.value().isEmpty()) {
            loaded.draft()
                    .map(draft -> Further.of(loaded, compile(draft, schemas).problems()))
                    .ifPresent(more -> more.forEach(problem -> sort(problem, errors, warnings)));
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
        PolicyCompiler.Outcome outcome =
                PolicyCompiler.compile(set.version(), set.source(), new CelConditions(), INSPECTOR, schemas);
        return outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy done, List<Problem> problems)
                ? new PolicyCompiler.Outcome.Compiled(done, withEndedShadows(set, problems))
                : outcome;
    }

    private static List<Problem> withEndedShadows(PolicySet set, List<Problem> problems) {
        List<Problem> all = new ArrayList<>(problems);
        Instant now = Instant.now();
        set.source().rules().forEach(rule -> rule.shadowEnded(now).ifPresent(all::add));
        return all;
    }

    private static void sort(Problem problem, List<String> errors, List<String> warnings) {
        (problem.severity() == Problem.Severity.ERROR ? errors : warnings).add(problem.toString());
    }

    static dev.reeve.sql.SqlSchema schema(String statements, dev.reeve.sql.SqlDialect dialect)
            throws SqlSchemas.BadSchemaException {
        try {
            return SCHEMAS.same(CreateStatements.read(statements, dialect));
        } catch (CreateStatements.UnreadableException e) {
            throw new SqlSchemas.BadSchemaException(e.line(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads all files and, if nothing is wrong and nobody has to agree first, puts them in force.
     *
     * @return what is wrong; empty if they are in force, or wait
     */
    synchronized List<String> reload() {
        boolean first = inForce.isEmpty();
        String before = set.version();
        Checked checked = check(foundation.config().home(), schemas);
        List<String> errors = new ArrayList<>(checked.errors());
        checked.set()
                .map(it -> JudgeRoom.unknown(it.source(), foundation.config()))
                .ifPresent(unknown -> unknown.forEach(problem -> errors.add(problem.toString())));
        if (checked.policy().isPresent() && errors.isEmpty()) {
            errors.addAll(putInForce(checked.policy().get(), checked.set().orElseThrow(), first));
        }
        boolean mended = !trouble.isEmpty() && errors.isEmpty();
        trouble = List.copyOf(errors);
        // Of the first one the start tells: it is ready, or it is not.
        if (!first && (mended || !before.equals(set.version()))) {
            Log.info("policy", "version " + set.version() + " is in force");
        }
        checked.warnings().forEach(warning -> Log.warn("policy", warning));
        errors.forEach(error -> Log.error("policy", error));
        if (!errors.isEmpty() && inForce.isPresent()) {
            Log.error("policy", "refused whole; version " + set.version() + " stays in force");
        }
        return trouble;
    }

    private List<String> putInForce(CompiledPolicy policy, PolicySet set, boolean first) {
        Optional<Version> last = first ? versions.last() : Optional.empty();
        boolean known = set.version().equals(this.set.version())
                || last.filter(it -> it.policy().equals(set.version())
                                && versions.files(it).isPresent())
                        .isPresent();
        if (!known) {
            last.ifPresent(this::goOnFrom);
            List<Widening> wider = set.widerThan(this.set);
            if (needsSecond.getAsBoolean() && !wider.isEmpty() && !(first && last.isEmpty())) {
                return waitFor(set, wider);
            }
            Optional<String> refused = record(set, Optional.empty());
            if (refused.isPresent()) {
                return List.of(refused.get());
            }
        }
        waiting = Optional.empty();
        return install(policy, set);
    }

    private List<String> install(CompiledPolicy policy, PolicySet set) {
        List<Problem> problems = foundation
                .room()
                .directory()
                .replaceFileAgents(
                        set.source().agents(), foundation.clock().read().now());
        if (!problems.isEmpty()) {
            return problems.stream().map(Problem::toString).toList();
        }
        this.set = set;
        points = set.points().stream().collect(Collectors.toMap(EnforcementPoint::name, Function.identity()));
        inForce = Optional.of(policy);
        nothing = Optional.empty();
        return List.of();
    }

    /** A start with other files than were in force: what it changes is known, and where a second person must agree, the old one goes on. */
    private void goOnFrom(Version last) {
        Optional<SortedMap<String, String>> was = versions.files(last);
        if (needsSecond.getAsBoolean()) {
            putBack(last, was);
        } else {
            set = new PolicySet(PolicySource.EMPTY, List.of(), last.policy(), was.orElseGet(TreeMap::new));
        }
    }

    /** From the record; if that cannot be, nothing is allowed. */
    private void putBack(Version last, Optional<SortedMap<String, String>> was) {
        Optional<Checked> old = was.map(texts -> check(PolicyFiles.read(texts, PolicyRoom::schema), schemas));
        Optional<CompiledPolicy> policy =
                old.filter(it -> it.errors().isEmpty()).flatMap(Checked::policy);
        if (policy.isPresent()
                && old.flatMap(Checked::set)
                        .filter(set -> set.version().equals(last.policy()))
                        .isPresent()
                && install(policy.get(), old.flatMap(Checked::set).orElseThrow())
                        .isEmpty()) {
            return;
        }
        nothing = Optional.of("version " + last.policy()
                + ", which was in force, cannot be put in force again from the record, so nothing is allowed until a second"
                + " person agrees to what the files say now"
                + old.map(it -> ": " + String.join("; ", it.errors())).orElse(""));
        nothing.ifPresent(why -> Log.error("policy", why));
        if (compile(PolicySet.EMPTY, schemas)
                instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy nothing, var ignored)) {
            inForce = Optional.of(nothing);
        }
    }

    private List<String> waitFor(PolicySet set, List<Widening> wider) {
        if (waiting.filter(it -> it.version().equals(set.version())).isPresent()) {
            return List.of();
        }
        String person = change(set).person(foundation.config().home());
        try {
            foundation.recordAct(
                    person,
                    "policy_waits",
                    set.version(),
                    Json.object()
                            .put("before", this.set.version())
                            .put("wider", widerJson(wider))
                            .build());
        } catch (UnrecordableException e) {
            return List.of("that the policy waits for a second person cannot be recorded: " + e.getMessage());
        }
        waiting = Optional.of(
                new Waiting(set.version(), person, foundation.clock().latest(), wider));
        Log.warn(
                "policy",
                "version " + set.version() + " may allow more and waits for a second person (reeve policy approve): "
                        + wider.getFirst() + (wider.size() > 1 ? ", and " + (wider.size() - 1) + " more" : ""));
        return List.of();
    }

    static Json.Arr widerJson(List<Widening> wider) {
        return Json.Arr.ofStrings(
                wider.stream().limit(MOST_SHOWN).map(Widening::toString).toList());
    }

    private PolicyChange change(PolicySet set) {
        return PolicyChange.of(this.set.files(), this.set.version(), set);
    }

    private Optional<String> record(PolicySet set, Optional<String> seconded) {
        PolicyChange change = change(set);
        try {
            versions.add(change.person(foundation.config().home()), set.version(), change.difference(), seconded);
            return Optional.empty();
        } catch (UnrecordableException e) {
            return Optional.of("the policy is not put in force, because that cannot be recorded: " + e.getMessage());
        }
    }

    /** What waits for a second person. */
    Optional<Waiting> waiting() {
        return waiting;
    }

    /**
     * A second person agrees to what waits.
     *
     * @param version what the person read; empty is returned if that is not what the files say now
     * @return what is wrong with it, or nothing, and then it is in force
     */
    synchronized Optional<List<String>> second(String version, String person) {
        Checked checked = check(foundation.config().home(), schemas);
        boolean same = waiting.filter(it -> it.version().equals(version)).isPresent()
                && checked.set().filter(set -> set.version().equals(version)).isPresent();
        if (!same || checked.policy().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> refused = record(checked.set().orElseThrow(), Optional.of(person));
        if (refused.isPresent()) {
            return Optional.of(List.of(refused.get()));
        }
        waiting = Optional.empty();
        List<String> errors = install(checked.policy().get(), checked.set().orElseThrow());
        Log.info("policy", "version " + set.version() + " is in force, seconded by " + person);
        return Optional.of(errors);
    }

    /** Why the files are not what is in force. */
    Optional<String> trouble() {
        return trouble.isEmpty()
                ? nothing
                : Optional.of(String.join("; ", trouble) + (inForce.isPresent() ? "; what was in force stays" : ""));
    }

    /** What is written of what is in force. */
    PolicySource source() {
        return set.source();
    }

    /** What may be used up under what is in force; nothing is counted before the first policy. */
    Limits limits() {
        return inForce.map(CompiledPolicy::limits).orElse(Limits.NONE);
    }

    /** What people may give for a time under what is in force, by name. */
    Map<String, Offer> offers() {
        return inForce.map(CompiledPolicy::offers).orElse(List.of()).stream()
                .collect(Collectors.toMap(Offer::name, Function.identity()));
    }

    /** Who may ask for verdicts, by name. */
    Map<String, EnforcementPoint> points() {
        return points;
    }

    ToolSchemas schemas() {
        return schemas;
    }

    @Override
    public Rulebook get() {
        return inForce.orElseThrow(() -> new IllegalStateException("no policy is in force"));
    }
}
