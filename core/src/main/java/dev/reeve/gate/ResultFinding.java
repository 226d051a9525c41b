package dev.reeve.gate;

import dev.reeve.json.Json;

/** What a result stage or an obligation made of a result. */
public sealed interface ResultFinding {
    /** The name of the stage or obligation. */
    String stage();

    record Unchanged(String stage) implements ResultFinding {}

    /** Goes out in this form. {@code reason} is for the record: {@code 3 of 10 rows left out}. */
    record Changed(String stage, String reason, Json.Obj result) implements ResultFinding {}

    /** Does not go out at all. */
    record Withheld(String stage, Denial denial) implements ResultFinding {}
}
