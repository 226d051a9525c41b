package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import java.util.List;
import java.util.Optional;

/**
 * One rule, compiled.
 *
 * @param verbs all bits if the rule names no action
 * @param shadowUntil empty: in force; otherwise recorded only, up to this moment (epoch seconds; for ever: {@link Long#MAX_VALUE})
 */
record CompiledRule(
        RuleRef ref,
        PolicySource.Effect effect,
        Optional<Glob> tool,
        Optional<Glob> resource,
        Optional<Glob> except,
        long verbs,
        Optional<Glob> agent,
        Optional<String> role,
        Optional<Bound.Check> when,
        String reason,
        boolean tellAgent,
        List<String> by,
        AskTerms terms,
        Treatment treatment,
        Optional<Long> shadowUntil)
        implements NameIndex.Written {

    /** A target as a rule without a condition, for what is about actions and decides otherwise than rules do. */
    static CompiledRule about(
            RuleRef ref,
            PolicySource.Effect effect,
            PolicySource.Target target,
            Verbs verbs,
            String reason,
            boolean tellAgent,
            List<String> by) {
        return new CompiledRule(
                ref,
                effect,
                target.tool().map(Glob::of),
                UrlPatterns.resource(effect, target),
                UrlPatterns.except(effect, target),
                target.action().map(verb -> verbs.mask(List.of(verb))).orElse(-1L),
                target.agent().map(Glob::of),
                target.role(),
                Optional.empty(),
                reason,
                tellAgent,
                by,
                AskTerms.USUAL,
                Treatment.NONE,
                Optional.empty());
    }

    /** Only what something else is about: it allows and denies nothing. */
    static CompiledRule about(RuleRef ref, PolicySource.Target target, Verbs verbs) {
        return about(ref, PolicySource.Effect.DENY, target, verbs, "", false, List.of());
    }

    /** What it is found by. Every rule names a tool or a resource. */
    @Override
    public Glob names() {
        return resource.or(() -> tool).orElseThrow();
    }

    Scope scope() {
        return new Scope(tool, resource, except, verbs, agent, role);
    }

    boolean isShadow(Facts facts) {
        return shadowUntil.isPresent() && facts.now().getEpochSecond() < shadowUntil.get();
    }

    boolean asksClient() {
        return effect == PolicySource.Effect.ALLOW && by.contains(ClientAsks.CLIENT);
    }

    /** How much of a name it spells out. */
    int closeness() {
        return resource.map(glob -> glob.prefix().length()).orElse(0);
    }

    /** Everything but {@code when}. Whom it is for comes first: many rules share that, and their names are far apart in memory. */
    boolean isAbout(Action action, Access access, long verb) {
        return (verbs & verb) != 0
                && isFor(action)
                && matchesTool(action)
                && matchesResource(access)
                && (except.isEmpty() || !isExcepted(action.operation(), access))
                && treats(action, access);
    }

    /** Whether it allows and asks nobody: then it is about the URLs that it names, and no others; what forbids is about all names. */
    private boolean isAllow() {
        return effect == PolicySource.Effect.ALLOW && !asksClient();
    }

    private boolean matchesResource(Access access) {
        return resource.isEmpty() || matchesAny(resource, isAllow() ? access.names() : access.allNames());
    }

    /** Whether its resource is what is touched itself, and not only the URL without its query. */
    boolean coversWhole(Access access) {
        return matchesAny(resource, access.names());
    }

    /** Whether it could be about this action, as far as that can be said without knowing what the action touches. */
    boolean mayBeAbout(Action action) {
        return matches(tool, action.operation().subject()) && isFor(action);
    }

    /** Whether it is about resources or actions, and not about whatever a tool, an agent or a role does. */
    boolean namesWhatIsTouched() {
        return resource.isPresent() || verbs != -1L;
    }

    private boolean isFor(Action action) {
        return matches(agent, action.principal().agent()) && (hasRole(action) || (tightens() && mayHaveRole(action)));
    }

    /** Whether an agent with less than this rule's role could be let do more. */
    private boolean tightens() {
        return effect != PolicySource.Effect.ALLOW || asksClient() || treatment.narrows();
    }

    /** False of a rule that allows, but only those of whom it cannot be said that the agent is one. */
    boolean allows(Action action) {
        return effect != PolicySource.Effect.ALLOW || hasRole(action);
    }

    boolean hasRole(Action action) {
        return role.isEmpty() || action.principal().roles().contains(role.get());
    }

    private boolean mayHaveRole(Action action) {
        return role.isPresent() && action.principal().perhaps().contains(role.get());
    }

    /** Whether it forbids this to those whom it is for, whatever else is true, and does not tell them so. */
    boolean hides(Operation operation, Access access, long verb) {
        return effect == PolicySource.Effect.DENY
                && when.isEmpty()
                && shadowUntil.isEmpty()
                && !tellAgent
                && (verbs & verb) != 0
                && matches(tool, operation.subject())
                && matchesAny(resource, access.allNames())
                && (except.isEmpty() || !isExcepted(operation, access));
    }

    /** The first part of its target, as it is written, that does not match; empty if all do. */
    Optional<String> missing(Action action, Access access, long verb) {
        if ((verbs & verb) == 0) {
            return Optional.of("it is not about the action `" + access.verb() + "`");
        }
        if (!matchesTool(action) || !matchesResource(access)) {
            return Optional.of("it is about another tool or resource");
        }
        if (except.isPresent() && isExcepted(action.operation(), access)) {
            return Optional.of("its `except` takes this out");
        }
        if (!matches(agent, action.principal().agent())) {
            return Optional.of("it is for other agents");
        }
        if (!hasRole(action) && (effect == PolicySource.Effect.ALLOW || !mayHaveRole(action))) {
            return Optional.of(
                    (mayHaveRole(action) ? "it cannot be said that the agent has" : "the agent does not have")
                            + " the role `" + role.orElseThrow() + "`");
        }
        return treats(action, access)
                ? Optional.empty()
                : Optional.of(
                        treatment.admits(access.narrowest())
                                ? "its result does not come through here, and would have to be changed"
                                : "its `columns` leave `" + access.narrowest() + "` out");
    }

    /** Whether what it says of results can be done to those of this action, and lets this be seen at all. */
    boolean treats(Action action, Access access) {
        return !treatment.narrows() || (!action.operation().isDoneElsewhere() && treatment.admits(access.narrowest()));
    }

    /**
     * What an enforcement point guards is no tool, and neither is what has a URI, however that reads: `tool: "*"` forbids it, but does not
     * allow it.
     */
    private boolean matchesTool(Action action) {
        boolean noTool = tool.isPresent()
                && effect == PolicySource.Effect.ALLOW
                && !action.operation().isNamedByUpstream();
        return !noTool && matches(tool, action.operation().subject());
    }

    /** Nor does such a name take anything out of what forbids: that does the name of the whole alone. */
    private boolean isExcepted(Operation operation, Access access) {
        boolean allows = effect == PolicySource.Effect.ALLOW;
        return matchesAny(except, allows ? access.allNames() : access.names())
                || ((allows || operation.isNamedByUpstream()) && matches(except, operation.subject()));
    }

    private static boolean matches(Optional<Glob> glob, String name) {
        return glob.isEmpty() || glob.get().matches(name);
    }

    private static boolean matchesAny(Optional<Glob> glob, List<String> names) {
        if (glob.isEmpty()) {
            return true;
        }
        for (int i = 0; i < names.size(); i++) {
            if (glob.get().matches(names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
