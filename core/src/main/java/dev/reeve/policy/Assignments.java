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
 * Roles that depend on context, compiled. A role lets an agent do more only where its condition holds for everything that is touched; what
 * forbids, asks or limits by it counts as soon as it holds for something, or cannot be said: whoever chooses the arguments could take a role off
 * otherwise. Where answers to a server make a difference, the whole action is undecidable.
 */
final class Assignments {
    private final List<Entry> entries;

    /** @param tightens whether something forbids, asks or limits by the role */
    record Entry(RuleRef ref, String role, List<Glob> to, Bound.Check when, boolean tightens) {
        boolean isFor(String agent) {
            return to.stream().anyMatch(glob -> glob.matches(agent));
        }
    }

    Assignments(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    private enum Had {
        NOT,
        PERHAPS,
        SURELY
    }

    /** @throws UnclearRolesException if one is had otherwise without than with what was answered to the server */
    List<Assigned> of(Action action, Facts facts) {
        if (entries.isEmpty() || facts.accesses().isEmpty()) {
            return List.of();
        }
        List<Json.Obj> readings = Answers.readings(action.operation());
        List<Assigned> assigned = new ArrayList<>();
        for (Entry entry : entries) {
            Had had = entry.isFor(action.principal().agent()) ? had(entry, action, facts, readings) : Had.NOT;
            if (had != Had.NOT) {
                assigned.add(new Assigned(entry.role(), entry.ref(), had == Had.SURELY));
            }
        }
        return assigned;
    }

    private static Had had(Entry entry, Action action, Facts facts, List<Json.Obj> readings) {
        Had had = had(entry, action, facts, UnaryOperator.identity());
        for (Json.Obj fields : readings) {
            if (had(entry, action, facts, input -> Answers.over(input, fields)) != had) {
                throw new UnclearRolesException("whether it has the role `" + entry.role() + "` here, by "
                        + entry.ref().file() + ":" + entry.ref().line() + ": " + Answers.OTHERWISE);
            }
        }
        return had;
    }

    private static Had had(Entry entry, Action action, Facts facts, UnaryOperator<Condition.Input> reading) {
        boolean all = true;
        boolean any = false;
        for (Access access : facts.accesses()) {
            Had had = hadFor(entry.when(), reading.apply(new Condition.Input(action, access, facts)));
            all &= had == Had.SURELY;
            any |= had != Had.NOT;
        }
        return all ? Had.SURELY : any && entry.tightens() ? Had.PERHAPS : Had.NOT;
    }

    private static Had hadFor(Bound.Check when, Condition.Input input) {
        try {
            return when.holdsAsRead(input) ? Had.SURELY : Had.NOT;
        } catch (ConditionException | RuntimeException | StackOverflowError e) {
            return Had.PERHAPS;
        }
    }

    /** Those that the agent may have at some time. */
    Set<String> possible(String agent) {
        Set<String> roles = new LinkedHashSet<>();
        entries.stream().filter(entry -> entry.isFor(agent)).forEach(entry -> roles.add(entry.role()));
        return roles;
    }
}
