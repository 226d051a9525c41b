package dev.reeve.config;

/** The folders of the catalogue and of policies. */
final class PolicyFiles {
    static final String CATALOG = "catalog";
    static final String POLICIES = "policies";

    private PolicyFiles() {}
}
