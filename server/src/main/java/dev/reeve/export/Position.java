package dev.reeve.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Up to where somebody has everything: a number in a file, replaced whole and forced. */
public final class Position {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Path file;

    public Position(Path file) {
        this.file = file;
    }

    /**
     * 0 if there is no file.
     *
     * @throws IOException if it holds something else: what was sent is not known then, and nobody guesses
     */
    public long read() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file).strip();
        if (!NUMBER.matcher(text).matches()) {
            throw new IOException(
                    "`" + file + "` holds no position; delete it to begin anew, or write the number of a record");
        }
        return Long.parseLong(text);
    }

    /** Durable when it returns. */
    public void save(long next) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap((next + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
