package dev.reeve.workbench;

import dev.reeve.policy.PolicySource;
import dev.reeve.record.Event.Stored;
import java.util.List;
import java.util.Optional;

/** The permissions of a policy that nothing recorded needed. Taken in the order of the record, by one thread at a time. */
public final class UnusedPermissions {
    private final PermissionUse use;

    public UnusedPermissions(PolicySource source) {
        this.use = new PermissionUse(source);
    }

    /**
     * One permission.
     *
     * @param place its file and line
     */
    public record Unused(String role, String resource, List<String> actions, String place) {
        public Unused {
            actions = List.copyOf(actions);
        }
    }

    /** What one recorded action needed. */
    public static final class Use {
        private final Optional<RecordedAction> action;

        private Use(Optional<RecordedAction> action) {
            this.action = action;
        }
    }

    /** On any thread. {@code stored} is a decision that was no denial, with its arguments, input, resources and digest where they are not erased. */
    public static Use use(Stored stored) {
        try {
            return new Use(Optional.of(Rebuilding.of(stored)));
        } catch (UnknownException e) {
            return new Use(Optional.empty());
        }
    }

    public void take(Use one) {
        one.action.ifPresentOrElse(use::add, use::addUnknown);
    }

    /** In the order of the policy. */
    public List<Unused> unused() {
        return use.all().stream()
                .filter(used -> used.times() == 0)
                .map(used -> new Unused(
                        used.role(),
                        used.permission().resource(),
                        List.copyOf(used.permission().actions()),
                        used.permission().place().toString()))
                .toList();
    }

    /** Actions of which the record does not say what they touched. */
    public long hidden() {
        return use.unknown();
    }
}
