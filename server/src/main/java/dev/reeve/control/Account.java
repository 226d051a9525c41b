package dev.reeve.control;

import dev.reeve.audit.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who signs in to the pages.
 *
 * @param scope how much of the record an auditor may read
 * @param password Argon2id as a PHC string; empty until an invitation was taken
 */
public record Account(
        String name,
        Set<Role> roles,
        Scope scope,
        Optional<String> password,
        Optional<Invitation> invitation,
        Instant created,
        Optional<Instant> removed) {
    public Account {
        roles = Set.copyOf(roles);
    }

    /** The one link that sets a password, as the keyed hash of its secret. */
    record Invitation(String hash, Instant expires) {
        @Override
        public String toString() {
            return "Invitation[until " + expires + "]";
        }
    }

    boolean is(Role role) {
        return removed.isEmpty() && roles.contains(role);
    }

    Account invited(Invitation link) {
        return new Account(name, roles, scope, password, Optional.of(link), created, removed);
    }

    Account withPassword(String phc) {
        return new Account(name, roles, scope, Optional.of(phc), Optional.empty(), created, removed);
    }

    Account removedAt(Instant when) {
        return new Account(name, roles, scope, Optional.empty(), Optional.empty(), created, Optional.of(when));
    }

    /** What this person is at the control address. Only an auditor's reading has a scope. */
    public Caller.SignedIn caller() {
        return new Caller.SignedIn(name, roles, roles.equals(Set.of(Role.AUDITOR)) ? scope : Scope.ALL);
    }

    @Override
    public String toString() {
        return "Account[" + name + "]";
    }
}
