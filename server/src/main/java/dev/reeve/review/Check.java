package dev.reeve.review;

import java.util.Locale;

/** What is looked for. docs/review.md says when each finds something; a test holds the page to this list. */
public enum Check {
    NO_INTENT(
            "an outcome without its intent",
            "compare with `reeve audit verify`: records are missing, or somebody else wrote them"),
    NO_OUTCOME("an action that never ended in the record", "find out at the system behind whether it took effect"),
    UNKNOWN_OUTCOME("nobody knows whether it took effect", "find out at the system behind; do not repeat it blindly"),
    MORE_THAN_RESERVED(
            "more came of it than was reserved", "set `worst` of the limit or the price to what really comes"),
    WITHHELD(
            "done, and its result withheld",
            "see whether the agent may do it at all, if it may not see what comes of it"),
    UNUSUALLY_MANY_ROWS(
            "many more rows than this tool usually gives", "see what was asked; a limit on rows stops the next one"),
    POLICY_BETWEEN(
            "the policy changed while it ran",
            "see with `reeve policy explain --now` whether it would still be allowed"),
    AFTER_THE_END("an action after its agent's or key's end", "revoke again, and compare with `reeve audit verify`"),
    BUSY_BEFORE_THE_END(
            "much access right before an agent's or key's end",
            "look at what was read in the last hour, and by whose order"),
    PROBED("denied with one tool, done with another", "see whether the other tool should reach the same resource"),
    HASTY_APPROVALS(
            "one person approved many calls within seconds",
            "ask less: a rule that always gets a yes protects nothing"),
    BREAK_GLASS("the glass was broken", "two people owe an explanation; write it down where the next auditor finds it"),
    WARNED("allowed, with a warning", "decide whether the rule should hold instead of warn"),
    DOUBTFUL_CLOCK(
            "decided while the clock was behind", "look at the machine's clock; what time rules was denied meanwhile"),
    UNUSED_PERMISSION(
            "a permission that nothing needed", "take it away: `reeve policy learn` proposes the roles without it");

    private final String title;
    private final String advice;

    Check(String title, String advice) {
        this.title = title;
        this.advice = advice;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    public String advice() {
        return advice;
    }
}
