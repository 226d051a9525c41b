package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Approvals.Standing;
import java.util.List;
import java.util.Optional;

/** What people have to do with one action: how its question stands, and using up what they approved. One for each attempt, on one thread. */
final class Consultation {
    private static final String APPROVAL = "approval";

    private final Approvals approvals;
    private final Deliberation on;
    private final String policy;
    private final Tokens tokens;
    /** What may be used up for it. */
    private Optional<Standing.Approved> given = Optional.empty();
    /** For the record. */
    private Optional<Journal.Approval> part = Optional.empty();

    /** @param policy the version in force */
    Consultation(Approvals approvals, Deliberation on, String policy, Tokens tokens) {
        this.tokens = tokens;
        this.approvals = approvals;
        this.on = on;
        this.policy = policy;
    }

    /** What people said of it, if rules asked, and if a person's yes to this action would settle that. */
    void consult() {
        if (!on.isAsked() || !isForPeople()) {
            return;
        }
        on.guarded(APPROVAL, () -> {
            switch (approvals.standing(question())) {
                case Standing.Approved said -> given = Optional.of(said);
                case Standing.Waiting(String ticket) -> part = Optional.of(new Journal.Approval(ticket, List.of()));
                case Standing.Unasked ignored -> {}
                case Standing.Refused(Denial denial) -> on.stop(APPROVAL, denial);
            }
        });
    }

    /** Whether a person's yes to this action would settle what was asked. */
    boolean isForPeople() {
        return on.asks().stream().allMatch(ask -> ask.terms().isPresent());
    }

    /** Whether it waits for people, as far as can be said before anything is used up. */
    boolean waits() {
        return on.isAsked() && given.isEmpty();
    }

    /** Last, so that nothing else can refuse once it is used up. Who comes second asks anew, as if nobody had said anything. */
    void useUp() {
        given.ifPresent(said -> on.guarded(APPROVAL, () -> use(said)));
    }

    private void use(Standing.Approved said) {
        try {
            if (approvals.redeem(said.ticket(), question())) {
                part = Optional.of(new Journal.Approval(said.ticket(), said.by()));
                on.approve(new Finding.Pass(
                        APPROVAL,
                        on.asks().getFirst().why().rule(),
                        "approved by " + String.join(", ", said.by()) + ", ticket " + said.ticket()));
            } else {
                consult();
            }
        } catch (UnrecordableException e) {
            on.stop(APPROVAL, Gate.unrecordable(e));
        }
    }

    Optional<Journal.Approval> part() {
        return part;
    }

    /**
     * The ticket under which people find it: what waits already waits under its own, whether this hold is a record or only counted.
     *
     * @param recorded of the hold
     */
    String held(String recorded) throws UnrecordableException {
        return part.isPresent() ? part.get().ticket() : isForPeople() ? approvals.open(recorded, question()) : recorded;
    }

    /** Gives back the place of a question that was not asked after all. */
    void end() {
        approvals.abandon(on.action().id());
    }

    private Approvals.Question question() {
        Veil veil = on.shown();
        Action shown = veil.action(on.action());
        return new Approvals.Question(
                shown,
                veil.facts(on.facts().orElseThrow()),
                on.asks().stream().map(veil::ask).toList(),
                policy,
                on.restored(tokens).map(Journal.Restored::digest),
                hidden(shown.operation()));
    }

    /** Grants are looked for with tokens in their places, but without placeholders: a placeholder would stand for anything. */
    private Approvals.Hidden hidden(Operation shown) {
        Operation known = on.veil().action(on.action()).operation();
        return Approvals.Hidden.between(known, shown.subject(), shown.arguments(), Approvals.Hidden.Why.TAKEN_OUT)
                .at(Approvals.Hidden.places(
                        on.action().operation().arguments(), known.arguments(), Approvals.Hidden.Why.TOKEN));
    }
}
