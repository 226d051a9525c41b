package dev.reeve.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What together lets a stranger's text send private data away: the same agent reads labelled data, reads what anybody may have written, and can
 * send something out (S. Willison, "The lethal trifecta", 2025; OWASP Agentic Top 10, goal hijack and exfiltration).
 *
 * @param labels of the private data
 * @param cuts by the leg that they take away: rules that together end it
 * @param answered denies that stop every way out under a condition about what was read
 */
public record Combination(
        Actor actor,
        Set<String> labels,
        List<Edge> privateData,
        List<Edge> untrusted,
        List<Edge> waysOut,
        Map<String, List<String>> cuts,
        List<Statement> answered) {
    private static final List<String> OUT = List.of("url:", "host:", "mail:", "model:", "agent:", "shell:", "opaque:");

    /** @param edges everything that the actor can do */
    public static Optional<Combination> of(Reach reach, Actor actor, List<Edge> edges) {
        List<Edge> privateData = new ArrayList<>();
        List<Edge> untrusted = new ArrayList<>();
        List<Edge> waysOut = new ArrayList<>();
        Set<String> labels = new TreeSet<>();
        for (Edge edge : edges) {
            Set<String> found = reach.labels(edge);
            if (!found.isEmpty() && reach.does(edge, List.of("read", "execute")) && !reach.isWithheld(edge, found)) {
                privateData.add(edge);
                labels.addAll(found);
            }
            if (edge.door().bringsUntrusted() || edge.door().isByUrl() || begins(edge, List.of("url:"))) {
                untrusted.add(edge);
            }
            if (!edge.held() && leadsOut(edge)) {
                waysOut.add(edge);
            }
        }
        if (privateData.isEmpty() || untrusted.isEmpty() || waysOut.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Combination(
                actor,
                labels,
                privateData,
                untrusted,
                waysOut,
                cuts(labels, actor, privateData, untrusted, waysOut),
                answered(waysOut)));
    }

    private static boolean leadsOut(Edge edge) {
        return edge.door().isByUrl() || begins(edge, OUT);
    }

    private static boolean begins(Edge edge, List<String> forms) {
        return edge.names().stream().anyMatch(glob -> forms.stream().anyMatch(glob.prefix()::startsWith));
    }

    /** The first that stops each way out, if each has one. */
    private static List<Statement> answered(List<Edge> waysOut) {
        List<Statement> answered = new ArrayList<>();
        for (Edge edge : waysOut) {
            Optional<Statement> deny = edge.unless().stream()
                    .filter(one -> one.conditions().stream().anyMatch(it -> it.contains("session.read")))
                    .findFirst();
            if (deny.isEmpty()) {
                return List.of();
            }
            if (!answered.contains(deny.get())) {
                answered.add(deny.get());
            }
        }
        return answered;
    }

    private static Map<String, List<String>> cuts(
            Set<String> labels, Actor actor, List<Edge> privateData, List<Edge> untrusted, List<Edge> waysOut) {
        String whom = actor.isAnybody()
                ? "role: \"" + String.join("", actor.roles()) + "\""
                : "agent: \"" + actor.name() + "\"";
        String read = labels.stream().map(it -> "'" + it + "' in session.read").collect(Collectors.joining(" || "));
        Map<String, List<String>> cuts = new LinkedHashMap<>();
        cuts.put("ways out", rules("deny", waysOut, whom, ", when: \"" + read + "\""));
        cuts.put("untrusted", rules("require_approval", untrusted, whom, ""));
        cuts.put("private data", rules("deny", privateData, whom, ""));
        return cuts;
    }

    private static List<String> rules(String effect, List<Edge> edges, String whom, String when) {
        return resources(edges).stream()
                .map(it -> "- { " + effect + ": { resource: \"" + it + "\", " + whom + " }" + when + " }")
                .toList();
    }

    private static Set<String> resources(List<Edge> edges) {
        Set<String> names = new TreeSet<>();
        edges.forEach(edge -> names.add(edge.resource()));
        return names;
    }
}
