package dev.reeve.workbench;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.budget.Budgets;
import dev.reeve.budget.Limits;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.SqlSchemas;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.identity.Principal;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.workbench.RecordedAction.Touched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A policy on trial: compiled once, asked about recorded actions. It is the policy that would be in force with these files, and says what it
 * would say then; only conditions that would have to look at what a record hides are answered in every way. Safe for use by many threads.
 */
public final class Candidate {
    private final TrialPolicy trial;
    private final CompiledPolicy policy;
    private final Assumptions assumptions;

    private Candidate(TrialPolicy trial, Assumptions assumptions) {
        this.trial = trial;
        this.policy = trial.compiled();
        this.assumptions = assumptions;
    }

    /** What came of reading a folder. {@code candidate} is there exactly if no problem is an error. */
    public record Read(Optional<Candidate> candidate, List<Problem> problems) {
        public Read {
            problems = List.copyOf(problems);
        }
    }

    /** @param home the folder of {@code catalog} and {@code policies} */
    public static Read read(Path home, SqlSchemas sql, ToolSchemas tools) {
        Loaded<PolicySet> loaded = PolicyFiles.read(home, sql);
        if (loaded.value().isEmpty()) {
            return new Read(Optional.empty(), loaded.problems());
        }
        List<Problem> problems = new ArrayList<>(loaded.problems());
        PolicySet set = loaded.value().get();
        return compile(set.version(), set.source(), tools, problems);
    }

    /** @throws IllegalArgumentException if it does not compile, with every mistake */
    static Candidate of(String version, PolicySource source, ToolSchemas tools) {
        Read read = compile(version, source, tools, new ArrayList<>());
        return read.candidate()
                .orElseThrow(() -> new IllegalArgumentException(read.problems().stream()
                        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n"))));
    }

    private static Read compile(String version, PolicySource source, ToolSchemas tools, List<Problem> problems) {
        Assumptions assumptions = new Assumptions();
        TrialPolicy.Opened opened = TrialPolicy.open(version, source, tools, assumptions);
        problems.addAll(opened.problems());
        return new Read(opened.policy().map(policy -> new Candidate(policy, assumptions)), problems);
    }

    public String version() {
        return policy.version();
    }

    /** What it limits. */
    Limits limits() {
        return policy.limits();
    }

    /**
     * How something is decided before limits are asked, with what these are asked about.
     *
     * @param facts empty if it was stopped before anything was known
     */
    record Unlimited(Judgement judgement, Action action, Optional<Facts> facts) {}

    /**
     * How it would decide this, if no limit were there, and none had been.
     *
     * @throws UnknownException if that depends on what the record does not say
     */
    Unlimited withoutLimits(RecordedAction recorded) throws UnknownException {
        List<Deliberation> seen = new ArrayList<>();
        boolean limited = recorded.after()
                .filter(stop -> Budgets.isOfLimit(stop.denial().code()))
                .isPresent();
        Judgement judgement = judge(limited ? recorded.unlimited() : recorded, seen::add);
        return seen.isEmpty()
                ? new Unlimited(judgement, recorded.action(), Optional.empty())
                : new Unlimited(
                        judgement, seen.getLast().action(), seen.getLast().facts());
    }

    /**
     * How it would decide this.
     *
     * @throws UnknownException if that depends on what the record does not say
     */
    Judgement judge(RecordedAction recorded) throws UnknownException {
        return judge(recorded, deliberation -> {});
    }

    private Judgement judge(RecordedAction recorded, Consumer<Deliberation> seen) throws UnknownException {
        if (recorded.isDecidedBefore()) {
            return recorded.judged();
        }
        Action action = recorded.action();
        Optional<FileAgent> file = trial.agent(action.principal().agent());
        if (file.isEmpty() && !recorded.rolesKnown()) {
            throw new UnknownException("roles of an agent that stands in no file");
        }
        if (recorded.grants().isEmpty()) {
            throw new UnknownException("what people had granted for a time");
        }
        if (recorded.hidden().hidesArguments()
                && recorded.hidden().hidesArguments(policy.argumentsRead(action.operation()))) {
            throw new UnknownException("arguments");
        }
        if (recorded.takenOut() && policy.looksIntoArguments()) {
            throw new UnknownException("what guardrails found in the arguments, which was taken out of the record");
        }
        Action asked =
                file.map(agent -> as(action, agent, trial.rolesOf(agent))).orElse(action);
        Hidden hidden = file.isPresent() ? recorded.hidden() : recorded.hidden().withWho();
        Optional<Set<Touched>> only = recorded.isRewritten() ? Optional.of(touched(recorded)) : Optional.empty();
        Assumptions.Possible<Judgement> possible;
        try {
            possible = assumptions.possible(hidden, () -> judge(recorded, asked, only, seen));
        } catch (NotHeard e) {
            throw new UnknownException(String.valueOf(e.getMessage()));
        }
        Judgement first = possible.results().iterator().next();
        Set<Object> verdicts = new HashSet<>();
        possible.results().forEach(one -> verdicts.add(List.of(one.verdict(), one.handling())));
        if (verdicts.size() > 1 || !possible.all()) {
            throw new UnknownException(String.join(" and ", possible.missing()));
        }
        if (file.isEmpty() && filtersRows(first)) {
            throw new UnknownException("attributes of an agent that stands in no file");
        }
        return first;
    }

    private Judgement judge(
            RecordedAction recorded, Action action, Optional<Set<Touched>> only, Consumer<Deliberation> seen) {
        Deliberation deliberation =
                new Deliberation(only.isPresent() ? new NarrowedBook(policy, only.get()) : policy, action);
        recorded.before().forEach(deliberation::note);
        deliberation.granted(recorded.grants().orElseThrow());
        deliberation.gatherFacts(recorded::sessionRead, action.time(), recorded.clockDoubtful());
        deliberation.runStages();
        for (String judge : deliberation.judgesWanted()) {
            if (recorded.opinion(judge).isEmpty()) {
                throw new NotHeard("what the judge `" + judge + "` would have said");
            }
        }
        deliberation.hear((judge, asked, facts) -> recorded.opinion(judge).orElseThrow());
        deliberation.answerByGrants();
        boolean approved = true;
        for (Finding.Ask ask : deliberation.asks()) {
            approved &= isApproved(ask, recorded);
        }
        if (deliberation.isAsked() && approved) {
            deliberation.approve(new Finding.Pass("approval", Optional.empty(), "a person approved it then"));
        }
        if (deliberation.ruling() == Ruling.ALLOW) {
            recorded.after().ifPresent(deliberation::note);
        }
        seen.accept(deliberation);
        return Judgement.of(deliberation);
    }

    /** What the candidate wants to hear of judges or people, and what nobody said of this action when it was decided. */
    private static final class NotHeard extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotHeard(String missing) {
            super(missing, null, false, false);
        }
    }

    /**
     * What people said then satisfies the same rule still; another rule would have asked them anew. Which rule had no name, only the version that decided
     * can tell.
     */
    private boolean isApproved(Finding.Ask ask, RecordedAction recorded) {
        Optional<String> name = ask.why().rule().map(RuleRef::name);
        boolean named = name.filter(recorded.approved()::contains).isPresent();
        boolean sameFiles = recorded.policy().equals(policy.version());
        if (sameFiles || (named && !RecordedAction.isPlace(name.get()))) {
            return named;
        }
        if (recorded.approved().stream().anyMatch(RecordedAction::isPlace)) {
            throw new NotHeard("whether a person approved it by the same rule, as the rule had no name");
        }
        return false;
    }

    private static boolean filtersRows(Judgement judgement) {
        return !judgement.treatment().isEmpty()
                || judgement.code().filter("rows_cannot_be_filtered"::equals).isPresent();
    }

    private static Action as(Action action, FileAgent agent, Set<String> roles) {
        Principal before = action.principal();
        Principal now = new Principal(
                before.tenant(),
                before.agent(),
                before.instance(),
                before.user(),
                before.actors(),
                roles,
                agent.owner(),
                agent.attributes());
        return action.with(now);
    }

    /** What the agent's own statement touched: ours, with the filters in it, must touch all of that still. */
    private Set<Touched> touched(RecordedAction recorded) throws UnknownException {
        Set<Touched> then = recorded.touched().orElseThrow(() -> new UnknownException("what the statement touched"));
        Operation operation = recorded.action().operation();
        if (policy.read(operation) instanceof Reading.Touches touches) {
            Set<Touched> now = new HashSet<>();
            touches.accesses().forEach(access -> now.add(touch(access)));
            if (!now.containsAll(then)) {
                throw new UnknownException("the statement as the agent wrote it");
            }
        }
        return then;
    }

    static Touched touch(Access access) {
        return new Touched(access.names(), access.verb(), access.method());
    }
}
