package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.Scope;
import dev.reeve.policy.UrlPatterns;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one statement says of what lies behind one door, whoever acts; with the denies and approvals that may be about some of it. Many agents have the same
 * roles, so what is found out here is found out once. For one thread.
 */
final class Lead {
    private final Door door;
    private final Statement by;
    private final List<Glob> names;
    private final List<Glob> tools;
    private final long verbs;
    private final boolean withheld;
    private final String resource;
    private @Nullable Rules denies;
    private @Nullable Rules asks;

    /** @param withheld nothing of it ever gets through */
    Lead(Door door, Statement by, List<Glob> names, List<Glob> tools, long verbs, boolean withheld) {
        this.door = door;
        this.by = by;
        this.names = List.copyOf(names);
        this.tools = List.copyOf(tools);
        this.verbs = verbs;
        this.withheld = withheld;
        this.resource = Edge.resource(door, this.names);
    }

    Door door() {
        return door;
    }

    /** Adds what is left of it for this actor: one edge for each set of actions of which the same can be said. */
    void edges(Actor actor, Nearby allDenies, Nearby allAsks, List<Edge> edges) {
        if (withheld) {
            return;
        }
        Rules denying = denies == null ? rules(allDenies) : denies;
        Rules asking = asks == null ? rules(allAsks) : asks;
        denies = denying;
        asks = asking;
        Map<List<BitSet>, Long> alike = new java.util.LinkedHashMap<>();
        for (long left = verbs; left != 0; left &= left - 1) {
            long bit = Long.lowestOneBit(left);
            alike.merge(List.of(denying.about(actor, bit), asking.about(actor, bit)), bit, (a, b) -> a | b);
        }
        alike.forEach((about, mask) -> {
            if (!denying.cover(about.get(0), actor)) {
                boolean held = by.isGrantable() || asking.cover(about.get(1), actor);
                edges.add(new Edge(
                        actor,
                        door,
                        by,
                        names,
                        tools,
                        mask,
                        held,
                        denying.statements(about.get(0)),
                        held ? List.of() : asking.statements(about.get(1)),
                        resource));
            }
        });
    }

    /** Those that may be about some of it. */
    private Rules rules(Nearby all) {
        List<Rule> rules = new ArrayList<>();
        for (Statement one : all.of(door, names, tools)) {
            if (!one.equals(by) && mayMeet(one.scope())) {
                rules.add(rule(one));
            }
        }
        return new Rules(rules);
    }

    private boolean mayMeet(Scope scope) {
        return (scope.verbs() & verbs) != 0
                && scope.tool().filter(tool -> !meets(tools, tool)).isEmpty()
                && scope.resource()
                        .filter(resource -> UrlPatterns.restricted(resource).stream()
                                .flatMap(glob -> door.mayMatch(glob).stream())
                                .noneMatch(glob -> meets(names, glob)))
                        .isEmpty()
                && scope.except().filter(this::isWhole).isEmpty();
    }

    private static boolean meets(List<Glob> names, Glob other) {
        List<Glob> all = new ArrayList<>(names);
        all.add(other);
        return Globs.mayMeet(all);
    }

    /** Whether everything of it is matched by this {@code except}, as a resource or as a tool. */
    boolean isWhole(Glob except) {
        return Globs.nothingLeft(names, door.surelyMatched(except)) || Globs.nothingLeft(tools, List.of(except));
    }

    /** Whether the {@code except} may leave out some of it. */
    private boolean mayExcept(Scope scope) {
        return scope.except()
                .filter(except ->
                        meets(tools, except) || door.mayMatch(except).stream().anyMatch(glob -> meets(names, glob)))
                .isPresent();
    }

    private Rule rule(Statement one) {
        Scope scope = one.scope();
        boolean sure = one.conditions().isEmpty() && !mayExcept(scope);
        boolean everyTool = scope.tool()
                .filter(it -> !Globs.nothingLeft(tools, List.of(it)))
                .isEmpty();
        List<Glob> surely =
                sure && everyTool ? scope.resource().map(this::surelyRestricted).orElse(List.of()) : List.of();
        Optional<Glob> tool = sure && scope.resource().isEmpty() ? scope.tool() : Optional.empty();
        return new Rule(one, sure, sure && everyTool && scope.resource().isEmpty(), surely, tool);
    }

    private List<Glob> surelyRestricted(Glob resource) {
        return UrlPatterns.surelyRestricted(resource).stream()
                .flatMap(glob -> door.surelyMatched(glob).stream())
                .toList();
    }

    /**
     * A deny or an approval that may be about some of it.
     *
     * @param sure it needs no condition, and leaves nothing out
     * @param all it is about all of it
     * @param resources names that it is surely about
     * @param tool with which it is surely about everything
     */
    private record Rule(Statement statement, boolean sure, boolean all, List<Glob> resources, Optional<Glob> tool) {}

    private final class Rules {
        private final List<Rule> rules;
        private final Map<BitSet, Boolean> covers = new HashMap<>();

        Rules(List<Rule> rules) {
            this.rules = List.copyOf(rules);
        }

        BitSet about(Actor actor, long bit) {
            BitSet about = new BitSet(rules.size());
            for (int i = 0; i < rules.size(); i++) {
                Scope scope = rules.get(i).statement().scope();
                about.set(i, (scope.verbs() & bit) != 0 && Reach.mayBeFor(scope, actor));
            }
            return about;
        }

        List<Statement> statements(BitSet about) {
            return about.stream().mapToObj(i -> rules.get(i).statement()).toList();
        }

        /** Whether those of them that need no condition cover all of it, one by one or together. */
        boolean cover(BitSet about, Actor actor) {
            BitSet sure = new BitSet(rules.size());
            about.stream()
                    .filter(i -> rules.get(i).sure()
                            && Reach.isFor(rules.get(i).statement().scope(), actor))
                    .forEach(sure::set);
            return !sure.isEmpty() && covers.computeIfAbsent(sure, this::cover);
        }

        private boolean cover(BitSet sure) {
            List<Glob> resources = new ArrayList<>(door.elsewhere());
            List<Glob> subjects = new ArrayList<>();
            for (int i = sure.nextSetBit(0); i >= 0; i = sure.nextSetBit(i + 1)) {
                Rule rule = rules.get(i);
                if (rule.all()) {
                    return true;
                }
                resources.addAll(rule.resources());
                rule.tool().ifPresent(subjects::add);
            }
            return (!resources.isEmpty() && Globs.nothingLeft(names, resources))
                    || (!subjects.isEmpty() && Globs.nothingLeft(tools, subjects));
        }
    }
}
