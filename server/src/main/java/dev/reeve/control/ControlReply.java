package dev.reeve.control;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/** An answer, whichever door it leaves through. */
public record ControlReply(int status, String contentType, String text) {
    private static final String JSON = "application/json";

    public static ControlReply json(Json value) {
        return new ControlReply(200, JSON, JsonWriter.text(value));
    }

    public static ControlReply json(int status, Json value) {
        return new ControlReply(status, JSON, JsonWriter.text(value));
    }

    static ControlReply refused(int status, String code, String message, String fix) {
        Json.Builder error = Json.object().put("code", code).put("message", message);
        if (!fix.isEmpty()) {
            error.put("fix", fix);
        }
        return json(status, Json.object().put("error", error).build());
    }

    static ControlReply refused(RefusedException refused) {
        return refused(refused.status(), refused.code(), String.valueOf(refused.getMessage()), refused.fix());
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What it holds may be seen by others, or is a secret. */
    @Override
    public String toString() {
        return "ControlReply[" + status + "]";
    }
}
