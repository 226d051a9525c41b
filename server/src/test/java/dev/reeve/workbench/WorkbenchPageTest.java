package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.config.PolicyCases;
import dev.reeve.config.PolicyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files on docs/policy-workbench.md are what they say: its cases hold, and its explanation is what is printed. */
final class WorkbenchPageTest {
    private static final Pattern FILE =
            Pattern.compile("```yaml\\n# ((?:catalog|policies|tests)/\\S+)\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void theCasesOfThePageHoldAndSeeAllOfItsPolicy() throws Exception {
        Matcher file = FILE.matcher(Files.readString(Path.of("../docs/policy-workbench.md")));
        int files = 0;
        while (file.find()) {
            Workshop.write(home, file.group(1), "# its first line\n" + file.group(2));
            files++;
        }
        assertEquals(3, files);
        CaseReport report = CaseRun.open(
                        PolicyFiles.read(home, Workshop::schema).value().orElseThrow(), Workshop.tools())
                .run()
                .orElseThrow()
                .run(PolicyCases.read(home).value().orElseThrow());
        assertEquals(0, report.failures(), report.table().toString());
        assertEquals(
                100, report.coverage().percent(), report.coverage().missing().toString());
    }
}
