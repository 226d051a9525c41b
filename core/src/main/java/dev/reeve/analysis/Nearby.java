package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Statements by what stands before the first wildcard of their resource, or of their tool where they name no resource: of thousands, those that could be
 * about some of what given patterns match are few. The others cannot be.
 */
final class Nearby {
    private final NavigableMap<String, List<Entry>> resources = new TreeMap<>();
    private final NavigableMap<String, List<Entry>> tools = new TreeMap<>();
    private int count;

    private record Entry(int order, Statement statement) {}

    Nearby(Collection<Statement> statements) {
        statements.forEach(this::add);
    }

    private void add(Statement one) {
        Optional<Glob> resource = one.scope().resource();
        String prefix = (resource.isPresent() ? resource : one.scope().tool())
                .map(Glob::prefix)
                .orElse("");
        (resource.isPresent() ? resources : tools)
                .computeIfAbsent(prefix, ignored -> new ArrayList<>())
                .add(new Entry(count++, one));
    }

    /** In the order in which they are written. */
    List<Statement> of(Door door, List<Glob> names, List<Glob> subjects) {
        List<Entry> found = new ArrayList<>();
        if (door.isNamedOnce()) {
            near(resources, longest(names), found);
        } else {
            resources.values().forEach(found::addAll);
        }
        near(tools, longest(subjects), found);
        found.sort(Comparator.comparingInt(Entry::order));
        return found.stream().map(Entry::statement).toList();
    }

    /** All patterns match the same name, which so begins with the longest of these texts. */
    private static String longest(List<Glob> patterns) {
        String longest = "";
        for (Glob one : patterns) {
            longest = one.prefix().length() > longest.length() ? one.prefix() : longest;
        }
        return longest;
    }

    private static void near(NavigableMap<String, List<Entry>> map, String text, List<Entry> found) {
        for (int length = 0; length < text.length(); length++) {
            found.addAll(map.getOrDefault(text.substring(0, length), List.of()));
        }
        for (Map.Entry<String, List<Entry>> one : map.tailMap(text, true).entrySet()) {
            if (!one.getKey().startsWith(text)) {
                return;
            }
            found.addAll(one.getValue());
        }
    }
}
