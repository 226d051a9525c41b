package dev.reeve.policy;

import dev.reeve.gate.AskTerms;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The whole policy and catalogue as it is written, before anything is checked against anything else. Names are unique. */
public record PolicySource(
        List<Role> roles,
        List<NamedCondition> conditions,
        List<Rule> rules,
        List<Resource> resources,
        List<Tool> tools,
        List<FileAgent> agents,
        List<Keeping> records,
        List<Never> nevers,
        List<Guardrail> guardrails,
        List<Soft> softs,
        WrittenLimits limited,
        List<Grantable> grantables,
        List<Assignment> assignments) {
    public static final PolicySource EMPTY = new Builder().build();

    public PolicySource {
        roles = List.copyOf(roles);
        conditions = List.copyOf(conditions);
        rules = List.copyOf(rules);
        resources = List.copyOf(resources);
        tools = List.copyOf(tools);
        agents = List.copyOf(agents);
        records = List.copyOf(records);
        nevers = List.copyOf(nevers);
        guardrails = List.copyOf(guardrails);
        softs = List.copyOf(softs);
        grantables = List.copyOf(grantables);
        assignments = List.copyOf(assignments);
    }

    /** An empty one to begin with. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same, to be changed in some of its parts. */
    public Builder with() {
        return new Builder()
                .roles(roles)
                .conditions(conditions)
                .rules(rules)
                .resources(resources)
                .tools(tools)
                .agents(agents)
                .records(records)
                .nevers(nevers)
                .guardrails(guardrails)
                .softs(softs)
                .limited(limited)
                .grantables(grantables)
                .assignments(assignments);
    }

    /** Takes the parts in any order; what is not said is empty. */
    public static final class Builder {
        private List<Role> roles = List.of();
        private List<NamedCondition> conditions = List.of();
        private List<Rule> rules = List.of();
        private List<Resource> resources = List.of();
        private List<Tool> tools = List.of();
        private List<FileAgent> agents = List.of();
        private List<Keeping> records = List.of();
        private List<Never> nevers = List.of();
        private List<Guardrail> guardrails = List.of();
        private List<Soft> softs = List.of();
        private WrittenLimits limited = WrittenLimits.NONE;
        private List<Grantable> grantables = List.of();
        private List<Assignment> assignments = List.of();

        private Builder() {}

        public Builder roles(List<Role> written) {
            roles = written;
            return this;
        }

        public Builder conditions(List<NamedCondition> written) {
            conditions = written;
            return this;
        }

        public Builder rules(List<Rule> written) {
            rules = written;
            return this;
        }

        public Builder resources(List<Resource> written) {
            resources = written;
            return this;
        }

        public Builder tools(List<Tool> written) {
            tools = written;
            return this;
        }

        public Builder agents(List<FileAgent> written) {
            agents = written;
            return this;
        }

        public Builder records(List<Keeping> written) {
            records = written;
            return this;
        }

        public Builder nevers(List<Never> written) {
            nevers = written;
            return this;
        }

        public Builder guardrails(List<Guardrail> written) {
            guardrails = written;
            return this;
        }

        public Builder softs(List<Soft> written) {
            softs = written;
            return this;
        }

        public Builder limited(WrittenLimits written) {
            limited = written;
            return this;
        }

        public Builder grantables(List<Grantable> written) {
            grantables = written;
            return this;
        }

        public Builder assignments(List<Assignment> written) {
            assignments = written;
            return this;
        }

        public PolicySource build() {
            return new PolicySource(
                    roles,
                    conditions,
                    rules,
                    resources,
                    tools,
                    agents,
                    records,
                    nevers,
                    guardrails,
                    softs,
                    limited,
                    grantables,
                    assignments);
        }
    }

    /** Every word for what can be done, in the order of the alphabet: the usual ones and the catalogue's own. */
    public NavigableSet<String> actions() {
        NavigableSet<String> words = new TreeSet<>(Verbs.USUAL);
        tools.forEach(tool -> tool.action().ifPresent(words::add));
        resources.forEach(resource -> words.addAll(resource.actions()));
        return words;
    }

    /**
     * {@code agent_roles: <name>: { permissions: [...] }}.
     *
     * @param ignore ids of findings about it that are known, each with the reason
     */
    public record Role(String name, List<Permission> permissions, Place place, Map<String, String> ignore) {
        public Role {
            permissions = List.copyOf(permissions);
            ignore = Map.copyOf(ignore);
        }

        public Role(String name, List<Permission> permissions, Place place) {
            this(name, permissions, place, Map.of());
        }
    }

    /**
     * @param resource a catalogue name or a pattern of a resource form
     * @param actions {@code read}, {@code query}, {@code create}, ... or a word of the catalogue
     * @param conditions names of conditions, or expressions; all must hold
     * @param treatment what becomes of results
     * @param ignore ids of findings about it that are known, each with the reason
     */
    public record Permission(
            String resource,
            List<String> actions,
            List<String> conditions,
            Treatment treatment,
            Place place,
            Map<String, String> ignore) {
        public Permission {
            actions = List.copyOf(actions);
            conditions = List.copyOf(conditions);
            ignore = Map.copyOf(ignore);
        }

        public Permission(String resource, List<String> actions, List<String> conditions, Place place) {
            this(resource, actions, conditions, Treatment.NONE, place, Map.of());
        }
    }

    /** {@code conditions: <name>: ...}. Built-in ones need no entry, and one here refines them. */
    public record NamedCondition(String name, ConditionText text, Place place) {}

    /** What a condition says. */
    public sealed interface ConditionText {
        /** A CEL expression over the call. */
        record When(String expression) implements ConditionText {}

        /** A CEL expression over {@code row} and the call: rows of the result for which it is false are left out. */
        record Rows(String expression) implements ConditionText {}
    }

    /**
     * @param name made from file and line where none is written
     * @param by who approves; of an allowing rule {@code client} if the agent's own program must ask ({@code ask: client})
     * @param terms of a rule that asks people
     * @param treatment of an allowing rule, what becomes of results
     * @param ignore ids of findings about it that are known, each with the reason
     */
    public record Rule(
            String name,
            Effect effect,
            Target target,
            Optional<String> when,
            String reason,
            boolean tellAgent,
            List<String> by,
            AskTerms terms,
            Treatment treatment,
            Mode mode,
            Place place,
            Map<String, String> ignore) {
        public Rule {
            by = List.copyOf(by);
            ignore = Map.copyOf(ignore);
        }

        public Rule(
                String name,
                Effect effect,
                Target target,
                Optional<String> when,
                String reason,
                boolean tellAgent,
                List<String> by,
                Mode mode,
                Place place) {
            this(
                    name,
                    effect,
                    target,
                    when,
                    reason,
                    tellAgent,
                    by,
                    AskTerms.USUAL,
                    Treatment.NONE,
                    mode,
                    place,
                    Map.of());
        }

        /** Whether the agent's own program asks the person in front of it. */
        public boolean asksClient() {
            return effect == Effect.ALLOW && by.contains(ClientAsks.CLIENT);
        }

        /** Its shadow has ended by itself: of a deny it is in force since, an allow is not. */
        public Optional<Problem> shadowEnded(Instant now) {
            if (!(mode instanceof Mode.Shadow(Optional<Instant> until))
                    || until.filter(end -> !now.isBefore(end)).isEmpty()) {
                return Optional.empty();
            }
            String since = "its shadow ended at " + until.get();
            return Optional.of(
                    effect == Effect.ALLOW
                            ? Problem.warning(place, field() + ".until", since + "; no date puts an allow in force")
                                    .withFix("take `mode` and `until` away, or the rule")
                            : Problem.warning(place, field() + ".until", since + "; the rule is in force")
                                    .withFix("take `mode` and `until` away if that is right"));
        }

        /** What messages call it after its place; a name that is the place itself is not said twice. */
        public String field() {
            return name.startsWith(place.toString()) ? "rules" : "rules." + name;
        }
    }

    /**
     * {@code never: - { role: intern, action: write, resource: crm }}: what must not be possible, whatever the rules say. It decides nothing; it is
     * checked.
     *
     * @param role empty, as {@code agent}: anybody
     * @param action {@code *}: any
     * @param unlessApproval what a person approved may happen
     */
    public record Never(
            Optional<String> role,
            Optional<String> agent,
            String action,
            String resource,
            boolean unlessApproval,
            String reason,
            Place place) {}

    /**
     * {@code soft_guardrails: - { on: {...}, judge: embedded }}: a judge is heard before it is done.
     *
     * @param name made from file and line where none is written
     * @param judge a name under {@code judges:} of {@code reeve.yaml}, or {@code embedded}
     * @param by who decides what is judged high
     * @param down empty: reads go on, the rest is held
     */
    public record Soft(
            String name,
            Target target,
            String judge,
            List<String> by,
            Optional<WhenDown> down,
            boolean tellAgent,
            String reason,
            Place place) {
        public Soft {
            by = List.copyOf(by);
        }
    }

    /** What happens when a judge cannot be heard. */
    public enum WhenDown {
        HOLD,
        CONTINUE
    }

    /**
     * {@code assign: - { role: night, to: "support-*", when: ... }}: a role that agents have as long as something is so.
     *
     * @param to patterns of agents
     * @param when looked at for everything that an action touches; for what the role allows it must hold for all of it, for what it forbids, asks
     *     or limits for anything, or be unsayable
     */
    public record Assignment(String role, List<String> to, String when, Place place) {
        /** What messages call it after its place. */
        public static final String FIELD = "assign";

        public Assignment {
            to = List.copyOf(to);
        }
    }

    /**
     * {@code grantable: <name>: {...}}: what people may give agents for a time.
     *
     * @param role whose permissions; empty: {@code permissions}
     * @param to patterns of agents
     * @param by who may give it, as {@code by} of a rule; nobody in particular: every administrator
     * @param upTo for how long at most
     * @param quorum how many different people must agree
     */
    public record Grantable(
            String name,
            Optional<String> role,
            List<Permission> permissions,
            List<String> to,
            List<String> by,
            Duration upTo,
            int quorum,
            Place place) {
        public Grantable {
            permissions = List.copyOf(permissions);
            to = List.copyOf(to);
            by = List.copyOf(by);
        }

        /** What messages call it after its place. */
        public String field() {
            return "grantable." + name;
        }

        /** What it consists of, by this policy. */
        public List<Permission> permissions(PolicySource source) {
            return role.map(wanted -> source.roles().stream()
                            .filter(one -> one.name().equals(wanted))
                            .flatMap(one -> one.permissions().stream())
                            .toList())
                    .orElse(permissions);
        }
    }

    /** {@code record: - lazy: {...}}: how actions on the target are written down. */
    public record Keeping(Kept kept, Target target, Place place) {}

    /** What is kept of an action. */
    public enum Kept {
        LESS,
        FULL,
        LAZY
    }

    public enum Effect {
        ALLOW,
        DENY,
        REQUIRE_APPROVAL
    }

    /** What a rule is about; every part that is there must match. At least one of {@code tool} and {@code resource} is there. */
    public record Target(
            Optional<String> tool,
            Optional<String> resource,
            Optional<String> action,
            Optional<String> agent,
            Optional<String> role,
            Optional<String> except) {}

    /** Whether a rule is in force or only recorded. */
    public sealed interface Mode {
        record Enforce() implements Mode {}

        /** @param until after which it is in force */
        record Shadow(Optional<Instant> until) implements Mode {}
    }

    /**
     * {@code resources: <name>: {...}}.
     *
     * @param tags of the whole resource
     * @param columnTags {@code customers.email} to its tags
     * @param row field of a row to the attribute of a principal that it is compared with
     * @param actions words of its own for what can be done to it
     * @param holding what is in it, if it is no database that speaks SQL
     */
    public record Resource(
            String name,
            Optional<Database> database,
            Optional<Holding> holding,
            Set<String> tags,
            Map<String, Set<String>> columnTags,
            Map<String, String> row,
            List<String> actions,
            Place place) {
        /** One without words of its own. */
        public Resource(
                String name,
                Optional<Database> database,
                Set<String> tags,
                Map<String, Set<String>> columnTags,
                Map<String, String> row,
                Place place) {
            this(name, database, Optional.empty(), tags, columnTags, row, List.of(), place);
        }

        public Optional<Holding.Documents> documents() {
            return holding.filter(Holding.Documents.class::isInstance).map(Holding.Documents.class::cast);
        }

        public Optional<Holding.Api> api() {
            return holding.filter(Holding.Api.class::isInstance).map(Holding.Api.class::cast);
        }

        public Resource {
            actions = List.copyOf(actions);
            tags = Set.copyOf(tags);
            columnTags = Map.copyOf(columnTags);
            row = Map.copyOf(row);
        }
    }

    public record Database(SqlDialect dialect, SqlSchema schema) {}

    /**
     * {@code tools: <upstream>.<tool>: {...}}; {@code *} stands for any part of a name.
     *
     * @param actsOn a catalogue name, or a resource form with {@code {arguments.x}} in it
     * @param action empty where {@code sql} says it, or {@code takes}
     * @param sql JSON pointer, or {@code arguments.x}, to the statement
     * @param takes what else says it
     * @param body dotted path of the argument that holds the body of the request; a text with nothing in it if the arguments themselves are it
     * @param rowsAt JSON pointer into the result
     * @param restore by argument, names of kinds whose values may be put there in the place of tokens
     */
    public record Tool(
            String pattern,
            String actsOn,
            Optional<String> action,
            Optional<String> sql,
            Optional<Takes> takes,
            Optional<String> body,
            Optional<String> rowsAt,
            boolean idempotent,
            Trust result,
            Map<String, Set<String>> restore,
            Place place) {
        public Tool {
            restore = Map.copyOf(restore);
        }

        /** One of which it is not said where the body of a request stands. */
        public Tool(
                String pattern,
                String actsOn,
                Optional<String> action,
                Optional<String> sql,
                Optional<Takes> takes,
                Optional<String> rowsAt,
                boolean idempotent,
                Trust result,
                Map<String, Set<String>> restore,
                Place place) {
            this(pattern, actsOn, action, sql, takes, Optional.empty(), rowsAt, idempotent, result, restore, place);
        }

        /** One that gets no values in the place of tokens, and whose action is written, or its SQL. */
        public Tool(
                String pattern,
                String actsOn,
                Optional<String> action,
                Optional<String> sql,
                Optional<String> rowsAt,
                boolean idempotent,
                Trust result,
                Place place) {
            this(pattern, actsOn, action, sql, Optional.empty(), rowsAt, idempotent, result, Map.of(), place);
        }

        /** Whether the other entry says the same, of whichever tools. */
        boolean saysAs(Tool other) {
            return new Tool(
                            other.pattern(),
                            actsOn,
                            action,
                            sql,
                            takes,
                            rowsAt,
                            idempotent,
                            result,
                            restore,
                            other.place())
                    .equals(other);
        }

        /** Whether the arguments say what is done, not the catalogue. */
        public boolean isRead() {
            return sql.isPresent() || takes.isPresent();
        }

        /** What calls may do, whatever their arguments say. */
        public List<String> actions() {
            if (takes.filter(Takes.Parameters.class::isInstance).isPresent()) {
                return List.of("read", "query", "create", "update", "delete", "execute");
            }
            return isRead() ? List.of("query", "create", "update", "delete") : List.of(action.orElse("execute"));
        }

        /** What names everything below the resource begin with. */
        public String below() {
            return (takes.filter(Takes.Parameters.class::isInstance).isPresent() ? "api:" : "db:") + actsOn + "/";
        }
    }

    /** What the catalogue says of a result's origin. Remembered for later; no rule reads it yet. */
    public record Trust(Set<String> trusted, Set<String> untrusted, boolean wholeUntrusted) {
        public static final Trust UNSAID = new Trust(Set.of(), Set.of(), false);

        public Trust {
            trusted = Set.copyOf(trusted);
            untrusted = Set.copyOf(untrusted);
        }
    }

    /** {@code agents: <name>: {...}}: an agent that is written in a file. */
    public record FileAgent(
            String name, List<String> roles, Optional<String> owner, Map<String, String> attributes, Place place) {
        public FileAgent {
            roles = List.copyOf(roles);
            attributes = Map.copyOf(attributes);
        }
    }
}
