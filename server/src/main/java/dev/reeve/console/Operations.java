package dev.reeve.console;

import dev.reeve.control.Caller;
import dev.reeve.control.ControlReply;
import dev.reeve.control.ControlRequest;
import dev.reeve.control.ControlRoutes;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What pages know and do: the operations of the control API, as the person, with that person's roles, scope and records. */
final class Operations {
    private final ControlRoutes routes;

    Operations(ControlRoutes routes) {
        this.routes = routes;
    }

    /** An answer that is none. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        FailedException(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    Json.Obj get(Caller caller, String path, Map<String, String> query) throws FailedException {
        return object(routes.handle(ControlRequest.of("GET", path, query, new byte[0], caller)));
    }

    Json.Obj post(Caller caller, String path, Json.Obj body) throws FailedException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return object(routes.handle(ControlRequest.of("POST", path, Map.of(), bytes, caller)));
    }

    private static Json.Obj object(ControlReply reply) throws FailedException {
        try {
            Json.Obj object = StrictJson.readObject(reply.text().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
            if (reply.status() >= 400) {
                Json.Obj error = object.object("error").orElse(Json.Obj.EMPTY);
                String fix = error.string("fix").map(text -> ": " + text).orElse("");
                throw new FailedException(
                        reply.status(), error.string("message").orElse("it was refused") + fix);
            }
            return object;
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("our own answer is not JSON", e);
        }
    }
}
