package dev.reeve.openapi;

import dev.reeve.json.Json;

/** What the document says of a body in JSON. Compiled once; safe for use by many threads. */
public interface BodySchema {
    /** The schema, for the types of conditions. It may refer to {@link #definitions} as {@code #/$defs/NAME}. */
    Json type();

    Json.Obj definitions();

    /** @throws IllegalArgumentException saying which place breaks which word of the schema, and no value */
    void check(Json body);

    /**
     * Reads a body that stands in an argument as a text.
     *
     * @throws IllegalArgumentException if it is not exactly one value in JSON, without anything that could be read in two ways
     */
    Json read(String text);
}
