package dev.reeve.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Bubblewrap, which makes namespaces without root: Linux's own way to start a program that sees and reaches only what it is given. Found out by
 * using it once, because only the kernel knows what it allows.
 */
public final class Bubblewrap {
    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_WORDS = 600;
    private static final String ELSE = ", or write `confine: none` if the server may do whatever you can do";

    /** What this machine can do. */
    public sealed interface Found {
        /** @param about for people: the version, and what is limited how */
        record Able(Bubblewrap bubblewrap, String about) implements Found {}

        /** @param why with what to install or set */
        record Unable(String why) implements Found {}
    }

    private final Path program;
    private final boolean forbidsMoreNamespaces;
    private final Optional<Cgroups> cgroups;

    private Bubblewrap(Path program, boolean forbidsMoreNamespaces, Optional<Cgroups> cgroups) {
        this.program = program;
        this.forbidsMoreNamespaces = forbidsMoreNamespaces;
        this.cgroups = cgroups;
    }

    private static final class Once {
        private static final Found FOUND = find(System.getProperty("os.name", ""), System.getenv());
    }

    /** Tried once for the process; blocks for the time of a short process the first time. */
    public static Found onThisMachine() {
        return Once.FOUND;
    }

    static Found find(String system, Map<String, String> ours) {
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            return new Found.Unable("servers can be confined on Linux only; run Reeve there" + ELSE);
        }
        Optional<Path> program = inPath("bwrap", ours);
        if (program.isEmpty()) {
            return new Found.Unable(
                    "`bwrap` is not installed, so nothing can be confined; install the package `bubblewrap` (apt, dnf, apk, pacman)"
                            + ELSE);
        }
        for (String tool : List.of("/usr/bin/prlimit", "/usr/bin/nice")) {
            if (!Files.isExecutable(Path.of(tool))) {
                return new Found.Unable("`" + tool + "` is not there; install util-linux and coreutils" + ELSE);
            }
        }
        return tried(program.get());
    }

    private static Optional<Path> inPath(String name, Map<String, String> ours) {
        return List.of(ours.getOrDefault("PATH", "").split(":", -1)).stream()
                .filter(it -> it.startsWith("/"))
                .map(it -> Path.of(it, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Found tried(Path program) {
        try {
            String version = run(List.of(program.toString(), "--version")).words();
            Optional<Cgroups> cgroups = Cgroups.onThisMachine();
            Bubblewrap bubblewrap = new Bubblewrap(program, knowsDisableUserns(version), cgroups);
            Confinement nothing = new Confinement(List.of(), List.of(), ChildLimits.USUAL);
            List<String> trial = new ArrayList<>(bubblewrap.command(
                    nothing, List.of("/usr/bin/true"), Path.of("/tmp"), Map.of("PATH", "/usr/bin:/bin")));
            Ran ran = run(trial);
            return ran.status() == 0
                    ? new Found.Able(bubblewrap, about(version, cgroups))
                    : new Found.Unable(refused(ran.words()));
        } catch (IOException e) {
            return new Found.Unable("`" + program + "` cannot be used: " + e.getMessage() + ELSE);
        }
    }

    private static String about(String version, Optional<Cgroups> cgroups) {
        String limits = cgroups.map(it -> "limits by setrlimit and " + it.about())
                .orElse(
                        System.getProperty("user.name", "").equals("root")
                                ? "limits by setrlimit; it runs as root and may use no cgroup, so processes are NOT limited"
                                : "limits by setrlimit, memory for each process");
        return version + "; " + limits;
    }

    private static String refused(String words) {
        return "the kernel does not let `bwrap` make namespaces (it said: `" + words + "`); "
                + "set `sysctl kernel.unprivileged_userns_clone=1` (older Debian), give bwrap an AppArmor profile that allows `userns` "
                + "(Ubuntu 24.04 and later), or allow user namespaces in the container's seccomp profile"
                + ELSE;
    }

    /** Since 0.8.0. Without it a child can make further namespaces, which widens what of the kernel it can try. */
    private static boolean knowsDisableUserns(String version) {
        String[] numbers = version.replaceAll("[^0-9.]", "").split("\\.", -1);
        try {
            return numbers.length > 1 && (Integer.parseInt(numbers[0]) > 0 || Integer.parseInt(numbers[1]) >= 8);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * The whole command. What bwrap itself gets as environment is what the child gets, because the child can read it.
     *
     * @throws IOException if the program or a folder is not there
     */
    List<String> command(Confinement confinement, List<String> argv, Path folder, Map<String, String> ours)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--unshare-all",
                "--unshare-user",
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--hostname",
                "confined"));
        if (forbidsMoreNamespaces) {
            command.add("--disable-userns");
        }
        command.addAll(FileView.of(confinement, argv.getFirst(), folder, ours));
        command.addAll(List.of("--chdir", folder.toString(), "--"));
        command.addAll(confinement.limits().command());
        command.addAll(argv);
        return command;
    }

    Optional<Cgroups> cgroups() {
        return cgroups;
    }

    private record Ran(int status, String words) {}

    private static Ran run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            byte[] said = process.getInputStream().readNBytes(MOST_WORDS);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("it does not end");
            }
            return new Ran(
                    process.exitValue(),
                    LastWords.escape(
                            new String(said, StandardCharsets.UTF_8).strip().replace('\n', ' ')));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
