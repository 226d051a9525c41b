package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import java.io.IOException;
import java.util.Arrays;

/** The stored hashes as a witness of which entry was altered: they say where, the signed root says whether. */
final class StoredHashes implements AutoCloseable {
    private static final int TILE = 256;
    private final HashLevels levels;
    private final long size;
    private byte[] tile = new byte[0];
    private long tileIndex = -1;

    /** @param size of the signed tree; beyond it nothing is compared */
    StoredHashes(Disk disk, long size) {
        this.levels = new HashLevels(disk);
        this.size = size;
    }

    boolean agrees(long index, byte[] hash) throws IOException {
        if (index >= size) {
            return true;
        }
        if (index / TILE != tileIndex) {
            tileIndex = index / TILE;
            tile = levels.read(0, tileIndex * TILE, (int) Math.min(TILE, size - tileIndex * TILE));
        }
        int at = (int) (index % TILE) * Sha256.BYTES;
        return Arrays.equals(tile, at, at + Sha256.BYTES, hash, 0, Sha256.BYTES);
    }

    boolean agrees(int level, long index, byte[] hash) throws IOException {
        if (((index + 1) << (level * Frontier.TILE_HEIGHT)) > size) {
            return true;
        }
        return Arrays.equals(levels.read(level, index, 1), hash);
    }

    /** The right edge of the tree of the first {@code of} leaves, as far as the stored hashes tell. */
    Frontier frontier(long of) throws Breach {
        try {
            return levels.frontier(of);
        } catch (IOException e) {
            throw new Breach(-1, "the stored hashes cannot be read: " + e.getMessage(), "hashes");
        }
    }

    @Override
    public void close() throws IOException {
        levels.close();
    }
}
