package dev.reeve.definitions;

import dev.reeve.gate.UnrecordableException;

/** Writes down that a pin changes, before it does (R27). What cannot be recorded does not change. */
@FunctionalInterface
public interface PinRecords {
    /** @param act {@code pin_new}, {@code pin_drift}, {@code pin_back}, {@code pin_approve} */
    void changing(String act, Pin pin) throws UnrecordableException;
}
