package dev.reeve.policy;

import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.PolicySource.Grantable;
import dev.reeve.policy.PolicySource.Kept;
import dev.reeve.policy.PolicySource.Mode;
import dev.reeve.policy.PolicySource.NamedCondition;
import dev.reeve.policy.PolicySource.Never;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Resource;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Soft;
import dev.reeve.policy.PolicySource.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing by which a policy may allow more than the one before it, tell an agent more, or have less recorded (R27).
 *
 * <p>Compared is what is written, not what it means: whatever is not plainly narrower counts as wider. So it misses nothing, and now and then
 * it names a change that widens nothing, such as a permission that another role of the same agents has anyway. What a rule tells an agent is
 * not compared: it is no access.
 *
 * @param place where it stands; of what was removed, where it stood
 * @param field {@code agent_roles.clerk}
 * @param what in words, for who has to agree to it
 */
public record Widening(Place place, String field, String what) {
    @Override
    public String toString() {
        return place + ": " + field + ": " + what;
    }

    /** In the order of the files' parts; empty if the new one is nowhere wider. */
    public static List<Widening> between(PolicySource before, PolicySource after) {
        Comparison comparison = new Comparison();
        comparison.roles(before.roles(), after.roles());
        comparison.conditions(before.conditions(), after.conditions());
        comparison.rules(before.rules(), after.rules());
        comparison.resources(before.resources(), after.resources());
        comparison.tools(before.tools(), after.tools());
        comparison.agents(before.agents(), after.agents());
        comparison.lost(before, after);
        comparison.records(before, after);
        comparison.nevers(before, after);
        comparison.softs(before, after);
        comparison.limits(before.limited(), after.limited());
        comparison.guardrails(before.guardrails(), after.guardrails());
        comparison.grantables(before, after);
        comparison.assignments(before.assignments(), after.assignments());
        return List.copyOf(comparison.found);
    }

    /** A rule or a tool without where it stands and what it is called. */
    private record Bare(Object what) {
        static Bare of(Rule rule) {
            return new Bare(List.of(
                    rule.effect(),
                    rule.target(),
                    rule.when(),
                    Set.copyOf(rule.by()),
                    rule.terms(),
                    rule.treatment(),
                    rule.mode()));
        }

        static Bare of(Tool tool) {
            return new Bare(List.of(
                    tool.pattern(),
                    tool.actsOn(),
                    tool.action(),
                    tool.sql(),
                    tool.takes(),
                    tool.body(),
                    tool.rowsAt(),
                    tool.idempotent(),
                    tool.result(),
                    tool.restore()));
        }
    }

    private static final class Comparison {
        private final List<Widening> found = new ArrayList<>();

        private void add(Place place, String field, String what) {
            found.add(new Widening(place, field, what));
        }

        /** A limit that is gone or higher, and any other price. */
        void limits(WrittenLimits before, WrittenLimits after) {
            for (WrittenLimits.Entry limit : before.limits()) {
                if (after.limits().stream().noneMatch(one -> isAsTight(one, limit))) {
                    add(limit.place(), limit.field(), "is gone, higher, or counts something else");
                }
            }
            for (WrittenLimits.Price price : before.prices()) {
                if (after.prices().stream().noneMatch(one -> isSame(one, price))) {
                    add(price.place(), "prices." + price.tool(), "is gone, or another price");
                }
            }
            for (WrittenLimits.Price price : after.prices()) {
                // A closer entry takes the place of a wider one.
                if (!before.prices().isEmpty() && before.prices().stream().noneMatch(one -> isSame(one, price))) {
                    add(price.place(), "prices." + price.tool(), "is another price");
                }
            }
        }

        private static boolean isAsTight(WrittenLimits.Entry now, WrittenLimits.Entry was) {
            return now.max() <= was.max()
                    && now.per().equals(was.per())
                    && now.count() == was.count()
                    && now.window().equals(was.window())
                    && now.rest().equals(was.rest())
                    && now.worst().equals(was.worst())
                    && now.currency().equals(was.currency())
                    && now.of().equals(was.of());
        }

        private static boolean isSame(WrittenLimits.Price one, WrittenLimits.Price other) {
            return one.tool().equals(other.tool())
                    && one.money().equals(other.money())
                    && one.told().equals(other.told())
                    && one.tokens().equals(other.tokens())
                    && one.perToken() == other.perToken()
                    && one.currency().equals(other.currency());
        }

        void roles(List<Role> before, List<Role> after) {
            Map<String, Role> old = byName(before, Role::name);
            for (Role role : after) {
                Role was = old.get(role.name());
                List<Permission> had = was == null ? List.of() : was.permissions();
                for (Permission permission : role.permissions()) {
                    if (had.stream().noneMatch(one -> covers(one, permission))) {
                        add(
                                permission.place(),
                                "agent_roles." + role.name(),
                                "permits " + String.join(", ", permission.actions()) + " on " + permission.resource()
                                        + (permission.conditions().isEmpty()
                                                ? ""
                                                : " if " + String.join(" and ", permission.conditions())));
                    }
                }
            }
            Map<String, Role> fresh = byName(after, Role::name);
            before.forEach(role -> untreated(role, fresh.get(role.name())));
        }

        /** What narrows results narrows those that other permissions allow, too: without it they may come back whole. */
        private void untreated(Role role, @Nullable Role now) {
            for (Permission permission : role.permissions()) {
                boolean kept =
                        now != null && now.permissions().stream().anyMatch(one -> narrowsAsMuch(one, permission));
                if (permission.treatment().narrows() && !kept) {
                    add(
                            permission.place(),
                            "agent_roles." + role.name(),
                            "no longer there: "
                                    + String.join("; ", permission.treatment().said()) + " on "
                                    + permission.resource());
                }
            }
        }

        private static boolean narrowsAsMuch(Permission now, Permission was) {
            return covers(was, now)
                    && covers(
                            new Permission(now.resource(), now.actions(), now.conditions(), now.place()),
                            new Permission(was.resource(), was.actions(), was.conditions(), was.place()));
        }

        /** All of the one's actions on the same resource, under no condition that the other has not. */
        private static boolean covers(Permission wide, Permission narrow) {
            return wide.resource().equals(narrow.resource())
                    && wide.actions().containsAll(narrow.actions())
                    && narrow.conditions().containsAll(wide.conditions())
                    && narrow.treatment().isWithin(wide.treatment());
        }

        /** What a name meant may have been stricter; a new name means something only to permissions that are new themselves. */
        void conditions(List<NamedCondition> before, List<NamedCondition> after) {
            Map<String, NamedCondition> old = byName(before, NamedCondition::name);
            Map<String, NamedCondition> fresh = byName(after, NamedCondition::name);
            for (NamedCondition condition : after) {
                NamedCondition was = old.get(condition.name());
                boolean same = was == null
                        ? BuiltIn.find(condition.name()).isEmpty()
                        : was.text().equals(condition.text());
                if (!same) {
                    add(
                            condition.place(),
                            "conditions." + condition.name(),
                            "means something else: " + text(condition));
                }
            }
            for (NamedCondition condition : before) {
                if (!fresh.containsKey(condition.name())
                        && BuiltIn.find(condition.name()).isPresent()) {
                    add(condition.place(), "conditions." + condition.name(), "means again what is built in");
                }
            }
        }

        private static String text(NamedCondition condition) {
            return switch (condition.text()) {
                case ConditionText.When(String expression) -> expression;
                case ConditionText.Rows(String expression) -> "rows: " + expression;
            };
        }

        void rules(List<Rule> before, List<Rule> after) {
            Map<Bare, Integer> left = counted(before);
            for (Rule rule : after) {
                boolean known = left.merge(Bare.of(rule), -1, Integer::sum) >= 0;
                if (!known && mayWiden(rule)) {
                    add(rule.place(), rule.field(), "a new or changed rule: " + says(rule));
                }
            }
            Map<Bare, Integer> now = counted(after);
            for (Rule rule : before) {
                boolean kept = now.merge(Bare.of(rule), -1, Integer::sum) >= 0;
                if (!kept && narrowed(rule)) {
                    add(rule.place(), rule.field(), "no longer there: " + says(rule));
                }
            }
        }

        private static Map<Bare, Integer> counted(List<Rule> rules) {
            Map<Bare, Integer> counted = new HashMap<>();
            rules.forEach(rule -> counted.merge(Bare.of(rule), 1, Integer::sum));
            return counted;
        }

        /** A denial cannot, nor what only asks: an approval grants nothing. Asking on other terms is that the old rule is no longer there. */
        private static boolean mayWiden(Rule rule) {
            return rule.effect() == Effect.ALLOW;
        }

        /** What denied, held or asked. A shadow did nothing, but one of a denial or an approval would have from its day on. */
        private static boolean narrowed(Rule rule) {
            boolean asked = rule.effect() != Effect.ALLOW
                    || !rule.by().isEmpty()
                    || rule.treatment().narrows();
            return asked && !(rule.mode() instanceof Mode.Shadow(var until) && until.isEmpty());
        }

        private static String says(Rule rule) {
            return rule.effect().name().toLowerCase(java.util.Locale.ROOT)
                    + rule.target().tool().map(tool -> " " + tool).orElse("")
                    + rule.target().resource().map(resource -> " " + resource).orElse("")
                    + rule.when().map(when -> " when " + when).orElse("")
                    + (rule.mode() instanceof Mode.Shadow ? " (shadow)" : "");
        }

        /** Labels, schemas and owners of rows are what conditions rest on, for and against: any change may be one too many. */
        void resources(List<Resource> before, List<Resource> after) {
            Map<String, Resource> old = byName(before, Resource::name);
            Map<String, Resource> fresh = byName(after, Resource::name);
            for (Resource resource : after) {
                Resource was = old.get(resource.name());
                String field = "resources." + resource.name();
                if (was == null) {
                    add(resource.place(), field, "is new: what names it begins to mean something");
                } else if (!at(resource, was.place()).equals(was)) {
                    add(resource.place(), field, "its schema, its tags or the owner of its rows are others");
                }
            }
            before.stream()
                    .filter(resource -> !fresh.containsKey(resource.name()))
                    .forEach(resource ->
                            add(resource.place(), "resources." + resource.name(), "is gone, with its tags"));
        }

        private static Resource at(Resource resource, Place place) {
            return new Resource(
                    resource.name(),
                    resource.database(),
                    resource.holding(),
                    resource.tags(),
                    resource.columnTags(),
                    resource.row(),
                    resource.actions(),
                    place);
        }

        /** What a tool acts on decides which permissions speak of it. */
        void tools(List<Tool> before, List<Tool> after) {
            Set<Bare> old = new HashSet<>();
            before.forEach(tool -> old.add(Bare.of(tool)));
            Set<Bare> fresh = new HashSet<>();
            for (Tool tool : after) {
                fresh.add(Bare.of(tool));
                if (!old.contains(Bare.of(tool))) {
                    add(tool.place(), "tools." + tool.pattern(), "acts on " + tool.actsOn() + ", new or changed");
                }
            }
            before.stream()
                    .filter(tool -> !fresh.contains(Bare.of(tool)))
                    .forEach(tool ->
                            add(tool.place(), "tools." + tool.pattern(), "no longer said to act on " + tool.actsOn()));
        }

        void agents(List<FileAgent> before, List<FileAgent> after) {
            Map<String, FileAgent> old = byName(before, FileAgent::name);
            for (FileAgent agent : after) {
                FileAgent was = old.get(agent.name());
                String field = "agents." + agent.name();
                if (was == null) {
                    add(agent.place(), field, "is new, with the roles " + String.join(", ", agent.roles()));
                    continue;
                }
                List<String> gained = new ArrayList<>(agent.roles());
                gained.removeAll(was.roles());
                if (!gained.isEmpty()) {
                    add(agent.place(), field, "has the roles " + String.join(", ", gained));
                }
                if (!was.owner().equals(agent.owner()) || !was.attributes().equals(agent.attributes())) {
                    add(agent.place(), field, "its owner or what conditions read of it is another");
                }
            }
        }

        /** Roles that agents no longer have, and by which something was denied, asked, limited or narrowed, or their work recorded. */
        void lost(PolicySource before, PolicySource after) {
            Set<String> tightening = Tightening.roles(before);
            Map<String, FileAgent> old = byName(before.agents(), FileAgent::name);
            for (FileAgent agent : after.agents()) {
                List<String> gone = new ArrayList<>(Optional.ofNullable(old.get(agent.name()))
                        .map(FileAgent::roles)
                        .orElse(List.of()));
                gone.removeAll(agent.roles());
                gone.retainAll(tightening);
                if (!gone.isEmpty()) {
                    add(
                            agent.place(),
                            "agents." + agent.name(),
                            "no longer has what narrowed or forbade something: the roles " + String.join(", ", gone));
                }
            }
            for (PolicySource.Assignment was : before.assignments()) {
                boolean kept = after.assignments().stream()
                        .anyMatch(one -> one.role().equals(was.role())
                                && one.to().equals(was.to())
                                && one.when().equals(was.when()));
                if (!kept && tightening.contains(was.role())) {
                    add(
                            was.place(),
                            PolicySource.Assignment.FIELD,
                            "no longer there: the role " + was.role() + ", which narrowed or forbade something");
                }
            }
        }

        /** {@code less} and {@code lazy} leave something out or let it wait; {@code full} adds. */
        void records(PolicySource before, PolicySource after) {
            after.records().stream()
                    .filter(one -> one.kept() != Kept.FULL
                            && before.records().stream()
                                    .noneMatch(was -> was.kept() == one.kept()
                                            && was.target().equals(one.target())))
                    .forEach(one -> add(one.place(), "record", "less is kept: " + one.kept()));
            before.records().stream()
                    .filter(one -> one.kept() == Kept.FULL
                            && after.records().stream()
                                    .noneMatch(is -> is.kept() == Kept.FULL
                                            && is.target().equals(one.target())))
                    .forEach(one -> add(one.place(), "record", "no longer kept in full"));
        }

        /** What a judge no longer sees, or sees under other terms. */
        void softs(PolicySource before, PolicySource after) {
            before.softs().stream()
                    .filter(one -> after.softs().stream().noneMatch(is -> isSame(one, is)))
                    .forEach(one -> add(
                            one.place(),
                            "soft_guardrails." + one.name(),
                            "the judge `" + one.judge() + "` is no longer heard as it was"));
        }

        private static boolean isSame(Soft one, Soft other) {
            return one.target().equals(other.target())
                    && one.judge().equals(other.judge())
                    && one.by().equals(other.by())
                    && one.down().equals(other.down());
        }

        /** It decides nothing, but somebody relied on its being checked. */
        void nevers(PolicySource before, PolicySource after) {
            before.nevers().stream()
                    .filter(one -> after.nevers().stream().noneMatch(is -> isSame(one, is)))
                    .forEach(one ->
                            add(one.place(), "never", "no longer checked: " + one.action() + " on " + one.resource()));
        }

        /** Each only narrows; one that is not there as it was may have narrowed more. What it tells is not compared. */
        void guardrails(List<Guardrail> before, List<Guardrail> after) {
            before.stream()
                    .filter(one -> after.stream().noneMatch(is -> is.what().equals(one.what())))
                    .forEach(one -> add(one.place(), one.field(), "is gone, or is another"));
        }

        /** One that is new or says anything else: who may give, to whom, what and for how long all count. */
        void grantables(PolicySource before, PolicySource after) {
            Map<String, Grantable> old = byName(before.grantables(), Grantable::name);
            for (Grantable one : after.grantables()) {
                Grantable was = old.get(one.name());
                if (was == null || !terms(was, before).equals(terms(one, after))) {
                    add(
                            one.place(),
                            one.field(),
                            "people may grant for a time: "
                                    + String.join(
                                            "; ", Offer.of(one, after, Set.of()).says()));
                }
            }
        }

        /** One that is new, or says anything else. */
        void assignments(List<PolicySource.Assignment> before, List<PolicySource.Assignment> after) {
            for (PolicySource.Assignment one : after) {
                if (before.stream()
                        .noneMatch(was -> was.role().equals(one.role())
                                && was.to().equals(one.to())
                                && was.when().equals(one.when()))) {
                    add(
                            one.place(),
                            PolicySource.Assignment.FIELD,
                            String.join(", ", one.to()) + " have the role " + one.role() + " when " + one.when());
                }
            }
        }

        private static String terms(Grantable one, PolicySource source) {
            return Offer.of(one, source, Set.of()).terms();
        }

        private static boolean isSame(Never one, Never other) {
            return one.role().equals(other.role())
                    && one.agent().equals(other.agent())
                    && one.action().equals(other.action())
                    && one.resource().equals(other.resource())
                    && one.unlessApproval() == other.unlessApproval();
        }

        private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
            Map<String, T> found = new LinkedHashMap<>();
            all.forEach(one -> found.put(name.apply(one), one));
            return found;
        }
    }
}
