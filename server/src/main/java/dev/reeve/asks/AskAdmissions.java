package dev.reeve.asks;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.gate.Admissions;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import java.util.Optional;
import java.util.function.Function;

/** Admits questions of servers as the operator's file lets them ask; everything else goes to the pinned definitions. */
public record AskAdmissions(Admissions others, Function<String, AskPolicy> policies) implements Admissions {
    @Override
    public Admission admit(Operation operation) {
        return operation instanceof Operation.Question question ? admit(question) : others.admit(operation);
    }

    private Admission admit(Operation.Question question) {
        AskPolicy policy = policies.apply(question.upstream());
        return refusal(question, policy)
                .<Admission>map(Admission.Refused::new)
                .orElseGet(() -> new Admission.Admitted(question, Optional.empty()));
    }

    private static Optional<Denial> refusal(Operation.Question question, AskPolicy policy) {
        if (!policy.offered().contains(question.asks())) {
            return Optional.of(Denial.of(
                            "question_not_offered",
                            ReasonClass.POLICY,
                            "`" + question.upstream() + "` may not ask for "
                                    + question.asks().wire())
                    .withHelp(
                            "say so at the server in reeve.yaml, with `elicitation`, `sampling` or `roots`, if it should")
                    .withTell("the server wanted to ask the client something that it may not ask"));
        }
        if (policy.elicitation() == AskPolicy.Elicitation.ANY) {
            return Optional.empty();
        }
        return question.asks() == Asks.FORM
                ? SecretFields.in(question.arguments()).map(field -> asksSecret(question, field))
                : question.asks() == Asks.URL ? OwnUrls.refusal(question, policy.host()) : Optional.empty();
    }

    private static Denial asksSecret(Operation.Question question, String field) {
        return Denial.of(
                        "question_asks_secret",
                        ReasonClass.POLICY,
                        "`" + question.upstream() + "` asks the user for what looks like a secret: `" + field + "`")
                .withHelp("write `elicitation: any` at this server in reeve.yaml if you trust it with such answers")
                .withTell("the server wanted to ask the user for something secret");
    }
}
