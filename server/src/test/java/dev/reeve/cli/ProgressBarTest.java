package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isDrawnAgainOnlyWhenItChanges() {
        ProgressBar bar = new ProgressBar(out, true);
        bar.at(1_000, 10, 100);
        bar.at(1_001, 10, 100);
        bar.at(5_000_000, 250, 100);
        bar.close();
        bar.close();
        assertEquals(
                "\r[###---------------------------]  10 %  1,000 records"
                        + "\r[##############################] 100 %  5,000,000 records" + System.lineSeparator(),
                text());
    }

    @Test
    void nobodySeesItWhereAProgramReads() {
        try (ProgressBar bar = new ProgressBar(out, false)) {
            bar.at(1, 1, 1);
        }
        assertEquals("", text());
    }
}
