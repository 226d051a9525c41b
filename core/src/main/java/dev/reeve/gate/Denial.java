package dev.reeve.gate;

import java.util.Optional;

/**
 * Why not. Operators get all of it; the agent gets the code, the class and {@code tell} (R10).
 *
 * @param code stable, snake case: {@code no_rule_allows}, {@code denied_by_rule}, {@code arguments_invalid}, ...
 * @param reason for operators: lower case, user input in backticks
 * @param tell what the rule lets the agent be told, if anything
 * @param nearest what would have allowed it and the first condition that failed
 * @param help what the operator can do
 * @param concealed the agent may not know that the thing exists: the answer is that of a thing that does not
 */
public record Denial(
        String code,
        ReasonClass reasonClass,
        String reason,
        Optional<RuleRef> rule,
        Optional<String> tell,
        Optional<Nearest> nearest,
        Optional<String> help,
        boolean concealed) {

    /**
     * What came nearest to allowing, and why it did not.
     *
     * @param rule empty if no rule came near, and then {@code missing} says why
     */
    public record Nearest(Optional<RuleRef> rule, String missing) {
        public Nearest(RuleRef rule, String missing) {
            this(Optional.of(rule), missing);
        }

        public static Nearest none(String why) {
            return new Nearest(Optional.empty(), why);
        }
    }

    /** What kind of reason it is; this much the agent is always told, so that it stops instead of trying tricks. */
    public enum ReasonClass {
        /** No policy allows it, or one forbids it. Asking again does not help. */
        POLICY(false),
        /** The arguments are wrong; other arguments may be right. */
        ARGUMENTS(true),
        /** A person must look first. */
        APPROVAL(true),
        /** The identity is unknown, expired, suspended. */
        IDENTITY(false),
        /** Too much at once, or a budget is spent. */
        LIMIT(true),
        /** Something that Reeve needs is down. It may work later. */
        UNAVAILABLE(true);

        private final boolean retryMayHelp;

        ReasonClass(boolean retryMayHelp) {
            this.retryMayHelp = retryMayHelp;
        }

        public boolean retryMayHelp() {
            return retryMayHelp;
        }

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A denial that names no rule. */
    public static Denial of(String code, ReasonClass reasonClass, String reason) {
        return new Denial(
                code,
                reasonClass,
                reason,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    Denial withReason(String text) {
        return new Denial(code, reasonClass, text, rule, tell, nearest, help, concealed);
    }

    public Denial withHelp(String text) {
        return new Denial(code, reasonClass, reason, rule, tell, nearest, Optional.of(text), concealed);
    }

    public Denial withTell(String text) {
        return new Denial(code, reasonClass, reason, rule, Optional.of(text), nearest, help, concealed);
    }

    public Denial withRule(RuleRef by) {
        return new Denial(code, reasonClass, reason, Optional.of(by), tell, nearest, help, concealed);
    }

    public Denial withNearest(Nearest near) {
        return new Denial(code, reasonClass, reason, rule, tell, Optional.of(near), help, concealed);
    }

    public Denial conceal() {
        return new Denial(code, reasonClass, reason, rule, tell, nearest, help, true);
    }
}
