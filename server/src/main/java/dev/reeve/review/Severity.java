package dev.reeve.review;

import java.util.Locale;

/** How soon somebody should look, gravest first. */
public enum Severity {
    HIGH,
    MEDIUM,
    LOW;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is as grave as the other, or graver. */
    public boolean isAtLeast(Severity other) {
        return compareTo(other) <= 0;
    }
}
