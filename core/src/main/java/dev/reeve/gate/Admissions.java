package dev.reeve.gate;

import dev.reeve.action.Operation;
import java.util.Optional;

/** Checks an operation against the pinned definition (R4, R19). In memory; pure over one snapshot of the pins. */
public interface Admissions {
    Admission admit(Operation operation);

    /** What came of it. */
    sealed interface Admission {
        /** Arguments valid, defaults filled in. */
        record Admitted(Operation operation, Optional<String> fingerprint) implements Admission {}

        /** The definition is new or has changed: a person looks first. */
        record Held(Operation operation, Denial why) implements Admission {}

        /** No such thing, or arguments that do not fit. */
        record Refused(Denial denial) implements Admission {}
    }
}
