package dev.reeve.definitions;

import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.gate.UnrecordableException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes down that a pin changes, before it does (R27). What cannot be recorded does not change. */
@FunctionalInterface
public interface PinRecords {
    /** @param act {@code pin_new}, {@code pin_drift}, {@code pin_back}, {@code pin_approve} */
    void changing(String act, Pin pin) throws UnrecordableException;

    /**
     * The same with what the checks say of the newest bytes.
     *
     * @param accepted checks that somebody accepts for exactly these bytes, by name; none for a pin that no finding holds
     * @param second who agreed with whoever decided
     */
    default void changing(String act, Pin pin, List<Finding> findings, Set<Check> accepted, Optional<String> second)
            throws UnrecordableException {
        changing(act, pin);
    }
}
