package dev.reeve.budget;

import java.util.Locale;
import java.util.Set;

/** By what a limit counts apart. */
public enum Per {
    AGENT,
    INSTANCE,
    ROLE,
    TENANT,
    TOOL,
    USER,
    SESSION,
    EVERYTHING;

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Who did what, as far as limits tell it apart; what an action has and what its record has. */
    public record Who(
            String tenant,
            String agent,
            String instance,
            Set<String> roles,
            String user,
            String session,
            String subject) {}
}
