package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.identity.Revocations;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to do one action once.
 *
 * <p>Security guarantees: only {@link Gate} makes one, after the intent is durable; it is used once; it runs out; just before the
 * first byte it is checked again that the principal was not revoked (R6) and that no operator stopped it. Whoever opens a socket, starts a process or hands out a
 * secret asks for one, so that acting without a decision does not compile.
 */
public final class Permit {
    private final Attempt attempt;
    private final Action action;
    private final Facts facts;
    private final Rulebook rulebook;
    private final List<Obligation> obligations;
    private final List<Finding.Oblige> obliged;
    private final Recording recording;
    private final List<Finding.Ask> approved;
    private final Reservations.Settlement settlement;
    private final Instant deadline;
    private final Revocations revocations;
    private final Stops stops;
    private final InstantSource clock;
    private final Veil veil;
    private volatile Readings readings;
    private final Optional<Operation> call;
    private final Optional<HeldResults.Taken> taken;
    private final AtomicBoolean used = new AtomicBoolean();
    private final AtomicBoolean completed = new AtomicBoolean();
    private final AtomicBoolean settled = new AtomicBoolean();

    Permit(
            Attempt attempt,
            Action action,
            Facts facts,
            Rulebook rulebook,
            List<Obligation> obligations,
            Recording recording,
            List<Finding.Ask> approved,
            Reservations.Settlement settlement,
            Instant deadline,
            Revocations revocations,
            Stops stops,
            InstantSource clock,
            Veil veil,
            Readings readings,
            Retrieval results) {
        this.call = results.call();
        this.taken = results.taken();
        this.obliged = results.obliged();
        this.attempt = attempt;
        this.action = action;
        this.facts = facts;
        this.rulebook = rulebook;
        this.obligations = List.copyOf(obligations);
        // What people released is in the record before it leaves, whatever may ride behind otherwise (R2).
        this.recording = results.taken().isPresent() ? new Recording(recording.detail(), false) : recording;
        this.approved = List.copyOf(approved);
        this.settlement = settlement;
        this.deadline = deadline;
        this.revocations = revocations;
        this.stops = stops;
        this.clock = clock;
        this.veil = veil;
        this.readings = readings;
    }

    /** What may be done: send this, and nothing that the client wrote (R4). */
    public Action action() {
        return action;
    }

    /**
     * What came of the same call before, where people released it: that is given to {@link Gate#release} instead of doing anything, and
     * the permit is for nothing else.
     */
    public Optional<Effect> kept() {
        return taken.map(it -> new Effect.Kept(it.kept()));
    }

    Optional<HeldResults.Taken> taken() {
        return taken;
    }

    /** As the pinned definition completed it. */
    Optional<Operation> call() {
        return call;
    }

    /** What is over the action for people who are asked about it. */
    Veil shown() {
        return veil.and(Deliberation.guarding(rulebook, action, facts));
    }

    /** As it is written down: with tokens where values are sent. */
    Action recorded() {
        return veil.action(action);
    }

    /** What was asked for, before arguments were completed. */
    Attempt attempt() {
        return attempt;
    }

    /** What rules asked and people said yes to. */
    List<Finding.Ask> approved() {
        return approved;
    }

    /** What its operation was read as when it was looked at last. */
    Readings readings() {
        return readings;
    }

    void readAgain(Readings again) {
        readings = again;
    }

    Recording recording() {
        return recording;
    }

    /** When it runs out; callers bound their waiting by it. */
    public Instant deadline() {
        return deadline;
    }

    /**
     * Takes the permit, immediately before the first byte goes out.
     *
     * @return empty if the action may be sent now; otherwise why not, and nothing may be sent
     */
    public Optional<Denial> use() {
        if (taken.isPresent()) {
            return Optional.of(Denial.of(
                    "permit_for_result", Denial.ReasonClass.POLICY, "the call was made before, and is not made again"));
        }
        if (!used.compareAndSet(false, true)) {
            return Optional.of(Denial.of("permit_used", Denial.ReasonClass.POLICY, "the permit was used before"));
        }
        return late();
    }

    /** Why it may not be done any more, although it was allowed; used or not. */
    Optional<Denial> late() {
        if (clock.instant().isAfter(deadline)) {
            return Optional.of(
                    Denial.of("permit_expired", Denial.ReasonClass.UNAVAILABLE, "the permit ran out unused"));
        }
        if (!revocations.stillGood(action.principal(), action.epoch())) {
            return Optional.of(
                    Denial.of("revoked", Denial.ReasonClass.IDENTITY, "the identity was revoked after the decision"));
        }
        return stops.stopped(action.principal(), action.operation());
    }

    /** Whether the operator's file says that sending it twice does no more than sending it once (R3). */
    public boolean mayRepeat() {
        return rulebook.idempotent(action.operation());
    }

    Facts facts() {
        return facts;
    }

    Rulebook rulebook() {
        return rulebook;
    }

    List<Obligation> obligations() {
        return obligations;
    }

    /** Those with their rules. */
    List<Finding.Oblige> obliged() {
        return obliged;
    }

    /** Whether the policy allows it under this obligation. */
    public boolean obliges(String obligation) {
        return obligations.stream().anyMatch(one -> one.name().equals(obligation));
    }

    /** What it came to of what was reserved. One that cannot be asked leaves it at the worst, and withholds. */
    Reservations.Usage usage(Effect effect, Release release) {
        try {
            return settlement.usage(effect, release);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return new Reservations.Usage(List.of(), Optional.of(Crash.denial("limits", e)));
        }
    }

    /** Gives back what was reserved, once. */
    void settle(Effect effect) {
        if (settled.compareAndSet(false, true)) {
            settlement.settle(effect);
        }
    }

    /** True once. */
    boolean complete() {
        return completed.compareAndSet(false, true);
    }
}
