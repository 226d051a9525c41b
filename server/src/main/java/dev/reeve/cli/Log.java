package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.time.Instant;

/** One JSON line for each thing that operators should know, on standard error. Never a payload, never a secret. */
final class Log {
    private Log() {}

    static void info(String event, String message) {
        write("info", event, message);
    }

    static void warn(String event, String message) {
        write("warn", event, message);
    }

    static void error(String event, String message) {
        write("error", event, message);
    }

    private static void write(String level, String event, String message) {
        Json.Obj line = Json.object()
                .put("time", Instant.now().toString())
                .put("level", level)
                .put("event", event)
                .put("message", dev.reeve.audit.EventText.escape(message))
                .build();
        System.err.println(JsonWriter.text(line));
    }
}
