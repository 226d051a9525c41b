package dev.reeve.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which intents have no outcome yet, and from which index on such may be found after a crash. The mark in the file is only a place to
 * start reading from: too low costs time, and it is never too high.
 */
public final class OpenIntents {
    private final Path file;
    private final ConcurrentHashMap<String, Long> from = new ConcurrentHashMap<>();

    public OpenIntents(Path file) {
        this.file = file;
    }

    /** @param size of the ledger before the intent is appended: a lower bound of its index */
    void begin(String id, long size) {
        from.put(id, size);
    }

    void end(String id) {
        from.remove(id);
    }

    public int count() {
        return from.size();
    }

    /** Where to start looking; 0 if nothing better is known. */
    long mark() {
        try {
            return Files.exists(file)
                    ? Math.max(0, Long.parseLong(Files.readString(file).strip()))
                    : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Writes the mark.
     *
     * @param size of the ledger, read before this call
     */
    public void save(long size) throws IOException {
        long mark = from.values().stream().mapToLong(Long::longValue).min().orElse(size);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, Long.toString(Math.min(mark, size)).getBytes(StandardCharsets.US_ASCII));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
