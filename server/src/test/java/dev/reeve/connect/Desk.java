package dev.reeve.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A person's folders: a project, a home, an operator's home, keys. */
final class Desk {
    final Path root;
    final Path project;
    final Path userHome;
    final Path home;
    final Path keys;
    final FakeInstallation installation = new FakeInstallation();
    final Map<String, String> environment = new TreeMap<>();

    Desk(Path folder) throws IOException {
        root = folder.toRealPath();
        project = Files.createDirectories(root.resolve("project"));
        userHome = Files.createDirectories(root.resolve("user"));
        home = Files.createDirectories(root.resolve("home"));
        keys = root.resolve("keys");
    }

    Surroundings around() {
        return new Surroundings(project, userHome, home, keys, Path.of("/opt/reeve/reeve"), environment);
    }

    Connect connect(Person person) {
        return new Connect(around(), person, installation, () -> Instant.parse("2026-11-24T10:00:00Z"));
    }

    Report run(String client, Person person) throws IOException, RefusedException {
        return connect(person).connect(client, Optional.empty(), false);
    }

    Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    String filled(String text) {
        return text.replace("HOME", home.toString()).replace("PROJECT", project.toString());
    }

    String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Every file but those of the journal, with its bytes as text. */
    Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (!name.startsWith("keys/connect/")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }
}
