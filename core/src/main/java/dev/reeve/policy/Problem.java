package dev.reeve.policy;

import java.util.Optional;

/**
 * Something wrong with what was written: where, which field, what, and how to mend it.
 *
 * @param rule which check found it; its id is stable
 */
public record Problem(
        Severity severity, Place place, String field, String message, Optional<String> fix, LintRule rule) {
    public enum Severity {
        ERROR,
        WARNING,
        /** Worth knowing; perhaps as it should be. */
        NOTE
    }

    public Problem(Severity severity, Place place, String field, String message, Optional<String> fix) {
        this(severity, place, field, message, fix, LintRule.INVALID);
    }

    public static Problem error(Place place, String field, String message) {
        return new Problem(Severity.ERROR, place, field, message, Optional.empty());
    }

    public static Problem warning(Place place, String field, String message) {
        return new Problem(Severity.WARNING, place, field, message, Optional.empty());
    }

    public Problem withFix(String text) {
        return new Problem(severity, place, field, message, Optional.of(text), rule);
    }

    /** Found by this check. */
    public Problem by(LintRule found) {
        return new Problem(severity, place, field, message, fix, found);
    }

    /** {@code policies/roles.yaml:12: agent_roles.clerk: unknown key; did you mean "actions"?} */
    @Override
    public String toString() {
        String kind = switch (severity) {
            case ERROR -> "";
            case WARNING -> "warning: ";
            case NOTE -> "note: ";
        };
        return place + ": " + kind + (field.isEmpty() ? "" : field + ": ") + message
                + fix.map(text -> "; " + text).orElse("") + (rule == LintRule.INVALID ? "" : " [" + rule.id() + "]");
    }
}
