package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.gate.HeldResults.Standing;
import java.util.List;
import java.util.Optional;

/**
 * The result of the same call from before, if it waits for people or they released it: then nothing is sent, whatever else is decided. One for
 * each attempt, on one thread.
 */
final class Retrieval {
    /** The name under which it stands among the findings. */
    static final String RESULT = "result";

    private final HeldResults results;
    private final Deliberation on;
    private final Tokens tokens;
    private final String policy;
    private Optional<Operation> admitted = Optional.empty();
    private Optional<Standing.Waits> waits = Optional.empty();
    private Optional<Standing.Released> released = Optional.empty();
    private Optional<HeldResults.Taken> taken = Optional.empty();

    /** @param policy the version in force */
    Retrieval(HeldResults results, Deliberation on, Tokens tokens, String policy) {
        this.policy = policy;
        this.results = results;
        this.on = on;
        this.tokens = tokens;
    }

    /** By the arguments as the pinned definition completes them: what the policy makes of them later is no other call. */
    void admitted() {
        admitted = Optional.of(on.action().operation());
    }

    /** The call by which its result is found again. */
    Optional<Operation> call() {
        return admitted;
    }

    /** @param doubtful the clock stepped back (R7) */
    void consult(boolean doubtful) {
        if (admitted.isEmpty() || results.isEmpty()) {
            return;
        }
        on.guarded(
                RESULT,
                () -> HeldResults.key(on.action().principal(), admitted.get(), tokens)
                        .ifPresent(key -> {
                            switch (results.standing(key, on.action(), doubtful)) {
                                case Standing.Unknown ignored -> {}
                                case Standing.Waits it -> waits(it);
                                case Standing.Released it -> released = Optional.of(it);
                                case Standing.Refused(Denial denial) -> on.stop(RESULT, denial);
                            }
                        }));
    }

    private void waits(Standing.Waits it) {
        waits = Optional.of(it);
        Denial why = Denial.of(
                        "result_held",
                        Denial.ReasonClass.APPROVAL,
                        "the call was made, and its result waits for people, ticket " + it.ticket())
                .withTell("The call was made already, and its result waits for a person.");
        on.holdFirst(new Finding.Ask(
                RESULT, it.rule().map(why::withRule).orElse(why), List.of(), Optional.of(AskTerms.USUAL)));
    }

    /** Whether the call was made before, so that people are not asked about it and no limit is. */
    boolean answers() {
        return waits.isPresent() || released.isPresent();
    }

    boolean waits() {
        return waits.isPresent();
    }

    /** Last, so that nothing else can refuse once it is used up. */
    void take() {
        released.ifPresent(it -> on.guarded(RESULT, () -> take(it)));
    }

    private void take(Standing.Released it) {
        try {
            Optional<HeldResults.Kept> kept = results.read(it.ticket());
            Optional<String> against = kept.map(this::against).orElse(Optional.of("it cannot be read any more"));
            if (against.isPresent()) {
                on.stop(RESULT, back(against.get(), it.ticket()));
            } else if (!results.take(it.ticket(), on.action().id())) {
                on.stop(RESULT, back("somebody else got it, or the yes ran out", it.ticket()));
            } else {
                taken = Optional.of(new HeldResults.Taken(it.ticket(), kept.orElseThrow()));
                on.approve(new Finding.Pass(
                        RESULT,
                        Optional.empty(),
                        "nothing is sent: its result was released by " + String.join(", ", it.by()) + ", ticket "
                                + it.ticket()));
            }
        } catch (UnrecordableException e) {
            on.stop(RESULT, Gate.unrecordable(e));
        }
    }

    /** What was approved about the call before it was made satisfies the same rules still; what was treated under another policy goes nowhere. */
    private Optional<String> against(HeldResults.Kept kept) {
        if (on.isAsked()
                && !on.asks().stream()
                        .allMatch(ask ->
                                ask.key().filter(kept.approved()::contains).isPresent())) {
            return Optional.of("the policy asks more of the call than when it was made");
        }
        List<String> treatment = treatment(on.obliged());
        if (!kept.policy().equals(policy)) {
            return kept.treatment().isEmpty() && treatment.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the policy is another one by now, and treats results of this call");
        }
        // What the instance has read, the time and roles of the moment count: another one may get less.
        return kept.treatment().equals(treatment)
                ? Optional.empty()
                : Optional.of("results of this call are treated in another way by now");
    }

    /** As far as it can be compared over a restart, between decisions under the same version of the policy. */
    static List<String> treatment(List<Finding.Oblige> obliged) {
        return obliged.stream()
                .filter(one -> !one.obligation().isAdvice())
                .map(one -> one.obligation().name() + " by "
                        + one.rule()
                                .map(rule -> rule.name() + " " + rule.file() + ":" + rule.line())
                                .orElse("?")
                        + ": " + one.reason())
                .toList();
    }

    /** What the policy wants done to what comes back. */
    List<Finding.Oblige> obliged() {
        return on.obliged();
    }

    private static Denial back(String reason, String ticket) {
        return Denial.of(
                        "result_kept_back",
                        Denial.ReasonClass.POLICY,
                        "the result of the same call is not given out: " + reason + ", ticket " + ticket)
                .withTell("The call was made before. Its result is not given out.");
    }

    /** Limits were settled when the call ran. Settled once, whatever happens: then nobody has it any more. */
    Reservations.Settlement settlement() {
        return effect -> taken.ifPresent(it -> results.left(it.ticket()));
    }

    Optional<HeldResults.Taken> taken() {
        return taken;
    }

    /** For the record: what it waits under, or what was used up. */
    Optional<Journal.Approval> part() {
        return waits.map(it -> new Journal.Approval(it.ticket(), List.of()))
                .or(() -> taken.flatMap(it -> released.map(said -> new Journal.Approval(it.ticket(), said.by()))));
    }
}
