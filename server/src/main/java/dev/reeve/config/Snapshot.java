package dev.reeve.config;

import dev.reeve.policy.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of all files of the catalogue and the policies at one time. What is checked, what gets a version and what comes into force are
 * these bytes: nothing is read twice.
 */
record Snapshot(SortedMap<String, byte[]> files, List<Problem> problems) {
    static final int MOST_FILES = 1000;
    static final long MOST_BYTES = 16L << 20;

    /** Never throws: what cannot be read is a problem. */
    static Snapshot of(Path home) {
        return of(home, PolicyFiles.CATALOG, PolicyFiles.POLICIES);
    }

    static Snapshot of(Path home, String... folders) {
        Reading reading = new Reading();
        for (String folder : folders) {
            reading.folder(home, folder);
        }
        return new Snapshot(reading.files, reading.problems.all());
    }

    /** Changes whenever a byte, a name or a problem does. */
    String version() {
        MessageDigest digest = sha256();
        files.forEach((name, bytes) -> {
            part(digest, name.getBytes(StandardCharsets.UTF_8));
            part(digest, bytes);
        });
        problems.forEach(problem -> part(digest, problem.toString().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** With its length, so that no two lists of files have the same bytes. */
    private static void part(MessageDigest digest, byte[] bytes) {
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        files.forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return texts;
    }

    /** The YAML files of a folder, by name. */
    SortedMap<String, byte[]> yaml(String folder) {
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().startsWith(folder + "/")
                    && !file.getKey().endsWith(".sql")
                    && !isDocument(file.getKey())) {
                found.put(file.getKey(), file.getValue());
            }
        }
        return found;
    }

    /** Whether a file of this name in this folder is read. */
    static boolean wanted(String name, String folder) {
        return name.endsWith(".yaml")
                || name.endsWith(".yml")
                || (name.endsWith(".sql") && folder.equals(PolicyFiles.CATALOG))
                || isDocument(name);
    }

    /** An OpenAPI document, which an entry of the catalogue names. */
    private static boolean isDocument(String name) {
        return name.startsWith(PolicyFiles.CATALOG + "/") && name.matches(".*\\.openapi\\.(yaml|yml|json)");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static final class Reading {
        private final SortedMap<String, byte[]> files = new TreeMap<>();
        private final Problems problems = new Problems();
        private long bytes;

        void folder(Path home, String folder) {
            Path path = home.resolve(folder);
            if (!Files.isDirectory(path)) {
                return;
            }
            if (everybodyMayWrite(path)) {
                problems.error(
                        Problems.file(folder),
                        "",
                        "everybody on this machine may change this folder",
                        "chmod o-w " + folder);
                return;
            }
            for (Path file : entries(path, folder)) {
                String name = folder + "/" + file.getFileName();
                if (Files.isDirectory(file)) {
                    problems.error(
                            Problems.file(name), "", "folders inside this folder are not read", "move its files up");
                } else if (wanted(name, folder)) {
                    read(file, name);
                }
            }
        }

        private static boolean everybodyMayWrite(Path folder) {
            try {
                return OperatorFiles.permissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
            } catch (IOException e) {
                return true;
            }
        }

        private List<Path> entries(Path path, String folder) {
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, it -> !hidden(it))) {
                stream.forEach(entries::add);
            } catch (IOException | java.nio.file.DirectoryIteratorException e) {
                problems.error(Problems.file(folder), "", "cannot be read", "");
            }
            if (entries.size() > MOST_FILES) {
                problems.error(Problems.file(folder), "", "holds more than " + MOST_FILES + " files", "join some");
                return List.of();
            }
            return entries;
        }

        /** Editors leave such files behind, and so do mounted volumes. */
        private static boolean hidden(Path file) {
            return String.valueOf(file.getFileName()).startsWith(".");
        }

        private void read(Path file, String name) {
            OperatorFiles.bytes(file, name, problems).ifPresent(content -> {
                bytes += content.length;
                if (bytes <= MOST_BYTES) {
                    files.put(name, content);
                } else {
                    problems.error(
                            Problems.file(name), "", "all files together have more than " + MOST_BYTES + " bytes", "");
                }
            });
        }
    }
}
