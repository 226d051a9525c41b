package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.acceptance.Commands;
import dev.reeve.acceptance.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks on one running product over real MCP, by clients and by a server, each with a nearly equal call that must pass: a wall that lets
 * nobody through proves nothing. Afterwards the record verifies, and no file of Reeve's holds what it lends.
 */
final class AttackStoriesTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // before all stories
    private static House house;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        house = new House(folder.toRealPath().resolve("home"));
    }

    @TestFactory
    Stream<DynamicContainer> anAttackFailsAndItsTwinPasses() {
        String wanted = System.getProperty("reeve.story", "");
        return Stories.all().stream()
                .filter(story -> story.promises().contains(wanted))
                .map(story -> DynamicContainer.dynamicContainer(
                        story.promises(),
                        List.of(
                                DynamicTest.dynamicTest(
                                        "attack", () -> story.attack().in(house)),
                                DynamicTest.dynamicTest(
                                        "twin: " + story.twin(),
                                        () -> story.honest().in(house)))));
    }

    /** What an auditor would be told of such a day. */
    private static void reviewed() {
        Commands.Ran review = Product.reeve(house.folder(), "audit", "review", "--json");
        if (System.getProperty("reeve.story", "").isEmpty()) {
            assertEquals(4, review.exit(), review.out() + review.err());
            for (String check :
                    List.of("break-glass", "hasty-approvals", "unknown-outcome", "withheld", "unused-permission")) {
                assertTrue(review.out().contains("\"" + check + "\""), check + " is not in " + review.out());
            }
        }
        for (String check : List.of("no-intent", "no-outcome", "more-than-reserved", "after-the-end")) {
            assertFalse(review.out().contains("\"" + check + "\""), check + " is in " + review.out());
        }
    }

    @AfterAll
    static void theRecordHoldsAndKeepsNoSecret() throws IOException {
        house.close();
        Commands.Ran verified = Product.reeve(house.folder(), "audit", "verify");
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        reviewed();
        assertFalse(house.product().output().contains(House.LENT));
        // What was stopped or held on its way out stands nowhere either.
        List<String> kept = List.of(House.LENT, "4111 1111 1111 1111", ApprovalStories.NUMBER, WebPages.KEY);
        try (Stream<Path> files = Files.walk(house.folder().resolve("reeve-data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                kept.forEach(secret -> assertFalse(bytes.contains(secret), file + " has " + secret.substring(0, 4)));
            }
        }
        assertTrue(Stories.all().size() >= 40);
    }
}
