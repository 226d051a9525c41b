package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Problem.Severity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Mistakes between the files that can be told although some entries are wrong in themselves: so that all are told at once. What is found in an entry
 * that is wrong may only follow of that, and is left out.
 */
public final class Further {
    private final Map<String, NavigableSet<Integer>> entries = new HashMap<>();

    private Further(PolicySource source) {
        places(source)
                .forEach(place -> entries.computeIfAbsent(place.file(), ignored -> new TreeSet<>())
                        .add(place.line()));
    }

    /**
     * @param loaded with errors
     * @param found in its draft
     */
    public static List<Problem> of(Loaded<PolicySet> loaded, List<Problem> found) {
        Further further = new Further(loaded.draft().map(PolicySet::source).orElse(PolicySource.EMPTY));
        Set<Entry> wrong = loaded.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(further::entry)
                .collect(Collectors.toSet());
        return found.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .filter(problem -> !wrong.contains(further.entry(problem)))
                .toList();
    }

    /** @param line where the last entry begins that was read; not of the same section if the one of the problem was not */
    private record Entry(String section, String file, int line) {}

    private Entry entry(Problem problem) {
        Place place = problem.place();
        NavigableSet<Integer> lines = entries.get(place.file());
        Integer line = lines == null ? null : lines.floor(place.line());
        return new Entry(problem.field().split("[.\\[]", 2)[0], place.file(), line == null ? 0 : line);
    }

    private static Stream<Place> places(PolicySource source) {
        return Stream.of(
                        source.roles().stream().map(PolicySource.Role::place),
                        source.roles().stream()
                                .flatMap(role -> role.permissions().stream())
                                .map(PolicySource.Permission::place),
                        source.conditions().stream().map(PolicySource.NamedCondition::place),
                        source.rules().stream().map(PolicySource.Rule::place),
                        source.softs().stream().map(PolicySource.Soft::place),
                        source.guardrails().stream().map(dev.reeve.policy.Guardrail::place),
                        source.limited().limits().stream().map(dev.reeve.policy.WrittenLimits.Entry::place),
                        source.resources().stream().map(PolicySource.Resource::place),
                        source.tools().stream().map(PolicySource.Tool::place),
                        source.agents().stream().map(PolicySource.FileAgent::place))
                .flatMap(one -> one);
    }
}
