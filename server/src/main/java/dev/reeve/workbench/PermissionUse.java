package dev.reeve.workbench;

import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.TimedGrant;
import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.Verbs;
import dev.reeve.workbench.RecordedAction.Touched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of each permission of a policy was used by what was allowed, or held for a person. A permission that covers an access counts as used by it, also where another one
 * covers it too: which of them counted depended on conditions. Not safe for use by many threads.
 */
final class PermissionUse {
    /** Distinct accesses that are kept of one permission; one that has more stays as it is. */
    static final int MOST = 2_000;

    private final List<Used> all = new ArrayList<>();
    private final Map<String, List<Used>> byRole = new HashMap<>();
    private final Map<String, FileAgent> agents = new HashMap<>();
    /** What people may give for a time: the role that it consists of. */
    private final Map<String, String> byGrantable = new HashMap<>();

    private final Verbs verbs;
    private long allowed;
    private long unknown;

    PermissionUse(PolicySource source) {
        this.verbs = Verbs.of(source.actions()).orElseThrow();
        source.agents().forEach(agent -> agents.put(agent.name(), agent));
        source.grantables().forEach(one -> one.role().ifPresent(role -> byGrantable.put(one.name(), role)));
        for (Role role : source.roles()) {
            for (Permission permission : role.permissions()) {
                Used used = new Used(role.name(), permission, verbs.mask(permission.actions()));
                all.add(used);
                byRole.computeIfAbsent(role.name(), ignored -> new ArrayList<>())
                        .add(used);
            }
        }
    }

    /** One permission. */
    static final class Used {
        private final String role;
        private final Permission permission;
        private final Glob resource;
        private final long mask;
        private final Set<Touched> touched = new LinkedHashSet<>();
        private long times;
        private boolean tooMany;

        private Used(String role, Permission permission, long mask) {
            this.role = role;
            this.permission = permission;
            this.resource = Glob.allowing(permission.resource());
            this.mask = mask;
        }

        String role() {
            return role;
        }

        Permission permission() {
            return permission;
        }

        Glob resource() {
            return resource;
        }

        Set<Touched> touched() {
            return touched;
        }

        long times() {
            return times;
        }

        /** Whether it is used for more than can be listed. */
        boolean isTooMany() {
            return tooMany;
        }

        private boolean covers(Touched one, long bit) {
            return (mask & bit) != 0 && one.names().stream().anyMatch(resource::matches);
        }

        private void note(Touched one) {
            times++;
            tooMany |= touched.size() >= MOST && !touched.contains(one);
            if (!tooMany) {
                touched.add(one);
            }
        }
    }

    /** @param recorded counts if it was not denied */
    void add(RecordedAction recorded) {
        if (recorded.judged().ruling() == Ruling.DENY) {
            return;
        }
        allowed++;
        if (recorded.touched().isEmpty()) {
            unknown++;
            return;
        }
        for (Touched one : recorded.touched().get()) {
            long bit = verbs.bit(one.verb());
            for (String role : roles(recorded)) {
                byRole.getOrDefault(role, List.of()).stream()
                        .filter(used -> used.covers(one, bit))
                        .forEach(used -> used.note(one));
            }
        }
    }

    /** One that was not denied, of which the record says too little. */
    void addUnknown() {
        allowed++;
        unknown++;
    }

    private Collection<String> roles(RecordedAction recorded) {
        String agent = recorded.action().principal().agent();
        FileAgent file = agents.get(agent);
        Set<String> roles =
                new TreeSet<>(file == null ? recorded.action().principal().roles() : new HashSet<>(file.roles()));
        roles.addAll(recorded.assigned());
        if (recorded.grants().isEmpty()) {
            // Something was given, and nobody knows any more what.
            roles.addAll(byGrantable.values());
        }
        for (TimedGrant grant : recorded.grants().orElse(List.of())) {
            if (grant instanceof TimedGrant.Permission given && byGrantable.containsKey(given.grantable())) {
                roles.add(byGrantable.get(given.grantable()));
            }
        }
        return roles;
    }

    /** In the order of the policy. */
    List<Used> all() {
        return all;
    }

    /** Actions that were allowed or held. */
    long allowed() {
        return allowed;
    }

    /** Those of them of which the record does not say what they touched. */
    long unknown() {
        return unknown;
    }
}
