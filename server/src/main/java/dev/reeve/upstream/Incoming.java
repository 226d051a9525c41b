package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.Optional;

/** One JSON-RPC message of a server. Whatever is not clearly one of the three is junk. */
sealed interface Incoming {
    /** @param id empty where the server could not read ours */
    record Response(Optional<Json> id, Answer answer) implements Incoming {}

    record Request(Json id, String method, Json.Obj params) implements Incoming {}

    record Notification(String method, Json.Obj params) implements Incoming {}

    record Junk() implements Incoming {}

    static Incoming of(Json message) {
        if (!(message instanceof Json.Obj object)) {
            return new Junk();
        }
        Optional<Json> id = object.get("id").filter(it -> !(it instanceof Json.Null));
        Optional<String> method = object.string("method");
        if (method.isPresent()) {
            Json.Obj params = object.object("params").orElse(Json.Obj.EMPTY);
            return id.<Incoming>map(it -> new Request(it, method.get(), params))
                    .orElseGet(() -> new Notification(method.get(), params));
        }
        return answer(object).<Incoming>map(it -> new Response(id, it)).orElseGet(Junk::new);
    }

    private static Optional<Answer> answer(Json.Obj object) {
        Optional<Json.Obj> error = object.object("error");
        if (error.isPresent()) {
            return Optional.of(failure(error.get()));
        }
        return object.object("result").map(Answer.Result::new);
    }

    private static Answer failure(Json.Obj error) {
        int code = error.get("code")
                .filter(it -> it instanceof Json.Num)
                .flatMap(it -> ((Json.Num) it).whole())
                .filter(it -> Math.abs(it) <= Integer.MAX_VALUE)
                .map(Long::intValue)
                .orElse(-32603);
        String message = error.string("message").orElse("the server gave no message");
        return new Answer.Failure(code, message, error.get("data"));
    }
}
