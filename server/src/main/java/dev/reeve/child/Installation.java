package dev.reeve.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folders that hold an interpreter, or packages of one, and nothing else: known by what lies in them. A folder with {@code bin} in it may be
 * anybody's project, with its secrets.
 */
final class Installation {
    /** What stands in a Python environment (PEP 405) and beside nothing else of it. */
    private static final Set<String> ENVIRONMENT = Set.of(
            "pyvenv.cfg",
            "bin",
            "lib",
            "lib64",
            "include",
            "share",
            "etc",
            "man",
            ".gitignore",
            ".lock",
            "CACHEDIR.TAG");

    /** An interpreter beside its own library. */
    private static final Map<String, String> INTERPRETERS = Map.of(
            "bin/node", "lib/node_modules",
            "bin/ruby", "lib/ruby",
            "bin/perl", "lib/perl5",
            "bin/php", "lib/php");

    /** Installers of interpreters, whose small programs look for the right one below. */
    private static final Set<String> MANAGERS = Set.of(".pyenv", ".rbenv", ".nodenv", ".asdf", ".volta");

    private Installation() {}

    static boolean isAt(Path folder) throws IOException {
        String name = String.valueOf(folder.getFileName());
        return name.equals("node_modules")
                || MANAGERS.contains(name)
                || Files.isDirectory(folder.resolve("conda-meta"))
                || isJdk(folder)
                || isEnvironment(folder)
                || INTERPRETERS.entrySet().stream()
                        .anyMatch(one -> Files.isExecutable(folder.resolve(one.getKey()))
                                && Files.isDirectory(folder.resolve(one.getValue())))
                || isPython(folder);
    }

    /** The outermost {@code node_modules} that a file is in: packages need each other. */
    static Optional<Path> packagesAround(Path file) {
        for (int i = 0; i < file.getNameCount() - 1; i++) {
            if (file.getName(i).toString().equals("node_modules")) {
                return Optional.of(Path.of("/").resolve(file.subpath(0, i + 1)));
            }
        }
        return Optional.empty();
    }

    private static boolean isJdk(Path folder) {
        return Files.isRegularFile(folder.resolve("lib/modules")) && Files.isExecutable(folder.resolve("bin/java"));
    }

    /** A project that is its own environment has more in it. */
    private static boolean isEnvironment(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve("pyvenv.cfg"))) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!ENVIRONMENT.contains(String.valueOf(entry.getFileName()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** {@code bin/python3} and {@code lib/python3.12}. */
    private static boolean isPython(Path folder) throws IOException {
        if (!Files.isExecutable(folder.resolve("bin/python3")) || !Files.isDirectory(folder.resolve("lib"))) {
            return false;
        }
        try (DirectoryStream<Path> libraries = Files.newDirectoryStream(folder.resolve("lib"), "python3*")) {
            return libraries.iterator().hasNext();
        }
    }
}
