package dev.reeve.config;

import dev.reeve.policy.Guardrail;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.WrittenLimits;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The folder {@code policies} as values. */
final class PolicyReader {
    private static final Map<String, Effect> EFFECTS =
            Map.of("allow", Effect.ALLOW, "deny", Effect.DENY, "require_approval", Effect.REQUIRE_APPROVAL);

    /** What a principal has by itself; an attribute of that name would never be seen. */
    static final Set<String> PRINCIPAL = Set.of("agent", "instance", "tenant", "user", "actors", "roles", "owner");

    private static final Set<String> KNOWN_OF_AGENTS = Set.of("roles", "owner");
    /** What a file in shadow may hold. */
    private static final Set<String> IN_SHADOW = Set.of("reeve", "mode", "until", "rules", "conditions");

    private final Problems problems;
    private final Sections sections;

    PolicyReader(Snapshot snapshot, Problems problems) {
        this.problems = problems;
        this.sections = Sections.read(snapshot.yaml(PolicyFiles.POLICIES), PolicyShape.ROOT, problems);
    }

    /** Whether every file is YAML. */
    boolean isWhole() {
        return sections.isWhole();
    }

    List<PolicySource.Role> roles() {
        List<PolicySource.Role> roles = new ArrayList<>();
        sections.each("agent_roles", (name, member) -> {
            List<PolicySource.Permission> permissions = new ArrayList<>();
            for (Node item : items(member.value(), "permissions")) {
                permissions.add(permission((Node.Mapping) item));
            }
            roles.add(new PolicySource.Role(name, permissions, member.key(), ignored(member.value())));
        });
        return roles;
    }

    /** Findings that are known, with why. */
    private static Map<String, String> ignored(Node node) {
        Map<String, String> ignored = new LinkedHashMap<>();
        if (node instanceof Node.Mapping entry) {
            entry.membersOf("ignore").forEach((id, reason) -> {
                if (reason.value() instanceof Node.Scalar scalar) {
                    ignored.put(id, scalar.text());
                }
            });
        }
        return ignored;
    }

    private static List<Node> items(Node node, String key) {
        return node instanceof Node.Mapping mapping && mapping.get(key).orElse(null) instanceof Node.Sequence sequence
                ? sequence.items()
                : List.of();
    }

    private static PolicySource.Permission permission(Node.Mapping entry) {
        return new PolicySource.Permission(
                entry.text("resource").orElse(""),
                entry.texts("actions"),
                entry.texts("conditions"),
                TreatmentReader.read(entry),
                entry.place(),
                ignored(entry));
    }

    List<PolicySource.NamedCondition> conditions() {
        List<PolicySource.NamedCondition> conditions = new ArrayList<>();
        sections.each(
                "conditions",
                (name, member) -> text(member.value())
                        .ifPresent(text -> conditions.add(new PolicySource.NamedCondition(name, text, member.key()))));
        return conditions;
    }

    private static Optional<PolicySource.ConditionText> text(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> Optional.of(new PolicySource.ConditionText.When(scalar.text()));
            case Node.Mapping mapping -> mapping.text("rows").map(PolicySource.ConditionText.Rows::new);
            case Node.Sequence ignored -> Optional.empty();
        };
    }

    List<PolicySource.Rule> rules() {
        List<PolicySource.Rule> rules = new ArrayList<>();
        Map<String, Place> names = new HashMap<>();
        for (Node.Mapping file : sections.roots()) {
            Mode mode = mode(file);
            if (mode instanceof Mode.Shadow) {
                requireRulesAlone(file);
            }
            for (Node item : items(file, "rules")) {
                rule((Node.Mapping) item, names.keySet(), mode).ifPresent(rule -> {
                    Place before = names.putIfAbsent(rule.name(), rule.place());
                    if (before != null) {
                        problems.error(
                                item, "the rule \"" + rule.name() + "\" is defined twice; first in " + before, "");
                    }
                    rules.add(rule);
                });
            }
        }
        return rules;
    }

    /** Whoever puts a file into shadow must not believe that it holds back what has none: permissions, limits, guardrails. */
    private void requireRulesAlone(Node.Mapping file) {
        file.members().forEach((name, member) -> {
            if (!IN_SHADOW.contains(name)) {
                problems.error(
                        member.key(),
                        member.value().field(),
                        "is in force whatever the `mode` of the file is: only rules can be in shadow",
                        "move it to another file");
            }
        });
    }

    List<PolicySource.Keeping> records() {
        List<PolicySource.Keeping> records = new ArrayList<>();
        for (Node item : sections.items("record")) {
            record((Node.Mapping) item).ifPresent(records::add);
        }
        return records;
    }

    List<PolicySource.Soft> softs() {
        List<PolicySource.Soft> softs = new ArrayList<>();
        for (Node item : sections.items("soft_guardrails")) {
            Node.Mapping entry = (Node.Mapping) item;
            entry.mapping("on")
                    .ifPresent(on -> softs.add(new PolicySource.Soft(
                            entry.text("name").orElse(entry.place().toString()),
                            target(on),
                            entry.text("judge").orElse(""),
                            entry.texts("by"),
                            entry.text("when_down")
                                    .map(word -> PolicySource.WhenDown.valueOf(word.toUpperCase(Locale.ROOT))),
                            entry.text("tell").isPresent(),
                            entry.text("reason").orElse(""),
                            entry.place())));
        }
        return softs;
    }

    List<Guardrail> guardrails() {
        return new GuardrailReader(problems, this::target).read(sections.items("guardrails"));
    }

    List<PolicySource.Never> nevers() {
        List<PolicySource.Never> nevers = new ArrayList<>();
        for (Node item : sections.items("never")) {
            Node.Mapping entry = (Node.Mapping) item;
            if (entry.mentions("role") && entry.mentions("agent")) {
                problems.error(entry, "names a role and an agent", "write one entry for each");
            }
            nevers.add(new PolicySource.Never(
                    entry.text("role"),
                    entry.text("agent"),
                    entry.text("action").orElse("*"),
                    entry.text("resource").orElse("**"),
                    entry.text("unless").isPresent(),
                    entry.text("reason").orElse(""),
                    entry.place()));
        }
        return nevers;
    }

    List<PolicySource.Assignment> assignments() {
        List<PolicySource.Assignment> assignments = new ArrayList<>();
        for (Node item : sections.items(PolicySource.Assignment.FIELD)) {
            Node.Mapping entry = (Node.Mapping) item;
            assignments.add(new PolicySource.Assignment(
                    entry.text("role").orElse(""),
                    entry.texts("to"),
                    entry.text("when").orElse("false"),
                    entry.place()));
        }
        return assignments;
    }

    List<PolicySource.Grantable> grantables() {
        List<PolicySource.Grantable> grantables = new ArrayList<>();
        sections.each("grantable", (name, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                grantable(name, entry, member.key()).ifPresent(grantables::add);
            }
        });
        return grantables;
    }

    private Optional<PolicySource.Grantable> grantable(String name, Node.Mapping entry, Place place) {
        if (entry.mentions("role") == entry.mentions("permissions")) {
            problems.error(entry, "says not once what is given", "it has one of `role`, `permissions`");
            return Optional.empty();
        }
        List<PolicySource.Permission> permissions = items(entry, "permissions").stream()
                .map(item -> permission((Node.Mapping) item))
                .toList();
        return entry.text("up_to")
                .flatMap(Units::time)
                .map(upTo -> new PolicySource.Grantable(
                        name,
                        entry.text("role"),
                        permissions,
                        entry.texts("to"),
                        entry.texts("by"),
                        upTo,
                        entry.text("quorum").map(Integer::parseInt).orElse(1),
                        place));
    }

    private Optional<PolicySource.Keeping> record(Node.Mapping entry) {
        List<PolicySource.Kept> kept = Stream.of(PolicySource.Kept.values())
                .filter(one -> entry.mentions(word(one)))
                .toList();
        if (kept.size() != 1) {
            problems.error(
                    entry, "says not once how to record", "an entry of `record` has one of `less`, `full`, `lazy`");
            return Optional.empty();
        }
        PolicySource.Kept how = kept.getFirst();
        return entry.mapping(word(how)).map(target -> new PolicySource.Keeping(how, target(target), entry.place()));
    }

    private static String word(PolicySource.Kept kept) {
        return kept.name().toLowerCase(Locale.ROOT);
    }

    /** File and line; where several rules stand on one line, the column too. */
    static String unnamed(Place place, Set<String> taken) {
        return taken.contains(place.toString()) ? place + ":" + place.column() : place.toString();
    }

    private Optional<PolicySource.Rule> rule(Node.Mapping entry, Set<String> taken, Mode ofFile) {
        List<String> effects = EFFECTS.keySet().stream()
                .filter(entry.members()::containsKey)
                .sorted()
                .toList();
        if (effects.size() != 1) {
            problems.error(
                    entry,
                    effects.isEmpty() ? "says not what it does" : "says two things: " + String.join(", ", effects),
                    "a rule has one of `allow`, `deny`, `require_approval`");
            return Optional.empty();
        }
        String effect = effects.getFirst();
        Optional<PolicySource.Target> target = entry.mapping(effect).map(this::target);
        for (String key : List.of("by", "quorum", "expires", "escalate", "hours", "reason_required", "grant")) {
            onlyWith(entry, key, effect.equals("require_approval"), "`require_approval`");
        }
        onlyWith(entry, "ask", effect.equals("allow"), "`allow`");
        for (String key : TreatmentReader.KEYS) {
            onlyWith(entry, key, effect.equals("allow"), "`allow`");
            if (entry.mentions("ask")) {
                onlyWith(entry, key, false, "a result that comes through here; with `ask: client` none does");
            }
        }
        onlyWith(entry, "tell", !effect.equals("allow"), "`deny` or `require_approval`");
        if (target.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PolicySource.Rule(
                entry.text("name").orElseGet(() -> unnamed(entry.place(), taken)),
                EFFECTS.getOrDefault(effect, Effect.DENY),
                target.get(),
                entry.text("when"),
                entry.text("reason").orElse(""),
                entry.text("tell").isPresent(),
                entry.text("ask").map(List::of).orElseGet(() -> entry.texts("by")),
                ApprovalTerms.read(entry, problems),
                TreatmentReader.read(entry),
                entry.mentions("mode") || entry.mentions("until") ? mode(entry) : ofFile,
                entry.place(),
                ignored(entry)));
    }

    private void onlyWith(Node.Mapping entry, String key, boolean allowed, String needs) {
        entry.get(key)
                .filter(it -> !allowed)
                .ifPresent(it -> problems.error(it, "means nothing without " + needs, "remove it"));
    }

    List<WrittenLimits.Entry> limits() {
        return new LimitReader(problems).limits(sections.items("limits"));
    }

    private PolicySource.Target target(Node.Mapping entry) {
        if (!entry.mentions("tool") && !entry.mentions("resource")) {
            problems.error(entry, "names neither `tool` nor `resource`", "`tool: \"*\"` means every tool");
        }
        return about(entry);
    }

    /** What a rule or a limit is about. */
    static PolicySource.Target about(Node.Mapping entry) {
        return new PolicySource.Target(
                entry.text("tool"),
                entry.text("resource"),
                entry.text("action"),
                entry.text("agent"),
                entry.text("role"),
                entry.text("except"));
    }

    private Mode mode(Node.Mapping entry) {
        boolean shadow = entry.text("mode").filter("shadow"::equals).isPresent();
        onlyWith(entry, "until", shadow, "`mode: shadow`");
        return shadow ? new Mode.Shadow(entry.scalar("until").flatMap(this::instant)) : new Mode.Enforce();
    }

    private Optional<Instant> instant(Node.Scalar node) {
        try {
            return Optional.of(Instant.parse(node.text()));
        } catch (DateTimeException e) {
            problems.error(node, "\"" + node.text() + "\" is not a time as 2027-01-31T00:00:00Z");
            return Optional.empty();
        }
    }

    List<PolicySource.FileAgent> agents() {
        List<PolicySource.FileAgent> agents = new ArrayList<>();
        sections.each("agents", (name, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                agents.add(new PolicySource.FileAgent(
                        name, entry.texts("roles"), entry.text("owner"), attributes(entry), member.key()));
            }
        });
        return agents;
    }

    List<EnforcementPoint> enforcementPoints() {
        return EnforcementPointReader.read(sections, problems);
    }

    private Map<String, String> attributes(Node.Mapping entry) {
        Map<String, String> attributes = new LinkedHashMap<>();
        entry.members().forEach((name, member) -> {
            if (!KNOWN_OF_AGENTS.contains(name)) {
                if (PRINCIPAL.contains(name)) {
                    problems.error(
                            member.key(),
                            member.value().field(),
                            "every agent has this by itself",
                            "take another name");
                }
                entry.text(name).ifPresent(it -> attributes.put(name, it));
            }
        });
        return attributes;
    }
}
