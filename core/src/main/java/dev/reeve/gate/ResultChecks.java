package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Obligations first, then what was put in the place of tokens becomes tokens again, then the result stages; each sees what the one before made of
 * it.
 */
final class ResultChecks {
    private static final String TOKENS = "tokens";

    private final Permit permit;
    private final List<ResultStage> always;
    private final List<ResultFinding> findings;
    private final Tokens.Exchange exchange;
    private Json.Obj result;
    private Optional<Denial> withheld = Optional.empty();

    private ResultChecks(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            Json.Obj result,
            List<ResultFinding> findings) {
        this.exchange = exchange;
        this.permit = permit;
        this.always = always;
        this.result = result;
        this.findings = findings;
    }

    static Release run(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            Json.Obj result,
            List<ResultFinding> findings) {
        ResultChecks checks = new ResultChecks(permit, always, exchange, result, findings);
        return checks.run()
                .<Release>map(
                        denial -> new Release.Withheld(denial, permit.action().id()))
                .orElseGet(() -> new Release.Result(checks.result));
    }

    /** An error text comes from outside like any result, and takes the same way. */
    static Release run(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            Effect.Refused refused,
            List<ResultFinding> findings) {
        Json.Obj wrapped = Json.object()
                .put("message", refused.message())
                .put("data", refused.data().orElse(Json.Null.NULL))
                .build();
        ResultChecks checks = new ResultChecks(permit, always, exchange, wrapped, findings);
        return checks.run()
                .<Release>map(
                        denial -> new Release.Withheld(denial, permit.action().id()))
                .orElseGet(() -> checks.error(refused));
    }

    private Release error(Effect.Refused refused) {
        return new Release.UpstreamError(
                refused.code(),
                result.string("message").orElse("upstream error"),
                refused.data().flatMap(ignored -> result.get("data")));
    }

    private Optional<Denial> run() {
        for (Obligation obligation : permit.obligations()) {
            step(obligation.name(), now -> obligation.apply(permit.action(), now));
        }
        conceal();
        permit.rulebook().resultStages().forEach(this::step);
        always.forEach(this::step);
        return withheld;
    }

    /** Leaves no finding where there is nothing to hide, which is nearly always. */
    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    private void conceal() {
        // What a person answers to a question goes to the server that asked.
        if (withheld.isPresent() || permit.action().operation() instanceof Operation.Question) {
            return;
        }
        Json.Obj shown;
        try {
            shown = exchange.conceal(result);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            step(TOKENS, now -> new ResultFinding.Withheld(TOKENS, Crash.denial(TOKENS, e)));
            return;
        }
        if (shown != result) {
            step(
                    TOKENS,
                    now -> new ResultFinding.Changed(TOKENS, "values that tokens stand for are tokens again", shown));
        }
    }

    private void step(ResultStage stage) {
        step(stage.name(), now -> stage.examine(permit.action(), permit.facts(), now, exchange));
    }

    private void step(String name, Function<Json.Obj, ResultFinding> check) {
        if (withheld.isPresent()) {
            return;
        }
        ResultFinding found;
        try {
            found = check.apply(result);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            found = new ResultFinding.Withheld(name, Crash.denial(name, e));
        }
        findings.add(found);
        switch (found) {
            case ResultFinding.Unchanged ignored -> {}
            case ResultFinding.Noted ignored -> {}
            case ResultFinding.Changed changed -> result = changed.result();
            case ResultFinding.Withheld held -> withheld = Optional.of(held.denial());
        }
    }
}
