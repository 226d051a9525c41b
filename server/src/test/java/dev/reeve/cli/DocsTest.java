package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents tell people to type is understood: every command and every option exists. */
final class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** In a block or between backticks, after any path; up to a comment, another command or the end. */
    private static final Pattern TYPED = Pattern.compile("(?:^|[(\\s/])(?:\\./)?reeve ([a-z][^#&|;>)\\n]*)");

    private static List<Path> documents() throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .forEach(all::add);
        }
        return all;
    }

    /** Parts of a document that are typed: fenced blocks, and what stands between backticks. */
    private static List<String> typed(String document) {
        List<String> found = new ArrayList<>();
        boolean fenced = false;
        for (String line : document.lines().toList()) {
            if (line.startsWith("```")) {
                fenced = !fenced;
            } else if (fenced && line.matches("(\\$ )?(\\.?/\\S*)?reeve .*")) {
                add(found, line);
            } else {
                String[] parts = line.split("`", -1);
                for (int i = 1; i < parts.length; i += 2) {
                    add(found, parts[i]);
                }
            }
        }
        return found;
    }

    private static void add(List<String> found, String text) {
        Matcher matcher = TYPED.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1).strip());
        }
    }

    @Test
    void everyCommandInTheDocumentsIsUnderstood() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path document : documents()) {
            for (String command : typed(Files.readString(document))) {
                seen++;
                problem(command)
                        .ifPresent(text -> wrong.add(ROOT.relativize(document) + ": reeve " + command + ": " + text));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen > 30, "only " + seen + " commands were found");
    }

    /** A mention such as `reeve key rotate` need not have its arguments, and `create|list` or `diff, approve` stand for several. */
    private static java.util.Optional<String> problem(String command) {
        List<String> words = List.of(command.split("\\s+", -1));
        if (words.getFirst().equals("mcp")
                || words.getFirst().equals("hook")
                || words.getFirst().endsWith(",")) {
            return java.util.Optional.empty();
        }
        CommandLine line = Main.line(config -> OfflineRecords.none());
        for (String word : words) {
            for (String one : word.split("[|,]", -1)) {
                if (one.startsWith("--") && !one.startsWith("---")) {
                    String option = one.contains("=") ? one.substring(0, one.indexOf('=')) : one;
                    if (line.getCommandSpec().findOption(option) == null) {
                        return java.util.Optional.of("no option " + option);
                    }
                } else if (!one.isEmpty()
                        && !line.getSubcommands().isEmpty()
                        && !line.getSubcommands().containsKey(one)) {
                    return java.util.Optional.of("no command " + one);
                }
            }
            line = line.getSubcommands().getOrDefault(word, line);
        }
        return java.util.Optional.empty();
    }
}
