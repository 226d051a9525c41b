package dev.reeve.workbench;

import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.ledger.Progress;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.ToolSchemas;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.PermissionUse.Used;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Roles as narrow as what was recorded: what each permission was used for takes its place, and what was never used is marked. A proposal: it
 * changes nothing, and whatever it proposes is tried on the same records before anybody sees it.
 */
public final class Learning {
    private final PolicySource source;
    private final PermissionUse use;
    /** What takes the place of each permission; known once everything was read. */
    private final Map<Used, List<Permission>> narrow = new LinkedHashMap<>();

    private Learning(PolicySource source) {
        this.source = source;
        this.use = new PermissionUse(source);
    }

    /**
     * @param text of a policy file with the roles, commented
     * @param unused permissions that nothing recorded needed
     * @param tried what the proposal would have made of the same records
     */
    public record Learned(String text, long allowed, long unknown, long unused, ReplayReport tried) {}

    /**
     * @param source the policy whose roles are narrowed; its rules, conditions, catalogue and agents stay
     * @throws IOException if the ledger cannot be read
     */
    public static Learned of(
            Path ledger, EventFilter filter, PolicySource source, ToolSchemas tools, int threads, Progress progress)
            throws IOException {
        Learning learning = new Learning(source);
        new DecisionLog(ledger, filter, threads).each(Learning::rebuilt, learning::take, progress);
        learning.use.all().forEach(used -> learning.narrow.put(used, Narrowing.of(used)));
        List<Role> roles = learning.roles();
        Candidate candidate = Candidate.of("learned", learning.with(roles), tools);
        ReplayReport tried = Replay.run(ledger, filter, candidate, threads, progress);
        long unused =
                learning.use.all().stream().filter(used -> used.times() == 0).count();
        return new Learned(learning.text(tried), learning.use.allowed(), learning.use.unknown(), unused, tried);
    }

    /** @param action empty if the record says too little of it */
    private record Rebuilt(boolean allowed, Optional<RecordedAction> action) {}

    private static Rebuilt rebuilt(Stored stored) {
        boolean allowed = !stored.kind().equals("denial");
        try {
            return new Rebuilt(allowed, allowed ? Optional.of(Rebuilding.of(stored)) : Optional.empty());
        } catch (UnknownException e) {
            return new Rebuilt(allowed, Optional.empty());
        }
    }

    private void take(Rebuilt one) {
        if (one.allowed()) {
            one.action().ifPresentOrElse(use::add, use::addUnknown);
        }
    }

    private Map<String, List<Used>> byRole() {
        Map<String, List<Used>> byRole = new LinkedHashMap<>();
        source.roles().forEach(role -> byRole.put(role.name(), new ArrayList<>()));
        use.all()
                .forEach(used ->
                        byRole.getOrDefault(used.role(), new ArrayList<>()).add(used));
        return byRole;
    }

    private List<Role> roles() {
        List<Role> roles = new ArrayList<>();
        Map<String, List<Used>> byRole = byRole();
        for (Role role : source.roles()) {
            List<Permission> permissions = byRole.getOrDefault(role.name(), List.of()).stream()
                    .flatMap(used -> narrow.getOrDefault(used, List.of()).stream())
                    .toList();
            roles.add(new Role(role.name(), permissions, role.place(), Map.of()));
        }
        return roles;
    }

    private PolicySource with(List<Role> roles) {
        return source.with().roles(roles).build();
    }

    private String text(ReplayReport tried) {
        StringBuilder text = new StringBuilder();
        text.append(
                "# A proposal of `reeve policy learn`: roles as narrow as what was recorded. Read it before you take it.\n");
        text.append("# ").append(use.allowed()).append(" actions were allowed or held.");
        if (use.unknown() > 0) {
            text.append(" Of ")
                    .append(use.unknown())
                    .append(" the record does not say what they touched: what only they needed is missing here.");
        }
        text.append("\n# Tried on the same records: ").append(tried.summary()).append('\n');
        text.append("agent_roles:\n");
        byRole().forEach((role, permissions) -> {
            boolean empty = permissions.stream()
                    .allMatch(used -> narrow.getOrDefault(used, List.of()).isEmpty());
            text.append("  ").append(quoted(role)).append(":\n    permissions:").append(empty ? " []\n" : "\n");
            permissions.forEach(used -> lines(used, narrow.getOrDefault(used, List.of()), text));
        });
        return text.toString();
    }

    private static void lines(Used used, List<Permission> narrow, StringBuilder text) {
        String origin = used.permission().place().toString();
        if (used.times() == 0) {
            text.append("      # never used: ")
                    .append(line(used.permission()))
                    .append("  (")
                    .append(EventText.escape(origin))
                    .append(")\n");
            return;
        }
        text.append("      # ")
                .append(EventText.escape(origin))
                .append(", used ")
                .append(used.times())
                .append(used.times() == 1 ? " time" : " times")
                .append(used.isTooMany() ? ", for too much to list\n" : "\n");
        Set<String> leftOut = Narrowing.leftOut(used);
        leftOut.stream()
                .limit(Narrowing.MOST_VALUES)
                .forEach(name -> text.append("      # left out, as it would be a pattern, or is too long for one: ")
                        .append(quoted(name))
                        .append('\n'));
        if (leftOut.size() > Narrowing.MOST_VALUES) {
            text.append("      # left out likewise: ")
                    .append(leftOut.size() - Narrowing.MOST_VALUES)
                    .append(" more\n");
        }
        narrow.forEach(
                permission -> text.append("      - ").append(line(permission)).append('\n'));
    }

    /** In JSON, which is YAML: whatever an agent wrote into a name stays a text. */
    private static String line(Permission permission) {
        StringBuilder line = new StringBuilder("{ resource: ").append(quoted(permission.resource()));
        line.append(", actions: ").append(EventText.json(Json.Arr.ofStrings(permission.actions())));
        if (!permission.conditions().isEmpty()) {
            line.append(", conditions: ").append(EventText.json(Json.Arr.ofStrings(permission.conditions())));
        }
        permission
                .treatment()
                .asJson()
                .members()
                .forEach((name, value) ->
                        line.append(", ").append(name).append(": ").append(EventText.json(value)));
        return line.append(" }").toString();
    }

    static String quoted(String text) {
        return quoted(new Json.Str(text));
    }

    static String quoted(Json value) {
        return EventText.json(value);
    }
}
