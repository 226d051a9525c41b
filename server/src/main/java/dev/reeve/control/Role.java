package dev.reeve.control;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a person may do who signs in. All may read the record, an auditor perhaps only a part of it. */
public enum Role {
    /** Everything that is done at the control address. */
    ADMIN,
    /** Policies. */
    POLICY_AUTHOR,
    /** Deciding what waits for a person. */
    APPROVER,
    /** Reading the record, and nothing else. */
    AUDITOR;

    /** As files, options and records call it: {@code policy-author}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As what a token of this role answers questions of agents: an administrator is an approver too. */
    Set<String> answersAs() {
        return this == ADMIN ? Set.of(wire(), APPROVER.wire()) : Set.of(wire());
    }

    public static Optional<Role> of(String wire) {
        return Stream.of(values()).filter(role -> role.wire().equals(wire)).findFirst();
    }
}
