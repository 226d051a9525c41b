package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.condition.Parts;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicySet;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.Consideration;
import dev.reeve.policy.Considered;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a policy would decide an action as it would: what each stage says, and each rule that names what it touches. */
public final class Explaining {
    private final TrialPolicy policy;
    private final ToolSchemas tools;
    private final Map<String, String> named = new HashMap<>();

    private Explaining(TrialPolicy policy, ToolSchemas tools) {
        this.policy = policy;
        this.tools = tools;
        policy.source().conditions().forEach(condition -> {
            if (condition.text() instanceof PolicySource.ConditionText.When(String text)) {
                named.put(condition.name(), text);
            }
        });
    }

    /** What came of compiling. {@code explaining} is there exactly if no problem is an error. */
    public record Opened(Optional<Explaining> explaining, List<Problem> problems) {
        public Opened {
            problems = List.copyOf(problems);
        }
    }

    public static Opened open(PolicySet set, ToolSchemas tools) {
        TrialPolicy.Opened opened = TrialPolicy.open(
                set.version(),
                set.source(),
                tools,
                (condition, input) -> condition.real().test(input));
        return new Opened(opened.policy().map(policy -> new Explaining(policy, tools)), opened.problems());
    }

    /** As the other, of an action that nobody answers. */
    public Optional<Explanation> of(Given given, Operation operation) {
        return of(given, operation, Optional.empty());
    }

    /** What is wrong with what was used of limits; empty if nothing is. */
    public List<String> wrong(Given given) {
        return Rehearsal.wrong(policy, given);
    }

    /**
     * Of a hypothetical action; empty if nobody says which roles the agent has.
     *
     * @param answer what the server would answer: a result of MCP
     * @throws IllegalArgumentException if what was used is {@link #wrong}
     */
    public Optional<Explanation> of(Given given, Operation operation, Optional<Json.Obj> answer) {
        return policy.principal(given).map(principal -> {
            Deliberation deliberation = policy.deliberate(principal, given, operation);
            Rehearsal.Ended ended = Rehearsal.of(policy, given, deliberation, answer);
            Facts known = deliberation
                    .facts()
                    .orElseGet(() -> new Facts(
                                    List.of(), Set.of(), given.sessionRead(), given.time(), given.clockDoubtful())
                            .granting(given.grants()));
            return explanation(deliberation, principal, known, ended);
        });
    }

    private Explanation explanation(
            Deliberation deliberation, Principal principal, Facts known, Rehearsal.Ended ended) {
        Action action = deliberation.action();
        List<Explanation.Looked> looked = new ArrayList<>();
        for (Consideration one : policy.compiled().consider(action, known)) {
            looked.add(looked(one, new Condition.Input(action, one.access(), known)));
        }
        return new Explanation(
                Judgement.of(deliberation),
                principal,
                action.operation(),
                deliberation.findings(),
                looked,
                deliberation.denial().flatMap(denial -> needed(denial, action, known)),
                note(action.operation()),
                ended);
    }

    private Optional<Denial.Nearest> needed(Denial denial, Action action, Facts known) {
        return denial.nearest()
                .or(() -> known.accesses().isEmpty()
                        ? Optional.of(policy.compiled().outlook(action, known))
                        : Optional.empty());
    }

    private Explanation.Looked looked(Consideration one, Condition.Input input) {
        List<Explanation.Rule> rules = new ArrayList<>();
        for (Considered rule : one.rules()) {
            List<Explanation.Tested> tested = new ArrayList<>();
            for (String name : rule.conditions()) {
                String text = named.getOrDefault(name, name);
                tested.add(new Explanation.Tested(name, text, isName(text) ? List.of() : Parts.of(text, input)));
            }
            rules.add(new Explanation.Rule(rule, tested));
        }
        return new Explanation.Looked(one.access(), rules);
    }

    /** A built-in condition has no parts, and one about rows is not about the call. */
    private static boolean isName(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_]*");
    }

    /** What stands before the policy at the gateway, and not here. */
    private Optional<String> note(Operation operation) {
        if (!(operation instanceof Operation.ToolCall call)) {
            return Optional.empty();
        }
        if (!tools.upstreams().contains(call.upstream())) {
            return Optional.of("no upstream `" + call.upstream()
                    + "` stands in reeve.yaml: the gateway would refuse this before any policy");
        }
        List<String> pinned = tools.tools(call.upstream());
        return pinned.isEmpty() || pinned.contains(call.tool())
                ? Optional.empty()
                : Optional.of("`" + call.subject()
                        + "` is no tool that is known of it: the gateway would refuse this before any policy");
    }
}
