package dev.reeve.judge;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a judge that is a model is told: the instructions, which have a version, and the action as data between two lines that nobody can
 * guess. Text that is judged cannot end its own fence; that it sways the judge all the same cannot be ruled out, and is why an opinion only
 * ever holds or warns, and never allows.
 *
 * @param system the instructions
 * @param user the action, fenced
 */
record Brief(String system, String user) {
    /** Changes whenever the text of the instructions does. */
    static final String VERSION = "judge-1";

    /** What an answer looks like: JSON Schema, in the part of it that providers of structured output share. */
    static final Json.Obj ANSWER = schema();

    private static final String INSTRUCTIONS = text(VERSION + ".txt");

    /** @param fence unguessable, of letters and digits */
    static Brief of(Json.Obj action, String fence) {
        String line = "----- " + fence + " -----";
        return new Brief(INSTRUCTIONS.replace("FENCE", line), line + "\n" + JsonWriter.text(action) + "\n" + line);
    }

    private static String text(String file) {
        try (InputStream in = Brief.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Json.Obj schema() {
        Json.Builder properties = Json.object()
                .put(
                        "level",
                        Json.object()
                                .put("type", "string")
                                .put("enum", Json.Arr.ofStrings(List.of("low", "medium", "high"))));
        for (String name : List.of("warning", "suggestion", "reason")) {
            properties.put(name, Json.object().put("type", "string"));
        }
        return Json.object()
                .put("type", "object")
                .put("properties", properties)
                .put("required", Json.Arr.ofStrings(List.of("level", "warning", "suggestion", "reason")))
                .put("additionalProperties", false)
                .build();
    }
}
