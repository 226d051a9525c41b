package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.ResultChecks.Examined;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one way from wanting to doing. {@link #decide} takes an attempt through every check and writes it down; only then is there a
 * permit. {@link #release} takes what came back through the result stages and writes that down; only then does the caller see it.
 *
 * <p>Blocking; never called on an event loop. Safe for use by many threads.
 */
public final class Gate {
    private final Supplier<Rulebook> rulebooks;
    private final Admissions admissions;
    private final Revocations revocations;
    private final Sessions sessions;
    private final Reservations reservations;
    private final Approvals approvals;
    private final Journal journal;
    private final Supplier<String> ids;
    private final GateClock clock;
    private final Duration patience;
    private final List<ResultStage> always;
    private final Stops stops;
    private final Judges judges;
    private final Grants grants;
    private final Tokens tokens;

    /** As the other, without result stages of the house, and where nobody else has a say. */
    public Gate(
            Supplier<Rulebook> rulebooks,
            Admissions admissions,
            Revocations revocations,
            Sessions sessions,
            Reservations reservations,
            Journal journal,
            Supplier<String> ids,
            GateClock clock,
            Duration patience) {
        this(
                rulebooks,
                admissions,
                revocations,
                sessions,
                reservations,
                journal,
                ids,
                clock,
                patience,
                List.of(),
                Voices.NONE);
    }

    /**
     * @param patience how long a permit lasts
     * @param always result stages that stand whatever the policy says
     * @param voices who has a say beside the policy
     */
    public Gate(
            Supplier<Rulebook> rulebooks,
            Admissions admissions,
            Revocations revocations,
            Sessions sessions,
            Reservations reservations,
            Journal journal,
            Supplier<String> ids,
            GateClock clock,
            Duration patience,
            List<ResultStage> always,
            Voices voices) {
        this.rulebooks = rulebooks;
        this.admissions = admissions;
        this.revocations = revocations;
        this.sessions = sessions;
        this.reservations = reservations;
        this.journal = journal;
        this.ids = ids;
        this.clock = clock;
        this.patience = patience;
        this.always = List.copyOf(always);
        this.stops = voices.stops();
        this.approvals = voices.approvals();
        this.judges = voices.judges();
        this.grants = voices.grants();
        this.tokens = voices.tokens();
    }

    /** The order of everything that happens to an action before it runs. */
    public Verdict decide(Attempt attempt) {
        Rulebook rulebook = rulebooks.get();
        Case one = new Case(attempt, new Readings(rulebook), rulebook, clock.read(), ids.get());
        one.identityStillGood();
        one.notStopped();
        one.restore();
        one.admit();
        one.gatherFacts();
        one.runStages();
        one.hearJudges();
        one.answerByGrants();
        try {
            one.consult();
            one.reserve();
            return one.recordAndRule();
        } finally {
            one.people.end();
        }
    }

    /**
     * For an enforcement point, which acts itself: the verdict is all, there is no outcome, and the permit of what is allowed is used up.
     * What the subject gets to read in this way counts as read by it (R11), because nobody here sees whether it was.
     *
     * @throws IllegalArgumentException for what no enforcement point asks: it would be an intent without an end
     */
    public Verdict judge(Attempt attempt) {
        askedOnly(attempt);
        Verdict verdict = decide(attempt);
        if (!(verdict instanceof Verdict.Allow(Permit permit))) {
            return verdict;
        }
        boolean asItIs = permit.obligations().stream().allMatch(Obligation::isAdvice);
        Optional<Denial> late = asItIs ? permit.use() : Optional.of(unmet());
        permit.complete();
        permit.settle(new Effect.Elsewhere(Effect.Told.NOTHING));
        if (late.isEmpty()) {
            late = remembered(permit);
        }
        return late.<Verdict>map(why ->
                        new Verdict.Deny(permit.action(), why, permit.action().id()))
                .orElse(verdict);
    }

    private static Denial unmet() {
        return Denial.of(
                "obligation_unmet",
                Denial.ReasonClass.POLICY,
                "it is allowed only if its result is changed, and the result does not come through here");
    }

    private Optional<Denial> remembered(Permit permit) {
        try {
            sessions.received(permit.action().principal(), permit.facts().resultTags());
            return Optional.empty();
        } catch (UnrecordableException e) {
            return Optional.of(unrecordable(e));
        }
    }

    /**
     * Whether it would be allowed now, for whoever searches among possible actions. Nothing is recorded or reserved, and nobody may act on
     * the answer: that is what {@link #judge} is for.
     */
    public boolean wouldAllow(Attempt attempt) {
        askedOnly(attempt);
        Rulebook rulebook = rulebooks.get();
        Case one = new Case(attempt, new Readings(rulebook), rulebook, clock.read(), "");
        one.deliberate();
        return one.on.denial().isEmpty() && treatment(one.on.obligations()).isEmpty();
    }

    /** Without advice: what judges said when it began they are not asked again, and nothing comes back otherwise because of it. */
    private static List<Obligation> treatment(List<Obligation> obligations) {
        return obligations.stream().filter(one -> !one.isAdvice()).toList();
    }

    private static void askedOnly(Attempt attempt) {
        if (attempt.operation().askedBy().isEmpty()) {
            throw new IllegalArgumentException(
                    "no enforcement point asks for a " + attempt.operation().kind());
        }
    }

    /** The order of everything that happens to a result before the caller sees it. Exactly once for each permit. */
    public Release release(Permit permit, Effect effect, Duration elapsed) {
        if (!permit.complete()) {
            throw new IllegalStateException("a permit is completed once");
        }
        List<ResultFinding> findings = new ArrayList<>();
        Tokens.Exchange exchange = tokens.exchange(permit.action().principal());
        Holding holding =
                new Holding(approvals.results(), tokens, permit, examine(permit, effect, exchange, findings), findings);
        Reservations.Usage usage = permit.usage(effect, holding.counted());
        Release release = usage.excess()
                .<Release>map(why -> new Release.Withheld(why, permit.action().id()))
                .orElseGet(holding::settled);
        // As long as it is not on the disk what it came to, it counts as what nobody knows.
        Effect settled = new Effect.Unknown(Denial.of("unrecorded", Denial.ReasonClass.UNAVAILABLE, "not recorded"));
        try {
            switch (release) {
                case Release.Result ignored -> received(permit, exchange, findings);
                case Release.UpstreamError ignored -> received(permit, exchange, findings);
                case Release.Withheld withheld -> {
                    if (withheld.waits()) {
                        exchange.keep();
                    }
                }
            }
            journal.completed(new Completion(
                    permit.recorded(), effect, findings, release, elapsed, permit.recording(), usage.spent()));
            settled = effect;
            permit.taken().ifPresent(it -> approvals.results().given(it.ticket()));
            return release;
        } catch (UnrecordableException e) {
            holding.unrecorded();
            return new Release.Withheld(unrecordable(e), permit.action().id());
        } finally {
            holding.end();
            permit.settle(settled);
        }
    }

    /**
     * For a caller that acts itself and only asked: uses the permit, and gives back what was reserved, because nobody here can tell when it
     * is done. What it then tells is the effect of {@link #release}.
     *
     * @return why it may not act after all, or empty
     */
    public Optional<Denial> handOver(Permit permit) {
        Optional<Denial> refused = permit.use();
        permit.settle(new Effect.Elsewhere(Effect.Told.NOTHING));
        return refused;
    }

    /**
     * Whether an action that runs would still be allowed as it runs: by the identity, the definition, the policy and what the instance has read,
     * as they are now; judges are not heard again. Records nothing and reserves nothing; who stops the action tells this as the reason.
     *
     * @return why it would not; empty while it stands
     */
    public Optional<Denial> reconsider(Permit permit) {
        Rulebook rulebook = rulebooks.get();
        Readings known = permit.readings().under(rulebook);
        Case again = new Case(
                permit.attempt(), known, rulebook, clock.read(), permit.action().id());
        again.deliberate();
        permit.readAgain(known);
        return again.whyNot(permit);
    }

    /**
     * What an upstream says while it still works: it passes the same checks as a result (R5). Recorded with nothing of its own; the
     * outcome follows.
     *
     * @return what may be told, or empty
     */
    public Optional<Json.Obj> interim(Permit permit, Json.Obj said) {
        List<ResultFinding> findings = new ArrayList<>();
        Tokens.Exchange exchange = tokens.exchange(permit.action().principal());
        Examined examined = ResultChecks.run(permit, always, exchange, said, findings);
        return examined.held().isEmpty()
                        && examined.release() instanceof Release.Result(Json.Obj result)
                        && remembers(permit, exchange, findings)
                ? Optional.of(result)
                : Optional.empty();
    }

    private boolean remembers(Permit permit, Tokens.Exchange exchange, List<ResultFinding> findings) {
        try {
            received(permit, exchange, findings);
            return true;
        } catch (UnrecordableException e) {
            return false;
        }
    }

    /**
     * What the catalogue says of it, what was found in it, and what stands behind the tokens in it. An error text and what is said before the
     * result may hold what the result would.
     */
    private void received(Permit permit, Tokens.Exchange exchange, List<ResultFinding> findings)
            throws UnrecordableException {
        exchange.keep();
        Set<String> all = permit.facts().resultTags();
        for (ResultFinding finding : findings) {
            if (!finding.classes().isEmpty()) {
                all = new HashSet<>(all);
                all.addAll(finding.classes());
            }
        }
        if (!all.isEmpty()) {
            sessions.received(permit.action().principal(), all);
        }
    }

    private Examined examine(Permit permit, Effect effect, Tokens.Exchange exchange, List<ResultFinding> findings) {
        return switch (effect) {
            case Effect.Answered answered -> ResultChecks.run(permit, always, exchange, answered.result(), findings);
            case Effect.Refused refused -> ResultChecks.run(permit, always, exchange, refused, findings);
            case Effect.Kept it -> kept(permit, it, exchange, findings);
            case Effect.Elsewhere ignored -> Examined.of(new Release.Result(Json.Obj.EMPTY));
            case Effect.NotSent notSent ->
                Examined.of(new Release.Withheld(notSent.why(), permit.action().id()));
            case Effect.Unknown unknown ->
                Examined.of(new Release.Withheld(unknown.why(), permit.action().id()));
        };
    }

    private Examined kept(Permit permit, Effect.Kept effect, Tokens.Exchange exchange, List<ResultFinding> findings) {
        if (!permit.kept().equals(Optional.of(effect))) {
            throw new IllegalStateException("the permit is for another result");
        }
        // As before a first byte (R6): it was allowed, and may have been stopped since.
        return permit.late()
                .map(why ->
                        Examined.of(new Release.Withheld(why, permit.action().id())))
                .orElseGet(() -> ResultChecks.again(permit, always, exchange, effect.kept(), findings));
    }

    static Denial unrecordable(UnrecordableException e) {
        return Denial.of(
                "audit_unavailable", Denial.ReasonClass.UNAVAILABLE, "it cannot be recorded: " + e.getMessage());
    }

    /** What people have given this principal for a time. While the clock is doubtful, nothing that ends by it counts (R7). */
    public List<TimedGrant> granted(Principal principal) {
        return granted(principal, clock.read());
    }

    private List<TimedGrant> granted(Principal principal, GateClock.Reading time) {
        return time.doubtful() ? List.of() : grants.of(principal, time.now());
    }

    /** One attempt on its way: what is pure about it is a {@link Deliberation}. */
    private final class Case {
        private final Attempt attempt;
        private final Rulebook rulebook;
        private final GateClock.Reading time;
        private final Deliberation on;
        private Optional<Reservations.Settlement> settlement = Optional.empty();
        private final Consultation people;
        private final Retrieval results;
        /** What was asked was granted for a time: it stands no longer than the grant. */
        private boolean granted;

        Case(Attempt attempt, Readings readings, Rulebook rulebook, GateClock.Reading time, String id) {
            this.attempt = attempt;
            this.rulebook = rulebook;
            this.time = time;
            this.on = new Deliberation(
                    rulebook, Action.of(id, time.now(), attempt, attempt.operation(), Optional.empty()), readings);
            this.people = new Consultation(approvals, on, rulebook.version(), tokens);
            this.results = new Retrieval(approvals.results(), on, tokens, rulebook.version());
        }

        /** All of it that changes nothing. */
        void deliberate() {
            identityStillGood();
            notStopped();
            restore();
            admit();
            gatherFacts();
            runStages();
            answerByGrants();
        }

        void identityStillGood() {
            if (revocations.stillGood(attempt.principal(), attempt.epoch())) {
                on.note(new Finding.Pass(
                        "identity",
                        Optional.empty(),
                        "known as " + attempt.principal().agent()));
            } else {
                on.stop(
                        "identity",
                        Denial.of("revoked", Denial.ReasonClass.IDENTITY, "the identity is revoked or suspended"));
            }
        }

        void notStopped() {
            on.guarded(
                    "operator",
                    () -> stops.stopped(attempt.principal(), attempt.operation())
                            .ifPresent(why -> on.stop("operator", why)));
        }

        void restore() {
            on.restore(tokens, time);
        }

        void admit() {
            admit("arguments fit the pinned definition");
            results.admitted();
        }

        private void admit(String passed) {
            on.guarded("definition", () -> {
                switch (admissions.admit(on.action().operation())) {
                    case Admission.Admitted(Operation operation, Optional<String> fingerprint) -> {
                        on.remake(operation, fingerprint);
                        on.note(new Finding.Pass("definition", Optional.empty(), passed));
                    }
                    case Admission.Held(Operation operation, Denial why) -> {
                        on.remake(operation, Optional.empty());
                        on.note(new Finding.Ask("definition", why, List.of("operator")));
                    }
                    case Admission.Refused(Denial denial) -> on.stop("definition", denial);
                }
            });
        }

        void gatherFacts() {
            on.guarded("grants", () -> on.granted(granted(attempt.principal(), time)));
            on.gatherFacts(() -> sessions.read(attempt.principal()), time.now(), time.doubtful());
        }

        void runStages() {
            on.runStages();
            // What a stage made of it goes to the server only if it fits the pinned definition as what came did (R1).
            if (on.isRewritten()) {
                admit("the rewritten arguments fit the pinned definition");
            }
        }

        void hearJudges() {
            on.hear(judges);
        }

        void answerByGrants() {
            on.guarded(Deliberation.GRANT, () -> granted = on.answerByGrants());
        }

        /** About a call that was made before nobody is asked again. */
        void consult() {
            results.consult(time.doubtful());
            if (!results.answers()) {
                people.consult();
            }
        }

        void reserve() {
            if (results.answers()) {
                settlement = Optional.of(results.settlement());
                results.take();
                return;
            }
            if (people.waits()) {
                return;
            }
            on.guarded("reserve", () -> {
                switch (reservations.reserve(on.action(), on.facts().orElseThrow())) {
                    case Reserved.Taken(Reservations.Settlement taken) -> settlement = Optional.of(taken);
                    case Reserved.Refused(Denial denial) -> on.stop("reserve", denial);
                }
            });
            people.useUp();
        }

        Verdict recordAndRule() {
            Ruling ruling = on.ruling();
            if (ruling != Ruling.ALLOW) {
                on.denial().ifPresent(this::giveBack);
            }
            Veil veil = on.shown();
            Action shown = veil.action(on.action());
            Optional<Denial> denial = on.denial()
                    .map(this::withHindsight)
                    .map(this::concealIfInvisible)
                    .map(on.veil()::denial);
            Recording recording = recording();
            String ticket;
            try {
                if (ruling == Ruling.ALLOW) {
                    on.keepRestored(tokens);
                }
                ticket = journal.decided(new Decision(
                        attempt,
                        shown,
                        rulebook.version(),
                        on.facts().map(veil::facts),
                        veil.findings(on.findings()),
                        ruling,
                        denial.map(veil::denial),
                        recording,
                        results.part().or(people::part),
                        ruling == Ruling.ALLOW
                                ? settlement
                                        .map(Reservations.Settlement::reserved)
                                        .orElse(List.of())
                                : List.of(),
                        on.restored(tokens)));
                if (ruling == Ruling.HOLD) {
                    ticket = results.waits() ? results.part().orElseThrow().ticket() : people.held(ticket);
                }
            } catch (UnrecordableException e) {
                giveBack(unrecordable(e));
                return new Verdict.Deny(shown, unrecordable(e), "");
            }
            return switch (ruling) {
                case ALLOW -> new Verdict.Allow(permit(recording));
                case DENY -> new Verdict.Deny(shown, denial.orElseThrow(), ticket);
                case HOLD ->
                    new Verdict.Hold(
                            shown,
                            denial.orElseThrow(),
                            ticket,
                            results.waits() || people.isForPeople(),
                            results.waits());
            };
        }

        /** By what the action touches, or could; where the rulebook fails here, as usual. */
        private Recording recording() {
            try {
                return on.facts()
                        .map(known -> rulebook.recording(on.action(), known))
                        .orElseGet(() -> rulebook.recordingInDoubt(on.action()));
            } catch (RuntimeException | StackOverflowError e) {
                return Recording.USUAL;
            }
        }

        private Permit permit(Recording recording) {
            return new Permit(
                    attempt,
                    on.action(),
                    on.facts().orElseThrow(),
                    rulebook,
                    on.obligations(),
                    recording,
                    granted ? List.of() : on.asks(),
                    settlement.orElseThrow(),
                    clock.latest().plus(patience),
                    revocations,
                    stops,
                    clock::latest,
                    on.veil(),
                    on.readings(),
                    results);
        }

        /**
         * Another operation is another decision too, and so are obligations under another policy: what comes back would be filtered by those
         * of the old one.
         */
        Optional<Denial> whyNot(Permit permit) {
            if (on.isAsked()
                    && on.asks().stream()
                            .allMatch(ask -> permit.approved().stream().anyMatch(ask::asksTheSame))) {
                on.approve(new Finding.Pass("approval", Optional.empty(), "approved before it began"));
            }
            boolean same = on.action().operation().equals(permit.action().operation())
                    && (rulebook.version().equals(permit.rulebook().version())
                            || treatment(on.obligations()).equals(treatment(permit.obligations())));
            return on.denial()
                    .or(() -> same
                            ? Optional.empty()
                            : Optional.of(Denial.of(
                                    "no_longer_allowed",
                                    Denial.ReasonClass.POLICY,
                                    "the policy allows it in another way by now")))
                    .map(this::concealIfInvisible)
                    .map(on.veil()::denial);
        }

        private Denial withHindsight(Denial denial) {
            return new Hindsight(rulebook, on.findings(), () -> rulebook.outlook(on.action(), known())).on(denial);
        }

        private Facts known() {
            return on.facts()
                    .orElseGet(() -> new Facts(
                            List.of(), Set.of(), sessions.read(attempt.principal()), time.now(), time.doubtful()));
        }

        /** What the agent may not see answers like what does not exist (R10). A rulebook that fails here conceals. */
        private Denial concealIfInvisible(Denial denial) {
            try {
                return rulebook.visible(attempt.principal(), attempt.operation(), granted(attempt.principal(), time))
                        ? denial
                        : denial.conceal();
            } catch (RuntimeException | StackOverflowError e) {
                return denial.conceal();
            }
        }

        private void giveBack(Denial why) {
            settlement.ifPresent(taken -> taken.settle(new Effect.NotSent(why)));
            settlement = Optional.empty();
        }
    }
}
