package dev.reeve.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which files were read, in order, as one digest over what the file system says of each: inode, size, and when it was written and changed.
 *
 * <p>Who writes into one of them, or puts another in its place, changes the digest: a program cannot set {@code ctime}. Not noticed: what
 * somebody does below the file system, or with the clock of the machine.
 */
final class ReadFiles {
    private static final String UNIX = "unix:ino,size,lastModifiedTime,ctime";
    private static final String ANY = "basic:fileKey,size,lastModifiedTime,creationTime";
    private final Path folder;
    private byte[] digest = new byte[Sha256.BYTES];
    private int count;

    ReadFiles(Path folder) {
        this.folder = folder;
    }

    /** To be called before the file is read: what is written from then on shows. */
    void add(String name) throws IOException {
        byte[] mark = (Base64.getEncoder().encodeToString(digest) + "\n" + name + "\n" + mark(folder.resolve(name)))
                .getBytes(StandardCharsets.UTF_8);
        digest = Sha256.of(mark);
        count++;
    }

    private static String mark(Path file) throws IOException {
        boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        Map<String, Object> attributes = Files.readAttributes(file, unix ? UNIX : ANY);
        return new TreeMap<>(attributes).toString();
    }

    int count() {
        return count;
    }

    String marks() {
        return Base64.getEncoder().encodeToString(digest);
    }

    /** These were read by an earlier run: they must be as they were then. */
    void skip(List<String> names, Waypoint place) throws NotResumableException {
        try {
            for (String name : names) {
                add(name);
            }
        } catch (IOException e) {
            throw new NotResumableException("a file that the earlier run has read cannot be found: " + e.getMessage());
        }
        if (count != place.files() || !marks().equals(place.marks())) {
            throw new NotResumableException(
                    "files that the earlier run has read were written since, or are other ones (a copy is)");
        }
    }
}
