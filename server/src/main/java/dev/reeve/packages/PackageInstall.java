package dev.reeve.packages;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Fetches a package for one upstream into Reeve's own folder, with npm or pip. Their install scripts are not run, since they would run unconfined:
 * npm is told {@code --ignore-scripts}, pip takes wheels only.
 */
public final class PackageInstall {
    private final Path data;
    private final String upstream;
    private final Packaged packaged;

    private PackageInstall(Path data, String upstream, Packaged packaged) {
        this.data = data;
        this.upstream = upstream;
        this.packaged = packaged;
    }

    /** @throws IllegalArgumentException if nothing is fetched by this command line, with what to do instead */
    public static PackageInstall of(Path data, String upstream, List<String> argv) {
        Packaged packaged = Packaged.of(argv)
                .orElseThrow(() -> new IllegalArgumentException("`" + upstream + "` starts `" + argv.getFirst()
                        + "`, which fetches nothing; only `npx -y package ...` and `uvx package ...` are installed"));
        return new PackageInstall(data, upstream, packaged);
    }

    /** Whether a command line fetches something that could be installed instead. */
    public static boolean fetches(List<String> argv) {
        return Packaged.of(argv).isPresent();
    }

    public String spec() {
        return packaged.spec();
    }

    /** The commands, for a person to read before they run. */
    public List<List<String>> commands() {
        Path next = next();
        return switch (packaged.kind()) {
            case NPM ->
                List.of(List.of(
                        "npm",
                        "install",
                        "--prefix",
                        next.toString(),
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error",
                        "--",
                        packaged.spec()));
            case PYPI ->
                List.of(
                        List.of("python3", "-m", "venv", next.resolve("venv").toString()),
                        List.of(
                                next.resolve("venv/bin/python").toString(),
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--disable-pip-version-check",
                                "--only-binary",
                                ":all:",
                                packaged.spec()));
        };
    }

    private Path next() {
        return Packages.servers(data).resolve(upstream + ".next");
    }

    /**
     * Runs them, and puts the result in the place of what was installed before. A server that was pinned does not start from it before it is
     * approved.
     *
     * @return what was installed, in one line
     */
    public String run() throws IOException {
        Files.createDirectories(
                Packages.servers(data),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = next();
        Path place = Packages.servers(data).resolve(upstream);
        Path before = Packages.servers(data).resolve(upstream + ".before");
        remove(next);
        Files.createDirectory(next);
        for (List<String> command : commands()) {
            run(command, next);
        }
        String found = found(next);
        remove(before);
        if (Files.exists(place)) {
            Files.move(place, before);
        }
        Files.move(next, place);
        remove(before);
        return found;
    }

    private String found(Path folder) throws IOException {
        boolean npm = packaged.kind() == Packaged.Kind.NPM;
        Path whole = folder.resolve(npm ? "node_modules" : "venv");
        String version = npm
                ? Installed.npmVersion(whole.resolve(packaged.name()))
                : Installed.pypiVersion(whole, packaged.name());
        Contents contents = Contents.of(whole);
        return packaged.name() + " " + version + ", " + contents.files().size() + " files, digest " + contents.digest();
    }

    private static void run(List<String> command, Path folder) throws IOException {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("`" + String.join(" ", command) + "` ended with " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @org.jspecify.annotations.Nullable IOException failure)
                    throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
