package dev.reeve.config;

import dev.reeve.policy.Glob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code enforcement_points} as values. */
final class EnforcementPointReader {
    private final Problems problems;

    private EnforcementPointReader(Problems problems) {
        this.problems = problems;
    }

    static List<EnforcementPoint> read(Sections sections, Problems problems) {
        EnforcementPointReader reader = new EnforcementPointReader(problems);
        List<EnforcementPoint> points = new ArrayList<>();
        sections.each("enforcement_points", (name, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                points.add(reader.point(name, member, entry));
            }
        });
        return points;
    }

    private EnforcementPoint point(String name, Node.Member member, Node.Mapping entry) {
        Map<String, String> peers = new LinkedHashMap<>();
        entry.membersOf("peers")
                .forEach((peer, agent) -> Node.scalarsOf(agent.value()).forEach(it -> peers.put(peer, it.text())));
        Map<String, Map<String, String>> people = new LinkedHashMap<>();
        entry.membersOf("users").forEach((user, attributes) -> people.put(user, attributes(attributes)));
        EnforcementPoint point = new EnforcementPoint(
                name,
                patterns(entry, "agents"),
                Set.copyOf(entry.texts("roles")),
                people.isEmpty() ? patterns(entry, "users") : List.of(),
                people,
                entry.text("reasons").filter("all"::equals).isPresent(),
                peers,
                entry.text("scheme").orElse("https"),
                member.key());
        peers.forEach((peer, agent) -> reachable(point, entry, agent));
        return point;
    }

    /** A peer whose agent lies outside would always be refused, and nobody would see why. */
    private void reachable(EnforcementPoint point, Node.Mapping entry, String agent) {
        if (point.roles().isEmpty() && !point.maySpeakFor(agent, Set.of())) {
            problems.error(
                    entry.get("peers").orElse(entry),
                    "it may not ask about the agent `" + agent + "`",
                    "name the agent under `agents`, too");
        }
    }

    private Map<String, String> attributes(Node.Member member) {
        if (!(member.value() instanceof Node.Mapping mapping)) {
            return Map.of();
        }
        return mapping.members().entrySet().stream()
                .filter(one -> known(one.getKey(), one.getValue()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        one -> Node.scalarsOf(one.getValue().value()).getFirst().text()));
    }

    private boolean known(String name, Node.Member member) {
        boolean taken = PolicyReader.PRINCIPAL.contains(name);
        if (taken) {
            problems.error(
                    member.key(), member.value().field(), "every principal has this by itself", "take another name");
        }
        return !taken && !Node.scalarsOf(member.value()).isEmpty();
    }

    private List<Glob> patterns(Node.Mapping entry, String key) {
        List<Glob> globs = new ArrayList<>();
        for (String text : entry.texts(key)) {
            try {
                globs.add(Glob.of(text));
            } catch (IllegalArgumentException e) {
                problems.error(entry.get(key).orElse(entry), String.valueOf(e.getMessage()));
            }
        }
        return globs;
    }
}
