package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.budget.Per;
import dev.reeve.budget.Quantity;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Kept;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Target;
import dev.reeve.policy.PolicySource.Trust;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a change may allow that was not allowed before (R27). */
final class WideningTest {
    private static final List<String> ORDER = List.of("deny", "hold", "allow");
    private static final List<Effect> EFFECTS = List.of(Effect.ALLOW, Effect.DENY, Effect.REQUIRE_APPROVAL);
    private static final String[] PATTERNS = {"tool:up.a", "tool:up.*", "tool:*.a", "tool:**"};
    private static final String[] TOOLS = {"up.a", "up.b", "web.a"};
    private static final String[] CONDITIONS = {"true ", "false ", "throws ", "arg:x=1"};

    private static Written base() {
        Written written = new Written();
        return written.role("clerk", written.permission("tool:up.*", "read,execute", "small"), plain(written))
                .condition("small", "arg:x=1")
                .rule(Effect.DENY, Written.tool("web.*"), "", false)
                .rule(Effect.REQUIRE_APPROVAL, Written.tool("mail.*"), "", false)
                .rule(Effect.ALLOW, Written.tool("files.*"), "arg:x=1", false)
                .asks(Written.tool("files.b"))
                .catalogue("crm", Set.of("pii"))
                .maps("pg.q", "crm", "read")
                .agent("ana-bot", "clerk")
                .record(Kept.FULL, Written.tool("up.a"));
    }

    private static Permission plain(Written written) {
        return written.permission("tool:pg.*", "execute");
    }

    /** @param field of the one thing that is wider; empty if nothing is */
    record Edit(String what, UnaryOperator<PolicySource> made, String field) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Edit> edits() {
        return Stream.of(
                new Edit("nothing", source -> source, ""),
                new Edit("a permission goes", s -> permissions(s, list -> list.subList(0, 1)), ""),
                new Edit("a permission loses an action", s -> permissions(s, list -> actions(list, "read")), ""),
                new Edit(
                        "a permission gains a condition",
                        s -> permissions(s, list -> conditions(list, "small", "other")),
                        ""),
                new Edit(
                        "a permission loses its condition",
                        s -> permissions(s, WideningTest::conditions),
                        "agent_roles.clerk"),
                new Edit(
                        "a permission gains an action",
                        s -> permissions(s, list -> actions(list, "read", "execute", "delete")),
                        "agent_roles.clerk"),
                new Edit(
                        "a role is new",
                        s -> with(s).role("boss", plain(with(s))).source(),
                        "agent_roles.boss"),
                new Edit(
                        "a denial is new",
                        s -> with(s).rule(Effect.DENY, Written.tool("up.b"), "", true)
                                .source(),
                        ""),
                new Edit(
                        "an approval is new, which grants nothing",
                        s -> with(s).rule(Effect.REQUIRE_APPROVAL, Written.tool("up.b"), "", false)
                                .source(),
                        ""),
                new Edit("a denial goes", s -> rules(s, rules -> without(rules, 0)), "rules.r1"),
                new Edit("an approval goes", s -> rules(s, rules -> without(rules, 1)), "rules.r2"),
                new Edit("an allow goes", s -> rules(s, rules -> without(rules, 2)), ""),
                new Edit("a question goes", s -> rules(s, rules -> without(rules, 3)), "rules.r4"),
                new Edit(
                        "a denial is only in shadow",
                        s -> rules(s, rules -> shadowed(rules, new Mode.Shadow(Optional.of(Instant.EPOCH)))),
                        "rules.r1"),
                new Edit("a condition says something else", s -> changed(s, "true "), "conditions.small"),
                new Edit(
                        "what is built in means something else",
                        s -> with(s).condition(BuiltIn.NO_PII, "true ").source(),
                        "conditions." + BuiltIn.NO_PII),
                new Edit(
                        "a condition is new and nobody's",
                        s -> with(s).condition("fresh", "true ").source(),
                        ""),
                new Edit("a label goes", s -> resources(s, Set.of()), "resources.crm"),
                new Edit(
                        "a label is new, for which something may be allowed",
                        s -> resources(s, Set.of("pii", "b")),
                        "resources.crm"),
                new Edit(
                        "a tool acts on something",
                        s -> with(s).maps("up.a", "crm", "read").source(),
                        "tools.up.a"),
                new Edit(
                        "an agent is new",
                        s -> with(s).agent("bob-bot", "clerk").source(),
                        "agents.bob-bot"),
                new Edit(
                        "less is recorded",
                        s -> with(s).record(Kept.LESS, Written.tool("pg.*")).source(),
                        "record"),
                new Edit(
                        "more is recorded",
                        s -> with(s).record(Kept.FULL, Written.tool("pg.*")).source(),
                        ""));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void whatIsNotPlainlyNarrowerIsNamed(Edit edit) {
        List<Widening> found = Widening.between(base().source(), edit.made().apply(base().source()));
        assertEquals(
                edit.field().isEmpty() ? List.of() : List.of(edit.field()),
                found.stream().map(Widening::field).toList());
        found.forEach(one -> assertTrue(one.toString().startsWith("policies/test.yaml:"), one.toString()));
    }

    /** Conditions would look at another argument than the one that is sent. */
    @Test
    void anotherArgumentAsTheBodyIsNamed() {
        assertEquals(List.of(), fields(sending("arguments.body"), sending("arguments.body")));
        assertEquals(
                List.of("tools.web.post", "tools.web.post"),
                fields(sending("arguments.body"), sending("arguments.note")));
    }

    private static PolicySource sending(String body) {
        PolicySource.Tool tool = new PolicySource.Tool(
                "web.post",
                "url:{arguments.url}",
                Optional.of("create"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(body),
                Optional.empty(),
                false,
                Trust.UNSAID,
                Map.of(),
                Written.HERE);
        return PolicySource.builder().tools(List.of(tool)).build();
    }

    @Test
    void aRoleThatNarrowedIsMissedWhenAnAgentLosesIt() {
        assertEquals(List.of(), Widening.between(narrowed("all", "few"), narrowed("few")), "the narrow one stays");
        assertEquals(
                List.of("agents.pia"),
                Widening.between(narrowed("all", "few"), narrowed("all")).stream()
                        .map(Widening::field)
                        .toList());
    }

    private static PolicySource narrowed(String... roles) {
        Written written = new Written();
        Treatment limit = new Treatment(Optional.empty(), Treatment.Masks.NONE, OptionalInt.of(10), List.of());
        return written.role("all", written.treated(Treatment.NONE, "crm", "read"))
                .role("few", written.treated(limit, "crm", "read"))
                .agent("pia", roles)
                .source();
    }

    /** By each of these an agent with the role may do less, or more is known of it. */
    static Stream<UnaryOperator<Written>> tightenings() {
        Target contractors = new Target(
                Optional.empty(),
                Optional.of("crm"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("contractor"),
                Optional.empty());
        Guardrail never = new Guardrail.Prohibition(
                new Guardrail.Common("g", Optional.of(contractors), "", false, Written.HERE), Optional.empty());
        return Stream.of(
                written -> written.rule(Effect.DENY, contractors, "", false),
                written -> written.rule(Effect.REQUIRE_APPROVAL, contractors, "", false),
                written -> written.asks(contractors),
                written -> written.guardrail(never),
                written -> written.soft(contractors, "embedded", Optional.empty(), false),
                written -> written.limit(limit(Optional.of(contractors), Per.AGENT)),
                written -> written.limit(limit(Optional.empty(), Per.ROLE)),
                written -> written.record(Kept.FULL, contractors),
                written -> written.rule(Effect.DENY, Written.tool("up.*"), "arg:principal.roles=contractor", false));
    }

    private static WrittenLimits.Entry limit(Optional<Target> of, Per per) {
        return new WrittenLimits.Entry(
                "few",
                List.of(per),
                Quantity.CALLS,
                1,
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                of,
                "",
                false,
                Written.HERE);
    }

    @ParameterizedTest
    @MethodSource("tightenings")
    void aRoleByWhichSomethingIsForbiddenIsMissedWhenAnAgentLosesIt(UnaryOperator<Written> tightening) {
        assertEquals(
                List.of("agents.bot"),
                fields(had(tightening, "clerk", "contractor"), had(tightening, "clerk")),
                "no longer in its list");
        PolicySource assigned =
                tightening.apply(roles().assign("contractor", "bot", "true ")).source();
        assertEquals(
                List.of("assign"),
                fields(assigned, assigned.with().assignments(List.of()).build()),
                "no longer by context");
    }

    @Test
    void aRoleByWhichNothingIsForbiddenMayGo() {
        assertEquals(
                List.of(), fields(had(it -> it, "clerk", "contractor"), had(it -> it, "clerk")), "it only allowed");
        UnaryOperator<Written> denied = tightenings().findFirst().orElseThrow();
        assertEquals(List.of(), fields(had(denied, "clerk", "contractor"), had(denied, "contractor")));
    }

    private static PolicySource had(UnaryOperator<Written> tightening, String... roles) {
        return tightening.apply(roles()).agent("bot", roles).source();
    }

    private static Written roles() {
        Written written = new Written();
        return written.role("clerk", written.permission("crm", "read"))
                .role("contractor", written.permission("wiki", "read"));
    }

    private static List<String> fields(PolicySource before, PolicySource after) {
        return Widening.between(before, after).stream().map(Widening::field).toList();
    }

    @Test
    void whatMustNeverBeIsMissedWhenItGoes() {
        PolicySource without = base().source();
        PolicySource with = without.with()
                .nevers(List.of(new PolicySource.Never(
                        Optional.of("clerk"), Optional.empty(), "write", "crm", false, "", Written.HERE)))
                .build();
        assertEquals(List.of(), Widening.between(without, with));
        assertEquals(
                List.of("never"),
                Widening.between(with, without).stream().map(Widening::field).toList());
    }

    @Test
    void aJudgeThatIsNoLongerHeardAsItWasIsNamed() {
        PolicySource before = judged(Optional.empty());
        assertEquals(List.of(), Widening.between(before, judged(Optional.empty())));
        for (PolicySource after : List.of(base().source(), judged(Optional.of(PolicySource.WhenDown.CONTINUE)))) {
            assertEquals(
                    List.of("soft_guardrails.mails"),
                    Widening.between(before, after).stream()
                            .map(Widening::field)
                            .toList());
        }
    }

    private static PolicySource judged(Optional<PolicySource.WhenDown> down) {
        return base().source()
                .with()
                .softs(List.of(new PolicySource.Soft(
                        "mails", Written.tool("mail.*"), "embedded", List.of(), down, false, "", Written.HERE)))
                .build();
    }

    @Test
    void aGuardrailThatGoesOrChangesIsNamed() {
        Guardrail.Content redacts = guardrail("one", Guardrail.Response.REDACT);
        PolicySource with = base().guardrail(redacts).source();
        assertEquals(List.of(), Widening.between(base().source(), with));
        assertEquals(
                List.of(),
                Widening.between(
                        with,
                        base().guardrail(guardrail("other", Guardrail.Response.REDACT))
                                .source()),
                "another name is no other guardrail");
        for (PolicySource without : List.of(
                base().source(),
                base().guardrail(guardrail("one", Guardrail.Response.WARN)).source())) {
            assertEquals(
                    List.of("guardrails.one"),
                    Widening.between(with, without).stream()
                            .map(Widening::field)
                            .toList());
        }
    }

    private static Guardrail.Content guardrail(String name, Guardrail.Response response) {
        return new Guardrail.Content(
                new Guardrail.Common(name, Optional.empty(), "", false, Written.HERE),
                List.of("secrets"),
                Guardrail.Where.BOTH,
                response,
                List.of());
    }

    @Test
    void whereNothingIsNamedNothingMoreIsAllowed() {
        long seed = 20261126;
        Random random = new Random(seed);
        int narrower = 0;
        int wider = 0;
        while (narrower < 400 || wider < 400) {
            PolicySource before = write(random);
            PolicySource after = edited(random, before);
            if (Widening.between(before, after).isEmpty()) {
                narrower++;
                assertNotWider(compiled(before), compiled(after), () -> "seed " + seed + "\n" + before + "\n" + after);
            } else {
                wider++;
            }
        }
    }

    private static void assertNotWider(
            CompiledPolicy before, CompiledPolicy after, java.util.function.Supplier<String> told) {
        for (String tool : TOOLS) {
            for (String role : List.of("r0", "r1")) {
                for (String x : List.of("0", "1")) {
                    var call = Written.call(tool, Written.args("x", x));
                    int was = ORDER.indexOf(
                            Written.verdict(Written.decide(before, Written.principal(role), call, Set.of())));
                    int is = ORDER.indexOf(
                            Written.verdict(Written.decide(after, Written.principal(role), call, Set.of())));
                    assertTrue(is <= was, () -> tool + " " + role + " " + x + " " + told.get());
                }
            }
        }
    }

    private static CompiledPolicy compiled(PolicySource source) {
        // What may be refused at load (a rule that can never allow) is as narrow as one that is left out.
        return switch (PolicyCompiler.compile(
                "v", source, new Written.TestConditions(), new Written.TestSql(), new Written.TestSchemas())) {
            case PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored) -> policy;
            case PolicyCompiler.Outcome.Refused ignored ->
                compiled(rules(source, list -> list.subList(0, list.size() - 1)));
        };
    }

    private static PolicySource write(Random random) {
        while (true) {
            Written written = new Written();
            for (int role = 0; role < 2; role++) {
                List<Permission> permissions = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    permissions.add(permission(random, written));
                }
                written.role("r" + role, permissions.toArray(Permission[]::new));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                rule(random, written);
            }
            if (written.outcome() instanceof PolicyCompiler.Outcome.Compiled) {
                return written.source();
            }
        }
    }

    private static Permission permission(Random random, Written written) {
        String resource = PATTERNS[random.nextInt(PATTERNS.length)];
        return random.nextBoolean()
                ? written.permission(resource, "execute")
                : written.permission(resource, "execute", CONDITIONS[random.nextInt(CONDITIONS.length)]);
    }

    private static void rule(Random random, Written written) {
        Effect effect = EFFECTS.get(random.nextInt(EFFECTS.size()));
        String tool = PATTERNS[random.nextInt(PATTERNS.length)].substring("tool:".length());
        written.rule(
                effect,
                Written.tool(tool),
                random.nextBoolean() ? "" : CONDITIONS[random.nextInt(CONDITIONS.length)],
                false);
    }

    private static PolicySource edited(Random random, PolicySource before) {
        while (true) {
            PolicySource after = switch (random.nextInt(4)) {
                case 0 ->
                    rules(before, rules -> rules.isEmpty() ? rules : without(rules, random.nextInt(rules.size())));
                case 1 -> permissions(before, list -> list.isEmpty() ? list : list.subList(1, list.size()));
                case 2 ->
                    permissions(
                            before, list -> list.isEmpty() ? list : conditions(list, CONDITIONS[random.nextInt(4)]));
                default -> {
                    Written written = with(before);
                    rule(random, written);
                    yield written.source();
                }
            };
            if (PolicyCompiler.compile(
                            "v", after, new Written.TestConditions(), new Written.TestSql(), new Written.TestSchemas())
                    instanceof PolicyCompiler.Outcome.Compiled) {
                return after;
            }
        }
    }

    private static Written with(PolicySource source) {
        return Written.from(source);
    }

    private static PolicySource permissions(PolicySource source, UnaryOperator<List<Permission>> edit) {
        Role first = source.roles().getFirst();
        List<Role> roles = new ArrayList<>(source.roles());
        roles.set(0, new Role(first.name(), edit.apply(first.permissions()), first.place()));
        return source.with().roles(roles).build();
    }

    private static PolicySource rules(PolicySource source, UnaryOperator<List<Rule>> edit) {
        return source.with().rules(edit.apply(source.rules())).build();
    }

    private static PolicySource resources(PolicySource source, Set<String> tags) {
        return source.with()
                .resources(new Written().catalogue("crm", tags).source().resources())
                .build();
    }

    private static PolicySource changed(PolicySource source, String condition) {
        return source.with()
                .conditions(new Written().condition("small", condition).source().conditions())
                .build();
    }

    private static List<Permission> actions(List<Permission> permissions, String... actions) {
        Permission first = permissions.getFirst();
        List<Permission> edited = new ArrayList<>(permissions);
        edited.set(0, new Permission(first.resource(), List.of(actions), first.conditions(), first.place()));
        return edited;
    }

    private static List<Permission> conditions(List<Permission> permissions, String... conditions) {
        Permission first = permissions.getFirst();
        List<Permission> edited = new ArrayList<>(permissions);
        edited.set(0, new Permission(first.resource(), first.actions(), List.of(conditions), first.place()));
        return edited;
    }

    private static List<Rule> without(List<Rule> rules, int index) {
        List<Rule> edited = new ArrayList<>(rules);
        edited.remove(index);
        return edited;
    }

    private static List<Rule> shadowed(List<Rule> rules, Mode mode) {
        Rule first = rules.getFirst();
        List<Rule> edited = new ArrayList<>(rules);
        edited.set(
                0,
                new Rule(
                        first.name(),
                        first.effect(),
                        first.target(),
                        first.when(),
                        first.reason(),
                        first.tellAgent(),
                        first.by(),
                        mode,
                        first.place()));
        return edited;
    }
}
