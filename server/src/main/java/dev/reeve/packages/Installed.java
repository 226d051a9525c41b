package dev.reeve.packages;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files are that a command line starts, as far as they come from npm or PyPI.
 *
 * @param folder all of it is pinned: what the package itself needs lies beside it
 * @param name of the package, and
 * @param version as they say of themselves; for people
 */
record Installed(Path folder, String name, String version) {
    private static final int LARGEST_DESCRIPTION = 1 << 20;

    /** Empty if it starts something of another kind: its files are the operator's own. */
    static Optional<Installed> of(List<String> argv, Path folder, Map<String, String> ours) throws IOException {
        for (String word : argv) {
            Optional<Path> path = path(word, folder);
            if (path.isPresent()) {
                Optional<Installed> found = inNodeModules(path.get());
                found = found.isPresent() ? found : inNodeModules(path.get().toRealPath());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return program(argv.getFirst(), folder, ours).flatMap(program -> inVenv(program, argv));
    }

    private static Optional<Path> path(String word, Path folder) {
        try {
            return word.contains("/")
                    ? Optional.of(folder.resolve(word).normalize()).filter(Files::exists)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> program(String name, Path folder, Map<String, String> ours) {
        if (name.contains("/")) {
            return path(name, folder);
        }
        return List.of(ours.getOrDefault("PATH", "").split(":", -1)).stream()
                .filter(it -> it.startsWith("/"))
                .map(it -> Path.of(it, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Installed> inNodeModules(Path path) throws IOException {
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            if (path.getName(i).toString().equals("node_modules")) {
                Path modules = Path.of("/").resolve(path.subpath(0, i + 1));
                Path real = path.toRealPath();
                Path inside = real.startsWith(modules.toRealPath())
                        ? modules.toRealPath().relativize(real)
                        : path.getName(i + 1);
                int names = inside.getName(0).toString().startsWith("@") ? 2 : 1;
                Path name = inside.subpath(0, Math.min(names, inside.getNameCount()));
                return Optional.of(new Installed(modules, name.toString(), npmVersion(modules.resolve(name))));
            }
        }
        return Optional.empty();
    }

    static Json.Obj description(Path packageFolder) {
        Path file = packageFolder.resolve("package.json");
        try {
            return Files.size(file) > LARGEST_DESCRIPTION
                    ? Json.Obj.EMPTY
                    : StrictJson.readObject(Files.readAllBytes(file), JsonLimits.ANSWER);
        } catch (IOException | JsonRefusedException e) {
            return Json.Obj.EMPTY;
        }
    }

    static String npmVersion(Path packageFolder) {
        return description(packageFolder).string("version").orElse("?");
    }

    private static Optional<Installed> inVenv(Path program, List<String> argv) {
        Path bin = program.getParent();
        Path venv = bin == null ? null : bin.getParent();
        if (venv == null || !Files.exists(venv.resolve("pyvenv.cfg"))) {
            return Optional.empty();
        }
        int module = argv.indexOf("-m");
        String name =
                module > 0 && module + 1 < argv.size() ? argv.get(module + 1) : String.valueOf(program.getFileName());
        return Optional.of(new Installed(venv, name, pypiVersion(venv, name)));
    }

    /** Wheels leave a folder {@code name-version.dist-info}, the name with underscores. */
    static String pypiVersion(Path venv, String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replaceAll("[-.]", "_");
        try (DirectoryStream<Path> libraries = Files.newDirectoryStream(venv.resolve("lib"), "python*")) {
            for (Path library : libraries) {
                try (DirectoryStream<Path> all =
                        Files.newDirectoryStream(library.resolve("site-packages"), "*.dist-info")) {
                    for (Path one : all) {
                        String[] parts = String.valueOf(one.getFileName())
                                .replace(".dist-info", "")
                                .split("-", 2);
                        if (parts.length == 2
                                && parts[0].toLowerCase(Locale.ROOT)
                                        .replace('.', '_')
                                        .equals(wanted)) {
                            return parts[1];
                        }
                    }
                }
            }
        } catch (IOException e) {
            return "?";
        }
        return "?";
    }
}
