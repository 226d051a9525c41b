package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.LintRule;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Tool;
import dev.reeve.policy.Problem;
import dev.reeve.policy.UrlPatterns;
import dev.reeve.policy.Verbs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is allowed more widely than anybody is likely to mean, and actions that nothing does. */
final class Width {
    private static final List<String> CHANGES = List.of("write", "create", "update", "delete");
    /** Anything, so far as these forms go: two of each, that a pattern of some hosts does not match at once. */
    private static final Map<String, List<String>> ANYWHERE = Map.of(
            "url:", List.of("url:https://a.example/x/y", "url:https://b.test/"),
            "host:", List.of("host:a.example", "host:b.test"),
            "mail:", List.of("mail:x@a.example", "mail:y@b.test"));

    private final PolicySource source;
    private final Verbs verbs;
    private final long changes;
    private final Map<String, Long> done = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Width(PolicySource source, Verbs verbs) {
        this.source = source;
        this.verbs = verbs;
        this.changes = verbs.mask(CHANGES);
        source.tools().forEach(tool -> done.merge(tool.actsOn(), actions(tool), (a, b) -> a | b));
        // Whoever guards it asks for these.
        source.resources()
                .forEach(one -> done.computeIfPresent(one.name(), (name, known) -> known | verbs.mask(one.actions())));
    }

    static List<Problem> of(List<Statement> statements, PolicySource source, Verbs verbs) {
        Width width = new Width(source, verbs);
        for (Statement one : statements) {
            if (one.allows()) {
                width.look(one);
            }
            width.neverDone(one);
        }
        return width.problems;
    }

    private long actions(Tool tool) {
        return verbs.mask(tool.actions());
    }

    private void look(Statement one) {
        boolean free = one.conditions().isEmpty() && !one.asksClient();
        if (free && isEverything(one)) {
            problems.add(Lint.warning(
                    LintRule.ALLOWS_EVERYTHING, one, "this " + one.kind() + " allows everything, whatever it is"));
            return;
        }
        if (one.rule().isPresent()
                && one.words().isEmpty()
                && one.scope().tool().isEmpty()
                && one.scope().resource().isPresent()) {
            problems.add(Lint.warning(
                    LintRule.ALLOWS_EVERY_ACTION,
                    one,
                    "it allows every action on `" + one.scope().resource().get()
                            + "`, those that tools will have one day included"));
        }
        if (free) {
            labelled(one);
            wayOut(one);
        }
    }

    private static boolean isEverything(Statement one) {
        return (one.scope().resource().isEmpty() || isAll(one.scope().resource()))
                && (one.scope().tool().isEmpty() || isAll(one.scope().tool()));
    }

    private static boolean isAll(Optional<Glob> glob) {
        return glob.filter(it -> it.prefix().isEmpty() && it.matches("a.b") && it.matches("a:b.c"))
                .isPresent();
    }

    private void labelled(Statement one) {
        Optional<Glob> about = one.scope().resource();
        if (about.isEmpty()
                || (one.scope().verbs() & changes) == 0
                || one.words().isEmpty()) {
            return;
        }
        for (PolicySource.Resource resource : source.resources()) {
            Set<String> labels = labels(resource, about.get());
            if (!labels.isEmpty()) {
                problems.add(Lint.warning(
                        LintRule.WRITES_LABELLED,
                        one,
                        "what is labelled " + String.join(", ", labels) + " in `" + resource.name()
                                + "` can be changed, and no condition is asked for"));
                return;
            }
        }
    }

    /** Labels of what the pattern reaches in a resource: all of it, or some of its columns. */
    private static Set<String> labels(PolicySource.Resource resource, Glob about) {
        Set<String> labels = new java.util.TreeSet<>();
        if (!resource.tags().isEmpty()
                && UrlPatterns.restricted(UrlPatterns.labelling(resource.name())).stream()
                        .anyMatch(glob -> NameSearch.overlap(about, glob))) {
            labels.addAll(resource.tags());
        }
        resource.columnTags().forEach((column, tags) -> {
            String name = "db:" + resource.name() + "/" + column;
            String table = name.substring(0, Math.max(name.lastIndexOf('.'), name.indexOf('/') + 1));
            if (about.matches(resource.name()) || about.matches(name) || about.matches(table)) {
                labels.addAll(tags);
            }
        });
        return labels;
    }

    private void wayOut(Statement one) {
        if (one.scope().except().isPresent()) {
            return;
        }
        one.scope().resource().ifPresent(resource -> {
            for (Map.Entry<String, List<String>> form : ANYWHERE.entrySet()) {
                if (resource.prefix().startsWith(form.getKey())
                        && form.getValue().stream().allMatch(resource::matches)
                        && !isNarrowed(form.getKey())) {
                    problems.add(Lint.warning(
                            LintRule.OPEN_WAY_OUT,
                            one,
                            "`" + resource + "` is every destination there is, and no rule denies any of them"));
                }
            }
        });
    }

    /** A deny about such destinations, even one under a condition, shows that somebody has thought of it. */
    private boolean isNarrowed(String form) {
        return source.rules().stream()
                .filter(rule -> rule.effect() == PolicySource.Effect.DENY)
                .anyMatch(rule -> rule.target()
                                .resource()
                                .filter(it -> it.startsWith(form))
                                .isPresent()
                        || rule.target().tool().filter(it -> leadsTo(it, form)).isPresent());
    }

    private boolean leadsTo(String tool, String form) {
        try {
            Glob named = Glob.of(tool);
            return source.tools().stream()
                    .filter(one -> one.actsOn().startsWith(form))
                    .anyMatch(one -> NameSearch.overlap(named, Glob.of(one.pattern())));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A resource with a name of its own is touched by what the catalogue says of it, and by nothing else. */
    private void neverDone(Statement one) {
        String name = one.scope().resource().map(Glob::toString).orElse("");
        Long possible = done.get(name);
        if (possible == null || name.indexOf(':') >= 0 || name.indexOf('*') >= 0) {
            return;
        }
        for (String word : one.words()) {
            if (verbs.knows(word) && (verbs.mask(List.of(word)) & possible) == 0) {
                problems.add(Lint.note(
                        LintRule.ACTION_NEVER_HAPPENS,
                        one.place(),
                        one.field(),
                        "no tool does `" + word + "` to `" + name + "`"));
            }
        }
    }
}
