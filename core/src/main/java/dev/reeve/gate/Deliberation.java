package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The part of a decision that changes nothing: what an action touches, and what each stage says to it. The gate goes through it on the way
 * to a permit; explaining, testing and replaying a policy go through the same and stop there, so that none of them can say anything else
 * than the gate would. Each step does nothing once something stopped the action; one that throws is a denial, in this one place (R8).
 *
 * <p>One for each attempt, on one thread.
 */
public final class Deliberation {
    /** The name under which a grant is found that answers what rules ask. */
    public static final String GRANT = "grant";

    private static final String ROLES = "roles";
    private static final String TOKENS = "tokens";

    private final Rulebook rulebook;
    private final Readings readings;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Obligation> obligations = new ArrayList<>();
    /** With its own roles only. */
    private final Principal principal;

    private Action action;
    private Optional<Facts> facts = Optional.empty();
    private Optional<Denial> stop = Optional.empty();
    private final List<Finding.Ask> asks = new ArrayList<>();
    private List<TimedGrant> grants = List.of();
    private boolean approved;
    private boolean rewritten;
    private Optional<Tokens.Restoring.Restored> restored = Optional.empty();
    /** Made when somebody is to see the action: after the stages, so that it is over what would be sent. */
    private Optional<Veil> guarding = Optional.empty();

    public Deliberation(Rulebook rulebook, Action action) {
        this(rulebook, action, new Readings(rulebook));
    }

    /** @param readings of the same action, under the same rulebook */
    Deliberation(Rulebook rulebook, Action action, Readings readings) {
        this.rulebook = rulebook;
        this.readings = readings;
        this.principal = action.principal();
        this.action = action;
    }

    /** What people have given its principal for a time. To be told before the facts are gathered. */
    public void granted(List<TimedGrant> given) {
        grants = List.copyOf(given);
    }

    /**
     * What the catalogue says that it touches, beside what is known otherwise.
     *
     * @param sessionRead asked only if the catalogue can read the action
     * @param doubtful the clock stepped back (R7)
     */
    public void gatherFacts(Supplier<Set<String>> sessionRead, Instant now, boolean doubtful) {
        guarded("catalogue", () -> {
            Optional<Denial> unread = rulebook.unread(principal, action.operation(), grants);
            if (unread.isPresent()) {
                stop("catalogue", unread.get());
                return;
            }
            switch (readings.of(action.operation())) {
                case Reading.Touches touches -> {
                    touches.instead().ifPresent(operation -> action = action.with(operation, action.definition()));
                    Facts known = new Facts(touches.accesses(), touches.resultTags(), sessionRead.get(), now, doubtful);
                    facts = Optional.of(grants.isEmpty() ? known : known.granting(grants));
                }
                case Reading.Unreadable(Denial denial) -> stop("catalogue", denial);
            }
        });
        guarded(ROLES, () -> {
            try {
                assignRoles();
            } catch (UnclearRolesException e) {
                // By one of the readings a prohibition or a limit of the role would not be about it.
                stop(
                        ROLES,
                        Denial.of(
                                "arguments_unreadable", Denial.ReasonClass.ARGUMENTS, String.valueOf(e.getMessage())));
            }
        });
    }

    /** What the principal is beside what it always is; anew whenever it touches something else. */
    private void assignRoles() {
        List<Rulebook.Assigned> assigned = rulebook.assigned(action.with(principal), facts.orElseThrow());
        if (assigned.isEmpty() && action.principal().equals(principal)) {
            return;
        }
        action = action.with(principal.withRoles(roles(assigned, true)).withPerhaps(roles(assigned, false)));
        for (Rulebook.Assigned one : assigned) {
            Finding.Pass found = new Finding.Pass(
                    ROLES,
                    Optional.empty(),
                    (one.surely()
                                    ? "in this context it has the role `"
                                    : "perhaps it has here, and is held to, the role `")
                            + one.role() + "`, by " + one.by().file() + ":"
                            + one.by().line());
            if (!findings.contains(found)) {
                note(found);
            }
        }
    }

    private static List<String> roles(List<Rulebook.Assigned> assigned, boolean surely) {
        return assigned.stream()
                .filter(one -> one.surely() == surely)
                .map(Rulebook.Assigned::role)
                .toList();
    }

    /** Every stage, in the rulebook's order. */
    public void runStages() {
        for (Stage stage : rulebook.stages()) {
            guarded(stage.name(), () -> runStage(stage));
        }
    }

    /** The judges that the policy wants to hear, if nothing stopped the action so far. */
    public Set<String> judgesWanted() {
        Set<String> wanted = new LinkedHashSet<>();
        for (SoftStage stage : rulebook.softStages()) {
            guarded(stage.name(), () -> wanted.addAll(stage.wanted(action, facts.orElseThrow())));
        }
        return wanted;
    }

    /** Asks them, and lets the stages run that wanted to know. Slow where a judge is. */
    public void hear(Judges judges) {
        Set<String> wanted = judgesWanted();
        if (wanted.isEmpty() || stop.isPresent()) {
            return;
        }
        List<Opinion> said = new ArrayList<>(wanted.size());
        wanted.forEach(judge -> said.add(ask(judges, judge)));
        facts = facts.map(known -> known.with(said));
        for (SoftStage stage : rulebook.softStages()) {
            guarded(stage.name(), () -> {
                if (!stage.wanted(action, facts.orElseThrow()).isEmpty()) {
                    runStage(stage);
                }
            });
        }
    }

    private Opinion ask(Judges judges, String judge) {
        try {
            return judges.ask(judge, shown().action(action), shown().facts(facts.orElseThrow()));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return new Opinion.Down(judge, Crash.denial(judge, e).reason());
        }
    }

    private void runStage(Stage stage) {
        List<Finding> found = stage.check(action, facts.orElseThrow());
        if (found.isEmpty()) {
            throw new IllegalStateException("stage `" + stage.name() + "` found nothing at all");
        }
        boolean redacts = false;
        for (Finding finding : found) {
            note(finding);
            redacts |= finding instanceof Finding.Redact;
        }
        if (redacts && stop.isEmpty()) {
            readAgain();
        }
    }

    /** What was rewritten may touch something else: later stages decide on what would be sent (R4). */
    private void readAgain() {
        Facts before = facts.orElseThrow();
        gatherFacts(before::sessionRead, before.now(), before.clockDoubtful());
    }

    /** What something else found, before or between. */
    public void note(Finding finding) {
        findings.add(finding);
        switch (finding) {
            case Finding.Pass ignored -> {}
            case Finding.Shadow ignored -> {}
            case Finding.Warn ignored -> {}
            case Finding.Stop found -> stop = Optional.of(found.denial());
            case Finding.Ask found -> asks.add(found);
            case Finding.Redact found -> {
                action = action.with(found.instead(), action.definition());
                rewritten = true;
            }
            case Finding.Oblige found -> obligations.add(found.obligation());
        }
    }

    void stop(String stage, Denial denial) {
        note(new Finding.Stop(stage, denial));
    }

    void remake(Operation operation, Optional<String> fingerprint) {
        action = action.with(operation, fingerprint);
    }

    /**
     * Puts values in the place of tokens, before anything else: all that follows decides on what would be sent (R4), but judges and what people granted,
     * which see the tokens. Whoever acts itself gets no values, and so none of its tokens turned back.
     */
    void restore(Tokens tokens, GateClock.Reading time) {
        guarded(TOKENS, () -> {
            switch (action.operation()) {
                case Operation.ToolCall call ->
                    restore(tokens.restore(principal, call, rulebook.restores(call), time), it -> it);
                case Operation.Task task
                when !task.ends() ->
                    restore(
                            tokens.restore(principal, task.begun(), rulebook.restores(task.begun()), time),
                            it -> new Operation.Task(task.task(), task.does(), it, task.input()));
                case Operation.Question asked
                when quotes(tokens.exchange(principal), asked.arguments()) ->
                    stop(
                            TOKENS,
                            Denial.of(
                                    "content_denied",
                                    Denial.ReasonClass.POLICY,
                                    "the server asks with a value that a token stands for"));
                default -> {}
            }
        });
    }

    private void restore(Tokens.Restoring came, Function<Operation.ToolCall, Operation> made) {
        switch (came) {
            case Tokens.Restoring.Nothing ignored -> {}
            case Tokens.Restoring.Restored it -> {
                restored = Optional.of(it);
                action = action.with(made.apply(it.call()), Optional.empty());
                int many = it.veil().tokens().size();
                note(new Finding.Pass(TOKENS, Optional.empty(), "values in the place of tokens: " + many));
            }
            case Tokens.Restoring.Refused(Denial denial) -> stop(TOKENS, denial);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private static boolean quotes(Tokens.Exchange exchange, Json.Obj said) {
        return exchange.conceal(said) != said;
    }

    /** Before the values go out: from then on they come back as tokens. */
    void keepRestored(Tokens tokens) throws UnrecordableException {
        if (restored.isPresent()) {
            tokens.restored(restored.get());
        }
    }

    /** For the record and for what people say: what is hidden, and a keyed digest of what is decided and sent. */
    Optional<Journal.Restored> restored(Tokens tokens) {
        Veil shown = shown();
        return shown.hidesNothing()
                ? Optional.empty()
                : Optional.of(new Journal.Restored(shown.tokens(), shown.kinds(), tokens.keyed(action.digest())));
    }

    /** What is over the values of tokens, which the agent knows as tokens only. */
    Veil veil() {
        return restored.map(Tokens.Restoring.Restored::veil).orElse(Veil.NONE);
    }

    /** What is over the action for everybody who does not decide or send it. Where that cannot be said, nothing is seen of it. */
    Veil shown() {
        boolean found = ruling() != Ruling.ALLOW;
        for (Finding one : findings) {
            found |= one instanceof Finding.Ask || one instanceof Finding.Warn;
        }
        if (!found) {
            return veil();
        }
        if (guarding.isEmpty()) {
            Facts known = facts.orElseGet(() -> new Facts(List.of(), Set.of(), Set.of(), action.time(), true));
            guarding = Optional.of(guarding(rulebook, action, known));
        }
        return veil().and(guarding.get());
    }

    /** Over everything that guardrails about arguments look for. */
    static Veil guarding(Rulebook rulebook, Action action, Facts facts) {
        try {
            return rulebook.veil(action, facts);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return Veil.over(List.of("?"), value -> value instanceof Json.Obj ? Json.Obj.EMPTY : new Json.Str(""));
        }
    }

    void guarded(String stage, Runnable step) {
        if (stop.isPresent()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            stop(stage, Crash.denial(stage, e));
        }
    }

    Readings readings() {
        return readings;
    }

    boolean isRewritten() {
        return rewritten;
    }

    /** Whether a person must decide still. */
    public boolean isAsked() {
        return !asks.isEmpty() && !approved;
    }

    /** Whatever else was asked, this is what is waited for. */
    void holdFirst(Finding.Ask ask) {
        findings.add(ask);
        asks.addFirst(ask);
        approved = false;
    }

    /** All that asked for a person, whether one said yes by now or not. */
    public List<Finding.Ask> asks() {
        return List.copyOf(asks);
    }

    /** Whether people said yes for a time to all that was asked: then that is found, and nobody is asked. */
    public boolean answerByGrants() {
        if (!isAsked() || facts.isEmpty() || stop.isPresent()) {
            return false;
        }
        List<Finding.Pass> answers = new ArrayList<>();
        asks.forEach(ask -> answer(ask).ifPresent(answers::add));
        if (answers.size() < asks.size()) {
            return false;
        }
        answers.forEach(this::approve);
        return true;
    }

    private Optional<Finding.Pass> answer(Finding.Ask ask) {
        Facts known = veil().facts(facts.orElseThrow());
        for (TimedGrant grant : known.grants()) {
            if (grant instanceof TimedGrant.Answer answer && answer.answers(veil().action(action), known, ask)) {
                RuleRef where = ask.why().rule().orElseGet(() -> RuleRef.builtIn("?"));
                return Optional.of(new Finding.Pass(
                        GRANT,
                        Optional.of(new RuleRef(answer.id(), where.file(), where.line())),
                        "what the rule `" + where.name() + "` asks was granted for a time by "
                                + String.join(", ", answer.by())));
            }
        }
        return Optional.empty();
    }

    /** People said yes to all that was asked. */
    public void approve(Finding.Pass said) {
        note(said);
        approved = true;
    }

    public Ruling ruling() {
        return stop.isPresent() ? Ruling.DENY : isAsked() ? Ruling.HOLD : Ruling.ALLOW;
    }

    /** Why not, unless it is allowed. */
    public Optional<Denial> denial() {
        return stop.or(() -> isAsked() ? Optional.of(asks.getFirst().why()) : Optional.empty());
    }

    /** In the form in which it is decided on by now. */
    public Action action() {
        return action;
    }

    /** Empty as long as it cannot be said what it touches. */
    public Optional<Facts> facts() {
        return facts;
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    List<Obligation> obligations() {
        return obligations;
    }

    List<Finding.Oblige> obliged() {
        if (obligations.isEmpty()) {
            return List.of();
        }
        return findings.stream()
                .filter(Finding.Oblige.class::isInstance)
                .map(Finding.Oblige.class::cast)
                .toList();
    }
}
