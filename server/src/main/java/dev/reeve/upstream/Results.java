package dev.reeve.upstream;

import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a server's answer into what the gate knows. Members that only say how a revision works ({@code resultType}, cache hints, the server's own
 * {@code _meta} keys) are taken off, so that results look alike in every revision.
 */
final class Results {
    private static final int INTERNAL = -32603;
    private static final int INVALID_PARAMS = -32602;

    private final Failures failures;

    Results(Failures failures) {
        this.failures = failures;
    }

    Effect ofTool(Answer answer, Offered offered) throws CallFailedException {
        return switch (answer) {
            case Answer.Failure failure -> refused(failure, offered);
            case Answer.Result(Json.Obj result) -> {
                Optional<Effect> asks = asks(result, offered).or(() -> becameTask(result, offered));
                if (asks.isPresent()) {
                    yield asks.get();
                }
                Optional<String> unfinished = unfinished(result);
                if (unfinished.isPresent()) {
                    yield new Effect.Answered(toolError(unfinished.get()), true);
                }
                if (result.array("content").isEmpty()) {
                    throw failures.unusable("answer_unreadable", "the result of the tool has no content");
                }
                boolean failed =
                        result.get("isError").filter(Json.Bool.TRUE::equals).isPresent();
                yield new Effect.Answered(plain(result), failed);
            }
        };
    }

    /** @param must the member without which it is not a result of this kind */
    Effect of(Answer answer, String must, Offered offered) throws CallFailedException {
        return switch (answer) {
            case Answer.Failure failure -> refused(failure, offered);
            case Answer.Result(Json.Obj result) -> {
                Optional<Effect> asks = asks(result, offered);
                if (asks.isPresent()) {
                    yield asks.get();
                }
                Optional<String> unfinished = unfinished(result);
                if (unfinished.isPresent()) {
                    yield new Effect.Refused(INTERNAL, unfinished.get(), Optional.empty());
                }
                if (result.array(must).isEmpty()) {
                    throw failures.unusable("answer_unreadable", "its result has no `" + must + "`");
                }
                yield new Effect.Answered(plain(result), false);
            }
        };
    }

    Effect ofCompletion(Answer answer) throws CallFailedException {
        return switch (answer) {
            case Answer.Failure failure -> refused(failure);
            case Answer.Result(Json.Obj result) -> {
                if (result.object("completion")
                        .flatMap(it -> it.array("values"))
                        .isEmpty()) {
                    throw failures.unusable("answer_unreadable", "its result has no `completion`");
                }
                yield new Effect.Answered(plain(result), false);
            }
        };
    }

    Effect ofSkill(Answer answer) throws CallFailedException {
        return switch (answer) {
            case Answer.Failure failure -> refused(failure);
            case Answer.Result(Json.Obj result) -> {
                if (result.object("skill").isEmpty()) {
                    throw failures.unusable("answer_unreadable", "its result has no `skill`");
                }
                yield new Effect.Answered(plain(result), false);
            }
        };
    }

    /** Of a server that does not have it, as one says it of itself. */
    static Effect absent() {
        return new Effect.Refused(INVALID_PARAMS, "Not found", Optional.empty());
    }

    private static Effect refused(Answer.Failure failure, Offered offered) {
        return InputRequired.ofError(failure, offered)
                .<Effect>map(it -> new Effect.Answered(it, false))
                .orElseGet(() -> refused(failure));
    }

    static Effect refused(Answer.Failure failure) {
        return new Effect.Refused(failure.code(), failure.message(), failure.data());
    }

    private static Optional<Effect> asks(Json.Obj result, Offered offered) {
        return InputRequired.is(result)
                ? InputRequired.checked(result, offered).map(it -> new Effect.Answered(it, false))
                : Optional.empty();
    }

    private static Optional<Effect> becameTask(Json.Obj result, Offered offered) {
        return offered.tasks() && TaskResults.is(result)
                ? TaskResults.begun(result).map(it -> new Effect.Answered(it, false))
                : Optional.empty();
    }

    /** A server that wants something from the client first that it was not offered gets nothing. */
    private Optional<String> unfinished(Json.Obj result) {
        String type = result.string("resultType").orElse("complete");
        return switch (type) {
            case "complete" -> Optional.empty();
            case "input_required" ->
                Optional.of(
                        "input_required_unsupported: the server `" + failures.upstream()
                                + "` wants to ask something that this client, or its operator, does not let it ask; the call was not finished");
            default ->
                Optional.of("result_type_unsupported: the server `" + failures.upstream()
                        + "` answered with something other than a result; the call was not finished");
        };
    }

    private static Json.Obj toolError(String text) {
        Json.Obj content = Json.object().put("type", "text").put("text", text).build();
        return Json.object()
                .put("content", new Json.Arr(java.util.List.of(content)))
                .put("isError", true)
                .build();
    }

    static Json.Obj plain(Json.Obj result) {
        Json.Obj bare = result.without("resultType").without("ttlMs").without("cacheScope");
        Optional<Json.Obj> meta = bare.object("_meta");
        if (meta.isEmpty()) {
            return bare;
        }
        Map<String, Json> kept = new LinkedHashMap<>(meta.get().members());
        kept.keySet().removeIf(name -> name.startsWith(Envelope.OWN_KEYS));
        return kept.isEmpty() ? bare.without("_meta") : bare.with("_meta", new Json.Obj(kept));
    }
}
