package dev.reeve.ledger;

import dev.reeve.ledger.LedgerVerifier.Breach;
import dev.reeve.ledger.TilesVerifier.Known;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run over one folder of tiles. From the first entry whose stored hash is another, two trees grow side by side, one over the entries
 * and one over the stored leaf hashes; in the end the signed root says which of them is right.
 */
final class VerifyingTiles {
    /** So many bytes of bundles are prepared at once, by all cores; bounds the memory. */
    private static final int BATCH_BYTES = 4 << 20;
    /** A full bundle is a subtree of this height. */
    private static final int BUNDLE_HEIGHT = Frontier.TILE_HEIGHT;

    private final TileFolder files;
    private final Checkpoint signed;
    private final Keyring keys;
    private final List<Known> known;
    private final List<String> warnings;
    private final LeafCheck check;
    private final Progress progress;
    private final Resuming resuming;
    private Frontier ofEntries = new Frontier();
    /** Another tree than that of the entries only where the stored hashes are other ones. */
    private @Nullable Frontier ofTiles;

    private final List<PreparedBundle.Read> batch = new ArrayList<>();
    private int batchBytes;
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
            Resuming resuming,
            Progress progress) {
        this.files = new TileFolder(folder, signed.size());
        this.signed = signed;
        this.keys = keys;
        this.known = known;
        this.warnings = warnings;
        this.check = check;
        this.resuming = resuming;
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

    Verification run() throws IOException, Breach, NotResumableException {
        long begin = resuming.start().isPresent() ? goOnAt(resuming.start().get()) : 0;
        try {
            compareWithKnown();
            bundles(begin);
        } catch (Breach breach) {
            // An entry that is not the stored one is the better answer than what follows from it.
            throw differs == null ? breach : differs;
        }
        conclude();
        return new Verification.Holds(signed.size(), signed.root(), ofEntries.size(), keys.signatures(), warnings);
    }

    /** @return the number of the first bundle to be read */
    private long goOnAt(Waypoint place) throws NotResumableException {
        if (place.entries() != (long) place.files() * TilePath.WIDTH) {
            throw new NotResumableException("the earlier run was not over an exported folder");
        }
        List<String> names = new ArrayList<>(place.files());
        for (int number = 0; number < place.files(); number++) {
            names.add(files.bundleName(number));
        }
        resuming.skip(names, place);
        place.requireCompared(known());
        ofEntries = place.frontier();
        resuming.warning().ifPresent(warnings::add);
        return place.files();
    }

    private List<Checkpoint> known() {
        return known.stream().map(Known::checkpoint).toList();
    }

    private void bundles(long begin) throws IOException, Breach {
        long bundles = (signed.size() + TilePath.WIDTH - 1) / TilePath.WIDTH;
        for (long number = begin; number < bundles; number++) {
            try {
                collect(number);
            } catch (Breach breach) {
                judgeBatch();
                throw breach;
            }
            boolean waypoint = (number + 1) % resuming.bundles() == 0 && number + 1 < bundles;
            if (batchBytes >= BATCH_BYTES || waypoint) {
                judgeBatch();
                progress.at(ofEntries.size(), ofEntries.size(), signed.size());
            }
            if (waypoint && differs == null && above == null && senseless == null) {
                resuming.passed(ofEntries, 0, 0, known(), signed);
            }
        }
        judgeBatch();
        progress.at(ofEntries.size(), ofEntries.size(), signed.size());
    }

    private void collect(long number) throws IOException, Breach {
        String name = files.bundleName(number);
        resuming.reading(name);
        byte[] bytes = files.bundle(number);
        batch.add(new PreparedBundle.Read(number, name, bytes, files.tile(0, number)));
        batchBytes += bytes.length;
    }

    private void judgeBatch() throws IOException, Breach {
        List<PreparedBundle> bundles = batch.parallelStream()
                .map(read -> PreparedBundle.of(read, check))
                .toList();
        batch.clear();
        batchBytes = 0;
        for (PreparedBundle bundle : bundles) {
            judge(bundle);
        }
    }

    private void conclude() throws Breach {
        boolean entriesHold = ofEntries.rootText().equals(signed.root());
        if (differs != null && entriesHold) {
            throw again(differs, "the stored hash of this entry was altered; the entry is as signed");
        }
        if (differs != null && ofTiles != null && !ofTiles.rootText().equals(signed.root())) {
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

    private void judge(PreparedBundle bundle) throws IOException, Breach {
        if (bundle.subtree().isPresent() && ofTiles == null && !isKnownWithin(bundle)) {
            addAndCompareAbove(BUNDLE_HEIGHT, bundle.subtree().get());
            compareWithKnown();
        } else {
            for (PreparedBundle.One entry : bundle.entries()) {
                add(bundle.read(), entry);
            }
        }
        for (PreparedBundle.One entry : bundle.entries()) {
            if (senseless == null) {
                String where = at(bundle.read(), entry);
                senseless = entry.problem()
                        .get()
                        .map(what -> new Breach(entry.index(), what, where))
                        .orElse(null);
            }
        }
        if (bundle.end().isPresent()) {
            throw bundle.end().get();
        }
    }

    private boolean isKnownWithin(PreparedBundle bundle) {
        long first = bundle.read().number() * TilePath.WIDTH;
        return known.stream()
                .mapToLong(one -> one.checkpoint().size())
                .anyMatch(size -> size > first && size < first + TilePath.WIDTH);
    }

    private static String at(PreparedBundle.Read bundle, PreparedBundle.One entry) {
        return bundle.name() + " at byte " + entry.offset();
    }

    private void add(PreparedBundle.Read bundle, PreparedBundle.One entry) throws IOException, Breach {
        if (!entry.agrees() && ofTiles == null) {
            differs = new Breach(entry.index(), "the entry was altered", at(bundle, entry));
            ofTiles = ofEntries.copy();
        }
        if (ofTiles != null) {
            ofTiles.add(bundle.stored((int) (entry.index() % TilePath.WIDTH)), (level, index, node) -> {});
        }
        addAndCompareAbove(0, entry.hash());
        compareWithKnown();
    }

    private void addAndCompareAbove(int height, byte[] hash) throws IOException, Breach {
        grown.clear();
        ofEntries.add(height, hash, (level, index, node) -> {
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
