package dev.reeve.analysis;

import dev.reeve.policy.LintRule;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Problem.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code ignore: { ID: reason }} beside a rule, a permission or a role: the author knows of the finding. An error is never ignored, and what
 * ignores nothing is a finding itself.
 */
public final class Suppressions {
    private final Map<Place, Map<String, String>> written = new HashMap<>();
    private final Map<Place, String> fields = new HashMap<>();

    private Suppressions(PolicySource source) {
        source.rules().forEach(rule -> add(rule.place(), rule.field(), rule.ignore()));
        source.roles().forEach(role -> {
            String field = "agent_roles." + role.name();
            add(role.place(), field, role.ignore());
            role.permissions().forEach(permission -> add(permission.place(), field, permission.ignore()));
        });
    }

    private void add(Place place, String field, Map<String, String> ignore) {
        if (!ignore.isEmpty()) {
            written.put(place, ignore);
            fields.put(place, field);
        }
    }

    /** A finding that its author knows of. */
    public record Suppressed(Problem problem, String reason) {}

    /** @param kept what is to be told, unused suppressions included */
    public record Sorted(List<Problem> kept, List<Suppressed> suppressed) {
        public Sorted {
            kept = List.copyOf(kept);
            suppressed = List.copyOf(suppressed);
        }
    }

    /** Takes out of {@code problems} what the source says is known. */
    public static Sorted apply(PolicySource source, List<Problem> problems) {
        return new Suppressions(source).sort(problems);
    }

    private Sorted sort(List<Problem> problems) {
        List<Problem> kept = new ArrayList<>();
        List<Suppressed> suppressed = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Problem problem : problems) {
            String id = problem.rule().id();
            String reason = written.getOrDefault(problem.place(), Map.of()).get(id);
            if (reason != null && problem.severity() != Severity.ERROR) {
                suppressed.add(new Suppressed(problem, reason));
                used.add(problem.place() + ":" + problem.place().column() + " " + id);
            } else {
                kept.add(problem);
            }
        }
        written.forEach((place, ignore) -> new TreeMap<>(ignore).keySet().forEach(id -> {
            if (!used.contains(place + ":" + place.column() + " " + id)) {
                kept.add(unused(place, id));
            }
        }));
        return new Sorted(kept, suppressed);
    }

    private Problem unused(Place place, String id) {
        String why = LintRule.of(id).isEmpty()
                ? "`" + id + "` is the id of no check"
                : "there is no warning `" + id + "` here that could be ignored";
        return Lint.warning(LintRule.IGNORE_UNUSED, place, fields.getOrDefault(place, "") + ".ignore", why);
    }
}
