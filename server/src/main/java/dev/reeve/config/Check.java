package dev.reeve.config;

import dev.reeve.analysis.Sarif;
import dev.reeve.analysis.Suppressions;
import dev.reeve.analysis.Suppressions.Suppressed;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.Problem.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** {@code reeve check}: everything that is wrong in any file, at once. Changes nothing and opens nothing but the files. */
public final class Check {
    private Check() {}

    /** @param version of catalogue and policies, if they could be read */
    public record Report(List<Problem> problems, List<Suppressed> suppressed, Optional<String> version) {
        public Report {
            problems = List.copyOf(problems);
            suppressed = List.copyOf(suppressed);
        }

        /** Whether `reeve serve` would start with these files. */
        public boolean isOk() {
            return errors() == 0;
        }

        public long errors() {
            return count(Severity.ERROR);
        }

        private long count(Severity severity) {
            return problems.stream().filter(it -> it.severity() == severity).count();
        }

        /** One line for each problem, then one that counts them. */
        public String text() {
            StringBuilder text = new StringBuilder();
            problems.forEach(problem -> text.append(ProblemText.of(problem)).append('\n'));
            long errors = errors();
            text.append(counted(errors, "error")).append(", ").append(counted(count(Severity.WARNING), "warning"));
            if (count(Severity.NOTE) > 0) {
                text.append(", ").append(counted(count(Severity.NOTE), "note"));
            }
            if (!suppressed.isEmpty()) {
                text.append(" (").append(suppressed.size()).append(" ignored)");
            }
            version.filter(ignored -> errors == 0)
                    .ifPresent(it -> text.append("; policy version ").append(it, 0, Math.min(12, it.length())));
            return text.append('\n').toString();
        }

        public Json.Obj json() {
            return Json.object()
                    .put("ok", isOk())
                    .put("errors", errors())
                    .put("warnings", count(Severity.WARNING))
                    .put("notes", count(Severity.NOTE))
                    .put("policy_version", version)
                    .put(
                            "problems",
                            new Json.Arr(problems.stream()
                                    .<Json>map(ProblemText::json)
                                    .toList()))
                    .put(
                            "ignored",
                            new Json.Arr(suppressed.stream()
                                    .<Json>map(one ->
                                            ProblemText.json(one.problem()).with("reason", new Json.Str(one.reason())))
                                    .toList()))
                    .build();
        }

        /** @param reeve version of the program */
        public Json.Obj sarif(String reeve) {
            return Sarif.of(problems, suppressed, reeve);
        }

        private static String counted(long count, String what) {
            return (count == 0 ? "no" : Long.toString(count)) + " " + what + (count == 1 ? "" : "s");
        }
    }

    /**
     * @param compile what is wrong between the files, given the policies and the names of upstreams: conditions that do not compile, rules that
     *     can never match, ... Asked only if catalogue and policies could be read, and {@code reeve.yaml} is YAML
     * @param further the errors among these, asked of a draft of files that have mistakes
     */
    public static Report run(
            Home home,
            SqlSchemas schemas,
            BiFunction<PolicySet, Set<String>, List<Problem>> compile,
            BiFunction<PolicySet, Set<String>, List<Problem>> further) {
        Loaded<ReeveConfig> config = ReeveFile.read(home);
        Loaded<PolicySet> policy = PolicyFiles.read(home.folder(), schemas);
        List<Problem> problems = new ArrayList<>(config.problems());
        problems.addAll(policy.problems());
        config.value().ifPresent(it -> problems.addAll(TlsCheck.of(it, Instant.now())));
        Optional<Set<String>> upstreams = ReeveFile.upstreamNames(home);
        if (upstreams.isPresent() && policy.value().isPresent()) {
            problems.addAll(compile.apply(policy.value().get(), upstreams.get()));
        } else if (upstreams.isPresent() && policy.draft().isPresent()) {
            problems.addAll(Further.of(policy, further.apply(policy.draft().get(), upstreams.get())));
        }
        Problems sorted = new Problems();
        Suppressions.Sorted told =
                Suppressions.apply(policy.value().map(PolicySet::source).orElse(PolicySource.EMPTY), problems);
        told.kept().forEach(sorted::add);
        return new Report(sorted.all(), told.suppressed(), policy.value().map(PolicySet::version));
    }
}
