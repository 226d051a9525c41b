package dev.reeve.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Reads files that decide: never more than the limit, and never one that everybody may write. Only files: a pipe would be waited for without
 * end, and a device has no end.
 */
final class OperatorFiles {
    private OperatorFiles() {}

    static Optional<byte[]> bytes(Path path, String name, Problems problems) {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                problems.error(Problems.file(name), "", "is not a file", "put a file there");
                return Optional.empty();
            }
            if (permissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
                problems.error(
                        Problems.file(name), "", "everybody on this machine may change this file", "chmod o-w " + name);
                return Optional.empty();
            }
            return Optional.of(limited(path));
        } catch (NoSuchFileException e) {
            problems.error(Problems.file(name), "", "there is no such file", "");
        } catch (IOException e) {
            problems.error(Problems.file(name), "", "cannot be read: " + reason(e), "");
        }
        return Optional.empty();
    }

    /** One byte more than the limit is enough to see that it is too large. */
    private static byte[] limited(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(Yaml.MOST_BYTES + 1);
        }
    }

    /** Empty where the file system knows no such thing. */
    static Set<PosixFilePermission> permissions(Path path) throws IOException {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException e) {
            return Set.of();
        }
    }

    /** Without the path: it stands in front of the message already. */
    static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return switch (e) {
            case java.nio.file.AccessDeniedException ignored -> "permission denied";
            case java.nio.file.FileSystemException file -> file.getReason() == null ? kind : file.getReason();
            default -> kind;
        };
    }
}
