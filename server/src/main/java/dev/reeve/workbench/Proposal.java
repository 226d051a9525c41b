package dev.reeve.workbench;

import dev.reeve.audit.EventFilter;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Target;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.RecordedAction.Touched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From one recorded denial the narrow rules that would have allowed it: for this agent, what it touched, how, and with these arguments. They are
 * tried before anybody sees them: on the denial itself, and on everything else that was recorded.
 */
public final class Proposal {
    private static final Place PROPOSED = new Place("proposal", 0, 0);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int MOST_ARGUMENTS = 8;
    private static final int LONGEST = 512;

    private final PolicySource source;
    private final ToolSchemas tools;

    /**
     * @param source the policy that the rules are added to
     * @param tools against which conditions are checked
     */
    public Proposal(PolicySource source, ToolSchemas tools) {
        this.source = source;
        this.tools = tools;
    }

    /**
     * @param text rules for a policy file, commented; empty if no rule that allows can help
     * @param why what came of it, in a line
     * @param others what else of the record would be decided otherwise by it
     */
    public record Proposed(Optional<String> text, String why, Optional<ReplayReport> others) {}

    /**
     * @param denial its record
     * @throws UnknownException if the record says too little of it
     * @throws IOException if the ledger cannot be read
     */
    public Proposed of(Stored denial, Path ledger, EventFilter filter, int threads, Progress progress)
            throws UnknownException, IOException {
        RecordedAction recorded = Rebuilding.of(denial);
        if (recorded.judged().ruling() == Ruling.ALLOW) {
            return none("it was allowed");
        }
        if (recorded.isDecidedBefore()) {
            return none("no policy stopped it: " + recorded.judged().code().orElse("its definition or identity did"));
        }
        Judgement now = Candidate.of("present", source, tools).judge(recorded);
        if (now.ruling() == Ruling.ALLOW) {
            return none("the files as they stand allow it already");
        }
        List<Rule> rules = rules(recorded);
        if (rules.isEmpty()) {
            return none("the record does not say what it touched");
        }
        return tried(recorded, rules, now, ledger, filter, threads, progress);
    }

    private static Proposed none(String why) {
        return new Proposed(Optional.empty(), why, Optional.empty());
    }

    private Proposed tried(
            RecordedAction recorded,
            List<Rule> rules,
            Judgement now,
            Path ledger,
            EventFilter filter,
            int threads,
            Progress progress)
            throws UnknownException, IOException {
        List<Rule> used = compiles(rules) ? rules : withoutArguments(rules);
        Judgement then = with(used).judge(recorded);
        if (then.ruling() != Ruling.ALLOW) {
            return none("a rule that allows cannot help, because "
                    + then.rule().map(rule -> ReplayReport.place(rule) + " ").orElse("")
                    + (then.ruling() == Ruling.HOLD ? "holds it" : "denies it")
                    + (then.reason().isEmpty() ? "" : ": " + then.reason()));
        }
        List<Rule> needed = needed(recorded, used);
        ReplayReport others = Replay.run(ledger, filter, with(needed), threads, progress);
        ReplayReport before = Replay.run(ledger, filter, with(List.of()), threads, progress);
        return new Proposed(
                Optional.of(text(recorded, needed, others.wider() - before.wider())),
                "it was denied, " + now.code().orElse("") + ", and these rules would have allowed it",
                Optional.of(others));
    }

    private boolean compiles(List<Rule> rules) {
        try {
            return with(rules).version().equals("proposed");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Candidate with(List<Rule> rules) {
        List<Rule> all = new ArrayList<>(source.rules());
        all.addAll(rules);
        return Candidate.of("proposed", source.with().rules(all).build(), tools);
    }

    /** What is granted already needs no rule. */
    private List<Rule> needed(RecordedAction recorded, List<Rule> rules) throws UnknownException {
        List<Rule> needed = new ArrayList<>(rules);
        for (Rule rule : rules) {
            List<Rule> fewer = new ArrayList<>(needed);
            fewer.remove(rule);
            if (with(fewer).judge(recorded).ruling() == Ruling.ALLOW) {
                needed = fewer;
            }
        }
        return needed;
    }

    private static List<Rule> rules(RecordedAction recorded) {
        List<Rule> rules = new ArrayList<>();
        Optional<String> when = when(recorded);
        for (Touched one : recorded.touched().map(List::copyOf).orElse(List.of())) {
            Target target = new Target(
                    Optional.empty(),
                    Optional.of(one.names().getLast()),
                    Optional.of(one.verb()),
                    Optional.of(recorded.action().principal().agent()),
                    Optional.empty(),
                    Optional.empty());
            rules.add(rule(target, when, rules.size()));
        }
        return rules;
    }

    private static Rule rule(Target target, Optional<String> when, int number) {
        return new Rule(
                "proposed-" + (number + 1),
                Effect.ALLOW,
                target,
                when,
                "",
                false,
                List.of(),
                new Mode.Enforce(),
                PROPOSED);
    }

    private static List<Rule> withoutArguments(List<Rule> rules) {
        List<Rule> without = new ArrayList<>();
        rules.forEach(rule -> without.add(rule(rule.target(), Optional.empty(), without.size())));
        return without;
    }

    /** The texts and truths among its arguments, as they were; numbers have types that only the schema knows. */
    private static Optional<String> when(RecordedAction recorded) {
        if (!recorded.hidden().isNothing() || recorded.isRewritten()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        recorded.action().operation().arguments().members().forEach((name, value) -> {
            boolean text = value instanceof Json.Str said && said.value().length() <= LONGEST;
            if (NAME.matcher(name).matches() && (text || value instanceof Json.Bool)) {
                parts.add("arguments." + name + " == " + Learning.quoted(value));
            }
        });
        return parts.isEmpty() || parts.size() > MOST_ARGUMENTS
                ? Optional.empty()
                : Optional.of(String.join(" && ", parts));
    }

    private static String text(RecordedAction recorded, List<Rule> rules, long others) {
        StringBuilder text = new StringBuilder("# A proposal of `reeve policy learn` for ");
        text.append(recorded.action().id()).append(". Read it before you take it.\n");
        text.append("# Tried on what was recorded: ")
                .append(
                        others <= 1
                                ? "it allows this and nothing else."
                                : "it allows this and " + (others - 1) + " other actions that were not allowed.")
                .append("\nrules:\n");
        for (Rule rule : rules) {
            text.append("  - allow: { resource: ")
                    .append(Learning.quoted(rule.target().resource().orElse("")))
                    .append(", action: ")
                    .append(rule.target().action().orElse(""))
                    .append(", agent: ")
                    .append(Learning.quoted(rule.target().agent().orElse("")))
                    .append(" }\n");
            rule.when()
                    .ifPresent(when -> text.append("    when: ")
                            .append(Learning.quoted(when))
                            .append('\n'));
        }
        return text.toString();
    }
}
