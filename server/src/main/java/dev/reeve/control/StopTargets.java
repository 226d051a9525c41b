package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.definitions.Kind;
import dev.reeve.identity.Principal;
import dev.reeve.policy.Glob;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a stop is about anything that Reeve knows, and what is called nearly so: whoever stops something in a hurry and mistypes must not
 * believe that it is stopped. Known is what servers offer, what the policy calls by its whole name, and what was let through of late: so are the
 * names that only coding agents and enforcement points use. What was refused is not, since agents choose what they ask for.
 */
final class StopTargets {
    private static final int MOST_NEAR = 3;
    private static final int LONGEST_COMPARED = 128;

    private final AgentDirectory directory;
    private final Supplier<List<Offered>> offered;
    private final Supplier<Set<String>> written;
    private final UsedNames used;

    /**
     * @param offered what servers were seen to offer; an outage is an {@link UncheckedIOException}
     * @param written what the policy calls by its whole name; a system with a dot behind it
     */
    StopTargets(
            AgentDirectory directory, Supplier<List<Offered>> offered, Supplier<Set<String>> written, UsedNames used) {
        this.directory = directory;
        this.offered = offered;
        this.written = written;
        this.used = used;
    }

    /** @param name within its kind */
    record Offered(Kind kind, String upstream, String name) {}

    /** Of which of these something that is known has the name, or that pattern. What cannot be looked up is not said to be known. */
    Predicate<Stop> known(Collection<Stop> stops) {
        Set<String> agents = agents();
        Set<String> tenants = tenants();
        Set<String> patterns = stops.stream()
                .filter(stop -> stop.scope() == Stop.Scope.TOOL)
                .map(Stop::name)
                .collect(Collectors.toSet());
        Set<String> tools = patterns.isEmpty() ? Set.of() : known(patterns);
        return stop -> switch (stop.scope()) {
            case ALL -> true;
            case AGENT -> agents.contains(stop.name());
            case TENANT -> tenants.contains(stop.name());
            case TOOL -> tools.contains(stop.name());
        };
    }

    private Set<String> known(Set<String> patterns) {
        Set<String> named = new HashSet<>(written.get());
        offered().forEach(one -> named.addAll(called(one)));
        Set<String> known = patterns.stream()
                .filter(pattern -> named.stream().anyMatch(Glob.of(pattern)::matches))
                .collect(Collectors.toSet());
        Set<String> others = new HashSet<>(patterns);
        others.removeAll(known);
        if (!others.isEmpty()) {
            known.addAll(used.of(others));
        }
        return known;
    }

    /** What is known and called nearly so, the nearest first. */
    List<String> near(Stop stop) {
        return switch (stop.scope()) {
            case ALL -> List.of();
            case AGENT -> nearAgents(stop.name());
            case TENANT -> near(stop.name(), tenants());
            case TOOL -> near(stop.name(), tools());
        };
    }

    List<String> nearAgents(String name) {
        return near(name, agents());
    }

    private Set<String> agents() {
        return directory.roster().agents().stream().map(Agent::name).collect(Collectors.toSet());
    }

    private Set<String> tenants() {
        return Stream.concat(
                        Stream.of(Principal.DEFAULT_TENANT),
                        directory.roster().agents().stream().map(Agent::tenant))
                .collect(Collectors.toSet());
    }

    private Set<String> tools() {
        Set<String> names = new TreeSet<>();
        written.get().forEach(name -> names.add(name.endsWith(".") ? name + "*" : name));
        for (Offered one : offered()) {
            names.add(one.upstream() + ".*");
            if (one.kind() == Kind.TOOL || one.kind() == Kind.PROMPT) {
                names.addAll(called(one));
            }
        }
        return names;
    }

    /** A stop is in force whatever the store says. */
    private List<Offered> offered() {
        try {
            return offered.get();
        } catch (UncheckedIOException e) {
            return List.of();
        }
    }

    /** As {@link Stop} compares what is done with it. */
    private static List<String> called(Offered one) {
        String named = one.upstream() + "." + one.name().replace('/', ' ');
        return switch (one.kind()) {
            case TOOL, PROMPT, SERVER -> List.of(named);
            case RESOURCE, TEMPLATE, SKILL -> List.of(named, one.name());
        };
    }

    private static List<String> near(String name, Set<String> known) {
        String wanted = plain(name);
        int most = Math.max(2, wanted.length() / 3);
        record Distant(String name, int by) {}
        return known.stream()
                .map(one -> new Distant(one, distance(wanted, plain(one))))
                .filter(one -> one.by() <= most)
                .sorted(Comparator.comparingInt(Distant::by).thenComparing(Distant::name))
                .limit(MOST_NEAR)
                .map(Distant::name)
                .toList();
    }

    private static String plain(String name) {
        String low = name.toLowerCase(Locale.ROOT);
        return low.length() <= LONGEST_COMPARED ? low : low.substring(0, LONGEST_COMPARED);
    }

    /** How many letters are another, too many or missing (Levenshtein). */
    static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(changed, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }
}
