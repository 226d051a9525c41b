package dev.reeve.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Whole files, forced to the disk and put in place at once: a reader and a power cut meet the old one or the new one. */
public final class WholeFiles {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(OWNER);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String NEW = ".reeve-new";
    private static final long LARGEST = 32 << 20;

    private WholeFiles() {}

    static Optional<byte[]> read(Path path) throws IOException {
        try {
            if (Files.size(path) > LARGEST) {
                throw new IOException(path + " has more than " + LARGEST + " bytes");
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Follows links, so that a config that is a link stays one. */
    static Path real(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    }

    static void folders(Path folder, boolean secret) throws IOException {
        if (secret) {
            Files.createDirectories(folder, OWNER_FOLDER);
        } else {
            Files.createDirectories(folder);
        }
    }

    /** @param secret whether only the owner may read it; otherwise it keeps the permissions that it has */
    public static void replace(Path path, byte[] bytes, boolean secret) throws IOException {
        folders(parent(path), secret);
        Path fresh = fresh(path);
        Files.deleteIfExists(fresh);
        // Nobody else may read it while it is written, whatever it is.
        try (FileChannel channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_FILE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            Files.setPosixFilePermissions(fresh, permissions(path, secret));
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(parent(path));
    }

    private static Set<PosixFilePermission> permissions(Path path, boolean secret) throws IOException {
        if (secret) {
            return OWNER;
        }
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? Files.getPosixFilePermissions(path)
                : PosixFilePermissions.fromString("rw-r--r--");
    }

    public static void delete(Path path) throws IOException {
        if (Files.deleteIfExists(path)) {
            force(parent(path));
        }
    }

    /** What a write that was cut short may have left beside its file. */
    static void sweep(Path path) throws IOException {
        Files.deleteIfExists(fresh(path));
    }

    private static Path fresh(Path path) {
        return path.resolveSibling(path.getFileName() + NEW);
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Held until closed. @throws RefusedException if another process has it */
    static FileChannel lock(Path path) throws IOException, RefusedException {
        folders(parent(path), true);
        try {
            Files.createFile(path, OWNER_FILE);
        } catch (FileAlreadyExistsException e) {
            // the usual case
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (java.nio.channels.OverlappingFileLockException e) {
            // as another process would
        }
        channel.close();
        throw new RefusedException("another `reeve connect` is running; wait for it to end");
    }
}
