package dev.reeve.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hashes of the tree at the levels that tlog-tiles names: one array of 32-byte hashes a level, in files of 2^20 hashes. Full tile
 * {@code n} is the bytes from {@code n * 8192}; a partial one is a prefix of that. Derived data: it can be made again from the log.
 */
final class HashLevels implements AutoCloseable {
    private static final long HASHES_IN_FILE = 1L << 20;
    private final Disk disk;
    private final Map<String, DiskFile> open = new HashMap<>();
    private final Map<Integer, Pending> pending = new TreeMap<>();

    HashLevels(Disk disk) {
        this.disk = disk;
    }

    private record Pending(long first, ByteArrayOutputStream bytes) {}

    static String name(int level, long index) {
        return String.format("hashes-%d-%06d", level, index / HASHES_IN_FILE);
    }

    /** Takes a hash; nothing is written before {@link #store}. */
    void put(int level, long index, byte[] hash) {
        pending.computeIfAbsent(level, key -> new Pending(index, new ByteArrayOutputStream()))
                .bytes()
                .writeBytes(hash);
    }

    /** Returns when all that was put is durable. */
    void store() throws IOException {
        boolean created = false;
        for (Map.Entry<Integer, Pending> level : pending.entrySet()) {
            created |= store(level.getKey(), level.getValue());
        }
        pending.clear();
        if (created) {
            disk.forceNames();
        }
    }

    /** After a failure: what was put is forgotten, and no descriptor that failed is used again. */
    void startAgain() throws IOException {
        pending.clear();
        close();
    }

    private boolean store(int level, Pending hashes) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(hashes.bytes().toByteArray());
        long index = hashes.first();
        boolean created = false;
        while (bytes.hasRemaining()) {
            String name = name(level, index);
            long room = HASHES_IN_FILE - index % HASHES_IN_FILE;
            int count = (int) Math.min(room, bytes.remaining() / Sha256.BYTES);
            created |= !open.containsKey(name) && !disk.names().contains(name);
            DiskFile file = writable(name);
            ByteBuffer part = bytes.slice(bytes.position(), count * Sha256.BYTES);
            file.write(part, index % HASHES_IN_FILE * Sha256.BYTES);
            file.force();
            file.requireName();
            bytes.position(bytes.position() + count * Sha256.BYTES);
            index += count;
        }
        return created;
    }

    private DiskFile writable(String name) throws IOException {
        DiskFile file = open.get(name);
        if (file == null) {
            file = disk.names().contains(name) ? disk.open(name) : disk.create(name);
            open.put(name, file);
        }
        return file;
    }

    /** {@code count} hashes; fails if they are not all there. They lie in one tile. */
    byte[] read(int level, long index, int count) throws IOException {
        String name = name(level, index);
        if (!open.containsKey(name) && !disk.names().contains(name)) {
            throw new IOException("the file `" + name + "` is missing");
        }
        ByteBuffer into = ByteBuffer.allocate(count * Sha256.BYTES);
        writable(name).read(into, index % HASHES_IN_FILE * Sha256.BYTES);
        if (into.hasRemaining()) {
            throw new IOException("the file `" + name + "` is cut off");
        }
        return into.array();
    }

    /** The right edge of the tree of this size, from at most one tile a level. */
    Frontier frontier(long size) throws IOException {
        Frontier frontier = new Frontier();
        Sha256 sha = new Sha256();
        for (int height = 62; height >= 0; height--) {
            if ((size >>> height & 1) == 1) {
                int level = height / Frontier.TILE_HEIGHT;
                int count = 1 << height % Frontier.TILE_HEIGHT;
                long first = frontier.size() >>> (level * Frontier.TILE_HEIGHT);
                frontier.restore(height, Frontier.subtree(read(level, first, count), 0, count, sha));
            }
        }
        return frontier;
    }

    @Override
    public void close() throws IOException {
        for (DiskFile file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
