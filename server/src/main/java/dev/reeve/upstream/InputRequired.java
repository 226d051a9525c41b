package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The result that is none yet: a server's questions, and what it wants back with the answers (2026-07-28, "Multi Round-Trip Requests"). What a server
 * with sessions asks while a call runs is put into the same form.
 */
public final class InputRequired {
    public static final String TYPE = "input_required";

    /** The one key of a question that came while a call ran. */
    public static final String KEY = "question";

    /** The state of a call that a server with sessions wants to see again once somebody was at its URLs: nothing waits for it. */
    static final String AGAIN = "again";

    private static final int URL_REQUIRED = -32042;
    private static final int LONGEST_STATE = 64 << 10;
    private static final int LONGEST_KEY = 128;

    private InputRequired() {}

    /** Whether a result is one. Results that passed {@link Results} carry a type only if they are. */
    public static boolean is(Json.Obj result) {
        return result.string("resultType").filter(TYPE::equals).isPresent();
    }

    /** An error of 2025-11-25 that says that somebody must visit URLs first, as the questions that it is. */
    static Optional<Json.Obj> ofError(Answer.Failure failure, Offered offered) {
        Optional<Json.Arr> urls = failure.data()
                .filter(data -> data instanceof Json.Obj)
                .flatMap(data -> ((Json.Obj) data).array("elicitations"));
        if (failure.code() != URL_REQUIRED || urls.isEmpty()) {
            return Optional.empty();
        }
        Json.Builder asked = Json.object();
        int count = 0;
        for (Json one : urls.get().items()) {
            if (one instanceof Json.Obj params) {
                asked.put(
                        "url" + count++,
                        Json.object()
                                .put("method", "elicitation/create")
                                .put("params", params.with("mode", Json.of("url"))));
            }
        }
        return checked(
                Json.object()
                        .put("resultType", TYPE)
                        .put("inputRequests", asked)
                        .put("requestState", AGAIN)
                        .build(),
                offered);
    }

    static Json.Obj of(String method, Json.Obj params, String state) {
        Json.Obj request =
                Json.object().put("method", method).put("params", params).build();
        return Json.object()
                .put("resultType", TYPE)
                .put("inputRequests", Json.object().put(KEY, request))
                .put("requestState", state)
                .build();
    }

    /** Only what the revision has, and only if the client was offered to be asked each of it. */
    static Optional<Json.Obj> checked(Json.Obj result, Offered offered) {
        Optional<String> state = result.string("requestState");
        if (state.filter(it -> it.length() > LONGEST_STATE).isPresent()
                || (result.has("requestState") && state.isEmpty())
                || (result.has("inputRequests")
                        && result.object("inputRequests").isEmpty())) {
            return Optional.empty();
        }
        Json.Obj asked = result.object("inputRequests").orElse(Json.Obj.EMPTY);
        if (asked.members().size() > Questions.MOST || (asked.members().isEmpty() && state.isEmpty())) {
            return Optional.empty();
        }
        Map<String, Json> kept = new LinkedHashMap<>();
        for (Map.Entry<String, Json> one : asked.members().entrySet()) {
            Optional<Json.Obj> question = question(one.getValue(), offered);
            if (question.isEmpty() || one.getKey().length() > LONGEST_KEY) {
                return Optional.empty();
            }
            kept.put(one.getKey(), question.get());
        }
        return Optional.of(Json.object()
                .put("resultType", TYPE)
                .put("inputRequests", new Json.Obj(kept))
                .put("requestState", state)
                .build());
    }

    private static Optional<Json.Obj> question(Json value, Offered offered) {
        if (!(value instanceof Json.Obj request)) {
            return Optional.empty();
        }
        String method = request.string("method").orElse("");
        Json.Obj params = request.object("params").orElse(Json.Obj.EMPTY);
        return Questions.kind(method, params)
                .filter(offered.kinds()::contains)
                .map(kind -> Json.object()
                        .put("method", method)
                        .put("params", params)
                        .build());
    }
}
