package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Takes one operation through the gate, lets it happen, and brings back what may be told. */
final class Governed {
    private static final System.Logger LOG = System.getLogger("dev.reeve.adapter.mcp");

    private final Surroundings around;

    Governed(Surroundings around) {
        this.around = around;
    }

    /** What came of it, for the caller. */
    sealed interface Outcome {
        record Done(Json.Obj result) implements Outcome {}

        record Failed(Release.UpstreamError error) implements Outcome {
            RpcException thrown() {
                return RpcError.upstream(error.code(), error.message(), error.data())
                        .thrown();
            }
        }

        /** @param page where people can answer; of what waits for them only */
        record NotAllowed(Denial denial, String ticket, How how, Optional<String> page) implements Outcome {
            NotAllowed(Denial denial, String ticket, How how) {
                this(denial, ticket, how, Optional.empty());
            }
        }
    }

    /** How far it went. */
    enum How {
        /** Denied; it did not run. */
        DENIED,
        /** Waits for a person whose yes lets the same call run; it did not run. */
        HELD,
        /** It ran, and what came back waits for a person whose yes lets the same call have it. */
        RESULT_HELD,
        /** Waits for what people decide elsewhere, as of a definition; it did not run. */
        HELD_ELSEWHERE,
        /** Allowed, but nothing was sent. */
        NOT_SENT,
        /** It ran, and what came back stays here. */
        WITHHELD,
        /** Something was sent and nothing came back. */
        UNKNOWN
    }

    /** Done by an upstream. */
    Outcome send(Caller caller, Operation operation, Optional<String> reasoning, Ongoing ongoing) {
        return send(caller, operation, reasoning, ongoing, result -> result);
    }

    /** @param shaping what becomes of an answer before anybody records it or looks at it */
    Outcome send(
            Caller caller,
            Operation operation,
            Optional<String> reasoning,
            Ongoing ongoing,
            UnaryOperator<Json.Obj> shaping) {
        return act(
                caller,
                operation,
                reasoning,
                ongoing::runs,
                permit -> ongoing.isOnlyForResult()
                        ? new Effect.NotSent(givenToAnother())
                        : shaped(sent(permit, operation, ongoing), shaping));
    }

    /** Before Reeve says anything in it. */
    private static Effect shaped(Effect effect, UnaryOperator<Json.Obj> shaping) {
        return effect instanceof Effect.Answered(Json.Obj result, boolean failed)
                ? new Effect.Answered(shaping.apply(ForeignMeta.withoutInResult(result)), failed)
                : effect;
    }

    private Effect sent(Permit permit, Operation operation, Ongoing ongoing) {
        return ongoing.because(around.upstreams()
                .send(
                        permit,
                        ongoing.exchange(around.gate(), permit, around.asks().apply(operation.upstream()))));
    }

    /** Whoever comes for a result that is not there any more does not make the call a second time. */
    static Denial givenToAnother() {
        return Denial.of(
                        "result_gone",
                        Denial.ReasonClass.UNAVAILABLE,
                        "the result was given to another call, or is gone")
                .withTell("The call was made before. Its result was given to another call, or is gone.");
    }

    /** Done by {@code effect}, which uses the permit. */
    Outcome act(Caller caller, Operation operation, Optional<String> reasoning, Function<Permit, Effect> effect) {
        return act(caller, operation, reasoning, permit -> {}, effect);
    }

    /** @param kept takes the permit of what does not run, because its result is there */
    private Outcome act(
            Caller caller,
            Operation operation,
            Optional<String> reasoning,
            Consumer<Permit> kept,
            Function<Permit, Effect> effect) {
        return switch (around.gate().decide(caller.attempt(operation, reasoning))) {
            case Verdict.Allow(Permit permit) -> {
                permit.kept().ifPresent(ignored -> kept.accept(permit));
                yield run(permit, effect);
            }
            case Verdict.Deny deny -> new Outcome.NotAllowed(deny.denial(), deny.ticket(), How.DENIED);
            case Verdict.Hold hold ->
                new Outcome.NotAllowed(
                        hold.why(),
                        hold.ticket(),
                        hold.ran() ? How.RESULT_HELD : hold.forPeople() ? How.HELD : How.HELD_ELSEWHERE,
                        hold.forPeople() ? around.pages().apply(hold.ticket()) : Optional.empty());
        };
    }

    /** Told by Reeve itself, without asking any server now: decided, recorded and looked at all the same. */
    Outcome tell(Caller caller, Operation operation, Supplier<Json.Obj> what) {
        return act(
                caller,
                operation,
                Optional.empty(),
                permit -> permit.use()
                        .<Effect>map(Effect.NotSent::new)
                        .orElseGet(() -> new Effect.Answered(what.get(), false)));
    }

    private Outcome run(Permit permit, Function<Permit, Effect> does) {
        long begin = around.nanos().getAsLong();
        Effect effect = permit.kept().orElseGet(() -> attempted(permit, does));
        Duration elapsed = Duration.ofNanos(around.nanos().getAsLong() - begin);
        return switch (around.gate().release(permit, effect, elapsed)) {
            case Release.Result result -> new Outcome.Done(result.result());
            case Release.UpstreamError error -> new Outcome.Failed(error);
            case Release.Withheld held ->
                held.waits()
                        ? new Outcome.NotAllowed(
                                held.denial(),
                                held.ticket(),
                                How.RESULT_HELD,
                                around.pages().apply(held.ticket()))
                        : new Outcome.NotAllowed(held.denial(), held.ticket(), how(effect));
        };
    }

    /** An intent is durable by now; whatever throws here, an outcome must follow it. */
    private static Effect attempted(Permit permit, Function<Permit, Effect> does) {
        try {
            return does.apply(permit);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "an effect failed: {0}",
                    e.getClass().getName());
            return new Effect.Unknown(Denial.of(
                    "outcome_unknown",
                    Denial.ReasonClass.UNAVAILABLE,
                    "the effect failed: " + e.getClass().getSimpleName()));
        }
    }

    private static How how(Effect effect) {
        return switch (effect) {
            case Effect.Answered ignored -> How.WITHHELD;
            case Effect.Refused ignored -> How.WITHHELD;
            case Effect.Kept ignored -> How.WITHHELD;
            case Effect.Elsewhere ignored -> How.WITHHELD;
            case Effect.NotSent ignored -> How.NOT_SENT;
            case Effect.Unknown ignored -> How.UNKNOWN;
        };
    }
}
