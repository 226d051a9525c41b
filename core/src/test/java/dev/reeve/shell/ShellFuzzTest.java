package dev.reeve.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reader throws nothing but its own refusal, whatever it is given. */
final class ShellFuzzTest {
    private static final String[] PARTS = {
        "a",
        "rm",
        " ",
        " ",
        "\n",
        ";",
        "&",
        "&&",
        "|",
        "(",
        ")",
        "{ ",
        " }",
        "$(",
        "`",
        "'",
        "\"",
        "\\",
        "$x",
        "${x",
        "}",
        "<<E\n",
        "E\n",
        "<",
        ">",
        ">&",
        "<(",
        "if ",
        "then ",
        "fi ",
        "do ",
        "done ",
        "while ",
        "for x in ",
        "case x in ",
        "esac ",
        ";;",
        "[[ ",
        " ]]",
        "=",
        "x=",
        "#",
        "$'",
        "$((",
        "))",
        "1",
        "-",
        "~",
        "*",
        "[",
        "!",
        "bash -c '",
        "eval ",
        "xargs ",
        "find . -exec ",
        "sudo ",
        "\u00e9",
        "\ud83d",
        "\t",
        "\u0000"
    };

    @Test
    void anyTextIsReadOrRefused() {
        long seed = Long.getLong("reeve.seed", System.nanoTime());
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(24);
            for (int j = 0; j < length; j++) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            try {
                ShellReaderTest.read(text.toString());
                read++;
            } catch (ShellRefusedException e) {
                // the one thing that it may throw
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + seed + ": `" + text + "`", e);
            }
        }
        assertTrue(read > 1_000, "seed " + seed + ": only " + read + " were read");
    }
}
