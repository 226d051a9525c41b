package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page says what is tried, no more and no less. */
final class AttacksPageTest {
    private static final Path PAGE = Path.of("..", "docs", "attacks.md");
    private static final String START = "<!-- stories -->\n";
    private static final String END = "<!-- /stories -->";

    @Test
    void thePageTellsEveryStory() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf(START) + START.length();
        int end = page.indexOf(END);
        assertTrue(start >= START.length() && end >= start, "the marks are missing");
        if (Boolean.getBoolean("reeve.publish")) {
            Files.writeString(PAGE, page.substring(0, start) + Stories.tables() + page.substring(end));
            return;
        }
        assertEquals(Stories.tables(), page.substring(start, end), "write it anew with -Dreeve.publish=true");
    }

    @Test
    void noTwoStoriesPromiseTheSame() {
        long different = Stories.all().stream().map(Story::promises).distinct().count();
        assertEquals(Stories.all().size(), different);
    }
}
