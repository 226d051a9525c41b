package dev.reeve.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Only one process at a time owns a data folder. The kernel ends the lock with the process, also at kill -9. */
public final class DataLock implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final FileChannel file;

    private DataLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Makes the folder (0700) if there is none.
     *
     * @return empty if another process, or another room of this one, has it
     */
    public static Optional<DataLock> take(Path data) throws StoreException {
        try {
            makePrivate(data);
            refuseOpen(data);
            FileChannel file = FileChannel.open(
                    data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            if (tryLock(file) == null) {
                file.close();
                return Optional.empty();
            }
            file.truncate(0)
                    .write(ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return Optional.of(new DataLock(file));
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the data folder `" + data + "` cannot be locked: " + e.getMessage(), e);
        }
    }

    /** The process that took the lock last: whom to stop. Only to be told to a person; nobody is stopped for what a file says. */
    public static Optional<Long> holder(Path data) {
        try (var in = Files.newInputStream(data.resolve("lock"))) {
            String text = new String(in.readNBytes(20), StandardCharsets.US_ASCII);
            return text.matches("[0-9]{1,19}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** In it lie what agents sent, and the sockets of administration. As `reeve doctor` says. */
    private static void refuseOpen(Path data) throws IOException, StoreException {
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(data))) {
            throw new StoreException(
                    "other users can enter or read the data folder `" + data + "`; if nobody did: chmod go= " + data);
        }
    }

    static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            file.close();
        } catch (IOException e) {
            throw new StoreException("the lock of the data folder cannot be given back: " + e.getMessage(), e);
        }
    }
}
