package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.gate.Stage;
import dev.reeve.gate.TimedGrant;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.NamedCondition;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Resource;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Target;
import dev.reeve.policy.PolicySource.Tool;
import dev.reeve.policy.PolicySource.Trust;
import dev.reeve.sql.SqlAction;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A policy being written in a test, and questions to it. */
final class Written {
    static final Place HERE = new Place("policies/test.yaml", 1, 1);
    final TestSql sql = new TestSql();
    private final List<Role> roles = new ArrayList<>();
    private final List<NamedCondition> conditions = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Resource> resources = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<PolicySource.FileAgent> agents = new ArrayList<>();
    private final List<PolicySource.Keeping> records = new ArrayList<>();
    private final List<PolicySource.Soft> softs = new ArrayList<>();
    private final List<WrittenLimits.Entry> limits = new ArrayList<>();
    private final List<Guardrail> guardrails = new ArrayList<>();
    private final List<PolicySource.Grantable> grantables = new ArrayList<>();
    private final List<PolicySource.Assignment> assignments = new ArrayList<>();
    private int line = 1;

    /** To go on writing it. */
    static Written from(PolicySource source) {
        Written written = new Written();
        written.roles.addAll(source.roles());
        written.conditions.addAll(source.conditions());
        written.rules.addAll(source.rules());
        written.resources.addAll(source.resources());
        written.tools.addAll(source.tools());
        written.agents.addAll(source.agents());
        written.records.addAll(source.records());
        written.guardrails.addAll(source.guardrails());
        written.grantables.addAll(source.grantables());
        written.line = 1_000;
        return written;
    }

    Written role(String name, Permission... permissions) {
        roles.add(new Role(name, List.of(permissions), here()));
        return this;
    }

    Permission permission(String resource, String actions, String... conditionNames) {
        return new Permission(resource, List.of(actions.split(",", -1)), List.of(conditionNames), here());
    }

    Permission treated(Treatment treatment, String resource, String actions, String... conditionNames) {
        return new Permission(
                resource, List.of(actions.split(",", -1)), List.of(conditionNames), treatment, here(), Map.of());
    }

    Written allows(Treatment treatment, Target target) {
        rules.add(new Rule(
                "r" + (rules.size() + 1),
                Effect.ALLOW,
                target,
                Optional.empty(),
                "",
                false,
                List.of(),
                dev.reeve.gate.AskTerms.USUAL,
                treatment,
                new Mode.Enforce(),
                here(),
                Map.of()));
        return this;
    }

    Written condition(String name, String text) {
        conditions.add(new NamedCondition(name, new ConditionText.When(text), here()));
        return this;
    }

    Written rowCondition(String name, String text) {
        conditions.add(new NamedCondition(name, new ConditionText.Rows(text), here()));
        return this;
    }

    Written rule(Effect effect, Target target, String when, boolean tell) {
        return rule(effect, target, when, tell, new Mode.Enforce());
    }

    Written rule(Effect effect, Target target, String when, boolean tell, Mode mode) {
        rules.add(new Rule(
                "r" + (rules.size() + 1),
                effect,
                target,
                when.isEmpty() ? Optional.empty() : Optional.of(when),
                "because r" + (rules.size() + 1),
                tell,
                List.of(),
                mode,
                here()));
        return this;
    }

    /** {@code allow:} with {@code ask: client}. */
    Written asks(Target target) {
        rules.add(new Rule(
                "r" + (rules.size() + 1),
                Effect.ALLOW,
                target,
                Optional.empty(),
                "",
                false,
                List.of("client"),
                new Mode.Enforce(),
                here()));
        return this;
    }

    static Target tool(String pattern) {
        return new Target(
                Optional.of(pattern),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Target resource(String pattern, String except) {
        return new Target(
                Optional.empty(),
                Optional.of(pattern),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                except.isEmpty() ? Optional.empty() : Optional.of(except));
    }

    Written catalogue(String name, Set<String> tags) {
        resources.add(new Resource(name, Optional.empty(), tags, Map.of(), Map.of(), here()));
        return this;
    }

    Written database(String name, Map<String, Set<String>> columnTags) {
        SqlSchema schema = new SqlSchema(Map.of("t", List.of("id", "email", "department"), "u", List.of("id")));
        resources.add(new Resource(
                name,
                Optional.of(new PolicySource.Database(SqlDialect.SQLITE, schema)),
                Set.of(),
                columnTags,
                Map.of(),
                here()));
        return this;
    }

    Written maps(String pattern, String actsOn, String action) {
        tools.add(new Tool(
                pattern, actsOn, Optional.of(action), Optional.empty(), Optional.empty(), false, Trust.UNSAID, here()));
        return this;
    }

    /** As {@link #maps}, and doing it twice does no more than doing it once. */
    Written mapsIdempotent(String pattern, String actsOn, String action) {
        tools.add(new Tool(
                pattern, actsOn, Optional.of(action), Optional.empty(), Optional.empty(), true, Trust.UNSAID, here()));
        return this;
    }

    Written mapsSql(String pattern, String actsOn) {
        tools.add(new Tool(
                pattern,
                actsOn,
                Optional.empty(),
                Optional.of("arguments.sql"),
                Optional.empty(),
                false,
                Trust.UNSAID,
                here()));
        return this;
    }

    Written holds(String name, Holding holding, Map<String, Set<String>> tags, Map<String, String> row) {
        resources.add(
                new Resource(name, Optional.empty(), Optional.of(holding), Set.of(), tags, row, List.of(), here()));
        return this;
    }

    Written mapsTaking(String pattern, String actsOn, Takes takes) {
        tools.add(new Tool(
                pattern,
                actsOn,
                Optional.empty(),
                Optional.empty(),
                Optional.of(takes),
                Optional.empty(),
                false,
                Trust.UNSAID,
                Map.of(),
                here()));
        return this;
    }

    /** What reads rows that stand at this place of the answer. */
    Written mapsRows(String pattern, String actsOn, String rowsAt) {
        tools.add(new Tool(
                pattern,
                actsOn,
                Optional.of("read"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(rowsAt),
                false,
                Trust.UNSAID,
                Map.of(),
                here()));
        return this;
    }

    /** As {@link #maps}, and tokens of these kinds may be turned back in this argument. */
    Written mapsRestoring(String pattern, String actsOn, String action, String argument, String... kinds) {
        tools.add(new Tool(
                pattern,
                actsOn,
                Optional.of(action),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Trust.UNSAID,
                Map.of(argument, Set.of(kinds)),
                here()));
        return this;
    }

    Written agent(String name, String... roleNames) {
        agents.add(new PolicySource.FileAgent(name, List.of(roleNames), Optional.empty(), Map.of(), here()));
        return this;
    }

    Written limit(WrittenLimits.Entry limit) {
        limits.add(limit);
        return this;
    }

    Written record(PolicySource.Kept kept, Target target) {
        records.add(new PolicySource.Keeping(kept, target, here()));
        return this;
    }

    Written soft(Target target, String judge, Optional<PolicySource.WhenDown> down, boolean tell) {
        Place here = here();
        softs.add(new PolicySource.Soft(here.toString(), target, judge, List.of(), down, tell, "", here));
        return this;
    }

    /** To every agent whose name begins with {@code agent-}, for an hour. */
    Written grantable(String name, Permission... permissions) {
        grantables.add(new PolicySource.Grantable(
                name,
                Optional.empty(),
                List.of(permissions),
                List.of("agent-*"),
                List.of(),
                Duration.ofHours(1),
                1,
                here()));
        return this;
    }

    Written assign(String role, String to, String when) {
        assignments.add(new PolicySource.Assignment(role, List.of(to), when, here()));
        return this;
    }

    Written guardrail(Guardrail guardrail) {
        guardrails.add(guardrail);
        return this;
    }

    /** These instead of what was there. */
    Written guarding(Guardrail... all) {
        guardrails.clear();
        guardrails.addAll(List.of(all));
        return this;
    }

    /** What is wrong with it. */
    String errors() {
        return outcome().problems().toString();
    }

    private Place here() {
        return new Place("policies/test.yaml", line++, 1);
    }

    PolicySource source() {
        return PolicySource.builder()
                .roles(roles)
                .conditions(conditions)
                .rules(rules)
                .resources(resources)
                .tools(tools)
                .agents(agents)
                .records(records)
                .guardrails(guardrails)
                .softs(softs)
                .limited(new WrittenLimits(limits, List.of()))
                .grantables(grantables)
                .assignments(assignments)
                .build();
    }

    PolicyCompiler.Outcome outcome() {
        return PolicyCompiler.compile("v1", source(), new TestConditions(), sql, new TestSchemas());
    }

    CompiledPolicy compiled() {
        return switch (outcome()) {
            case PolicyCompiler.Outcome.Compiled done -> done.policy();
            case PolicyCompiler.Outcome.Refused refused -> throw new AssertionError(refused.problems());
        };
    }

    static Principal principal(String... roleNames) {
        return new Principal(
                "default",
                "agent-1",
                "k_1",
                Optional.empty(),
                List.of(),
                Set.of(roleNames),
                Optional.empty(),
                Map.of("department", "sales"));
    }

    static Operation.ToolCall call(String subject, Json.Obj arguments) {
        int dot = subject.indexOf('.');
        return new Operation.ToolCall(subject.substring(0, dot), subject.substring(dot + 1), arguments);
    }

    static Json.Obj args(String... pairs) {
        Json.Builder built = Json.object();
        for (int i = 0; i < pairs.length; i += 2) {
            built.put(pairs[i], pairs[i + 1]);
        }
        return built.build();
    }

    /** The findings of every stage, as the gate would collect them. */
    static List<Finding> decide(CompiledPolicy policy, Principal who, Operation operation, Set<String> read) {
        return decide(policy, who, operation, read, List.of());
    }

    /** The same of somebody to whom this was given for a time. */
    static List<Finding> decide(
            CompiledPolicy policy, Principal who, Operation operation, Set<String> read, List<TimedGrant> grants) {
        Reading reading = policy.read(operation);
        if (reading instanceof Reading.Unreadable(var denial)) {
            return List.of(new Finding.Stop("catalogue", denial));
        }
        Reading.Touches touches = (Reading.Touches) reading;
        Attempt attempt = new Attempt(who, 1, operation, "s", "test", Optional.empty());
        Action action =
                Action.of("id", Instant.EPOCH, attempt, touches.instead().orElse(operation), Optional.empty());
        Facts facts = new Facts(
                        touches.accesses(), touches.resultTags(), read, Instant.parse("2026-11-24T10:00:00Z"), false)
                .granting(grants);
        List<Finding> findings = new ArrayList<>();
        for (Stage stage : policy.stages()) {
            findings.addAll(stage.check(action, facts));
        }
        return findings;
    }

    /** From what is touched to the last stage that needs no judge, with the roles of the context. */
    static Deliberation deliberate(CompiledPolicy policy, Principal who, Operation operation, Set<String> read) {
        return deliberate(policy, who, operation, read, false);
    }

    static Deliberation deliberate(
            CompiledPolicy policy, Principal who, Operation operation, Set<String> read, boolean doubtful) {
        Attempt attempt = new Attempt(who, 1, operation, "s", "test", Optional.empty());
        Deliberation on =
                new Deliberation(policy, Action.of("id", Instant.EPOCH, attempt, operation, Optional.empty()));
        on.gatherFacts(() -> read, Instant.parse("2026-11-24T10:00:00Z"), doubtful);
        on.runStages();
        return on;
    }

    static String verdict(List<Finding> findings) {
        if (findings.stream().anyMatch(Finding.Stop.class::isInstance)) {
            return "deny";
        }
        return findings.stream().anyMatch(Finding.Ask.class::isInstance) ? "hold" : "allow";
    }

    /** A toy language instead of CEL: {@code true}, {@code false}, {@code throws}, {@code read:TAG}, {@code arg:PATH=VALUE}, {@code text:NAME}. */
    static final class TestConditions implements ConditionCompiler {
        @Override
        public Condition compile(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException {
            if (expression.startsWith("bad")) {
                throw new InvalidExpressionException("does not compile");
            }
            return input -> {
                if (expression.strip().equals("throws")) {
                    throw new ConditionException("for the test");
                }
                if (expression.strip().equals("crashes")) {
                    throw new IllegalStateException("for the test");
                }
                if (expression.startsWith("read:")) {
                    return input.facts().sessionRead().contains(expression.substring(5));
                }
                if (expression.startsWith("text:")) {
                    return input.action()
                            .operation()
                            .arguments()
                            .string(expression.substring(5))
                            .map(text -> true)
                            .orElseThrow(() -> new ConditionException("it is no text"));
                }
                if (expression.startsWith("arg:")) {
                    String[] parts = expression.substring(4).split("=", 2);
                    Json.Obj seen = input.access()
                            .arguments()
                            .orElseGet(() -> input.action().operation().arguments());
                    return found(seen, parts[0]).equals(Optional.of(parts[1]));
                }
                return expression.strip().equals("true");
            };
        }

        private static Optional<String> found(Json.Obj arguments, String path) {
            int dot = path.indexOf('.');
            return dot < 0
                    ? arguments.string(path)
                    : arguments.object(path.substring(0, dot)).flatMap(one -> found(one, path.substring(dot + 1)));
        }

        @Override
        public RowPredicate compileRows(String expression, Optional<Json.Obj> arguments) {
            return (row, input) -> row.string("kind").equals(Optional.of(expression));
        }
    }

    /** Understands {@code read COLUMN,COLUMN} and {@code delete COLUMN} on table t, and {@code u.read COLUMN} on table u. */
    static final class TestSql implements SqlInspector {
        /** How many texts it was given. */
        int asked;

        @Override
        public SqlInspection inspect(String sql, SqlDialect dialect, SqlSchema schema) {
            asked++;
            String[] words = sql.strip().split(" ", -1);
            if (words.length != 2) {
                return new SqlInspection.Refused("sql_refused", "not understood");
            }
            SqlAction action = words[0].equals("delete") ? SqlAction.DELETE : SqlAction.QUERY;
            Set<String> columns = words[1].equals("-") ? Set.of() : Set.of(words[1].split(",", -1));
            return new SqlInspection.Statement(
                    List.of(new TableAccess(words[0].startsWith("u.") ? "u" : "t", action, columns)),
                    sql.strip() + " ");
        }

        @Override
        public SqlInspection restrict(String sql, SqlDialect dialect, SqlSchema schema, Restriction restriction) {
            String masked = restriction.masked().isEmpty() ? "" : " masked " + restriction.masked();
            String most = restriction.most().isPresent()
                    ? " most " + restriction.most().getAsInt()
                    : "";
            return new SqlInspection.Statement(List.of(), sql + "where " + restriction.rows() + masked + most);
        }
    }

    static final class TestSchemas implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.of(Json.object().put("type", "object").build());
        }

        @Override
        public Set<String> upstreams() {
            return Set.of("up", "pg", "mail", "web", "files");
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }
}
