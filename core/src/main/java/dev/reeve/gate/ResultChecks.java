package dev.reeve.gate;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private Optional<ResultFinding.Held> held = Optional.empty();

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

    /**
     * What is left of a result.
     *
     * @param release what may go out; if it is held, once people said so
     */
    record Examined(Release release, Optional<ResultFinding.Held> held) {
        static Examined of(Release release) {
            return new Examined(release, Optional.empty());
        }
    }

    static Examined run(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            Json.Obj result,
            List<ResultFinding> findings) {
        ResultChecks checks = new ResultChecks(permit, always, exchange, result, findings);
        checks.run();
        return checks.examined(() -> new Release.Result(checks.result));
    }

    private Examined examined(Supplier<Release> left) {
        return new Examined(
                withheld.<Release>map(denial ->
                                new Release.Withheld(denial, permit.action().id()))
                        .orElseGet(left),
                held);
    }

    /** An error text comes from outside like any result, and takes the same way. */
    static Examined run(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            Effect.Refused refused,
            List<ResultFinding> findings) {
        ResultChecks checks =
                new ResultChecks(permit, always, exchange, wrapped(refused.message(), refused.data()), findings);
        checks.run();
        return checks.examined(() -> checks.error(refused.code(), refused.data()));
    }

    private static Json.Obj wrapped(String message, Optional<Json> data) {
        return Json.object()
                .put("message", message)
                .put("data", data.orElse(Json.Null.NULL))
                .build();
    }

    private Release error(int code, Optional<Json> data) {
        return new Release.UpstreamError(
                code, result.string("message").orElse("upstream error"), data.flatMap(ignored -> result.get("data")));
    }

    /**
     * What people released. It was treated when it came; what is secret or a token by now is hidden all the same, and stages must find nothing to
     * do but what people said yes to: the policy, or what they go by, may be another one by now.
     */
    static Examined again(
            Permit permit,
            List<ResultStage> always,
            Tokens.Exchange exchange,
            HeldResults.Kept kept,
            List<ResultFinding> findings) {
        return switch (kept.came()) {
            case Release.Result(Json.Obj result) -> {
                ResultChecks checks = new ResultChecks(permit, always, exchange, result, findings);
                checks.again(kept);
                yield checks.examined(() -> new Release.Result(checks.result));
            }
            case Release.UpstreamError error -> {
                ResultChecks checks =
                        new ResultChecks(permit, always, exchange, wrapped(error.message(), error.data()), findings);
                checks.again(kept);
                yield checks.examined(() -> checks.error(error.code(), error.data()));
            }
            case Release.Withheld withheld -> Examined.of(withheld);
        };
    }

    private void again(HeldResults.Kept kept) {
        step(Retrieval.RESULT, now -> new ResultFinding.Noted(Retrieval.RESULT, "people released it", kept.classes()));
        conceal();
        permit.rulebook().resultStages().forEach(stage -> step(stage.name(), now -> same(stage, kept, now)));
        always.forEach(this::step);
    }

    private ResultFinding same(ResultStage stage, HeldResults.Kept kept, Json.Obj now) {
        ResultFinding found = stage.examine(permit.action(), permit.facts(), now, Tokens.Exchange.NONE);
        Optional<Json.Obj> left = left(found, kept, now);
        boolean same = left.equals(Optional.of(now));
        // Another policy is not what people knew; the same one may take out more for what the instance has read since.
        boolean another = !permit.rulebook().version().equals(kept.policy());
        if (left.isEmpty() || (another && !same)) {
            return new ResultFinding.Withheld(
                    stage.name(),
                    Denial.of(
                            "result_kept_back",
                            Denial.ReasonClass.POLICY,
                            "the policy would not let it go out as it is by now"));
        }
        String reason = same ? "as it was when people released it" : "more was taken out than when it came";
        return same
                ? new ResultFinding.Noted(stage.name(), reason, found.classes())
                : new ResultFinding.Changed(stage.name(), reason, left.get(), found.classes());
    }

    /** Empty if it may not go out by what people said. */
    private static Optional<Json.Obj> left(ResultFinding found, HeldResults.Kept kept, Json.Obj now) {
        return switch (found) {
            case ResultFinding.Unchanged ignored -> Optional.of(now);
            case ResultFinding.Noted ignored -> Optional.of(now);
            case ResultFinding.Changed changed -> Optional.of(changed.result());
            case ResultFinding.Withheld ignored -> Optional.empty();
            case ResultFinding.Held again ->
                again.asks().stream()
                                .allMatch(ask ->
                                        ask.key().filter(kept.holds()::contains).isPresent())
                        ? Optional.of(again.result())
                        : Optional.empty();
        };
    }

    private void run() {
        for (Obligation obligation : permit.obligations()) {
            step(obligation.name(), now -> obligation.apply(permit.action(), now));
        }
        conceal();
        permit.rulebook().resultStages().forEach(this::step);
        always.forEach(this::step);
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
            case ResultFinding.Held waits -> {
                result = waits.result();
                held = held.or(() -> Optional.of(waits));
            }
            case ResultFinding.Withheld never -> withheld = Optional.of(never.denial());
        }
    }
}
