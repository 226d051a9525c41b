package dev.reeve.policy;

import java.util.Optional;

/** Something wrong with what was written: where, which field, what, and how to mend it. */
public record Problem(Severity severity, Place place, String field, String message, Optional<String> fix) {
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(Place place, String field, String message) {
        return new Problem(Severity.ERROR, place, field, message, Optional.empty());
    }

    public static Problem warning(Place place, String field, String message) {
        return new Problem(Severity.WARNING, place, field, message, Optional.empty());
    }

    public Problem withFix(String text) {
        return new Problem(severity, place, field, message, Optional.of(text));
    }

    /** {@code policies/roles.yaml:12: agent_roles.clerk: unknown key; did you mean "actions"?} */
    @Override
    public String toString() {
        String kind = severity == Severity.WARNING ? "warning: " : "";
        return place + ": " + kind + (field.isEmpty() ? "" : field + ": ") + message
                + fix.map(text -> "; " + text).orElse("");
    }
}
