package dev.reeve.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random scripts, whole and with a character changed, are run by the real bash with programs that only write down that they ran. What ran,
 * and which files came to be, must be among what the reader said. The path holds nothing but these programs.
 */
final class ShellAgainstBashTest {
    private static final Path BASH = Path.of("/bin/bash");
    private static final int SCRIPTS = 250;
    private static final List<String> PROGRAMS = List.of("pa", "pb", "pc", "pd");
    private static final String CHANGES = " \n;&|(){}<>$`'\"\\#=!~*[]abEx1-";

    @TempDir
    private Path folder;

    private Random random = new Random();

    /** What scripts left in the background may still write while the folder is being deleted; it ends by itself. */
    @AfterEach
    void deleteWhileOthersWrite() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(one);
                }
                return;
            } catch (IOException | UncheckedIOException e) {
                if (System.nanoTime() - until > 0) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void whatRunsIsAmongWhatWasSaid() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(BASH), "there is no bash");
        long seed = Long.getLong("reeve.seed", System.nanoTime());
        random = new Random(seed);
        Path stubs = Files.createDirectory(folder.resolve("stubs"));
        for (String program : PROGRAMS) {
            Path stub = stubs.resolve(program);
            Files.writeString(stub, "#!/bin/bash\necho \"${0##*/}\" >>\"$RAN\"\necho x\n");
            assertTrue(stub.toFile().setExecutable(true));
        }
        int ran = 0;
        for (int i = 0; i < SCRIPTS; i++) {
            String script = changed(list(3));
            ran += compare(script, stubs, "seed " + seed + ", script " + i + ":\n" + script) ? 1 : 0;
        }
        assertTrue(ran > SCRIPTS / 10, "seed " + seed + ": only " + ran + " ran something");
    }

    private boolean compare(String script, Path stubs, String what) throws IOException, InterruptedException {
        List<ShellUse> uses;
        Path work = Files.createTempDirectory(folder, "w");
        try {
            uses = ShellReader.read(script, Set.of(work.toString()), "/nowhere", ShellLimits.DEFAULT);
        } catch (ShellRefusedException e) {
            return false;
        }
        if (uses.stream().anyMatch(ShellUse.Opaque.class::isInstance)) {
            return false;
        }
        // One for each script: what an earlier one left in the background still writes.
        Path log = work.resolveSibling(work.getFileName() + ".ran");
        execute(script, stubs, work, log);
        Set<String> names = uses.stream()
                .filter(ShellUse.Runs.class::isInstance)
                .map(use -> ((ShellUse.Runs) use).names().getFirst())
                .collect(Collectors.toSet());
        Set<String> written = uses.stream()
                .filter(ShellUse.Touches.class::isInstance)
                .map(use -> ((ShellUse.Touches) use).path())
                .collect(Collectors.toSet());
        Set<String> ran = Files.exists(log) ? new HashSet<>(Files.readAllLines(log)) : Set.of();
        assertTrue(names.containsAll(ran), () -> what + "\nran " + ran + ", said " + names);
        boolean patterns = uses.stream().anyMatch(ShellUse.Matches.class::isInstance);
        try (Stream<Path> files = Files.list(work)) {
            files.forEach(file -> assertTrue(
                    patterns || written.contains(file.toString()),
                    () -> what + "\nwrote " + file + ", said " + written));
        }
        return !ran.isEmpty();
    }

    private static void execute(String script, Path stubs, Path work, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(BASH.toString(), "--norc", "-c", script);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", stubs.toString());
        environment.put("RAN", log.toString());
        builder.directory(work.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        if (!process.waitFor(3, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private String changed(String script) {
        StringBuilder text = new StringBuilder(script);
        for (int i = random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            char c = CHANGES.charAt(random.nextInt(CHANGES.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                default -> text.deleteCharAt(at);
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private String list(int depth) {
        StringBuilder out = new StringBuilder(command(depth));
        for (int i = random.nextInt(3); i > 0; i--) {
            out.append(one(" ; ", " && ", " || ", " | ", "\n", "& ")).append(command(depth));
        }
        return out.toString();
    }

    private String command(int depth) {
        if (depth == 0) {
            return simple(0);
        }
        return switch (random.nextInt(13)) {
            case 0 -> "( " + list(depth - 1) + " )";
            case 1 -> "{ " + list(depth - 1) + "; }";
            case 2 -> "if " + list(depth - 1) + "; then " + list(depth - 1) + "; else " + simple(0) + "; fi";
            case 3 -> "for v in a " + word(depth - 1) + "; do " + list(depth - 1) + "; done";
            case 4 -> "case " + word(0) + " in a|x) " + list(depth - 1) + ";; *) " + simple(0) + ";; esac";
            case 5 -> "fn() { " + list(depth - 1) + "; }; fn";
            case 6 -> simple(0) + " <<E\n" + word(depth - 1) + " text\nE\n";
            case 7 -> "eval '" + program() + " a'";
            case 9 -> builtin();
            case 8 -> "[[ -n " + word(depth - 1) + " ]] && " + simple(0);
            default -> simple(depth);
        };
    }

    /** The shell's own commands that could run something, each with a program that would be seen. */
    private String builtin() {
        return one(
                "trap '" + program() + " t' EXIT",
                "trap -- 'cd /; pa' EXIT",
                "eval -- 'pd a'",
                "/bin/bash -c -- 'pb'",
                "/bin/bash -c -o posix 'pc'",
                "/bin/bash +e -c pd",
                "/bin/bash -euo pipefail -c 'pa'",
                "echo pb > pipefail; /bin/bash pipefail -c pc",
                "read 'a[$(pa >&2)]' <<< 1",
                "read -r v <<< \"$(pb)\"",
                "unset 'a[$(pc >&2)]'",
                "let 'a[$(pd >&2)]=1'",
                "mapfile -C 'pa x' -c 1 a <<< x",
                "echo pb > f1; . ./f1",
                "jobs -x pc",
                "set -k",
                "set -eu",
                "shopt -s expand_aliases; alias pa=pb\npa",
                "compgen -C pd x",
                "getopts a o -a; shift",
                "wait -n; hash -r; jobs -l",
                "export v=$(pa)",
                "printf -v 'a[$(pb >&2)]' x",
                "test -v 'a[$(pc >&2)]'");
    }

    private String simple(int depth) {
        StringBuilder out = new StringBuilder(random.nextInt(6) == 0 ? "v=" + word(depth) + " " : "");
        out.append(program());
        for (int i = random.nextInt(3); i > 0; i--) {
            out.append(' ').append(word(depth));
        }
        if (random.nextInt(4) == 0) {
            out.append(one(" >f1", " >>f2", " 2>f3", " &>f4", " >&2", " <<<x", " 2>&1 >f5"));
        }
        return out.toString();
    }

    private String program() {
        return one("pa", "pb", "pc", "pd", "p\"a\"", "'pb'", "\\pc", "command pd", "exec pa");
    }

    private String word(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            String inner = list(depth - 1);
            return random.nextBoolean() ? "\"$(" + inner + ")\"" : "x$(" + inner + ")";
        }
        return one(
                "a",
                "'b; pc'",
                "\"c $v\"",
                "$'d\\'e'",
                "\\;",
                "${v:-x}",
                "${v%y}",
                "#no",
                "x#y",
                "$#",
                "`pd x`",
                "\"`pc`\"");
    }

    private String one(String... all) {
        return all[random.nextInt(all.length)];
    }
}
