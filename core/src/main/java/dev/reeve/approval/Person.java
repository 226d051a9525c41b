package dev.reeve.approval;

import java.util.HashSet;
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

    /** With those of these roles only that it has. */
    Person as(Set<String> only) {
        Set<String> both = new HashSet<>(roles);
        both.retainAll(only);
        return new Person(name, both, groups);
    }
}
