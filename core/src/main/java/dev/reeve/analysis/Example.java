package dev.reeve.analysis;

import dev.reeve.action.Access;
import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.NameSearch.Found;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.Scope;
import dev.reeve.policy.ServerFiles;
import dev.reeve.policy.UrlPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One action of an edge, with names that could stand in a call.
 *
 * @param agent its name; made up if the actor has none
 * @param subject the tool
 * @param names from wide to narrow
 * @param certain true if nothing but its rule has a say: such a call is allowed, or held
 */
public record Example(String agent, String subject, List<String> names, boolean certain) {
    public Example {
        names = List.copyOf(names);
    }

    public String resource() {
        return names.getLast();
    }

    /** @return empty if no name could be found in reasonable time */
    public static Optional<Example> of(Edge edge) {
        List<Statement> others = new ArrayList<>(edge.unless());
        others.addAll(edge.asks());
        List<Example> found = new ArrayList<>();
        for (List<Glob> more : narrowings(others)) {
            for (List<Statement> avoided : List.of(others, List.<Statement>of())) {
                Optional<String> name = name(edge, more, more.isEmpty() ? avoided : List.of());
                name.flatMap(it -> subject(edge, it, avoided))
                        .map(subject -> of(edge, others, subject, name.orElseThrow()))
                        .filter(one -> !one.isDenied(edge))
                        .ifPresent(found::add);
            }
        }
        return found.stream()
                .filter(Example::certain)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** Whether a deny that needs no condition is about it. */
    private boolean isDenied(Edge edge) {
        return edge.unless().stream()
                .anyMatch(deny -> deny.conditions().isEmpty() && isAbout(deny, agent, subject, names));
    }

    /** Nothing more; or what the {@code except} of one of them leaves out. */
    private static List<List<Glob>> narrowings(List<Statement> others) {
        List<List<Glob>> narrowings = new ArrayList<>();
        narrowings.add(List.of());
        others.forEach(one -> one.scope().except().ifPresent(except -> narrowings.add(List.of(except))));
        return narrowings;
    }

    private static Example of(Edge edge, List<Statement> others, String subject, String name) {
        List<String> names = new ArrayList<>(Scope.widerNames(Glob.of(name)));
        names.add(name);
        ServerFiles.bare(name).ifPresent(names::add);
        String agent = edge.actor().isAnybody() ? anybody(edge) : edge.actor().name();
        boolean certain = edge.by().conditions().isEmpty()
                && edge.by().isEnforced()
                && !edge.by().asksClient()
                && !edge.by().isGrantable()
                && edge.door().naming().isTold()
                && isAbout(edge.by(), agent, subject, names)
                && others.stream().noneMatch(one -> isAbout(one, agent, subject, names));
        return new Example(agent, subject, names, certain);
    }

    private static String anybody(Edge edge) {
        return edge.by()
                                .scope()
                                .agent()
                                .map(glob -> NameSearch.find(List.of(glob), List.of()))
                                .orElse(new Found.Name("somebody"))
                        instanceof Found.Name(String name)
                ? name
                : "somebody";
    }

    private static Optional<String> name(Edge edge, List<Glob> more, List<Statement> avoided) {
        List<Glob> none = new ArrayList<>(edge.door().elsewhere());
        for (Statement one : avoided) {
            if (one.scope().tool().isEmpty()) {
                one.scope().resource().stream()
                        .flatMap(it -> UrlPatterns.surelyRestricted(it).stream())
                        .forEach(it -> none.addAll(edge.door().surelyMatched(it)));
            }
        }
        List<Glob> all = new ArrayList<>(edge.names());
        all.addAll(more);
        return found(all, none);
    }

    /** The name of a tool that no catalogue knows says which tool it is; what an enforcement point asks about, and a URI, stands for a tool. */
    private static Optional<String> subject(Edge edge, String name, List<Statement> avoided) {
        if (edge.door().isAsked()) {
            return Optional.of(name);
        }
        boolean itself = edge.door().entry().isEmpty() && !edge.door().direct();
        if (itself || edge.door().isOfUris()) {
            String subject = name.substring(name.indexOf(itself ? ':' : '/') + 1);
            return Optional.of(subject).filter(it -> edge.tools().stream().allMatch(glob -> glob.matches(it)));
        }
        List<Glob> none = new ArrayList<>();
        avoided.forEach(one -> one.scope().tool().ifPresent(none::add));
        return found(edge.tools(), none).or(() -> found(edge.tools(), List.of()));
    }

    private static Optional<String> found(List<Glob> all, List<Glob> none) {
        return NameSearch.find(all, none) instanceof Found.Name(String name) ? Optional.of(name) : Optional.empty();
    }

    private static boolean isAbout(Statement one, String agent, String subject, List<String> names) {
        Scope scope = one.scope();
        List<String> all = Access.allNames(names);
        boolean allows = one.effect() == Effect.ALLOW;
        return scope.agent().filter(glob -> !glob.matches(agent)).isEmpty()
                && scope.tool().filter(glob -> !glob.matches(subject)).isEmpty()
                && scope.resource()
                        .filter(glob -> (allows ? names : all).stream().noneMatch(glob::matches))
                        .isEmpty()
                && !excepts(scope, subject, allows ? all : names);
    }

    private static boolean excepts(Scope scope, String subject, List<String> names) {
        return scope.except()
                .filter(glob -> glob.matches(subject) || names.stream().anyMatch(glob::matches))
                .isPresent();
    }
}
