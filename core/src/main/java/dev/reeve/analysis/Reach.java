package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.Scope;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What agents can do by a written policy. Never too little: a condition that may hold is taken to hold, and what cannot be told apart is
 * reachable. What an unconditional deny takes away, alone or together with others, is not; nor is labelled data under {@code no_pii_access}, where
 * the name says whether it is.
 *
 * <p>What people may grant for a time counts as what a person approves.
 *
 * <p>For one thread.
 *
 * <p>Not looked at: what servers may ask of clients ({@code asks:}), which no role grants.
 */
public final class Reach {
    private static final String NO_PII = "no_pii_access";
    private static final String PII = "pii";

    private final Verbs verbs;
    private final List<Door> doors;
    private final List<Statement> statements;
    private final Nearby denies;
    private final Nearby approvals;
    private final Labels labels;
    private final boolean builtInPii;
    private final List<PolicySource.Assignment> assignments;
    /** What the statements lead to, of what was asked for last: mostly the same is asked about many agents. */
    private final IdentityHashMap<Statement, List<Lead>> leads = new IdentityHashMap<>();

    private final IdentityHashMap<Door, Map<List<Glob>, Set<String>>> labelled = new IdentityHashMap<>();
    private @Nullable Question asked;

    private Reach(PolicySource source, ToolSchemas schemas, List<Asking> points, Verbs verbs) {
        this.verbs = verbs;
        this.doors = Doors.of(source, schemas, points, verbs);
        List<Statement> all = Statement.all(source, verbs);
        this.statements = all.stream()
                .filter(one -> one.effect() == Effect.ALLOW && mayBeInForce(one))
                .collect(Collectors.toCollection(ArrayList::new));
        this.statements.addAll(Statement.grantable(source, verbs));
        this.statements.addAll(Statement.assigned(source, verbs));
        this.denies = inForce(all, Effect.DENY);
        this.approvals = inForce(all, Effect.REQUIRE_APPROVAL);
        this.labels = new Labels(source);
        this.assignments = source.assignments();
        this.builtInPii =
                source.conditions().stream().noneMatch(one -> one.name().equals(NO_PII));
    }

    /**
     * @param points who may ask for others
     * @return empty if the catalogue uses more actions than there can be
     */
    public static Optional<Reach> of(PolicySource source, ToolSchemas schemas, List<Asking> points) {
        return Verbs.of(source.actions()).map(verbs -> new Reach(source, schemas, points, verbs));
    }

    /** Whether the agent has the role in some context, by {@code assign}, beside its own. */
    boolean mayBecome(Actor actor, String role) {
        return assignments.stream()
                .filter(one -> one.role().equals(role))
                .flatMap(one -> one.to().stream())
                .anyMatch(to -> isNamed(to, actor));
    }

    /** What is no pattern is told of elsewhere, and nothing loads. */
    private static boolean isNamed(String pattern, Actor actor) {
        try {
            return Glob.of(pattern).matches(actor.name());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Nearby inForce(List<Statement> all, Effect effect) {
        return new Nearby(all.stream()
                .filter(one -> one.effect() == effect && one.isEnforced())
                .toList());
    }

    /** A rule in shadow that ends by itself will be in force one day. */
    private static boolean mayBeInForce(Statement one) {
        return one.rule()
                .map(PolicySource.Rule::mode)
                .filter(mode -> mode instanceof Mode.Shadow(Optional<java.time.Instant> until) && until.isEmpty())
                .isEmpty();
    }

    /** What is asked for; a part that is not there is everything. */
    public record Question(Optional<Glob> resource, Optional<Glob> tool, Optional<String> action) {
        public static final Question EVERYTHING = new Question(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether anything could have this action. */
    public boolean knows(String action) {
        return verbs.knows(action);
    }

    /** Words for actions, those that others cover left out. */
    public List<String> words(long mask) {
        Set<String> words = new TreeSet<>();
        long left = mask;
        for (String word : List.of("read", "write")) {
            long all = verbs.mask(List.of(word));
            if ((mask & all) == all) {
                words.add(word);
                left &= ~all;
            }
        }
        for (String word : verbs.known()) {
            if ((left & verbs.bit(word)) != 0) {
                words.add(word);
            }
        }
        return List.copyOf(words);
    }

    /** One action of those of an edge. */
    public String anAction(Edge edge) {
        return verbs.known().stream()
                .sorted()
                .filter(word -> (edge.verbs() & verbs.bit(word)) != 0)
                .findFirst()
                .orElseThrow();
    }

    /** Everything that the actor can do of what is asked for, in the order of what is written. */
    public List<Edge> of(Actor actor, Question question) {
        if (!question.equals(asked)) {
            asked = question;
            leads.clear();
        }
        List<Edge> edges = new ArrayList<>();
        for (Statement statement : statements) {
            if (mayBeFor(statement.scope(), actor)) {
                for (Lead lead : leads.computeIfAbsent(statement, one -> leads(one, question))) {
                    if (lead.door().isOpenTo(actor)) {
                        lead.edges(actor, denies, approvals, edges);
                    }
                }
            }
        }
        return edges;
    }

    /** Through every door. */
    private List<Lead> leads(Statement statement, Question question) {
        long wanted = statement.scope().verbs()
                & question.action().map(word -> verbs.mask(List.of(word))).orElse(-1L);
        List<Lead> found = new ArrayList<>();
        for (Door door : doors) {
            boolean named = question.tool().isEmpty() || !door.direct();
            if ((door.verbs() & wanted) != 0 && named && mayLead(door, statement)) {
                through(door, statement, question, door.verbs() & wanted, found);
            }
        }
        return found;
    }

    private void through(Door door, Statement statement, Question question, long mask, List<Lead> found) {
        boolean everything = question.resource().isEmpty();
        Set<List<Glob>> all = new LinkedHashSet<>();
        for (Glob behind : door.resources()) {
            for (Glob written : within(door, statement.scope().resource(), behind, everything)) {
                for (Glob about : within(door, question.resource(), behind, false)) {
                    List<Glob> names = distinct(behind, written, about);
                    if (!Globs.nothingLeft(names, door.elsewhere())) {
                        all.add(names);
                    }
                }
            }
        }
        List<Glob> tools = new ArrayList<>(List.of(door.subject()));
        statement.scope().tool().ifPresent(tools::add);
        question.tool().ifPresent(tools::add);
        if (all.isEmpty() || !Globs.mayMeet(tools)) {
            return;
        }
        for (List<Glob> names : all) {
            Lead lead = new Lead(door, statement, names, tools, mask, isWithheld(door, statement, names));
            if (statement.scope().except().filter(lead::isWhole).isEmpty()) {
                found.add(lead);
            }
        }
    }

    /**
     * A client's person can only be asked by a client; what an enforcement point guards is no tool, nor is what has a URI, and nobody here sees
     * the results of a point.
     */
    private static boolean mayLead(Door door, Statement statement) {
        boolean ofTools =
                statement.rule().isPresent() && statement.scope().tool().isPresent();
        if (!door.isAsked()) {
            return (door.direct() || !statement.asksClient()) && !(ofTools && door.isOfUris());
        }
        return !statement.asksClient() && !statement.treatment().narrows() && !ofTools;
    }

    private static List<Glob> within(Door door, Optional<Glob> written, Glob otherwise, boolean everything) {
        return written.map(it -> everything ? door.worthTelling(it) : door.mayMatch(it))
                .orElse(List.of(otherwise));
    }

    private static List<Glob> distinct(Glob... globs) {
        return List.copyOf(new LinkedHashSet<>(List.of(globs)));
    }

    /** {@code no_pii_access} never lets through what surely is personal data. */
    private boolean isWithheld(Door door, Statement by, List<Glob> names) {
        return withholdsPersonalData(by)
                && literal(names)
                        .filter(name -> labels.certain(name, door).contains(PII))
                        .isPresent();
    }

    private boolean withholdsPersonalData(Statement by) {
        return builtInPii && by.conditions().contains(NO_PII);
    }

    /** Whether all that is labelled so is left out by the permission itself. */
    boolean isWithheld(Edge edge, Set<String> labelled) {
        return withholdsPersonalData(edge.by()) && labelled.equals(Set.of(PII));
    }

    private static Optional<String> literal(List<Glob> names) {
        return names.stream().filter(Glob::isLiteral).map(Glob::toString).findFirst();
    }

    static boolean mayBeFor(Scope scope, Actor actor) {
        return scope.role().filter(role -> !actor.roles().contains(role)).isEmpty()
                && (actor.isAnybody()
                        || scope.agent()
                                .filter(glob -> !glob.matches(actor.name()))
                                .isEmpty());
    }

    static boolean isFor(Scope scope, Actor actor) {
        return mayBeFor(scope, actor) && (scope.agent().isEmpty() || !actor.isAnybody());
    }

    /** Tags of what the edge leads to. */
    public Set<String> labels(Edge edge) {
        return labelled.computeIfAbsent(edge.door(), ignored -> new HashMap<>())
                .computeIfAbsent(edge.names(), names -> labels.possible(names, edge.door()));
    }

    /** What of it is done. */
    public boolean does(Edge edge, Collection<String> words) {
        return (edge.verbs() & verbs.mask(words)) != 0;
    }
}
