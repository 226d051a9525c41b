package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a folder in the layout of tlog-tiles, written by anybody: nothing in it is believed, and no file is read beyond its limit. */
final class TileFolder {
    private static final int MOST_CHECKPOINT_BYTES = 64 << 10;
    private static final int MOST_ENTRY_BYTES = 2 + Entry.MOST_LEAF_BYTES;
    private final Path folder;
    private final long size;

    /** @param size of the signed tree; it says which files there must be, and how wide they are */
    TileFolder(Path folder, long size) {
        this.folder = folder;
        this.size = size;
    }

    static Checkpoint checkpoint(Path folder, Keyring keys) throws IOException, Breach {
        Path file = folder.resolve(TilePath.CHECKPOINT);
        if (!Files.isRegularFile(file)) {
            throw new Breach(-1, "the checkpoint is missing", TilePath.CHECKPOINT);
        }
        return NoteText.decode(read(file, MOST_CHECKPOINT_BYTES))
                .flatMap(note -> keys.open(note))
                .orElseThrow(() -> new Breach(
                        -1,
                        "the checkpoint is not signed by the keys "
                                + keys.latest().shown(),
                        TilePath.CHECKPOINT));
    }

    int width(int level, long number) {
        return TilePath.width(TilePath.hashes(size, level), number);
    }

    String tileName(int level, long number) {
        return TilePath.tile(level, number, width(level, number));
    }

    String bundleName(long number) {
        return TilePath.bundle(number, width(0, number));
    }

    /** The hashes of a tile, as many as the tree has there. */
    byte[] tile(int level, long number) throws IOException, Breach {
        String name = tileName(level, number);
        int wanted = width(level, number) * Sha256.BYTES;
        byte[] bytes = found(name, -1, wanted + 1);
        if (bytes.length != wanted) {
            throw new Breach(
                    -1,
                    "the tile has " + (bytes.length > wanted ? "more" : "less") + " than " + wanted + " bytes",
                    name);
        }
        return bytes;
    }

    byte[] bundle(long number) throws IOException, Breach {
        return found(bundleName(number), number * TilePath.WIDTH, width(0, number) * MOST_ENTRY_BYTES + 1);
    }

    private byte[] found(String name, long index, int most) throws IOException, Breach {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new Breach(index, "the file is missing", name);
        }
        return read(file, most);
    }

    private static byte[] read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }
}
