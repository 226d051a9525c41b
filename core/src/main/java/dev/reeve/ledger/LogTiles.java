package dev.reeve.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The tiles and bundles of a log that is in use: what {@link TileExport} writes, one at a time.
 *
 * <p>Bundles are made from the entries and compared with the stored hashes before they leave; tiles are the stored hashes, which whoever
 * gets them compares with the signed root. Safe for use by many threads; blocks on the disk, never on the writer of the log.
 */
public final class LogTiles {
    private final Disk disk;
    private final EntryPlaces entries;

    LogTiles(Disk disk) {
        this.disk = disk;
        this.entries = new EntryPlaces(disk);
    }

    /**
     * One tile or bundle.
     *
     * @param size of a signed tree; nothing beyond it is read
     * @return empty if a tree of this size does not have it
     * @throws IOException if the log is damaged there
     */
    public Optional<byte[]> read(TileName name, long size) throws IOException {
        if (!name.isIn(size)) {
            return Optional.empty();
        }
        try (HashLevels levels = new HashLevels(disk)) {
            return Optional.of(
                    name.level() == TileName.ENTRIES
                            ? bundle(name, levels)
                            : levels.read(name.level(), name.first(), name.width()));
        }
    }

    /** Whether a file of this name would be a succession of keys. */
    public static boolean isSuccession(String name) {
        return Succession.isName(name);
    }

    /**
     * The proof that keys were followed by others, as an export has it.
     *
     * @return empty if there is none of this name, or a crash left it unfinished
     * @throws IOException if those before it are damaged
     */
    public Optional<byte[]> succession(String name) throws IOException {
        return Succession.read(disk).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .map(one -> one.proof().text().getBytes(StandardCharsets.UTF_8));
    }

    private byte[] bundle(TileName name, HashLevels levels) throws IOException {
        byte[] bundle = entries.read(name.first(), name.width());
        byte[] stored = levels.read(0, name.first(), name.width());
        Sha256 sha = new Sha256();
        int at = 0;
        for (int i = 0; i < name.width(); i++) {
            int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
            byte[] hash = sha.leaf(bundle, at + 2, length);
            int from = i * Sha256.BYTES;
            if (!Arrays.equals(stored, from, from + Sha256.BYTES, hash, 0, Sha256.BYTES)) {
                throw new IOException("entry " + (name.first() + i)
                        + " is not the one whose hash is in the tree: `reeve audit verify` says which was altered");
            }
            at += 2 + length;
        }
        return bundle;
    }
}
