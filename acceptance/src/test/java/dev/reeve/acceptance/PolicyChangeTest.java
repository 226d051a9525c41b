package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R27 from outside: an edit that allows more, two administrators, kill -9 while it waits, and the way back. */
final class PolicyChangeTest {
    private static final String FIRST =
            "agent_roles: { clerk: { permissions: [ { resource: 'tool:none.read', actions: [execute] } ] } }\n";
    private static final String WIDER = FIRST + "rules:\n  - allow: { tool: none.write }\n";

    private static final Pattern WAITS = Pattern.compile("\"policy_waiting\"\\s*:\\s*\"version ([0-9a-f]{64})");

    @TempDir
    Path folder;

    private Path token(Product product, String person) throws IOException {
        Commands.Ran made = product.reeve("admin", "token", person);
        assertEquals(0, made.exit(), made.err());
        Path file = Files.createFile(
                folder.resolve(person),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, made.out().strip());
    }

    private static String status(Product product) {
        return product.reeve("status", "--json").out();
    }

    /** The version that waits, as soon as the process has looked at the files again. */
    private static String waiting(Product product) {
        String said = "";
        for (int round = 0; round < 60; round++) {
            said = status(product);
            Matcher waits = WAITS.matcher(said);
            if (waits.find()) {
                return waits.group(1);
            }
            LockSupport.parkNanos(250_000_000);
        }
        throw new AssertionError("nothing waits:\n" + said + product.output());
    }

    @Test
    void whatAllowsMoreWaitsForSomebodyElseAndEveryPolicyCanComeBack() throws Exception {
        Path home = Homes.home(folder.toRealPath().resolve("home"), "none: { url: \"http://127.0.0.1:1/mcp\" }");
        Homes.file(home, "policies/p.yaml", FIRST);
        String version;
        Path bo;
        Path owner;
        try (Product product = Product.start(home)) {
            assertTrue(status(product).replace(" ", "").contains("\"single_operator\":true"));
            bo = token(product, "bo");
            owner = token(product, System.getProperty("user.name") + "@example.com");
            assertTrue(status(product).replace(" ", "").contains("\"single_operator\":false"));
            Homes.file(home, "policies/p.yaml", WIDER);
            version = waiting(product);
            Commands.Ran diff = product.reeve("policy", "diff", "--fail-on-wider");
            assertEquals(1, diff.exit(), diff.out() + diff.err());
            assertTrue(diff.out().contains("+  - allow: { tool: none.write }"), diff.out());
            assertTrue(diff.out().contains("policies/p.yaml:3"), diff.out());
            product.kill();
        }
        try (Product product = Product.start(home)) {
            assertEquals(version, waiting(product), "a restart is no second person");
            assertRefused(product.reeve("policy", "approve", version), "--token-file");
            assertRefused(approve(product, version, owner), "somebody else must agree");
            assertRefused(
                    approve(product, version, Files.writeString(folder.resolve("x"), "reevea_x")), "second person");
            assertRefused(approve(product, "0000", bo), "what waits is version " + version);
            Commands.Ran approved = approve(product, version, bo);
            assertEquals(0, approved.exit(), approved.err());
            assertTrue(product.reeve("policy", "versions").out().contains("bo"), "who agreed is in the list");
            Homes.file(home, "policies/p.yaml", "agent_roles: [\n");
        }
        // The files are broken, so it does not start; the way back needs no process.
        Commands.Ran back = Product.reeve(home, "policy", "rollback", "#1", "--yes");
        assertEquals(0, back.exit(), back.out() + back.err());
        assertEquals(FIRST, Files.readString(home.resolve("policies/p.yaml")));
        try (Product product = Product.start(home)) {
            List<String> rows =
                    product.reeve("policy", "versions").out().lines().toList();
            assertEquals(4, rows.size(), String.join("\n", rows));
            assertTrue(rows.getLast().startsWith("#3"), rows.getLast());
            Commands.Ran verified = product.reeve("audit", "verify");
            assertEquals(0, verified.exit(), verified.out() + verified.err());
        }
    }

    private static Commands.Ran approve(Product product, String version, Path token) {
        return product.reeve("policy", "approve", version, "--token-file", token.toString());
    }

    private static void assertRefused(Commands.Ran ran, String why) {
        assertTrue(ran.exit() != 0 && ran.err().contains(why), ran.exit() + ran.out() + ran.err());
    }
}
