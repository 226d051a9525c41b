package dev.reeve.policy;

import dev.reeve.budget.Limits;
import dev.reeve.gate.RuleRef;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.policy.Catalogue.ToolEntry;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.Problem.Severity;
import dev.reeve.sql.SqlInspector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what is written into what decides, or says everything that is wrong with it at once. */
public final class PolicyCompiler {
    private static final String HOST_ADDRESS = "ip-address";
    private static final String RECORD = "record";
    private static final String SOFT = "soft_guardrails";

    private final PolicySource source;
    private final ToolSchemas schemas;
    private final List<Problem> problems = new ArrayList<>();
    private final List<ToolEntry> entries;
    private final Catalogue catalogue;
    private final Conditions conditions;
    private final TreatmentChecks treatments;
    private final Map<String, Optional<Glob>> agents = new HashMap<>();

    private PolicyCompiler(
            PolicySource source, ConditionCompiler compiler, SqlInspector inspector, ToolSchemas schemas) {
        this.source = source;
        this.schemas = schemas;
        this.entries = tools();
        this.catalogue = new Catalogue(entries, source.resources(), inspector);
        this.conditions = new Conditions(source, compiler, schemas, catalogue, problems);
        this.treatments = new TreatmentChecks(source, problems);
    }

    /** What came of it. */
    public sealed interface Outcome {
        List<Problem> problems();

        /** @param problems warnings only */
        record Compiled(CompiledPolicy policy, List<Problem> problems) implements Outcome {}

        record Refused(List<Problem> problems) implements Outcome {}
    }

    /** @param version digest of the content */
    public static Outcome compile(
            String version,
            PolicySource source,
            ConditionCompiler compiler,
            SqlInspector inspector,
            ToolSchemas schemas) {
        return new PolicyCompiler(source, compiler, inspector, schemas).run(version);
    }

    private Outcome run(String version) {
        Map<String, PolicySource.Resource> bases = new LinkedHashMap<>();
        source.resources().forEach(resource -> {
            checkName(resource);
            resource.api().ifPresent(api -> checkBases(resource, api, bases));
        });
        Set<String> words = new HashSet<>();
        source.tools().forEach(tool -> tool.action().ifPresent(words::add));
        source.resources().forEach(resource -> words.addAll(resource.actions()));
        Optional<Verbs> verbs = Verbs.of(words);
        if (verbs.isEmpty()) {
            problems.add(Problem.error(
                    Place.BUILT_IN, "tools", "the catalogue uses too many different actions; at most 57 of its own"));
            return new Outcome.Refused(problems);
        }
        PinnedTools tools = PinnedTools.of(schemas, catalogue);
        Map<String, List<Grant>> grants = grants(tools, verbs.get());
        Map<String, List<Grant>> timed = new LinkedHashMap<>();
        Offers offers = new Offers(offers(tools, verbs.get(), grants, timed));
        Assignments assignments = assignments();
        List<CompiledRule> rules = rules(tools, verbs.get());
        RecordingRules records = records(verbs.get());
        SoftGuardrails soft = soft(verbs.get());
        Limits limits = new LimitCompiler(source, verbs.get(), catalogue, problems).run();
        Guardrails guardrails = new GuardrailCompiler(source, verbs.get(), problems).compile();
        new PolicyLint(source, tools, entries, grants, rules, problems).run();
        if (problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
            return new Outcome.Refused(eachOnce());
        }
        return new Outcome.Compiled(
                join(
                        version,
                        catalogue,
                        verbs.get(),
                        new Given(grants, timed, offers, assignments),
                        rules,
                        records,
                        guardrails,
                        soft,
                        limits),
                eachOnce());
    }

    /**
     * Permissions by role, those that may be given for a time, and on which terms.
     *
     * @param timed by {@link Offers#role}
     */
    private record Given(
            Map<String, List<Grant>> byRole, Map<String, List<Grant>> timed, Offers offers, Assignments assignments) {
        Map<String, List<Grant>> all() {
            Map<String, List<Grant>> all = new LinkedHashMap<>(byRole);
            all.putAll(timed);
            return all;
        }
    }

    /** A named condition is compiled wherever it is used, and wrong only once. */
    private List<Problem> eachOnce() {
        return problems.stream().distinct().toList();
    }

    private static CompiledPolicy join(
            String version,
            Catalogue catalogue,
            Verbs verbs,
            Given given,
            List<CompiledRule> rules,
            RecordingRules records,
            Guardrails guardrails,
            SoftGuardrails soft,
            Limits limits) {
        Map<String, List<Grant>> all = given.all();
        Index index = new Index(all, rules);
        Authorise authorise = new Authorise(new Authorise.Means(
                index,
                verbs,
                new Nearest(index, given.byRole().keySet(), given.offers()),
                new Treatments(catalogue),
                given.offers()));
        return new CompiledPolicy(
                version,
                catalogue,
                new Visibility(index, all, rules, catalogue, verbs),
                authorise,
                guardrails,
                records,
                soft,
                new Considering(index, verbs, given.offers()),
                limits,
                given.offers(),
                given.assignments());
    }

    private List<ToolEntry> tools() {
        List<ToolEntry> entries = new ArrayList<>();
        for (PolicySource.Tool tool : source.tools()) {
            try {
                Template template = Template.of(tool.actsOn());
                UrlPatterns.of(template.pattern());
                Optional<String> sql = tool.sql().map(PolicyCompiler::argumentPath);
                if (sql.isPresent()) {
                    checkDatabase(tool);
                }
                tool.takes().ifPresent(takes -> checkHolding(tool, takes));
                entries.add(new ToolEntry(Glob.of(tool.pattern()), tool, template, sql, restored(tool)));
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(tool.place(), "tools." + tool.pattern(), String.valueOf(e.getMessage())));
            }
        }
        Closeness.oneTooMany(entries, ToolEntry::pattern)
                .ifPresent(entry -> problems.add(crowded(
                        entry.source().place(), "tools." + entry.source().pattern(), entry.pattern())));
        Closeness.ties(entries, ToolEntry::pattern, (one, other) -> one.source().saysAs(other.source()))
                .forEach(tie -> problems.add(tied(
                        tie.second().source().place(),
                        "tools." + tie.second().source().pattern(),
                        tie.first().source().pattern(),
                        tie.first().source().place())));
        return entries;
    }

    static Problem crowded(Place place, String field, Glob pattern) {
        return Problem.error(
                        place,
                        field,
                        "more than " + Closeness.MOST_ALIKE + " patterns have `" + pattern.prefix()
                                + "` before their first `*`")
                .withFix("write tools by their whole names, or begin patterns with more of the name");
    }

    /** Two entries of which either could count: which one does must not depend on where they stand. */
    static Problem tied(Place place, String field, String other, Place at) {
        return Problem.error(
                        place,
                        field,
                        "some names that it matches are matched by `" + other + "` at " + at
                                + " too, and neither is closer")
                .withFix("write such tools by their whole names, or begin one of the two with more of the name");
    }

    /** Secrets are never tokens, so nothing could be put in their place. */
    private static Map<String, Set<String>> restored(PolicySource.Tool tool) {
        Map<String, Set<String>> restored = new LinkedHashMap<>();
        tool.restore().forEach((argument, names) -> {
            Set<String> kinds = new HashSet<>();
            for (String name : names) {
                Set<Kind> named = Kinds.named(name);
                if (named.isEmpty() || named.stream().anyMatch(kind -> kind.dataClass() != DataClass.PERSONAL)) {
                    throw new IllegalArgumentException(
                            "`restore` names kinds of personal data, or `personal`; `" + name + "` is none");
                }
                named.forEach(kind -> kinds.add(kind.id()));
            }
            // It has many spellings, and names of resources are made of one that a veil would not know.
            if (kinds.remove(HOST_ADDRESS) && names.contains(HOST_ADDRESS)) {
                throw new IllegalArgumentException(
                        "`restore` cannot put addresses of hosts back; take `" + HOST_ADDRESS + "` away");
            }
            restored.put(argument, Set.copyOf(kinds));
        });
        return restored;
    }

    /** {@code arguments.sql} or {@code /sql}. */
    private static String argumentPath(String written) {
        if (written.startsWith("arguments.")) {
            return written.substring("arguments.".length());
        }
        if (written.startsWith("/")) {
            return written.substring(1).replace('/', '.');
        }
        throw new IllegalArgumentException("`sql` names an argument: `arguments.sql`");
    }

    private void checkDatabase(PolicySource.Tool tool) {
        boolean database = source.resources().stream()
                .anyMatch(resource -> resource.name().equals(tool.actsOn())
                        && resource.database().isPresent());
        if (!database) {
            problems.add(Problem.error(
                            tool.place(),
                            "tools." + tool.pattern() + ".acts_on",
                            "`" + tool.actsOn() + "` is no resource with a `database`, so its SQL cannot be read")
                    .withFix("give the resource `database: { dialect: ..., schema: ... }`"));
        }
    }

    private void checkName(PolicySource.Resource resource) {
        try {
            UrlPatterns.of(resource.name());
        } catch (IllegalArgumentException e) {
            problems.add(
                    Problem.error(resource.place(), "resources." + resource.name(), String.valueOf(e.getMessage())));
        }
    }

    private void checkBases(PolicySource.Resource resource, Holding.Api api, Map<String, PolicySource.Resource> bases) {
        for (String base : api.at()) {
            try {
                PolicySource.Resource before = bases.putIfAbsent(Apis.base(base), resource);
                if (before != null && !before.name().equals(resource.name())) {
                    problems.add(Problem.error(
                                    resource.place(),
                                    "resources." + resource.name() + ".api.at",
                                    "`" + base + "` is the URL of `" + before.name() + "` at " + before.place()
                                            + " too, and neither is closer")
                            .withFix("leave it with one of the two"));
                }
            } catch (ResourceNames.RefusedException e) {
                problems.add(Problem.error(
                                resource.place(),
                                "resources." + resource.name() + ".api.at",
                                "`" + base + "`: " + e.getMessage())
                        .withFix("write the URL that the paths of the document stand behind"));
            }
        }
    }

    private void checkHolding(PolicySource.Tool tool, Takes takes) {
        boolean mongo = takes instanceof Takes.Mongo;
        boolean holds = source.resources().stream()
                .filter(resource -> resource.name().equals(tool.actsOn()))
                .anyMatch(resource -> mongo
                        ? resource.documents().isPresent()
                        : resource.api().isPresent());
        if (!holds) {
            problems.add(Problem.error(
                            tool.place(),
                            "tools." + tool.pattern() + ".acts_on",
                            "`" + tool.actsOn() + "` is no resource with "
                                    + (mongo ? "a `database` of documents" : "an `api`"))
                    .withFix(
                            mongo
                                    ? "give the resource `database: { dialect: mongodb, collections: {...} }`"
                                    : "give the resource `api: { document: NAME.openapi.yaml }`"));
        }
    }

    private Map<String, List<Grant>> grants(PinnedTools tools, Verbs verbs) {
        Map<String, List<Grant>> grants = new LinkedHashMap<>();
        for (PolicySource.Role role : source.roles()) {
            List<Grant> list = grants.computeIfAbsent(role.name(), ignored -> new ArrayList<>());
            for (PolicySource.Permission permission : role.permissions()) {
                grant(role.name(), "agent_roles." + role.name(), permission, tools, verbs)
                        .ifPresent(list::add);
            }
        }
        return grants;
    }

    private Assignments assignments() {
        List<Assignments.Entry> entries = new ArrayList<>();
        Set<String> tightening = Tightening.roles(source);
        for (PolicySource.Assignment one : source.assignments()) {
            try {
                List<Glob> to = one.to().stream().map(Glob::of).toList();
                conditions
                        .when(one.when(), Conditions.About.ANYTHING, one.place(), PolicySource.Assignment.FIELD)
                        .ifPresent(when -> entries.add(new Assignments.Entry(
                                ref(one.role(), one.place()), one.role(), to, when, tightening.contains(one.role()))));
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(one.place(), PolicySource.Assignment.FIELD, String.valueOf(e.getMessage())));
            }
        }
        return new Assignments(entries);
    }

    /** @param timed takes what each of them consists of */
    private Map<String, Offer> offers(
            PinnedTools tools, Verbs verbs, Map<String, List<Grant>> byRole, Map<String, List<Grant>> timed) {
        Map<String, Offer> offers = new LinkedHashMap<>();
        for (PolicySource.Grantable one : source.grantables()) {
            List<Grant> list = new ArrayList<>(
                    one.role().map(role -> byRole.getOrDefault(role, List.of())).orElse(List.of()));
            for (PolicySource.Permission permission : one.permissions()) {
                grant(one.name(), one.field(), permission, tools, verbs).ifPresent(list::add);
            }
            try {
                offers.put(one.name(), Offer.of(one, source, verbs.known()));
                timed.put(Offers.role(one.name()), list);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(one.place(), one.field(), "to: " + e.getMessage()));
            }
        }
        return offers;
    }

    private Optional<Grant> grant(
            String name, String field, PolicySource.Permission permission, PinnedTools known, Verbs verbs) {
        permission.actions().forEach(action -> checkVerb(action, verbs, permission.place(), field));
        try {
            Glob resource = UrlPatterns.allowing(permission.resource());
            Conditions.About about = permission.conditions().isEmpty()
                    ? Conditions.About.ANYTHING
                    : new Conditions.About(
                            known.reaching(resource),
                            Optional.of(resource),
                            verb -> (verbs.mask(permission.actions()) & verbs.bit(verb)) != 0);
            List<Bound> bound = new ArrayList<>();
            for (String condition : permission.conditions()) {
                conditions.bind(condition, about, permission.place(), field).ifPresent(bound::add);
            }
            if (bound.size() == permission.conditions().size()) {
                conditions.together(permission.conditions(), permission.place(), field);
            }
            RuleRef ref = ref(name, permission.place());
            treatments.check(permission.treatment(), permission.resource(), permission.place(), field);
            return Optional.of(
                    new Grant(ref, resource, verbs.mask(permission.actions()), bound, permission.treatment()));
        } catch (IllegalArgumentException e) {
            problems.add(Problem.error(permission.place(), field, "resource: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private void checkVerb(String verb, Verbs verbs, Place place, String field) {
        if (!verbs.knows(verb)) {
            problems.add(Problem.error(place, field, "unknown action `" + verb + "`")
                    .withFix("known are "
                            + String.join(", ", verbs.known().stream().sorted().toList())));
        }
    }

    private List<CompiledRule> rules(PinnedTools known, Verbs verbs) {
        List<CompiledRule> rules = new ArrayList<>();
        for (PolicySource.Rule rule : source.rules()) {
            try {
                rule(rule, known, verbs).ifPresent(rules::add);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(rule.place(), rule.field(), String.valueOf(e.getMessage())));
            }
        }
        return rules;
    }

    /** Empty if its condition is wrong, which is told by then: without it, it would be another rule. */
    private Optional<CompiledRule> rule(PolicySource.Rule rule, PinnedTools known, Verbs verbs) {
        PolicySource.Target target = rule.target();
        String field = rule.field();
        if (target.tool().isEmpty() && target.resource().isEmpty()) {
            throw new IllegalArgumentException("a rule names a `tool` or a `resource`");
        }
        target.action().ifPresent(verb -> checkVerb(verb, verbs, rule.place(), field));
        treatments.check(rule.treatment(), target.resource().orElse(""), rule.place(), field);
        Optional<Glob> tool = target.tool().map(Glob::of);
        Conditions.About about = new Conditions.About(
                known.named(tool),
                target.resource().map(Glob::of),
                verb -> target.action()
                        .map(action -> (verbs.mask(List.of(action)) & verbs.bit(verb)) != 0)
                        .orElse(true));
        Optional<Bound.Check> when = rule.when().flatMap(text -> conditions.when(text, about, rule.place(), field));
        if (rule.when().isPresent() && when.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CompiledRule(
                ref(rule.name(), rule.place()),
                rule.effect(),
                tool,
                UrlPatterns.resource(rule.effect(), target),
                UrlPatterns.except(rule.effect(), target),
                target.action().map(verb -> verbs.mask(List.of(verb))).orElse(-1L),
                target.agent().flatMap(this::agents),
                target.role(),
                when,
                rule.reason(),
                rule.tellAgent(),
                rule.by(),
                rule.terms(),
                rule.treatment(),
                shadow(rule)));
    }

    /** Once for all rules that name them: of many rules about one tool it is asked first whom they are for. */
    private Optional<Glob> agents(String pattern) {
        return agents.computeIfAbsent(pattern, text -> Optional.of(Glob.of(text)));
    }

    private RecordingRules records(Verbs verbs) {
        List<RecordingRules.Entry> entries = new ArrayList<>();
        for (PolicySource.Keeping record : source.records()) {
            try {
                entries.add(record(record, verbs));
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(record.place(), RECORD, String.valueOf(e.getMessage())));
            }
        }
        return new RecordingRules(entries, verbs);
    }

    private RecordingRules.Entry record(PolicySource.Keeping record, Verbs verbs) {
        // What keeps less keeps less of whatever a server takes for the same.
        PolicySource.Effect effect =
                record.kept() == PolicySource.Kept.LESS ? PolicySource.Effect.DENY : PolicySource.Effect.ALLOW;
        PolicySource.Target target = record.target();
        target.action().ifPresent(verb -> checkVerb(verb, verbs, record.place(), RECORD));
        if (record.kept() == PolicySource.Kept.LAZY) {
            checkLazy(record);
        }
        return new RecordingRules.Entry(
                CompiledRule.about(ref(RECORD, record.place()), effect, target, verbs, "", false, List.of()),
                record.kept());
    }

    private SoftGuardrails soft(Verbs verbs) {
        List<SoftGuardrails.Entry> entries = new ArrayList<>();
        for (PolicySource.Soft soft : source.softs()) {
            try {
                soft.target().action().ifPresent(verb -> checkVerb(verb, verbs, soft.place(), SOFT));
                CompiledRule about = CompiledRule.about(
                        ref(soft.name(), soft.place()),
                        PolicySource.Effect.REQUIRE_APPROVAL,
                        soft.target(),
                        verbs,
                        soft.reason(),
                        soft.tellAgent(),
                        soft.by());
                entries.add(new SoftGuardrails.Entry(about, soft.judge(), soft.down()));
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(soft.place(), SOFT, String.valueOf(e.getMessage())));
            }
        }
        return new SoftGuardrails(entries, verbs);
    }

    /** R2: what is written plainly against it is a mistake of the author. */
    private void checkLazy(PolicySource.Keeping record) {
        record.target()
                .action()
                .filter(verb -> !RecordingRules.READING.contains(verb))
                .ifPresent(verb -> problems.add(Problem.error(
                                record.place(),
                                RECORD + ".lazy",
                                "`" + verb + "` is no reading: its outcome never rides behind")
                        .withFix("only `read` and `query` can be lazy")));
        record.target()
                .resource()
                .filter(name -> RecordingRules.NEVER_LAZY.stream().anyMatch(name::startsWith))
                .ifPresent(name -> problems.add(Problem.error(
                                record.place(),
                                RECORD + ".lazy",
                                "`" + name + "` is a secret, or leads out of the house: its outcome never rides behind")
                        .withFix("leave it out")));
    }

    /** What only a date would put in force may narrow, and never allow: an allow stays in shadow until a person takes it out. */
    private static Optional<Long> shadow(PolicySource.Rule rule) {
        return switch (rule.mode()) {
            case Mode.Enforce ignored -> Optional.empty();
            case Mode.Shadow(Optional<Instant> until) ->
                Optional.of(until.filter(ignored -> rule.effect() != PolicySource.Effect.ALLOW)
                        .map(Instant::getEpochSecond)
                        .orElse(Long.MAX_VALUE));
        };
    }

    private static RuleRef ref(String name, Place place) {
        return new RuleRef(name, place.file(), place.line());
    }
}
