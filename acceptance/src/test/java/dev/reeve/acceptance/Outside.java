package dev.reeve.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Other people's software, pinned in {@code acceptance/outside}, installed once into {@code target}. Where it cannot be installed
 * the tests that need it are skipped loudly; with {@code REEVE_OUTSIDE=required} (CI) that is a failure.
 */
final class Outside {
    private static final Path SOURCE = Path.of("outside").toAbsolutePath();
    private static final Path TARGET = Path.of("target", "outside").toAbsolutePath();
    private static final boolean REQUIRED = "required".equals(System.getenv("REEVE_OUTSIDE"));

    private static final String LITEWITNESS = "filippo.io/torchwood/cmd/litewitness";
    private static final String FSCK = "github.com/transparency-dev/tessera/cmd/fsck";
    /** The file of each that says which versions; what is installed is installed again when it changes. */
    private static final Map<String, String> PINS = Map.of(
            "npm",
            "package-lock.json",
            "conformance",
            "package-lock.json",
            "browser",
            "package-lock.json",
            "documents",
            "package-lock.json",
            "python",
            "requirements.txt",
            "exports",
            "requirements.txt",
            "decisions",
            "requirements.txt",
            "go",
            "go.sum",
            "fsck",
            "go.sum",
            "witness",
            "go.sum");

    private Outside() {}

    /** For suites that take a minute or more: they run where outside software is required, and are skipped loudly elsewhere. */
    static void slow(String suite) {
        if (!REQUIRED) {
            String why = suite + " takes long; it runs with REEVE_OUTSIDE=required, as in CI";
            System.err.println("SKIPPED: " + why);
            Assumptions.abort(why);
        }
    }

    private static final List<String> NPM_CI = List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");

    static Path documents() {
        return installed("documents", NPM_CI);
    }

    static Path npm() {
        return installed("npm", NPM_CI);
    }

    /** What pages are checked with for people who cannot see, or not well. */
    static Path axe() {
        return installed("browser", NPM_CI).resolve("node_modules/axe-core/axe.min.js");
    }

    /** The official conformance suites, and what they measure by. */
    static Path conformance() {
        return installed("conformance", NPM_CI);
    }

    private static final List<String> VENV = List.of(
            "sh",
            "-c",
            "python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check -r requirements.txt");

    static Path python() {
        return installed("python", VENV);
    }

    /** Reads an export with other people's libraries: the published schema of OCSF, the protocol of OTLP. */
    static Commands.Ran readExport(String format, Path file) {
        Path home = installed("exports", VENV);
        return Commands.run(
                home,
                Map.of(),
                120,
                List.of(
                        home.resolve("venv/bin/python").toString(),
                        home.resolve("check.py").toString(),
                        format,
                        file.toString()));
    }

    /** A mail server that wants a password, and appends what it got to a file. */
    static Running mailServer(int port, Path into) throws IOException, InterruptedException {
        Path home = installed("exports", VENV);
        return Running.start(
                home,
                Map.of(),
                Pattern.compile("ready"),
                List.of(
                        home.resolve("venv/bin/python").toString(),
                        home.resolve("mail.py").toString(),
                        String.valueOf(port),
                        into.toString()));
    }

    /** Envoy itself, and somebody else's client of the decision API. */
    static Path decisions() {
        return installed("decisions", VENV);
    }

    /** A Go module, built; {@code go.sum} pins all that it is built from. */
    static Path go(String kind) {
        return installed(
                kind,
                List.of(
                        "sh",
                        "-c",
                        "go build -trimpath -buildvcs=false -o . "
                                + switch (kind) {
                                    case "fsck" -> FSCK;
                                    case "witness" -> ". " + LITEWITNESS;
                                    default -> ".";
                                }));
    }

    /** A program of the system: where it is missing the test that needs it is skipped loudly, or fails where it is required. */
    static void program(String name) {
        if (Commands.run(Path.of("/"), Map.of(), 20, List.of("sh", "-c", "command -v " + name))
                        .exit()
                != 0) {
            String why = "there is no `" + name + "` here";
            System.err.println("SKIPPED: " + why);
            if (REQUIRED) {
                Assertions.fail(why);
            }
            Assumptions.abort(why);
        }
    }

    /** Of an upstream's entry: confined to these folders, where this machine can confine; elsewhere, loudly, not. */
    static String confined(Path... folders) {
        Commands.Ran ran = Commands.run(
                Path.of("/"),
                Map.of(),
                60,
                List.of("sh", "-c", "bwrap --unshare-all --unshare-user --ro-bind / / true"));
        if (ran.exit() == 0) {
            return "folders: "
                    + Text.yaml(Stream.of(folders).map(Path::toString).toList());
        }
        String why = "servers cannot be confined here, so they run unconfined in this test: " + ran.err();
        System.err.println("SKIPPED: " + why);
        if (REQUIRED) {
            Assertions.fail(why);
        }
        return "confine: none";
    }

    /** A script of {@code npm}'s node_modules/.bin, run by node. */
    static List<String> node(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("node", npm().resolve(script).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static List<String> python(String script, String... arguments) {
        Path home = python();
        List<String> command = new ArrayList<>(List.of(
                home.resolve("venv/bin/python").toString(), home.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path installed(String kind, List<String> install) {
        Path home = TARGET.resolve(kind);
        try {
            Files.createDirectories(TARGET);
            try (FileChannel channel = FileChannel.open(
                            TARGET.resolve(kind + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Assertions.assertTrue(lock.isValid());
                return installLocked(kind, home, install);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path installLocked(String kind, Path home, List<String> install) throws IOException {
        Path done = home.resolve(".installed");
        String wanted = Commands.text(SOURCE.resolve(kind).resolve(PINS.get(kind)));
        if (Files.exists(done) && Files.readString(done).equals(wanted)) {
            copy(SOURCE.resolve(kind), home);
            return home;
        }
        copy(SOURCE.resolve(kind), home);
        Commands.Ran ran = Commands.run(home, Map.of(), 600, install);
        if (ran.exit() != 0) {
            String why = "outside software `" + kind + "` cannot be installed: " + ran.err();
            System.err.println("SKIPPED: " + why);
            if (REQUIRED) {
                Assertions.fail(why);
            }
            Assumptions.abort(why);
        }
        Files.writeString(done, wanted);
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        to.resolve(file.getFileName().toString()),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
