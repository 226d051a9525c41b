package dev.reeve.workbench;

import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
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
import dev.reeve.workbench.ReplayReport.What;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
        Set<Touched> touched = recorded.touched().orElse(Set.of());
        if (touched.isEmpty()) {
            return none("the record does not say what it touched");
        }
        Optional<String> pattern = touched.stream()
                .map(Touched::exactly)
                .filter(name -> !Narrowing.isPlain(name))
                .findFirst();
        if (pattern.isPresent()) {
            return none("what it touched would be a pattern in a rule, or is too long for one, and its agent chose it: "
                    + Learning.quoted(pattern.get()));
        }
        Arguments arguments = Arguments.of(recorded);
        return tried(recorded, touched, arguments, now, ledger, filter, threads, progress);
    }

    private static Proposed none(String why) {
        return new Proposed(Optional.empty(), why, Optional.empty());
    }

    private Proposed tried(
            RecordedAction recorded,
            Set<Touched> touched,
            Arguments arguments,
            Judgement now,
            Path ledger,
            EventFilter filter,
            int threads,
            Progress progress)
            throws UnknownException, IOException {
        List<Rule> bound = rules(recorded, touched, arguments.when());
        Arguments kept = compiles(bound) ? arguments : arguments.unbound();
        List<Rule> used = rules(recorded, touched, kept.when());
        Judgement then = with(used).judge(recorded);
        if (then.ruling() != Ruling.ALLOW) {
            return none("a rule that allows cannot help, because "
                    + then.rule().map(rule -> ReplayReport.place(rule) + " ").orElse("")
                    + (then.ruling() == Ruling.HOLD ? "holds it" : "denies it")
                    + (then.reason().isEmpty() ? "" : ": " + then.reason()));
        }
        List<Rule> needed = needed(recorded, used);
        Candidate candidate = with(needed);
        ReplayReport others = Replay.run(ledger, filter, candidate, threads, progress);
        Beside beside = new Beside(recorded.action().id(), with(List.of()), candidate);
        new DecisionLog(ledger, filter, threads).each(beside::change, beside::take, progress);
        return new Proposed(
                Optional.of(text(recorded, needed, kept, beside)),
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

    /** What a proposal decides otherwise than the policy without it, beside the denial that it is made for. */
    private static final class Beside {
        private final String denial;
        private final Candidate without;
        private final Candidate with;
        private long wider;
        private long unknown;

        Beside(String denial, Candidate without, Candidate with) {
            this.denial = denial;
            this.without = without;
            this.with = with;
        }

        /** On any thread. */
        What change(Stored stored) {
            try {
                return stored.id().equals(denial) ? What.SAME : Replay.what(Rebuilding.of(stored), without, with);
            } catch (UnknownException e) {
                return What.UNKNOWN;
            }
        }

        void take(What what) {
            switch (what) {
                case WIDER -> wider++;
                case UNKNOWN -> unknown++;
                case SAME, TIGHTER, DECIDED_BEFORE -> {}
            }
        }

        String said() {
            String others = wider == 0
                    ? "this and nothing else"
                    : "this and " + wider + (wider == 1 ? " other action that was" : " other actions that were")
                            + " not allowed";
            return unknown == 0
                    ? "it allows " + others + "."
                    : "it allows " + others + "; of " + unknown + (unknown == 1 ? " action" : " actions")
                            + " the record says too little to know.";
        }
    }

    /**
     * What a rule can ask of the arguments: the texts and truths, as they were. Numbers have types that only the schema knows.
     *
     * @param free those of which a rule asks nothing
     */
    private record Arguments(Optional<String> when, Set<String> names, Set<String> free) {
        static Arguments of(RecordedAction recorded) {
            Map<String, Json> members =
                    recorded.action().operation().arguments().members();
            Set<String> names = new TreeSet<>(members.keySet());
            boolean hidden = !recorded.hidden().isNothing() || recorded.isRewritten();
            List<String> parts = new ArrayList<>();
            Set<String> free = new TreeSet<>();
            members.forEach((name, value) -> {
                boolean text = value instanceof Json.Str said && said.value().length() <= LONGEST;
                if (NAME.matcher(name).matches() && (text || value instanceof Json.Bool)) {
                    parts.add("arguments." + name + " == " + Learning.quoted(value));
                } else {
                    free.add(name);
                }
            });
            Arguments none = new Arguments(Optional.empty(), names, names);
            return hidden || parts.isEmpty() || parts.size() > MOST_ARGUMENTS
                    ? none
                    : new Arguments(Optional.of(String.join(" && ", parts)), names, free);
        }

        Arguments unbound() {
            return new Arguments(Optional.empty(), names, names);
        }
    }

    private static List<Rule> rules(RecordedAction recorded, Set<Touched> touched, Optional<String> when) {
        List<Rule> rules = new ArrayList<>();
        for (Touched one : touched) {
            Target target = new Target(
                    Optional.empty(),
                    Optional.of(one.exactly()),
                    Optional.of(one.verb()),
                    Optional.of(recorded.action().principal().agent()),
                    Optional.empty(),
                    Optional.empty());
            rules.add(new Rule(
                    "proposed-" + (rules.size() + 1),
                    Effect.ALLOW,
                    target,
                    when,
                    "",
                    false,
                    List.of(),
                    new Mode.Enforce(),
                    PROPOSED));
        }
        return rules;
    }

    private static String text(RecordedAction recorded, List<Rule> rules, Arguments arguments, Beside beside) {
        StringBuilder text = new StringBuilder("# A proposal of `reeve policy learn` for ");
        text.append(recorded.action().id()).append(". Read it before you take it.\n");
        text.append("# Tried on what was recorded: ").append(beside.said()).append('\n');
        if (!arguments.free().isEmpty()) {
            text.append("# It asks nothing of these arguments, and allows whatever they say: ")
                    .append(EventText.json(Json.Arr.ofStrings(arguments.free())))
                    .append('\n');
        }
        if (recorded.hidden().allArguments() || !recorded.hidden().arguments().isEmpty()) {
            text.append("# The record does not show all of its arguments.\n");
        }
        text.append("rules:\n");
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
