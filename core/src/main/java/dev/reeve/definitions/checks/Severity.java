package dev.reeve.definitions.checks;

/** What a finding does. */
public enum Severity {
    /** Is shown. */
    LOW,
    /** Is shown, and wants to be read before the definition is approved. */
    MEDIUM,
    /** Holds the definition, also where first use is trusted, until a person or the operator's file accepts this check by name. */
    HIGH
}
