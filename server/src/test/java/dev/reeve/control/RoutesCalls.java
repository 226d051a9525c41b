package dev.reeve.control;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Calls operations of the control API in the name of whoever the test says. */
record RoutesCalls(ControlRoutes routes) {
    record Said(int status, Json.Obj body) {
        String id() {
            return waiting("id");
        }

        String what() {
            return waiting("what");
        }

        private String waiting(String member) {
            return body.object("waiting").flatMap(it -> it.string(member)).orElseThrow();
        }

        String code() {
            return body.object("error").flatMap(it -> it.string("code")).orElseThrow();
        }
    }

    Said post(Caller caller, String path, String body) {
        return said(ControlRequest.of("POST", path, Map.of(), body.getBytes(StandardCharsets.UTF_8), caller));
    }

    Said get(Caller caller, String path) {
        return said(ControlRequest.of("GET", path, Map.of(), new byte[0], caller));
    }

    /** The other administrator's word about what waits. */
    Said agree(Caller caller, Said asked) {
        return post(caller, "/v1/seconds/" + asked.id() + "/agree", "{}");
    }

    private Said said(ControlRequest request) {
        ControlReply reply = routes.handle(request);
        try {
            return new Said(
                    reply.status(),
                    StrictJson.readObject(reply.text().getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER));
        } catch (JsonRefusedException e) {
            throw new AssertionError(reply.text(), e);
        }
    }
}
