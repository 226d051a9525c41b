package dev.reeve.config;

import dev.reeve.policy.PolicySource;
import dev.reeve.policy.WrittenLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the folders {@code catalog} and {@code policies} beside {@code reeve.yaml}. */
public final class PolicyFiles {
    static final String CATALOG = "catalog";
    static final String POLICIES = "policies";

    private PolicyFiles() {}

    /** Everything that is wrong in any file, or everything that stands in them. Conditions are not compiled here. */
    public static Loaded<PolicySet> read(Path home, SqlSchemas schemas) {
        return read(Snapshot.of(home), schemas);
    }

    /** As {@link #read(Path, SqlSchemas)}, from the texts of the files by their names in the home: {@link PolicySet#files} of another time. */
    public static Loaded<PolicySet> read(SortedMap<String, String> texts, SqlSchemas schemas) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        texts.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return read(new Snapshot(files, List.of()), schemas);
    }

    /** Whether a file of this name, as {@code catalog/x.sql}, is one of the catalogue or the policies. */
    public static boolean isRead(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && Snapshot.wanted(name, name.substring(0, slash));
    }

    /** The version of what stands there, be it a policy or not. */
    public static String version(Path home) {
        return Snapshot.of(home).version();
    }

    static Loaded<PolicySet> read(Snapshot snapshot, SqlSchemas schemas) {
        Problems problems = new Problems();
        snapshot.problems().forEach(problems::add);
        CatalogReader catalog = new CatalogReader(snapshot, schemas, problems);
        PolicyReader policies = new PolicyReader(snapshot, problems);
        PolicySource source = PolicySource.builder()
                .roles(policies.roles())
                .conditions(policies.conditions())
                .rules(policies.rules())
                .resources(catalog.resources())
                .tools(catalog.tools())
                .agents(policies.agents())
                .records(policies.records())
                .nevers(policies.nevers())
                .guardrails(policies.guardrails())
                .softs(policies.softs())
                .limited(new WrittenLimits(policies.limits(), catalog.prices()))
                .grantables(policies.grantables())
                .assignments(policies.assignments())
                .build();
        if (source.roles().isEmpty() && source.rules().isEmpty() && !problems.hasErrors()) {
            problems.warning(
                    Problems.file(POLICIES), "", "there is no role and no rule: nothing is allowed", "write a policy");
        }
        List<EnforcementPoint> points = policies.enforcementPoints();
        knownRoles(points, source, problems);
        boolean whole = snapshot.problems().isEmpty() && catalog.isWhole() && policies.isWhole();
        return Loaded.of(new PolicySet(source, points, snapshot.version(), snapshot.texts()), problems, whole);
    }

    private static void knownRoles(List<EnforcementPoint> points, PolicySource source, Problems problems) {
        Set<String> roles = source.roles().stream().map(PolicySource.Role::name).collect(Collectors.toSet());
        for (EnforcementPoint point : points) {
            point.roles().stream()
                    .filter(role -> !roles.contains(role))
                    .forEach(role -> problems.error(
                            point.place(),
                            "enforcement_points." + point.name(),
                            "unknown role `" + role + "`",
                            "define it under `agent_roles:`"));
        }
    }
}
