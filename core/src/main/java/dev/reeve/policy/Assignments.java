package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Rulebook.Assigned;
import dev.reeve.gate.UnclearRolesException;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Roles that depend on context, compiled. What cannot be said gives no role; but what answers to a server change, or leave unsaid, makes the whole action
 * undecidable: who answers could take off a role that forbids, as well as put on one that allows.
 */
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

    /** @throws UnclearRolesException if one is had only with, or only without, what was answered to the server */
    List<Assigned> of(Action action, Facts facts) {
        if (entries.isEmpty() || facts.accesses().isEmpty()) {
            return List.of();
        }
        List<Json.Obj> readings = Answers.readings(action.operation());
        List<Assigned> assigned = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.isFor(action.principal().agent()) && holds(entry, action, facts, readings)) {
                assigned.add(new Assigned(entry.role(), entry.ref()));
            }
        }
        return assigned;
    }

    private static boolean holds(Entry entry, Action action, Facts facts, List<Json.Obj> readings) {
        boolean holds = holds(entry.when(), action, facts, UnaryOperator.identity());
        for (Json.Obj fields : readings) {
            if (holds(entry.when(), action, facts, input -> Answers.over(input, fields)) != holds) {
                throw new UnclearRolesException("whether it has the role `" + entry.role() + "` here, by "
                        + entry.ref().file() + ":" + entry.ref().line() + ": " + Answers.OTHERWISE);
            }
        }
        return holds;
    }

    private static boolean holds(Bound.Check when, Action action, Facts facts, UnaryOperator<Condition.Input> reading) {
        for (Access access : facts.accesses()) {
            if (!holdsAsRead(when, reading.apply(new Condition.Input(action, access, facts)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holdsAsRead(Bound.Check when, Condition.Input input) {
        try {
            return when.holdsAsRead(input);
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    /** Those that the agent may have at some time. */
    Set<String> possible(String agent) {
        Set<String> roles = new LinkedHashSet<>();
        entries.stream().filter(entry -> entry.isFor(agent)).forEach(entry -> roles.add(entry.role()));
        return roles;
    }
}
