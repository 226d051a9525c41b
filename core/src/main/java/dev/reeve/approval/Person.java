package dev.reeve.approval;

import java.util.Set;

/**
 * Somebody who is signed in to Reeve as a person, and may answer questions.
 *
 * @param roles {@code admin}, {@code approver}
 */
public record Person(String name, Set<String> roles, Set<String> groups) {
    public Person {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }
}
