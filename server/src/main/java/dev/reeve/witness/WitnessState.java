package dev.reeve.witness;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a witness has cosigned last of each log, a file a log, each whole or as it was: written beside, forced, renamed, and the folder
 * forced. One process at a time.
 *
 * <p>An older copy of this folder makes the witness forget what it has signed: it must never be put back.
 */
final class WitnessState implements AutoCloseable {
    private static final String FIRST_LINE = "reeve witness, format 1";
    private static final String LOCK = "lock";
    private static final int MOST_BYTES = 4096;
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern ROOT = Pattern.compile("[A-Za-z0-9+/]{43}=");
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final FileChannel lock;

    private WitnessState(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** @param root base64 */
    record Latest(String origin, long size, String root) {}

    /** @throws IOException with a text for the user if another process has it */
    static WitnessState open(Path folder) throws IOException {
        Files.createDirectories(folder, FOLDER);
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
        if (!isLocked(channel)) {
            channel.close();
            throw new IOException("another witness uses `" + folder + "`: two would sign two histories");
        }
        return new WitnessState(folder, channel);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * Empty if nothing of this log was ever cosigned.
     *
     * @throws IOException if its file cannot be read whole: then nothing may be signed
     */
    Optional<Latest> read(String origin) throws IOException {
        Path file = file(origin);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        if (lines.size() != 4
                || !text.endsWith("\n")
                || !lines.get(0).equals(FIRST_LINE)
                || !lines.get(1).equals(origin)
                || !SIZE.matcher(lines.get(2)).matches()
                || !ROOT.matcher(lines.get(3)).matches()) {
            throw new IOException("the state of the log `" + origin + "` in `" + file
                    + "` is damaged: nothing of it is cosigned any more");
        }
        return Optional.of(new Latest(origin, Long.parseLong(lines.get(2)), lines.get(3)));
    }

    /** Returns when it is durable; when it throws, nothing may be signed before it has returned for the same. */
    void write(Latest latest) throws IOException {
        Path file = file(latest.origin());
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(unfinished);
        String text = FIRST_LINE + "\n" + latest.origin() + "\n" + latest.size() + "\n" + latest.root() + "\n";
        try (FileChannel channel =
                FileChannel.open(unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Origins are anything: a digest is a name for a file. */
    private Path file(String origin) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
            return folder.resolve("log-" + HexFormat.of().formatHex(digest, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
