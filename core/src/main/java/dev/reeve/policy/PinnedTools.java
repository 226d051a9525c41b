package dev.reeve.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tools that are pinned, sorted by their names and by what their calls touch, so that a pattern is compared with few of them. */
final class PinnedTools {
    private final Set<String> upstreams;
    private final List<String> unseen = new ArrayList<>();
    private final NavigableSet<String> subjects = new TreeSet<>();
    /** By the whole name that each call touches. */
    private final NavigableMap<String, List<String>> exact = new TreeMap<>();
    /** By what the names begin with that its calls touch. */
    private final Map<String, List<String>> below = new HashMap<>();

    private PinnedTools(Set<String> upstreams) {
        this.upstreams = upstreams;
    }

    static PinnedTools of(ToolSchemas schemas, Catalogue catalogue) {
        PinnedTools tools = new PinnedTools(schemas.upstreams());
        for (String upstream : schemas.upstreams()) {
            List<String> offered = schemas.tools(upstream);
            if (offered.isEmpty()) {
                tools.unseen.add(upstream + ".");
            }
            offered.forEach(tool -> tools.add(upstream + "." + tool, catalogue));
        }
        return tools;
    }

    private void add(String subject, Catalogue catalogue) {
        subjects.add(subject);
        Optional<Template> actsOn = catalogue.tool(subject).map(Catalogue.ToolEntry::actsOn);
        String prefix = actsOn.map(Template::prefix).orElse("tool:" + subject);
        boolean whole = actsOn.map(Template::isConstant).orElse(true);
        (whole ? exact : below)
                .computeIfAbsent(prefix, ignored -> new ArrayList<>())
                .add(subject);
    }

    Set<String> upstreams() {
        return upstreams;
    }

    /** A server that was never seen may offer anything. */
    boolean mayExist(Glob pattern) {
        return unseen.stream().anyMatch(pattern::mayMatchBelow)
                || (pattern.isLiteral()
                        ? subjects.contains(pattern.toString())
                        : beginning(subjects, pattern.prefix()).stream().anyMatch(pattern::matches));
    }

    /** The pinned tools that a rule names; none if it names none. */
    List<String> named(Optional<Glob> tool) {
        return tool.map(glob -> beginning(subjects, glob.prefix()).stream()
                        .filter(glob::matches)
                        .toList())
                .orElse(List.of());
    }

    /** Pinned tools whose calls may touch the resource: their schemas type its conditions. */
    List<String> reaching(Glob resource) {
        List<String> reaching = new ArrayList<>();
        exact.subMap(resource.prefix(), true, resource.prefix() + Character.MAX_VALUE, true)
                .forEach((name, tools) -> {
                    if (resource.matches(name)) {
                        reaching.addAll(tools);
                    }
                });
        below.forEach((prefix, tools) -> {
            if (resource.mayMatchBelow(prefix)) {
                reaching.addAll(tools);
            }
        });
        return reaching;
    }

    private static NavigableSet<String> beginning(NavigableSet<String> names, String prefix) {
        return names.subSet(prefix, true, prefix + Character.MAX_VALUE, true);
    }
}
