package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder that an export writes: for this user alone, one export at a time, every file whole or not there. A folder with anything in it
 * that is not an export of this log is left alone.
 */
final class ExportFolder implements AutoCloseable {
    static final String MARK = ".reeve-export";
    private static final String UNFINISHED = ".reeve-export.tmp";
    private static final int MOST_CHECKPOINT_BYTES = 64 << 10;
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private final Path folder;
    private final FileChannel mark;
    private long written;

    private ExportFolder(Path folder, FileChannel mark) {
        this.folder = folder;
        this.mark = mark;
    }

    /** @throws IOException with a text for the user if the folder is something else's, or in use */
    static ExportFolder open(Path folder, Keyring keys) throws IOException {
        Files.createDirectories(folder, FOLDER);
        checkOurs(folder, keys);
        FileChannel mark = FileChannel.open(
                folder.resolve(MARK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                FILE);
        if (!isLocked(mark)) {
            mark.close();
            throw new IOException("another export writes into `" + folder + "` just now");
        }
        write(mark, (keys.name() + "\n").getBytes(StandardCharsets.UTF_8));
        return new ExportFolder(folder, mark);
    }

    private static void checkOurs(Path folder, Keyring keys) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
        boolean ours = names.contains(MARK)
                ? isMarkOf(folder.resolve(MARK), keys)
                : names.isEmpty() || names.contains(TilePath.CHECKPOINT);
        if (!ours) {
            throw new IOException("the folder `" + folder + "` holds `" + names.getFirst()
                    + "` and is no export of the log `" + keys.name() + "`: it is left alone");
        }
        // Signed by another keys, it is another log's.
        checkpoint(folder, keys);
    }

    /** A mark without its whole line was left by a kill before anything else was written. */
    private static boolean isMarkOf(Path mark, Keyring keys) throws IOException {
        String text = new String(readAtMost(mark, 4096), StandardCharsets.UTF_8);
        return !text.endsWith("\n") || text.equals(keys.name() + "\n");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** What was exported before. */
    Optional<Checkpoint> checkpoint(Keyring keys) throws IOException {
        return checkpoint(folder, keys);
    }

    private static Optional<Checkpoint> checkpoint(Path folder, Keyring keys) throws IOException {
        Path file = folder.resolve(TilePath.CHECKPOINT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Optional<Checkpoint> signed =
                NoteText.decode(readAtMost(file, MOST_CHECKPOINT_BYTES)).flatMap(note -> keys.openKept(note));
        if (signed.isEmpty()) {
            throw new IOException("the checkpoint in `" + folder + "` is not signed by the keys "
                    + keys.latest().shown() + ": it is left alone");
        }
        return signed;
    }

    /** Returns when the file is durable; one that has these bytes already is not touched. */
    void put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        if (Files.exists(file) && Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent, FOLDER);
        }
        Path unfinished = folder.resolve(UNFINISHED);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                FileChannel.open(unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            write(channel, bytes);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written++;
    }

    boolean hasPartsOf(String path) {
        return Files.isDirectory(folder.resolve(path + ".p"));
    }

    /** The parts of a tile or bundle that is full now; nobody needs them any more. */
    void dropPartsOf(String path) throws IOException {
        Path parts = folder.resolve(path + ".p");
        try (Stream<Path> files = Files.list(parts)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(parts);
    }

    /** Files written by this export. */
    long written() {
        return written;
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        channel.force(true);
    }

    private static byte[] readAtMost(Path file, int most) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }

    @Override
    public void close() throws IOException {
        mark.close();
    }
}
