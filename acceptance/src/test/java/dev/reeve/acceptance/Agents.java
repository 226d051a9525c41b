package dev.reeve.acceptance;

/** Agents of a running product. */
final class Agents {
    private Agents() {}

    /** Makes an agent of that name in the role of that name, and a key for it. */
    static String withKey(Product product, String name) {
        Commands.Ran agent = product.reeve("agent", "create", name, "--role", name);
        Commands.Ran made = product.reeve("key", "create", name, "--json");
        if (agent.exit() != 0 || made.exit() != 0) {
            throw new AssertionError(agent.err() + made.err());
        }
        return Text.find(made.out(), "\"key\"\\s*:\\s*\"(reeve_[A-Za-z0-9]+)\"");
    }
}
