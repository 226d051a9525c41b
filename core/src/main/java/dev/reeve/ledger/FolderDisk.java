package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of the file system. */
final class FolderDisk implements Disk {
    private static final String LOCK = "lock";
    private final Path folder;
    private final boolean writable;
    private final @Nullable FileChannel lock;

    private FolderDisk(Path folder, @Nullable FileChannel lock) {
        this.folder = folder;
        this.writable = lock != null;
        this.lock = lock;
    }

    /** To read only; takes no lock, so that a copy, or a folder in use, can be read. */
    static FolderDisk readOnly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder `" + folder + "`");
        }
        return new FolderDisk(folder, null);
    }

    /** Creates the folder if need be, for this user alone, and locks it against other processes. */
    static FolderDisk locked(Path folder) throws IOException, LedgerUnavailableException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            throw new LedgerUnavailableException(
                    LedgerUnavailableException.Reason.IN_USE,
                    "the ledger in `" + folder + "` is open already, here or in another process");
        }
        return new FolderDisk(folder, channel);
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(LOCK))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        OpenOption[] options = writable
                ? new OpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE}
                : new OpenOption[] {StandardOpenOption.READ};
        return opened(name, FileChannel.open(folder.resolve(name), options));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return opened(
                name,
                FileChannel.open(
                        folder.resolve(name),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    private ChannelFile opened(String name, FileChannel channel) throws IOException {
        Path path = folder.resolve(name);
        try {
            return new ChannelFile(channel, path, identity(path));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Device and inode; nothing where the file system has no such thing. */
    private static @Nullable Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    private record ChannelFile(
            FileChannel channel, Path path, @Nullable Object identity) implements DiskFile {
        @Override
        public void requireName() throws IOException {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (!Objects.equals(identity, FolderDisk.identity(path))) {
                throw new IOException("somebody has put another file in the place of `" + path + "`");
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                int count = channel.read(into, at);
                if (count < 0) {
                    return;
                }
                at += count;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public void force() throws IOException {
            // Data only: the files that are forced often have their final size already.
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
