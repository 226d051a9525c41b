package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Rulebook.Assigned;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Roles that depend on context, compiled. What cannot be said gives no role. */
final class Assignments {
    private final List<Entry> entries;

    /** One of them. */
    record Entry(RuleRef ref, String role, List<Glob> to, Bound.Check when) {
        boolean isFor(String agent) {
            return to.stream().anyMatch(glob -> glob.matches(agent));
        }
    }

    Assignments(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    List<Assigned> of(Action action, Facts facts) {
        if (entries.isEmpty() || facts.accesses().isEmpty()) {
            return List.of();
        }
        List<Assigned> assigned = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.isFor(action.principal().agent()) && holds(entry.when(), action, facts)) {
                assigned.add(new Assigned(entry.role(), entry.ref()));
            }
        }
        return assigned;
    }

    private static boolean holds(Bound.Check when, Action action, Facts facts) {
        for (Access access : facts.accesses()) {
            if (!Nearest.holds(when, new Condition.Input(action, access, facts))) {
                return false;
            }
        }
        return true;
    }

    /** Those that the agent may have at some time. */
    Set<String> possible(String agent) {
        Set<String> roles = new LinkedHashSet<>();
        entries.stream().filter(entry -> entry.isFor(agent)).forEach(entry -> roles.add(entry.role()));
        return roles;
    }
}
