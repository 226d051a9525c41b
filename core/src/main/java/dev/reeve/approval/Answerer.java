package dev.reeve.approval;

import java.util.Set;

/**
 * Who answers, and as what: a token of one role is that role and no more, whatever else its holder is.
 *
 * @param roles of what this person signed in with; of these count those that the person still has
 */
public record Answerer(String name, Set<String> roles) {
    public Answerer {
        roles = Set.copyOf(roles);
    }
}
