package dev.reeve.store;

import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The folder of keys, outside of the data folder, so that who can write the data cannot make it valid (R29, R30). */
final class KeyFolder {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    static final int LENGTH = 32;

    private final Path folder;

    KeyFolder(Path folder) {
        this.folder = folder;
    }

    /** Empty if there is none of this name. */
    Optional<Secret> read(String name) throws StoreException {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw new StoreException(
                        "other users can read the key file `" + file + "`; if nobody did: chmod 600 " + file);
            }
            if (Files.size(file) != LENGTH) {
                throw new StoreException("the key file `" + file + "` is damaged; put it back from a backup");
            }
            return Optional.of(Secret.of(Files.readAllBytes(file)));
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the key file `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    /** Durable when it returns. */
    void create(String name, Secret key) throws StoreException {
        Path file = folder.resolve(name);
        Path fresh = folder.resolve(name + ".new");
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
            Files.deleteIfExists(fresh);
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel out = FileChannel.open(fresh, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
                out.write(ByteBuffer.wrap(key.exposeInsecurely()));
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(folder)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new StoreException("the key file `" + file + "` cannot be written: " + e.getMessage(), e);
        }
    }

    /** The highest generation that was seen of a store; 0 if none was written down. */
    long mark(String name) throws StoreException {
        Path file = folder.resolve(name);
        try {
            String text = Files.exists(file) ? Files.readString(file).strip() : "0";
            if (!text.matches("[0-9]{1,18}")) {
                throw new StoreException("`" + file + "` is damaged; put it back from a backup");
            }
            return Long.parseLong(text);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("`" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    /** Not forced: after a loss of power an older mark only notices less. */
    void mark(String name, long generation) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(fresh, generation + "\n");
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
