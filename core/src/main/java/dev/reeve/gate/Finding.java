package dev.reeve.gate;

import dev.reeve.action.Operation;
import java.util.List;
import java.util.Optional;

/** What a stage found. The list of findings is the audit's {@code policy_checks}, the explanation and the replay. */
public sealed interface Finding {
    /** The stage's name. */
    String stage();

    /** Nothing against it. {@code reason} says why in one line. */
    record Pass(String stage, Optional<RuleRef> rule, String reason) implements Finding {}

    /** Not to be done. No later stage runs. */
    record Stop(String stage, Denial denial) implements Finding {}

    /**
     * A person must decide. Stages after it still run, and may stop it.
     *
     * @param by who may, as it is written
     * @param terms empty where approving the action does not help, as with a definition that waits for a person
     */
    record Ask(String stage, Denial why, List<String> by, Optional<AskTerms> terms) implements Finding {
        public Ask {
            by = List.copyOf(by);
        }

        /** Nothing that approving this action would settle. */
        public Ask(String stage, Denial why, List<String> by) {
            this(stage, why, by, Optional.empty());
        }

        /** Rule, people and terms in one text; empty where a person's yes settles nothing. */
        public Optional<String> key() {
            return terms.map(it -> it.key(why.rule().map(RuleRef::name).orElse("?"), by));
        }

        /** Whether the same rule asks the same people on the same terms, wherever it stands by now. */
        public boolean asksTheSame(Ask other) {
            return stage.equals(other.stage)
                    && why.rule().map(RuleRef::name).equals(other.why.rule().map(RuleRef::name))
                    && by.equals(other.by)
                    && terms.equals(other.terms);
        }
    }

    /** Allowed in another form: the action is made anew from this operation, and digested again. */
    record Redact(String stage, Optional<RuleRef> rule, String reason, Operation instead) implements Finding {}

    /** A rule that is on trial would have decided so. Counts for nothing. */
    record Shadow(String stage, RuleRef rule, Journal.Ruling would, String reason) implements Finding {}

    /**
     * Nothing that stops it, and something that people should see.
     *
     * @param code stable, snake case
     * @param suggestion what could be done instead; may be empty
     */
    record Warn(String stage, Optional<RuleRef> rule, String code, String reason, String suggestion)
            implements Finding {}

    /** Allowed, if the result is treated so. */
    record Oblige(String stage, Optional<RuleRef> rule, String reason, Obligation obligation) implements Finding {}
}
