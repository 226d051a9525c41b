package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Hours;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Stage;
import dev.reeve.gate.Veil;
import dev.reeve.guard.Content;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What holds whatever roles and rules allow: prohibitions, hours, what arguments may hold, where data may go. Runs before rules are asked, so
 * that these decide on the arguments that would be sent. Pure.
 */
final class Guardrails implements Stage {
    static final String NAME = "guardrails";

    /** Of nearly every call. */
    private static final List<Finding> CLEAN =
            List.of(new Finding.Pass(NAME, Optional.empty(), "no guardrail is against it"));

    private final List<Ban> bans;
    private final List<ContentRule> contents;
    private final List<FlowRule> flows;
    private final Verbs verbs;
    private final Detectors inArguments;

    Guardrails(List<Ban> bans, List<ContentRule> contents, List<FlowRule> flows, Verbs verbs) {
        this.bans = List.copyOf(bans);
        this.contents = List.copyOf(contents);
        this.flows = List.copyOf(flows);
        this.verbs = verbs;
        Set<Kind> kinds = new HashSet<>(flowing());
        contents.stream().filter(rule -> rule.in().arguments()).forEach(rule -> kinds.addAll(rule.kinds()));
        this.inArguments = Detectors.of(kinds);
    }

    /** What every guardrail has. */
    record Ground(RuleRef ref, Optional<CompiledRule> about, String reason, boolean tellAgent) {
        boolean covers(Action action, Facts facts, Verbs verbs) {
            if (about.isEmpty()) {
                return true;
            }
            if (facts.accesses().isEmpty()) {
                return about.get().mayBeAbout(action);
            }
            for (Access access : facts.accesses()) {
                if (about.get().isAbout(action, access, verbs.bit(access.verb()))) {
                    return true;
                }
            }
            return false;
        }

        /** @param found for operators; the agent is told what the rule says, if it says so (R10) */
        Denial denial(String code, ReasonClass reasonClass, String found) {
            String why = reason.isEmpty() ? found : found + ": " + reason;
            Denial denial = Denial.of(code, reasonClass, why)
                    .withRule(ref)
                    .withNearest(new Denial.Nearest(
                            ref, "guardrails have no exception: change the guardrail, or what is asked for"));
            return tellAgent && !reason.isEmpty() ? denial.withTell(reason) : denial;
        }
    }

    record Ban(Ground ground, Optional<Hours> hours) {
        Optional<Denial> against(Facts facts) {
            if (hours.isEmpty()) {
                return Optional.of(ground.denial("prohibited", ReasonClass.POLICY, "it is prohibited"));
            }
            if (facts.clockDoubtful()) {
                return Optional.of(ground.denial(
                        "outside_hours",
                        ReasonClass.POLICY,
                        "the clock is doubtful, so it cannot be said that it is time"));
            }
            return hours.get().contain(facts.now())
                    ? Optional.empty()
                    : Optional.of(ground.denial(
                            "outside_hours",
                            ReasonClass.POLICY,
                            "it is not within the hours of " + hours.get().zone()));
        }
    }

    record ContentRule(
            Ground ground,
            Set<Kind> kinds,
            Guardrail.Where in,
            Guardrail.Response response,
            List<String> by,
            Optional<Duration> tokens) {
        ContentRule {
            kinds = Set.copyOf(kinds);
            by = List.copyOf(by);
        }

        /** Its part of what was found. */
        Map<Kind, Integer> of(Map<Kind, Integer> counts) {
            if (counts.isEmpty()) {
                return counts;
            }
            Map<Kind, Integer> own = new TreeMap<>(counts);
            own.keySet().retainAll(kinds);
            return own;
        }
    }

    /** @param signs the names in {@code data}, and the ids of all kinds that they name: what such data is carried as */
    record FlowRule(Ground ground, Set<String> data, Set<String> signs, List<Glob> places, boolean keepingOnly) {
        FlowRule {
            data = Set.copyOf(data);
            signs = Set.copyOf(signs);
            places = List.copyOf(places);
        }

        FlowRule(Ground ground, Set<String> data, List<Glob> places, boolean keepingOnly) {
            this(ground, data, signs(data), places, keepingOnly);
        }

        private static Set<String> signs(Set<String> data) {
            Set<String> signs = new HashSet<>(data);
            data.forEach(name -> Kinds.named(name).forEach(kind -> signs.add(kind.id())));
            return signs;
        }

        boolean isCarried(Set<String> carried) {
            return carried.stream().anyMatch(signs::contains);
        }

        boolean lets(Access access) {
            return (keepingOnly && RecordingRules.READING.contains(access.verb()))
                    || access.names().stream().anyMatch(name -> places.stream().anyMatch(place -> place.matches(name)));
        }
    }

    boolean isEmpty() {
        return bans.isEmpty() && contents.isEmpty() && flows.isEmpty();
    }

    boolean looksIntoArguments() {
        return !flows.isEmpty() || contents.stream().anyMatch(rule -> rule.in() != Guardrail.Where.RESULT);
    }

    /** Kinds by which data is known that may not go everywhere: they are looked for in results too, and remembered. */
    Set<Kind> flowing() {
        Set<Kind> kinds = new HashSet<>();
        flows.forEach(flow -> flow.data().forEach(name -> kinds.addAll(Kinds.named(name))));
        return kinds;
    }

    /** About the results of an action. */
    List<ContentRule> ofResults(Action action, Facts facts) {
        return contents.stream()
                .filter(rule -> rule.in().result() && rule.ground().covers(action, facts, verbs))
                .toList();
    }

    Set<Kind> kindsOfResults() {
        Set<Kind> kinds = flowing();
        contents.stream().filter(rule -> rule.in().result()).forEach(rule -> kinds.addAll(rule.kinds()));
        return kinds;
    }

    /** Over everything that rules about arguments look for in this action, whatever they say is to be done about it. */
    Veil veil(Action action, Facts facts) {
        if (!hasContent(action.operation())) {
            return Veil.NONE;
        }
        Set<Kind> kinds = new HashSet<>();
        contents.stream()
                .filter(rule -> rule.in().arguments() && rule.ground().covers(action, facts, verbs))
                .forEach(rule -> kinds.addAll(rule.kinds()));
        if (kinds.isEmpty()) {
            return Veil.NONE;
        }
        Detectors detectors = Detectors.of(kinds);
        Set<Kind> found = new TreeSet<>(inArguments(detectors, action));
        return found.isEmpty()
                ? Veil.NONE
                : Veil.over(found.stream().map(Kind::id).toList(), value -> Content.redact(detectors, value));
    }

    private static Set<Kind> inArguments(Detectors detectors, Action action) {
        Operation operation = action.operation();
        Json.Builder all = Json.object().put("arguments", operation.arguments());
        operation.input().ifPresent(input -> all.put("input", input.responses()));
        return Content.count(detectors, all.put("said", action.reasoning()).build())
                .keySet();
    }

    /** What is made by us, or asked by a server, holds no arguments of an agent. */
    static boolean hasContent(Operation operation) {
        return !(operation instanceof Operation.Listing || operation instanceof Operation.AccessSearch);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Finding> check(Action action, Facts facts) {
        if (action.operation() instanceof Operation.Task task && task.ends()) {
            return CLEAN;
        }
        for (Ban ban : bans) {
            boolean counts =
                    ban.ground().covers(action, facts, verbs) && !isOfWhatIsOnlyListed(ban, action.operation());
            Optional<Denial> against = counts ? ban.against(facts) : Optional.empty();
            if (against.isPresent()) {
                return List.of(new Finding.Stop(NAME, against.get()));
            }
        }
        if (!hasContent(action.operation()) || (contents.isEmpty() && flows.isEmpty())) {
            return CLEAN;
        }
        Map<Kind, Integer> counts = count(action.operation());
        return counts.isEmpty() && facts.sessionRead().isEmpty()
                ? CLEAN
                : new Looking(action, facts, counts).findings();
    }

    private Map<Kind, Integer> count(Operation operation) {
        Map<Kind, Integer> found = Content.count(inArguments, operation.arguments());
        if (operation.input().isEmpty()) {
            return found;
        }
        Map<Kind, Integer> both = new TreeMap<>(found);
        Content.count(inArguments, operation.input().get().responses())
                .forEach((kind, count) -> both.merge(kind, count, Integer::sum));
        return both;
    }

    /** A list touches none of what stands in it: a ban on a resource is no ban on seeing which tools there are. */
    private static boolean isOfWhatIsOnlyListed(Ban ban, Operation operation) {
        return !hasContent(operation)
                && ban.ground().about().filter(CompiledRule::namesWhatIsTouched).isPresent();
    }

    /** Through the arguments of one action. */
    private final class Looking {
        private final Action action;
        private final Facts facts;
        private final Map<Kind, Integer> counts;
        private final Set<Kind> redacted = new HashSet<>();
        private final List<Finding> findings = new ArrayList<>();
        private Optional<ContentRule> redacting = Optional.empty();

        Looking(Action action, Facts facts, Map<Kind, Integer> counts) {
            this.action = action;
            this.facts = facts;
            this.counts = counts;
        }

        List<Finding> findings() {
            Optional<Denial> stop = denied();
            contents.stream().filter(this::applies).forEach(this::respond);
            stop = stop.or(this::redact).or(this::flow);
            if (stop.isPresent()) {
                return List.of(new Finding.Stop(NAME, stop.get()));
            }
            return findings.isEmpty() ? CLEAN : List.copyOf(findings);
        }

        private boolean applies(ContentRule rule) {
            return rule.in().arguments()
                    && !rule.of(counts).isEmpty()
                    && rule.ground().covers(action, facts, verbs);
        }

        private Optional<Denial> denied() {
            return contents.stream()
                    .filter(rule -> rule.response() == Guardrail.Response.DENY && applies(rule))
                    .findFirst()
                    .map(rule -> rule.ground().denial("content_denied", ReasonClass.ARGUMENTS, found(rule)));
        }

        private String found(ContentRule rule) {
            return "found in the arguments: " + Content.told(rule.of(counts));
        }

        private void respond(ContentRule rule) {
            switch (rule.response()) {
                case DENY -> {}
                case REDACT -> {
                    redacted.addAll(rule.of(counts).keySet());
                    redacting = redacting.or(() -> Optional.of(rule));
                }
                case HOLD ->
                    findings.add(new Finding.Ask(
                            NAME,
                            rule.ground().denial("content_held", ReasonClass.APPROVAL, found(rule)),
                            rule.by(),
                            Optional.of(AskTerms.USUAL)));
                case WARN ->
                    findings.add(
                            new Finding.Warn(NAME, Optional.of(rule.ground().ref()), "content_found", found(rule), ""));
            }
        }

        private Optional<Denial> redact() {
            if (redacting.isEmpty()) {
                return Optional.empty();
            }
            ContentRule rule = redacting.get();
            Detectors detectors = Detectors.of(redacted);
            Optional<Operation> instead = switch (action.operation()) {
                case Operation.ToolCall call ->
                    Optional.of(new Operation.ToolCall(
                            call.upstream(),
                            call.tool(),
                            redacted(detectors, call.arguments()),
                            input(detectors, call)));
                case Operation.PromptGet get ->
                    Optional.of(new Operation.PromptGet(
                            get.upstream(), get.prompt(), redacted(detectors, get.arguments()), input(detectors, get)));
                default -> Optional.empty();
            };
            if (instead.isEmpty()) {
                return Optional.of(rule.ground()
                        .denial(
                                "content_denied",
                                ReasonClass.ARGUMENTS,
                                found(rule) + "; it cannot be sent in another form"));
            }
            Map<Kind, Integer> gone = new TreeMap<>(counts);
            gone.keySet().retainAll(redacted);
            findings.add(new Finding.Redact(
                    NAME,
                    Optional.of(rule.ground().ref()),
                    "taken out of the arguments: " + Content.told(gone),
                    instead.get()));
            return Optional.empty();
        }

        private static Json.Obj redacted(Detectors detectors, Json.Obj arguments) {
            return (Json.Obj) Content.redact(detectors, arguments);
        }

        private static Optional<Operation.Input> input(Detectors detectors, Operation operation) {
            return operation
                    .input()
                    .map(input -> new Operation.Input(redacted(detectors, input.responses()), input.state()));
        }

        /** What was taken out goes nowhere. */
        private Optional<Denial> flow() {
            if (flows.isEmpty() || action.operation() instanceof Operation.Question) {
                return Optional.empty();
            }
            Set<Kind> left = new HashSet<>(counts.keySet());
            left.removeAll(redacted);
            Set<String> carried = new HashSet<>(Kinds.tags(left));
            left.forEach(kind -> carried.add(kind.id()));
            carried.addAll(facts.sessionRead());
            return flows.stream()
                    .filter(flow -> flow.isCarried(carried))
                    .filter(flow -> flow.ground().covers(action, facts, verbs))
                    .filter(flow -> !facts.accesses().stream().allMatch(flow::lets))
                    .filter(flow -> takesData(action.operation()))
                    .findFirst()
                    .map(flow -> flow.ground()
                            .denial(
                                    "data_may_not_go_there",
                                    ReasonClass.POLICY,
                                    "it may carry data of a class that may not go there"));
        }

        /** Answers to what a server asked reach it as arguments do (R20). */
        private static boolean takesData(Operation operation) {
            return !operation.arguments().members().isEmpty()
                    || operation
                            .input()
                            .filter(input -> !input.responses().members().isEmpty())
                            .isPresent();
        }
    }
}
