package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R27 from outside, where several people administer: what a server offers comes in force when two of them say so, also with a crash in between. */
final class SecondPersonTest {
    private static final String POLICY =
            "agent_roles: { worker: { permissions: [ { resource: 'tool:up.work', actions: [execute] } ] } }\n";

    @TempDir
    Path folder;

    private Path token(Product product, String person) throws IOException {
        Path file = Files.createFile(
                folder.resolve(person),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(
                file, done(product.reeve("admin", "token", person)).strip());
    }

    private static String done(Commands.Ran ran) {
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        return ran.out();
    }

    private static void assertRefused(Commands.Ran ran, String why) {
        assertTrue(ran.exit() != 0 && ran.err().contains(why), ran.exit() + ran.out() + ran.err());
    }

    private static String works(RawClient client) throws IOException, InterruptedException {
        return client.call("up.work", "{\"n\":\"a\"}").body();
    }

    @Test
    void aToolIsPinnedByTwoOfSeveralAdministrators() throws Exception {
        try (CountingUpstream upstream = new CountingUpstream()) {
            Path home = Homes.home(folder.resolve("home"), "up: { url: \"" + upstream.url() + "\" }");
            Homes.file(home, "policies/worker.yaml", POLICY);
            String user = System.getProperty("user.name");
            Files.writeString(
                    home.resolve("reeve.yaml"),
                    "\nsystem_users: { \"" + user + "\": cy }\n",
                    StandardOpenOption.APPEND);
            String key = KillTest.prepare(home);
            String id;
            Path owner;
            Path bo;
            Path cy;
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                owner = token(product, user + "@example.com");
                cy = token(product, "cy");
                bo = token(product, "bo");
                String asked = done(product.reeve("tools", "approve", "up", "--all"));
                assertTrue(asked.contains("not in force yet") && asked.contains("asked for"), asked);
                assertFalse(works(client).contains("done"), "one of them is not enough");
                id = Text.find(done(product.reeve("admin", "waiting")), "(w_[0-9a-f]{16})");
                product.kill();
            }
            try (Product product = Product.start(home)) {
                Tools.waitUntilPinned(product, List.of("up"));
                RawClient client = new RawClient(product.mcp(), key);
                assertFalse(works(client).contains("done"), "a crash agrees to nothing");
                assertRefused(product.reeve("admin", "agree", id), "--token-file");
                assertRefused(
                        product.reeve("admin", "agree", id, "--token-file", owner.toString()),
                        "somebody else must agree");
                assertRefused(
                        product.reeve("admin", "agree", id, "--token-file", cy.toString()),
                        "or may have, so somebody else must agree");
                done(product.reeve("admin", "agree", id, "--token-file", bo.toString()));
                assertTrue(works(client).contains("done"), "two are");
                assertFalse(done(product.reeve("admin", "waiting")).contains(id), "and nothing waits");
                String acts = done(product.reeve("audit", "search", "--kind", "control", "--json"));
                assertTrue(
                        acts.contains("\"second_ask\"")
                                && acts.contains("\"second_agree\"")
                                && acts.contains("\"seconded_by\":\"bo\""),
                        acts);
                stopped(product, client);
            }
        }
    }

    private static void stopped(Product product, RawClient client) throws IOException, InterruptedException {
        String mistyped = done(product.reeve("kill", "tool", "up.wrok"));
        assertTrue(mistyped.contains("NOTHING KNOWN IS CALLED SO") && mistyped.contains("up.work"), mistyped);
        assertTrue(works(client).contains("done"));
        assertFalse(done(product.reeve("kill", "tool", "up.work")).contains("NOTHING KNOWN"));
        assertFalse(works(client).contains("done"));
        assertTrue(done(product.reeve("admin", "list")).contains("local:"), "who made the tokens");
        String keys = done(product.reeve("key", "list"));
        assertTrue(keys.contains("MADE BY") && keys.contains("local:"), keys);
    }
}
