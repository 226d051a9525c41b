package dev.reeve.analysis;

import dev.reeve.json.Json;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One line of what can be done: edges that differ only in the door are one.
 *
 * @param through tools, or what needs none
 * @param rule file and line
 * @param conditions all must hold
 * @param treatment what is done to results, if nothing allows the same as it is
 * @param unless what may stop or hold it after all
 * @param labels of what is reached
 */
public record ReachRow(
        Actor actor,
        List<String> actions,
        String resource,
        Set<String> through,
        String rule,
        boolean held,
        List<String> conditions,
        List<String> treatment,
        List<String> unless,
        Set<String> labels) {

    /** All that a line says but the door. */
    private static List<Object> key(Reach reach, Edge edge) {
        return List.of(
                edge.actor(),
                reach.words(edge.verbs()),
                edge.resource(),
                edge.by().place(),
                edge.held(),
                places(edge.unless()),
                places(edge.asks()));
    }

    /** Where rules stand says which they are. */
    private static List<Place> places(List<Statement> rules) {
        return rules.stream().map(Statement::place).toList();
    }

    /** In the order of the edges. */
    public static List<ReachRow> of(Reach reach, List<Edge> edges) {
        Map<List<Object>, List<Edge>> alike = new LinkedHashMap<>();
        edges.forEach(edge -> alike.computeIfAbsent(key(reach, edge), ignored -> new ArrayList<>())
                .add(edge));
        return alike.values().stream().map(same -> row(reach, same)).toList();
    }

    private static ReachRow row(Reach reach, List<Edge> alike) {
        Edge first = alike.getFirst();
        Set<String> through = new LinkedHashSet<>();
        Set<String> labels = new TreeSet<>();
        alike.forEach(edge -> {
            through.add(edge.tool().orElse(edge.door().name()));
            labels.addAll(reach.labels(edge));
        });
        return new ReachRow(
                first.actor(),
                reach.words(first.verbs()),
                first.resource(),
                through,
                first.by().place().toString(),
                first.held(),
                conditions(first),
                first.by().treatment().said(),
                unless(first),
                labels);
    }

    private static List<String> conditions(Edge edge) {
        List<String> conditions =
                new ArrayList<>(edge.by().conditions().stream().sorted().toList());
        if (edge.by().asksClient()) {
            conditions.add("the person in front of its program agrees");
        }
        if (edge.by().isGrantable()) {
            conditions.add("granted for a time");
        }
        if (!edge.by().isEnforced()) {
            conditions.add("its shadow has ended");
        }
        edge.by().scope().except().ifPresent(it -> conditions.add("not " + it));
        return conditions;
    }

    private static List<String> unless(Edge edge) {
        List<String> unless = new ArrayList<>();
        edge.unless().forEach(one -> unless.add(one.place() + " denies it" + when(one)));
        edge.asks().forEach(one -> unless.add(one.place() + " holds it" + when(one)));
        return unless;
    }

    private static String when(Statement one) {
        String except = one.scope().except().map(it -> " (but " + it + ")").orElse("");
        return except
                + one.rule()
                        .flatMap(PolicySource.Rule::when)
                        .map(it -> ": " + it)
                        .orElse("");
    }

    /** {@code allowed}, {@code held}; with what it depends on. */
    public String how() {
        StringBuilder how = new StringBuilder(held ? "held" : "allowed");
        conditions.forEach(it -> how.append(", if ").append(it));
        treatment.forEach(it -> how.append(", with ").append(it));
        unless.forEach(it -> how.append(", unless ").append(it));
        return how.toString();
    }

    public Json.Obj json() {
        return Json.object()
                .put("agent", actor.name())
                .put("roles", Json.Arr.ofStrings(actor.roles().stream().sorted().toList()))
                .put("actions", Json.Arr.ofStrings(actions))
                .put("resource", resource)
                .put("labels", Json.Arr.ofStrings(labels))
                .put("through", Json.Arr.ofStrings(through))
                .put("rule", rule)
                .put("verdict", held ? "hold" : "allow")
                .put("if", Json.Arr.ofStrings(conditions))
                .put("treatment", Json.Arr.ofStrings(treatment))
                .put("unless", Json.Arr.ofStrings(unless))
                .build();
    }
}
