package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.identity.Principal;
import dev.reeve.policy.Catalogue.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether some arguments exist with which a principal could be allowed, or would be held. Says yes rather too often: what is shown and
 * then denied is a nuisance, what is hidden and allowed is a riddle.
 */
final class Visibility {
    private final Index index;
    private final Map<String, List<Grant>> byRole;
    private final List<CompiledRule> rules;
    private final List<CompiledRule> denies;
    private final Catalogue catalogue;
    private final Verbs verbs;

    Visibility(
            Index index, Map<String, List<Grant>> byRole, List<CompiledRule> rules, Catalogue catalogue, Verbs verbs) {
        this.index = index;
        this.byRole = byRole;
        this.rules = rules.stream()
                .filter(rule -> rule.effect() == PolicySource.Effect.ALLOW)
                .toList();
        this.denies = rules.stream()
                .filter(rule -> rule.effect() == PolicySource.Effect.DENY)
                .toList();
        this.catalogue = catalogue;
        this.verbs = verbs;
    }

    /**
     * @param surely with the roles that it has now whatever it does: by these a rule may deny it a tool
     * @param principal with those that it may have besides: by these something may be allowed
     */
    boolean visible(Principal surely, Principal principal, Operation operation) {
        return switch (operation) {
            case Operation.Listing ignored -> true;
            // The agent's own program has shown it the tool.
            case Operation.HostCall ignored -> true;
            case Operation.ToolCall call -> toolVisible(surely, principal, call);
            case Operation.ResourceRead read -> namedVisible(surely, principal, read);
            case Operation.PromptGet get -> namedVisible(surely, principal, get);
            case Operation.Completion completion -> namedVisible(surely, principal, completion);
            case Operation.SkillGet get -> namedVisible(surely, principal, get);
            case Operation.DirectoryRead read -> namedVisible(surely, principal, read);
            case Operation.Subscription subscription -> namedVisible(surely, principal, subscription);
            // Somebody's own call brought it about.
            case Operation.Question ignored -> true;
            case Operation.Task task -> toolVisible(surely, principal, task.begun());
            // Whom a point may not speak for, it may be told: nothing was looked at for it.
            case Operation.AccessEvaluation asked -> !asked.entitled() || namedVisible(surely, principal, asked);
            case Operation.ToolEvaluation asked -> toolVisible(surely, principal, asked.call());
            case Operation.AccessSearch ignored -> true;
        };
    }

    private boolean toolVisible(Principal surely, Principal principal, Operation.ToolCall call) {
        if (denyingWhole(surely, call.subject()).isPresent()) {
            return false;
        }
        Optional<ToolEntry> entry = catalogue.tool(call.subject());
        String below = entry.map(found -> found.actsOn().prefix()).orElse("tool:" + call.subject());
        boolean constant = entry.map(found -> found.actsOn().isConstant()).orElse(true);
        long wanted = entry.map(this::verbsOf).orElse(verbs.bit("execute"));
        boolean read = entry.isPresent() && entry.get().source().isRead();
        List<String> names = Catalogue.wideToNarrow(below);
        Optional<String> within = entry.filter(found -> found.source().isRead())
                .map(found -> found.source().below());
        return grantBelow(principal, names, constant && !read, wanted, within)
                || ruleBelow(principal, call, names, constant && !read, wanted, within);
    }

    private long verbsOf(ToolEntry entry) {
        return verbs.mask(entry.source().actions());
    }

    private boolean grantBelow(
            Principal principal, List<String> names, boolean constant, long wanted, Optional<String> within) {
        for (String role : principal.roles()) {
            for (Grant grant : byRole.getOrDefault(role, List.of())) {
                if ((grant.verbs() & wanted) != 0 && reaches(grant.resource(), names, constant, within)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean ruleBelow(
            Principal principal,
            Operation.ToolCall call,
            List<String> names,
            boolean constant,
            long wanted,
            Optional<String> within) {
        for (CompiledRule rule : rules) {
            boolean about = (rule.verbs() & wanted) != 0
                    && rule.tool().map(glob -> glob.matches(call.subject())).orElse(true)
                    && rule.resource()
                            .map(glob -> reaches(
                                    glob,
                                    names,
                                    constant,
                                    within.or(() -> Optional.of("db:" + names.getFirst() + "/"))))
                            .orElse(true)
                    && isFor(rule, principal);
            if (about) {
                return true;
            }
        }
        return false;
    }

    /** @param within what names of parts begin with, as tables are parts of a database */
    private static boolean reaches(Glob glob, List<String> names, boolean constant, Optional<String> within) {
        for (String name : names) {
            if (constant ? glob.matches(name) : glob.matches(name) || glob.mayMatchBelow(name)) {
                return true;
            }
        }
        return within.filter(glob::mayMatchBelow).isPresent();
    }

    private static boolean isFor(CompiledRule rule, Principal principal) {
        return rule.agent().map(glob -> glob.matches(principal.agent())).orElse(true)
                && rule.role().map(principal.roles()::contains).orElse(true);
    }

    /** A rule that denies the tool to the principal whatever the arguments say. */
    Optional<CompiledRule> denyingWhole(Principal principal, String subject) {
        List<CompiledRule> denying = new ArrayList<>(1);
        index.rulesOfTool(subject, rule -> {
            boolean denies = rule.effect() == PolicySource.Effect.DENY
                    && rule.when().isEmpty()
                    && rule.except().isEmpty()
                    && rule.verbs() == -1L
                    && rule.shadowUntil().isEmpty()
                    && isFor(rule, principal);
            if (denies && denying.isEmpty()) {
                denying.add(rule);
            }
        });
        return denying.stream().findFirst();
    }

    /** An enforcement point is told why: what it asks about it knows itself. */
    private boolean isHidden(Principal principal, Operation operation, Access access, long verb) {
        return !operation.isDoneElsewhere()
                && denies.stream().anyMatch(rule -> isFor(rule, principal) && rule.hides(operation, access, verb));
    }

    private boolean namedVisible(Principal surely, Principal principal, Operation operation) {
        if (!(catalogue.read(operation) instanceof Reading.Touches touches)) {
            return false;
        }
        for (Access access : touches.accesses()) {
            long wanted = verbs.bit(access.verb());
            boolean reached = grantBelow(principal, access.names(), true, wanted, Optional.empty())
                    || rules.stream()
                            .anyMatch(rule -> (rule.verbs() & wanted) != 0
                                    && rule.tool()
                                            .map(glob ->
                                                    operation.isNamedByUpstream() && glob.matches(operation.subject()))
                                            .orElse(true)
                                    && rule.resource()
                                            .map(glob -> reaches(glob, access.names(), true, Optional.empty()))
                                            .orElse(true)
                                    && isFor(rule, principal));
            if (!reached || isHidden(surely, operation, access, wanted)) {
                return false;
            }
        }
        return true;
    }
}
