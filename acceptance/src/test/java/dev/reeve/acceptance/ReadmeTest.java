package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's block "By hand", line by line as it stands, in an empty folder. Only the ports are others, so that nobody is in the way. */
final class ReadmeTest {
    private static final String ANY_PORTS = "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\" }\n";

    @TempDir
    private Path folder;

    @Test
    void theQuickStartRunsAsItIsWritten() throws IOException, InterruptedException {
        String block = block(Commands.text(Path.of("..", "README.md")));
        String serve = block.lines()
                .filter(line -> line.startsWith("./reeve serve"))
                .findFirst()
                .orElseThrow();
        installReeve();
        String before = block.replace(serve, "").replace("upstreams:\n", ANY_PORTS + "upstreams:\n");
        Files.writeString(folder.resolve("quick-start.sh"), before);
        Map<String, String> environment = Map.of(
                "HOME",
                folder.toString(),
                "XDG_CONFIG_HOME",
                folder.resolve("cfg").toString());
        Commands.Ran ran = Commands.run(folder, environment, 120, List.of("sh", "-eu", "quick-start.sh"));
        assertEquals(0, ran.exit(), ran.out() + ran.err());
        assertTrue(ran.out().contains("no errors"), ran.out());
        assertTrue(ran.out().contains("reeve_"), "no key was shown: " + ran.out());
        assertEquals("ready:", firstWord(serve, environment));
    }

    /** {@code ./reeve} of the README, without looking for a JDK and without building. */
    private void installReeve() throws IOException {
        String command = Product.java().stream()
                .map(part -> "'" + part + "'")
                .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n"));
        Path script = Files.writeString(folder.resolve("reeve"), command);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private String firstWord(String serve, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + serve)
                .directory(folder.toFile())
                .redirectError(folder.resolve("serve.err").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var out = process.inputReader()) {
            String line = out.readLine();
            return line == null ? Commands.text(folder.resolve("serve.err")) : line.split(" ", -1)[0];
        } finally {
            process.destroy();
            process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
    }

    private static String block(String readme) {
        int by = readme.indexOf("By hand,");
        int from = readme.indexOf("```sh\n", by) + "```sh\n".length();
        return readme.substring(from, readme.indexOf("```", from));
    }
}
