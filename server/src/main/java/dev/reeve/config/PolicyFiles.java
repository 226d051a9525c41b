package dev.reeve.config;

import dev.reeve.policy.PolicySource;
import java.nio.file.Path;

/** Reads the folders {@code catalog} and {@code policies} beside {@code reeve.yaml}. */
public final class PolicyFiles {
    static final String CATALOG = "catalog";
    static final String POLICIES = "policies";

    private PolicyFiles() {}

    /** Everything that is wrong in any file, or everything that stands in them. Conditions are not compiled here. */
    public static Loaded<PolicySet> read(Path home, SqlSchemas schemas) {
        return read(Snapshot.of(home), schemas);
    }

    static Loaded<PolicySet> read(Snapshot snapshot, SqlSchemas schemas) {
        Problems problems = new Problems();
        snapshot.problems().forEach(problems::add);
        CatalogReader catalog = new CatalogReader(snapshot, schemas, problems);
        PolicyReader policies = new PolicyReader(snapshot, problems);
        PolicySource source = new PolicySource(
                policies.roles(),
                policies.conditions(),
                policies.rules(),
                catalog.resources(),
                catalog.tools(),
                policies.agents(),
                policies.records());
        if (source.roles().isEmpty() && source.rules().isEmpty() && !problems.hasErrors()) {
            problems.warning(
                    Problems.file(POLICIES), "", "there is no role and no rule: nothing is allowed", "write a policy");
        }
        return Loaded.of(new PolicySet(source, snapshot.version(), snapshot.texts()), problems);
    }
}
