package dev.reeve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands as they are typed for an installation whose files the test writes. */
abstract class CommandsAtHome {
    @TempDir
    Path folder;

    record Ran(int code, String out) {}

    final Ran run(String... typed) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.line(config -> OfflineRecords.none());
        line.setOut(new PrintWriter(out));
        List<String> words = new ArrayList<>(List.of(typed));
        words.addAll(List.of("--home", folder.toString()));
        return new Ran(line.execute(words.toArray(String[]::new)), out.toString());
    }

    final void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
