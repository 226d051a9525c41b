package dev.reeve.policy;

import dev.reeve.gate.RuleRef;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.policy.Guardrails.Ban;
import dev.reeve.policy.Guardrails.ContentRule;
import dev.reeve.policy.Guardrails.FlowRule;
import dev.reeve.policy.Guardrails.Ground;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns written guardrails into what decides; says what of them can never hold. */
final class GuardrailCompiler {
    private final PolicySource source;
    private final Verbs verbs;
    private final List<Problem> problems;
    private final Set<String> tags = new HashSet<>();
    private final List<Ban> bans = new ArrayList<>();
    private final List<ContentRule> contents = new ArrayList<>();
    private final List<FlowRule> flows = new ArrayList<>();

    GuardrailCompiler(PolicySource source, Verbs verbs, List<Problem> problems) {
        this.source = source;
        this.verbs = verbs;
        this.problems = problems;
        source.resources().forEach(resource -> {
            tags.addAll(resource.tags());
            resource.columnTags().values().forEach(tags::addAll);
        });
    }

    Guardrails compile() {
        for (Guardrail guardrail : source.guardrails()) {
            try {
                add(guardrail);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(guardrail.place(), guardrail.field(), String.valueOf(e.getMessage())));
            }
        }
        return new Guardrails(bans, contents, flows, verbs);
    }

    private void add(Guardrail guardrail) {
        Ground ground = ground(guardrail);
        switch (guardrail) {
            case Guardrail.Prohibition prohibition -> bans.add(new Ban(ground, prohibition.hours()));
            case Guardrail.Content content -> {
                Set<Kind> kinds = new HashSet<>();
                content.find().forEach(name -> kinds.addAll(kinds(guardrail, name)));
                content.tokens().ifPresent(ignored -> reversible(content, kinds));
                contents.add(new ContentRule(
                        ground, kinds, content.in(), content.response(), content.by(), content.tokens()));
            }
            case Guardrail.Flow flow -> {
                flow.data().forEach(name -> known(guardrail, name));
                List<Glob> places =
                        flow.places().stream().map(UrlPatterns::allowing).toList();
                flows.add(new FlowRule(ground, Set.copyOf(flow.data()), places, flow.keepingOnly()));
            }
        }
    }

    private Ground ground(Guardrail guardrail) {
        Guardrail.Common common = guardrail.common();
        RuleRef ref =
                new RuleRef(common.name(), common.place().file(), common.place().line());
        Optional<CompiledRule> about = common.on().map(target -> {
            target.action().filter(verb -> !verbs.knows(verb)).ifPresent(verb -> {
                throw new IllegalArgumentException("unknown action `" + verb + "`");
            });
            target.role()
                    .filter(role -> source.roles().stream()
                            .noneMatch(known -> known.name().equals(role)))
                    .ifPresent(role -> {
                        throw new IllegalArgumentException("unknown role `" + role + "`");
                    });
            return CompiledRule.about(ref, target, verbs);
        });
        return new Ground(ref, about, common.reason(), common.tellAgent());
    }

    private Set<Kind> kinds(Guardrail guardrail, String name) {
        Set<Kind> kinds = Kinds.named(name);
        if (kinds.isEmpty()) {
            problems.add(Problem.error(
                            guardrail.place(), guardrail.field() + ".find", "`" + name + "` is nothing that is found")
                    .withFix("`personal`, `secrets`, `injection`, or one of docs/reference/content-kinds.md"));
        }
        return kinds;
    }

    /** What gives a right to whoever has it is never kept, and a sign of injection is worth nothing. */
    private void reversible(Guardrail.Content content, Set<Kind> kinds) {
        if (kinds.stream().anyMatch(kind -> kind.dataClass() != DataClass.PERSONAL)) {
            problems.add(Problem.error(
                            content.place(),
                            content.field() + ".find",
                            "only personal data can be turned back from tokens")
                    .withFix("write a guardrail of its own for the rest, without `as: tokens`"));
        }
        if (content.in() != Guardrail.Where.RESULT) {
            problems.add(Problem.error(
                            content.place(),
                            content.field() + ".in",
                            "tokens take the place of what an agent gets, not of what it sends")
                    .withFix("write `in: result`"));
        }
    }

    private void known(Guardrail guardrail, String name) {
        if (Kinds.named(name).isEmpty() && !tags.contains(name)) {
            problems.add(Problem.error(
                            guardrail.place(),
                            guardrail.field() + ".data",
                            "nothing that is read is tagged `" + name + "`, and nothing of that name is found")
                    .withFix("give a resource or a column the tag in the catalogue"));
        }
    }
}
