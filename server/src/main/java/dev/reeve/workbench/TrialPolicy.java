package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.condition.CelConditions;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Opinion;
import dev.reeve.identity.Principal;
import dev.reeve.policy.CompiledPolicy;
import dev.reeve.policy.PolicyCompiler;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.sql.jsqlparser.JSqlParserInspector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A policy compiled to be looked at: what the gate would have, with somebody who sees its conditions. */
record TrialPolicy(
        CompiledPolicy compiled, PolicySource source, Map<String, FileAgent> agents, Map<String, Set<String>> roles) {
    /** Statements kept read: whoever tries a policy comes back to the same ones. */
    private static final int STATEMENTS = 50_000;

    TrialPolicy {
        agents = Map.copyOf(agents);
        roles = Map.copyOf(roles);
    }

    /** What came of compiling. {@code policy} is there exactly if no problem is an error. */
    record Opened(Optional<TrialPolicy> policy, List<Problem> problems) {}

    static Opened open(String version, PolicySource source, ToolSchemas tools, WatchedConditions.Watch watch) {
        PolicyCompiler.Outcome outcome = PolicyCompiler.compile(
                version,
                source,
                new WatchedConditions(new CelConditions(), watch),
                new JSqlParserInspector(STATEMENTS),
                tools);
        if (!(outcome instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy compiled, var ignored))) {
            return new Opened(Optional.empty(), outcome.problems());
        }
        Map<String, FileAgent> agents = new HashMap<>();
        Map<String, Set<String>> roles = new HashMap<>();
        source.agents().forEach(agent -> {
            agents.put(agent.name(), agent);
            roles.put(agent.name(), Set.copyOf(agent.roles()));
        });
        return new Opened(Optional.of(new TrialPolicy(compiled, source, agents, roles)), outcome.problems());
    }

    Optional<FileAgent> agent(String name) {
        return Optional.ofNullable(agents.get(name));
    }

    /** Of an agent that stands in a file; one set for all its actions. */
    Set<String> rolesOf(FileAgent agent) {
        return roles.getOrDefault(agent.name(), Set.of());
    }

    /** Empty if nobody says which roles the agent has. */
    Optional<Principal> principal(Given given) {
        Optional<FileAgent> file = agent(given.agent());
        Optional<List<String>> roles = given.roles().or(() -> file.map(FileAgent::roles));
        Map<String, String> attributes =
                new HashMap<>(file.map(FileAgent::attributes).orElse(Map.of()));
        attributes.putAll(given.attributes());
        return roles.map(names -> new Principal(
                Principal.DEFAULT_TENANT,
                given.agent(),
                "case",
                given.user(),
                List.of(),
                new HashSet<>(names),
                given.owner().or(() -> file.flatMap(FileAgent::owner)),
                attributes));
    }

    /** From the catalogue to the last stage. */
    Deliberation deliberate(Principal principal, Given given, Operation operation) {
        Attempt attempt = new Attempt(principal, 0, operation, "case", "case", Optional.empty());
        Deliberation deliberation =
                new Deliberation(compiled, Action.of("case", given.time(), attempt, operation, Optional.empty()));
        deliberation.granted(given.grants());
        deliberation.gatherFacts(given::sessionRead, given.time(), given.clockDoubtful());
        deliberation.runStages();
        if (unsaid(deliberation, given).isEmpty()) {
            deliberation.hear((judge, asked, facts) -> opinion(judge, given.opinions()));
        } else {
            unsaid(deliberation, given).forEach(judge -> deliberation.note(notHeard(judge)));
        }
        deliberation.answerByGrants();
        return deliberation;
    }

    /** The judges that the policy wants to hear, and of which nobody says what they say. */
    static Set<String> unsaid(Deliberation deliberation, Given given) {
        Set<String> unsaid = new TreeSet<>(deliberation.judgesWanted());
        unsaid.removeAll(given.opinions().keySet());
        return unsaid;
    }

    private static Finding notHeard(String judge) {
        return new Finding.Pass(
                "soft_guardrails",
                Optional.empty(),
                "would ask the judge `" + judge + "`, which is not heard here: at `high` a person must approve it");
    }

    private static Opinion opinion(String judge, Map<String, String> opinions) {
        String said = Objects.requireNonNull(opinions.get(judge));
        return said.equals("down")
                ? new Opinion.Down(judge, "as supposed")
                : new Opinion.Given(
                        judge,
                        "supposed",
                        Opinion.Level.valueOf(said.toUpperCase(Locale.ROOT)),
                        "",
                        "",
                        "as supposed",
                        List.of(),
                        false);
    }
}
