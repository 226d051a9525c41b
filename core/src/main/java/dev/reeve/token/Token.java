package dev.reeve.token;

import dev.reeve.identity.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an agent got instead of a value.
 *
 * @param id unguessable: {@code t_} and 26 letters or digits
 * @param kind of what was found, as {@code email}
 * @param value never printed, and never in a record
 * @param by who may turn it back, as the guardrail says; nobody: nobody may
 * @param owner of the agent
 * @param used whether it was put in the place of the token: then it comes back as the token
 */
public record Token(
        String id,
        Scope scope,
        String kind,
        Value value,
        List<String> by,
        Optional<String> owner,
        Instant created,
        Instant expires,
        boolean used) {
    /** A token as it stands in a text: its kind and its id. */
    static final Pattern WRITTEN = Pattern.compile("\\[([a-z0-9-]{1,40}):(t_[0-9a-hjkmnp-z]{26})\\]");

    public Token {
        by = List.copyOf(by);
    }

    /**
     * For whom it means something: one instance of an agent, acting for one user or for none. What one user's data looks like tells nothing when it acts
     * for another.
     */
    public record Scope(String tenant, String agent, String instance, Optional<String> user) {
        static Scope of(Principal principal) {
            return new Scope(principal.tenant(), principal.agent(), principal.instance(), principal.user());
        }
    }

    /** What it stands for. Prints as nothing. */
    public record Value(String exposed) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** As the agent sees it. */
    public String written() {
        return written(kind, id);
    }

    static String written(String kind, String id) {
        return "[" + kind + ":" + id + "]";
    }

    Token inUse() {
        return new Token(id, scope, kind, value, by, owner, created, expires, true);
    }

    /** Longer, and for no more people than before. */
    Token again(List<String> people, Instant until) {
        List<String> both = by.stream().filter(people::contains).toList();
        Instant later = until.isAfter(expires) ? until : expires;
        return new Token(id, scope, kind, value, both, owner, created, later, used);
    }

    boolean livesAt(Instant now) {
        return now.isBefore(expires);
    }
}
