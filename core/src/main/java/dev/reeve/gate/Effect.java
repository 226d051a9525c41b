package dev.reeve.gate;

import dev.reeve.json.Json;
import java.util.Optional;

/** What came of doing it. */
public sealed interface Effect {
    /** The upstream answered with a result; {@code toolError} if that result says that the tool failed. */
    record Answered(Json.Obj result, boolean toolError) implements Effect {}

    /** The upstream answered with a protocol error. */
    record Refused(int code, String message, Optional<Json> data) implements Effect {}

    /** Nothing left this house: the upstream was down, the permit had run out, ... Safe to try again. */
    record NotSent(Denial why) implements Effect {}

    /** The caller did it itself, or did not: this house only decided. What came of it is the caller's word. */
    record Elsewhere(Told told) implements Effect {}

    /** What the caller said came of it. */
    enum Told {
        SUCCESS,
        FAILURE,
        /** It does not say, or has not. */
        NOTHING
    }

    /** Nothing was sent: what came of the same call before, and people released. */
    record Kept(HeldResults.Kept kept) implements Effect {}

    /** Something was sent and no answer came. It is never sent again (R3). */
    record Unknown(Denial why) implements Effect {}
}
