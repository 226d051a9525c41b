package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import dev.reeve.ledger.TilesVerifier.Known;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run over one folder of tiles. Two trees grow side by side, one over the entries and one over the stored leaf hashes; in the end the
 * signed root says which of them is right where they differ.
 */
final class VerifyingTiles {
    private final TileFolder files;
    private final Checkpoint signed;
    private final Keyring keys;
    private final List<Known> known;
    private final List<String> warnings;
    private final LeafCheck check;
    private final Progress progress;
    private final Sha256 sha = new Sha256();
    private final Frontier ofEntries = new Frontier();
    private final Frontier ofTiles = new Frontier();
    private final Map<Integer, Stored> stored = new HashMap<>();
    private final Map<Integer, byte[]> grown = new TreeMap<>();
    /** The first entry whose stored hash is another. */
    private @Nullable Breach differs;
    /** The first stored hash above the leaves that does not follow from the entries. */
    private @Nullable Breach above;
    /** The first entry that makes no sense: told only if the tree holds, since else it follows from what was altered. */
    private @Nullable Breach senseless;

    VerifyingTiles(
            Path folder,
            Checkpoint signed,
            Keyring keys,
            List<Known> known,
            List<String> warnings,
            LeafCheck check,
            Progress progress) {
        this.files = new TileFolder(folder, signed.size());
        this.signed = signed;
        this.keys = keys;
        this.known = known;
        this.warnings = warnings;
        this.check = check;
        this.progress = progress;
    }

    /** The tile of a level that was read last. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes to compare, not a value.
    private record Stored(long number, byte[] hashes) {
        boolean holds(long index, byte[] hash) {
            int at = (int) (index % TilePath.WIDTH) * Sha256.BYTES;
            return Arrays.equals(hashes, at, at + Sha256.BYTES, hash, 0, Sha256.BYTES);
        }
    }

    Verification run() throws IOException, Breach {
        try {
            long bundles = (signed.size() + TilePath.WIDTH - 1) / TilePath.WIDTH;
            compareWithKnown();
            for (long number = 0; number < bundles; number++) {
                bundle(number);
                progress.at(ofEntries.size(), ofEntries.size(), signed.size());
            }
        } catch (Breach breach) {
            // An entry that is not the stored one is the better answer than what follows from it.
            throw differs == null ? breach : differs;
        }
        conclude();
        return new Verification.Holds(signed.size(), signed.root(), ofEntries.size(), keys.signatures(), warnings);
    }

    private void conclude() throws Breach {
        boolean entriesHold = ofEntries.rootText().equals(signed.root());
        if (differs != null && entriesHold) {
            throw again(differs, "the stored hash of this entry was altered; the entry is as signed");
        }
        if (differs != null && !ofTiles.rootText().equals(signed.root())) {
            throw again(differs, "the entry was altered, or its stored hash, and it is not all that was");
        }
        if (differs != null) {
            throw differs;
        }
        if (above != null) {
            throw entriesHold
                    ? again(above, "a stored hash over the entries from here was altered; they are as signed")
                    : above;
        }
        if (!entriesHold) {
            throw new Breach(
                    -1,
                    "the entries do not give the signed root; the stored hashes were altered with them, so which entry it"
                            + " is cannot be told",
                    TilePath.CHECKPOINT);
        }
        if (senseless != null) {
            throw senseless;
        }
    }

    private static Breach again(Breach breach, String what) {
        return new Breach(breach.found().index(), what, breach.found().where());
    }

    private void bundle(long number) throws IOException, Breach {
        String name = files.bundleName(number);
        byte[] bytes = files.bundle(number);
        Stored leaves = tile(0, number);
        int at = 0;
        for (int i = 0; i < files.width(0, number); i++) {
            long index = number * TilePath.WIDTH + i;
            int length = at + 2 > bytes.length ? 0 : (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            if (at + 2 + length > bytes.length) {
                throw new Breach(index, "the bundle ends within this entry, or before it", name);
            }
            entry(index, bytes, at + 2, length, leaves, name + " at byte " + at);
            at += 2 + length;
        }
        if (at < bytes.length) {
            throw new Breach(
                    number * TilePath.WIDTH + files.width(0, number), "something stands behind the last entry", name);
        }
    }

    private void entry(long index, byte[] bytes, int offset, int length, Stored leaves, String where)
            throws IOException, Breach {
        byte[] hash = sha.leaf(bytes, offset, length);
        if (differs == null && !leaves.holds(index, hash)) {
            differs = new Breach(index, "the entry was altered", where);
        }
        int from = (int) (index % TilePath.WIDTH) * Sha256.BYTES;
        ofTiles.add(Arrays.copyOfRange(leaves.hashes(), from, from + Sha256.BYTES), (level, at, node) -> {});
        addAndCompareAbove(hash);
        compareWithKnown();
        if (senseless == null) {
            Optional<String> problem =
                    check.problem(index, Arrays.copyOfRange(bytes, offset, offset + length), List.of());
            senseless = problem.map(what -> new Breach(index, what, where)).orElse(null);
        }
    }

    private void addAndCompareAbove(byte[] hash) throws IOException, Breach {
        grown.clear();
        ofEntries.add(hash, (level, index, node) -> {
            if (level > 0) {
                grown.put(level, node);
            }
        });
        for (Map.Entry<Integer, byte[]> node : grown.entrySet()) {
            int level = node.getKey();
            long index = TilePath.hashes(ofEntries.size(), level) - 1;
            Stored tile = tile(level, index / TilePath.WIDTH);
            if (above == null && !tile.holds(index, node.getValue())) {
                above = new Breach(
                        index << (level * Frontier.TILE_HEIGHT),
                        "one of the " + (1L << (level * Frontier.TILE_HEIGHT))
                                + " entries from here was altered, and its stored hash with it",
                        files.tileName(level, index / TilePath.WIDTH));
            }
        }
    }

    private Stored tile(int level, long number) throws IOException, Breach {
        Stored last = stored.get(level);
        if (last == null || last.number() != number) {
            last = new Stored(number, files.tile(level, number));
            stored.put(level, last);
        }
        return last;
    }

    private void compareWithKnown() throws Breach {
        for (Known one : known) {
            if (one.checkpoint().size() == ofEntries.size()
                    && !one.checkpoint().root().equals(ofEntries.rootText())) {
                throw new Breach(
                        -1,
                        "the first " + ofEntries.size() + " entries are not those of " + one.what(),
                        TilePath.CHECKPOINT);
            }
        }
    }
}
