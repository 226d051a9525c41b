package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.SoftStage;
import dev.reeve.policy.PolicySource.WhenDown;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code soft_guardrails:} of the policy. High: a person decides. Medium: allowed, with a warning and a suggestion. Low: allowed. A judge
 * that cannot be heard holds what changes something, and lets reads go on with a mark, unless the entry says otherwise; one that was not
 * asked because of the action itself, or of how many there are, holds in any case.
 */
final class SoftGuardrails implements SoftStage {
    static final String NAME = "judge";

    private static final Set<String> READING = Set.of("read", "query");

    private final List<Entry> entries;
    private final Verbs verbs;

    SoftGuardrails(List<Entry> entries, Verbs verbs) {
        this.entries = List.copyOf(entries);
        this.verbs = verbs;
    }

    /** @param about its target, its reason, who decides and whether the agent is told; nothing else of the rule counts */
    record Entry(CompiledRule about, String judge, Optional<WhenDown> down) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> wanted(Action action, Facts facts) {
        if (entries.isEmpty()) {
            return Set.of();
        }
        Set<String> wanted = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (isAbout(entry, action, facts)) {
                wanted.add(entry.judge());
            }
        }
        return wanted;
    }

    private boolean isAbout(Entry entry, Action action, Facts facts) {
        for (Access access : facts.accesses()) {
            if (entry.about().isAbout(action, access, verbs.bit(access.verb()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<Finding> check(Action action, Facts facts) {
        List<Finding> findings = new ArrayList<>();
        for (Entry entry : entries) {
            if (isAbout(entry, action, facts)) {
                findings.addAll(found(entry, said(entry.judge(), facts), action, facts));
            }
        }
        return findings;
    }

    private static Opinion said(String judge, Facts facts) {
        return facts.opinions().stream()
                .filter(one -> one.judge().equals(judge))
                .findFirst()
                .orElseGet(() -> new Opinion.Down(judge, "it was not asked"));
    }

    private static List<Finding> found(Entry entry, Opinion said, Action action, Facts facts) {
        RuleRef rule = entry.about().ref();
        return switch (said) {
            case Opinion.Down down -> List.of(unheard(entry, down, facts));
            case Opinion.Given given ->
                switch (given.level()) {
                    case LOW ->
                        List.of(new Finding.Pass(
                                NAME, Optional.of(rule), "the judge `" + given.judge() + "` sees little risk"));
                    case MEDIUM -> warned(entry, given, action);
                    case HIGH ->
                        List.of(new Finding.Ask(
                                NAME,
                                held(entry, given),
                                entry.about().by(),
                                Optional.of(entry.about().terms())));
                };
        };
    }

    private static Finding unheard(Entry entry, Opinion.Down down, Facts facts) {
        String why = "the judge `" + down.judge() + "` could not be heard: " + down.why();
        boolean reads = facts.accesses().stream().allMatch(access -> READING.contains(access.verb()));
        WhenDown then = down.unasked() ? WhenDown.HOLD : entry.down().orElse(reads ? WhenDown.CONTINUE : WhenDown.HOLD);
        return switch (then) {
            case CONTINUE ->
                new Finding.Warn(
                        NAME, Optional.of(entry.about().ref()), "judge_down", why + "; it goes on unjudged", "");
            case HOLD ->
                new Finding.Ask(
                        NAME,
                        Denial.of("judge_down", ReasonClass.APPROVAL, why)
                                .withRule(entry.about().ref())
                                .withHelp("see why the judge does not answer, or decide in its place"),
                        entry.about().by(),
                        Optional.of(entry.about().terms()));
        };
    }

    private static List<Finding> warned(Entry entry, Opinion.Given given, Action action) {
        Finding.Warn warn = new Finding.Warn(
                NAME, Optional.of(entry.about().ref()), "judged_medium", why(given), given.suggestion());
        if (!entry.about().tellAgent() || action.operation().isDoneElsewhere()) {
            return List.of(warn);
        }
        return List.of(
                warn,
                new Finding.Oblige(
                        NAME,
                        Optional.of(entry.about().ref()),
                        "the agent is told",
                        new Advice(given.warning(), given.suggestion())));
    }

    private static Denial held(Entry entry, Opinion.Given given) {
        Denial denial = Denial.of("judged_high", ReasonClass.APPROVAL, why(given))
                .withRule(entry.about().ref());
        String told = Advice.text(given.warning(), given.suggestion());
        return entry.about().tellAgent() && !told.isEmpty() ? denial.withTell(told) : denial;
    }

    private static String why(Opinion.Given given) {
        StringBuilder why = new StringBuilder(
                "the judge `" + given.judge() + "` sees " + given.level().wire() + " risk: " + given.reason());
        given.features()
                .forEach(feature -> why.append("; ")
                        .append(feature.says())
                        .append(" (")
                        .append(feature.points())
                        .append(')'));
        return why.toString();
    }
}
