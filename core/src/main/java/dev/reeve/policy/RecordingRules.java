package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Recording.Detail;
import dev.reeve.identity.Principal;
import java.util.List;
import java.util.Set;

/**
 * {@code record:} of the policy: what is written down of which actions. {@code full} wins over {@code less}; {@code lazy} holds only where
 * all of an action is named and R2 lets it: reads of unlabelled data for an agent that acts for nobody else.
 */
final class RecordingRules {
    static final Set<String> READING = Set.of("read", "query");
    /** What leads out of the house, or holds secrets. */
    static final List<String> NEVER_LAZY = List.of("secret:", "url:", "host:", "mail:", "model:", "agent:", "ask:");

    private final List<Entry> entries;
    private final Verbs verbs;

    RecordingRules(List<Entry> entries, Verbs verbs) {
        this.entries = List.copyOf(entries);
        this.verbs = verbs;
    }

    /** @param about its target; nothing else of the rule counts */
    record Entry(CompiledRule about, PolicySource.Kept kept) {}

    Recording of(Action action, Facts facts) {
        if (entries.isEmpty()) {
            return Recording.USUAL;
        }
        Detail detail = names(held(action), facts, PolicySource.Kept.FULL)
                ? Detail.FULL
                : names(action, facts, PolicySource.Kept.LESS) ? Detail.LESS : Detail.USUAL;
        boolean lazy = mayBeLazy(action, facts)
                && facts.accesses().stream().allMatch(access -> names(action, access, PolicySource.Kept.LAZY));
        return new Recording(detail, lazy);
    }

    /** What is recorded in full of a role is so too of what may be its. */
    private static Action held(Action action) {
        Principal principal = action.principal();
        return principal.perhaps().isEmpty() ? action : action.with(principal.withRoles(principal.perhaps()));
    }

    /** As little as an entry says that is about this tool and agent, whatever resource and action it names. */
    Recording inDoubt(Action action) {
        boolean less = entries.stream()
                .anyMatch(entry -> entry.kept() == PolicySource.Kept.LESS
                        && entry.about().hasRole(action)
                        && entry.about().mayBeAbout(action));
        return less ? new Recording(Detail.LESS, false) : Recording.USUAL;
    }

    private boolean names(Action action, Facts facts, PolicySource.Kept kept) {
        return facts.accesses().stream().anyMatch(access -> names(action, access, kept));
    }

    private boolean names(Action action, Access access, PolicySource.Kept kept) {
        // Nothing is kept otherwise for a role that the agent has perhaps.
        return entries.stream()
                .anyMatch(entry -> entry.kept() == kept
                        && entry.about().hasRole(action)
                        && entry.about().isAbout(action, access, verbs.bit(access.verb())));
    }

    /** R2. A hold has no outcome yet, and no permit. */
    private static boolean mayBeLazy(Action action, Facts facts) {
        Principal principal = action.principal();
        boolean reads = action.operation() instanceof Operation.ToolCall
                || action.operation() instanceof Operation.ResourceRead;
        return reads
                && !facts.accesses().isEmpty()
                && facts.resultTags().isEmpty()
                && principal.user().isEmpty()
                && principal.actors().isEmpty()
                && facts.accesses().stream().allMatch(RecordingRules::isPlainRead);
    }

    private static boolean isPlainRead(Access access) {
        return READING.contains(access.verb())
                && access.tags().isEmpty()
                && access.names().stream().noneMatch(name -> NEVER_LAZY.stream().anyMatch(name::startsWith));
    }
}
