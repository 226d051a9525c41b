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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What agents can do by a written policy. Never too little: a condition that may hold is taken to hold, and what cannot be told apart is
 * reachable. What an unconditional deny takes away, alone or together with others, is not; nor is labelled data under {@code no_pii_access}, where
 * the name says whether it is.
 *
 * <p>What people may grant for a time counts as what a person approves.
 *
 * <p>Not looked at: what servers may ask of clients ({@code asks:}), which no role grants.
 */
public final class Reach {
    private static final String NO_PII = "no_pii_access";
    private static final String PII = "pii";

    private final Verbs verbs;
    private final List<Door> doors;
    private final List<Statement> statements;
    private final List<Statement> denies;
    private final List<Statement> approvals;
    private final Labels labels;
    private final boolean builtInPii;
    private final List<PolicySource.Assignment> assignments;

    private Reach(PolicySource source, ToolSchemas schemas, List<Asking> points, Verbs verbs) {
        this.verbs = verbs;
        this.doors = Doors.of(source, schemas, points, verbs);
        List<Statement> all = Statement.all(source, verbs);
        this.statements = all.stream()
                .filter(one -> one.effect() == Effect.ALLOW && mayBeInForce(one))
                .collect(Collectors.toCollection(ArrayList::new));
        this.statements.addAll(Statement.grantable(source, verbs));
        this.statements.addAll(Statement.assigned(source, verbs));
        this.denies = all.stream()
                .filter(one -> one.effect() == Effect.DENY && one.isEnforced())
                .toList();
        this.approvals = all.stream()
                .filter(one -> one.effect() == Effect.REQUIRE_APPROVAL && one.isEnforced())
                .toList();
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
        long wanted = question.action().map(word -> verbs.mask(List.of(word))).orElse(-1L);
        List<Edge> edges = new ArrayList<>();
        for (Statement statement : statements) {
            if ((statement.scope().verbs() & wanted) != 0 && mayBeFor(statement.scope(), actor)) {
                for (Door door : doors) {
                    through(door, statement, actor, question, wanted, edges);
                }
            }
        }
        return edges;
    }

    private void through(
            Door door, Statement statement, Actor actor, Question question, long wanted, List<Edge> edges) {
        long mask = door.verbs() & statement.scope().verbs() & wanted;
        if (mask == 0 || !door.isOpenTo(actor) || !mayLead(door, statement)) {
            return;
        }
        List<Glob> tools = new ArrayList<>(List.of(door.subject()));
        statement.scope().tool().ifPresent(tools::add);
        question.tool().ifPresent(tools::add);
        if ((question.tool().isPresent() && door.direct()) || !Globs.mayMeet(tools)) {
            return;
        }
        boolean everything = question.resource().isEmpty();
        for (Glob behind : door.resources()) {
            for (Glob written : within(door, statement.scope().resource(), behind, everything)) {
                for (Glob asked : within(door, question.resource(), behind, false)) {
                    add(
                            new Edge(
                                    actor,
                                    door,
                                    statement,
                                    distinct(behind, written, asked),
                                    tools,
                                    mask,
                                    statement.isGrantable(),
                                    List.of(),
                                    List.of()),
                            edges);
                }
            }
        }
    }

    /** A client's person can only be asked by a client; what an enforcement point guards is no tool, and nobody here sees its results. */
    private static boolean mayLead(Door door, Statement statement) {
        if (!door.isAsked()) {
            return door.direct() || !statement.asksClient();
        }
        return !statement.asksClient()
                && !statement.treatment().narrows()
                && (statement.rule().isEmpty() || statement.scope().tool().isEmpty());
    }

    private static List<Glob> within(Door door, Optional<Glob> written, Glob otherwise, boolean everything) {
        return written.map(it -> everything ? door.worthTelling(it) : door.mayMatch(it))
                .orElse(List.of(otherwise));
    }

    private static List<Glob> distinct(Glob... globs) {
        return List.copyOf(new java.util.LinkedHashSet<>(List.of(globs)));
    }

    /** Takes away what denies take away, and says what may still stop or hold it. */
    private void add(Edge edge, List<Edge> edges) {
        if (Globs.nothingLeft(edge.names(), edge.door().elsewhere()) || excepted(edge)) {
            return;
        }
        Map<Long, List<Edge>> alike = new TreeMap<>();
        for (String word : verbs.known()) {
            long bit = verbs.bit(word);
            if ((edge.verbs() & bit) != 0) {
                left(edge, bit)
                        .ifPresent(one -> alike.computeIfAbsent(signature(one), ignored -> new ArrayList<>())
                                .add(one));
            }
        }
        for (List<Edge> same : alike.values()) {
            long mask = same.stream().mapToLong(Edge::verbs).reduce(0, (a, b) -> a | b);
            Edge first = same.getFirst();
            Edge joined = new Edge(
                    first.actor(),
                    first.door(),
                    first.by(),
                    first.names(),
                    first.tools(),
                    mask,
                    first.held(),
                    first.unless(),
                    first.asks());
            if (!edges.contains(joined)) {
                edges.add(joined);
            }
        }
    }

    private static long signature(Edge edge) {
        return 31L * (31L * edge.unless().hashCode() + edge.asks().hashCode()) + (edge.held() ? 1 : 0);
    }

    private boolean excepted(Edge edge) {
        return edge.by()
                .scope()
                .except()
                .filter(except -> isWhole(edge, except))
                .isPresent();
    }

    /** Whether everything of the edge is matched by this {@code except}, as a resource or as a tool. */
    private static boolean isWhole(Edge edge, Glob except) {
        return Globs.nothingLeft(edge.names(), edge.door().surelyMatched(except))
                || Globs.nothingLeft(edge.tools(), List.of(except));
    }

    /** What is left of it for one action. */
    private Optional<Edge> left(Edge edge, long bit) {
        List<Statement> about = about(denies, edge, bit);
        if (isCovered(edge, about) || isWithheld(edge)) {
            return Optional.empty();
        }
        List<Statement> asks = about(approvals, edge, bit).stream()
                .filter(one -> !one.equals(edge.by()))
                .toList();
        boolean held = edge.held() || isCovered(edge, asks);
        return Optional.of(new Edge(
                edge.actor(),
                edge.door(),
                edge.by(),
                edge.names(),
                edge.tools(),
                bit,
                held,
                about,
                held ? List.of() : asks));
    }

    /** Those that may be about some of the edge. */
    private static List<Statement> about(List<Statement> statements, Edge edge, long bit) {
        List<Statement> about = new ArrayList<>();
        for (Statement one : statements) {
            Scope scope = one.scope();
            boolean meets = (scope.verbs() & bit) != 0
                    && mayBeFor(scope, edge.actor())
                    && scope.tool().filter(tool -> !meets(edge.tools(), tool)).isEmpty()
                    && scope.resource()
                            .filter(resource -> edge.door().mayMatch(resource).stream()
                                    .noneMatch(glob -> meets(edge.names(), glob)))
                            .isEmpty()
                    && scope.except().filter(except -> isWhole(edge, except)).isEmpty();
            if (meets) {
                about.add(one);
            }
        }
        return about;
    }

    private static boolean meets(List<Glob> names, Glob other) {
        List<Glob> all = new ArrayList<>(names);
        all.add(other);
        return Globs.mayMeet(all);
    }

    /** Whether statements that need no condition cover all of the edge, one by one or together. */
    private static boolean isCovered(Edge edge, List<Statement> statements) {
        if (statements.isEmpty()) {
            return false;
        }
        List<Glob> resources = new ArrayList<>(edge.door().elsewhere());
        List<Glob> tools = new ArrayList<>();
        for (Statement one : statements) {
            Scope scope = one.scope();
            boolean sure = one.conditions().isEmpty() && isFor(scope, edge.actor()) && !mayExcept(scope, edge);
            boolean everyTool = sure
                    && scope.tool()
                            .filter(it -> !Globs.nothingLeft(edge.tools(), List.of(it)))
                            .isEmpty();
            if (everyTool && scope.resource().isEmpty()) {
                return true;
            }
            if (everyTool) {
                scope.resource().ifPresent(it -> resources.addAll(edge.door().surelyMatched(it)));
            }
            if (sure && scope.resource().isEmpty()) {
                scope.tool().ifPresent(tools::add);
            }
        }
        return (!resources.isEmpty() && Globs.nothingLeft(edge.names(), resources))
                || (!tools.isEmpty() && Globs.nothingLeft(edge.tools(), tools));
    }

    /** Whether the {@code except} may leave out some of the edge. */
    private static boolean mayExcept(Scope scope, Edge edge) {
        return scope.except()
                .filter(except -> meets(edge.tools(), except)
                        || edge.door().mayMatch(except).stream().anyMatch(glob -> meets(edge.names(), glob)))
                .isPresent();
    }

    /** {@code no_pii_access} never lets through what surely is personal data. */
    private boolean isWithheld(Edge edge) {
        return literal(edge.names())
                .filter(name -> labels.certain(name, edge.door()).contains(PII))
                .filter(ignored -> withholdsPersonalData(edge))
                .isPresent();
    }

    private boolean withholdsPersonalData(Edge edge) {
        return builtInPii && edge.by().conditions().contains(NO_PII);
    }

    /** Whether all that is labelled so is left out by the permission itself. */
    boolean isWithheld(Edge edge, Set<String> labelled) {
        return withholdsPersonalData(edge) && labelled.equals(Set.of(PII));
    }

    private static Optional<String> literal(List<Glob> names) {
        return names.stream().filter(Glob::isLiteral).map(Glob::toString).findFirst();
    }

    private static boolean mayBeFor(Scope scope, Actor actor) {
        return scope.role().filter(role -> !actor.roles().contains(role)).isEmpty()
                && (actor.isAnybody()
                        || scope.agent()
                                .filter(glob -> !glob.matches(actor.name()))
                                .isEmpty());
    }

    private static boolean isFor(Scope scope, Actor actor) {
        return mayBeFor(scope, actor) && (scope.agent().isEmpty() || !actor.isAnybody());
    }

    /** Tags of what the edge leads to. */
    public Set<String> labels(Edge edge) {
        return labels.possible(edge.names(), edge.door());
    }

    /** What of it is done. */
    public boolean does(Edge edge, Collection<String> words) {
        return (edge.verbs() & verbs.mask(words)) != 0;
    }
}
