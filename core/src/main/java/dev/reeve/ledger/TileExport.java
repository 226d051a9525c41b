package dev.reeve.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes a ledger's signed state as static files: C2SP tlog-tiles, which other people's tools read and verify.
 *
 * <p>Guarantees: the tiles are made from the entries, and the checkpoint is written last and only if they give its root; so at every
 * moment the folder holds the state of the checkpoint in it. A later export adds what is new, after the entries that it goes on from gave
 * the root that was exported before. Needs no lock: the ledger may be in use.
 */
public final class TileExport {
    private static final int LEVELS = 8;
    private static final int TOLD_EVERY = 4096;
    private final ExportFolder to;
    private final Checkpoint signed;
    private final Optional<Checkpoint> before;
    private final long base;
    private final Frontier frontier;
    private final Sha256 sha = new Sha256();
    private final Map<Integer, ByteArrayOutputStream> tiles = new TreeMap<>();
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    private final List<String> outgrown = new ArrayList<>();

    private TileExport(ExportFolder to, HashLevels levels, Checkpoint signed, Optional<Checkpoint> before)
            throws IOException {
        this.to = to;
        this.signed = signed;
        this.before = before;
        // The last bundle may have grown: it is read again from its beginning.
        this.base = before.map(Checkpoint::size).orElse(0L) / TilePath.WIDTH * TilePath.WIDTH;
        this.frontier = levels.frontier(base);
        for (int level = 1; level < LEVELS; level++) {
            long hashes = TilePath.hashes(base, level);
            int width = (int) (hashes % TilePath.WIDTH);
            if (width > 0) {
                tile(level).writeBytes(levels.read(level, hashes - width, width));
            }
        }
    }

    /**
     * What an export did.
     *
     * @param checkpoint the state that the folder holds now
     * @param from how many entries it held before
     * @param files that were written
     */
    public record Exported(Checkpoint checkpoint, long from, long files) {}

    /** How much of the ledger leaves. */
    public enum Upto {
        /** What witnesses have cosigned; everything that is signed, where none ever has. */
        COSIGNED,
        /** Everything that is signed. */
        SIGNED
    }

    /** As {@link #run(Path, VerifierKeys, Path, Upto, Progress)}, up to what is cosigned. */
    public static Exported run(Path folder, VerifierKeys keys, Path to, Progress progress) throws IOException {
        return run(folder, keys, to, Upto.COSIGNED, progress);
    }

    /**
     * @param folder of the ledger; it may be in use
     * @param keys checks the checkpoint; from the user (R30)
     * @param to new, empty, or an earlier export of the same log
     * @throws IOException with a text for the user: a foreign folder, a damaged ledger, an older copy
     */
    public static Exported run(Path folder, VerifierKeys keys, Path to, Upto upto, Progress progress)
            throws IOException {
        Path target = to.toAbsolutePath().normalize();
        if (target.startsWith(folder.toAbsolutePath().normalize())) {
            throw new IOException("an export does not go into the ledger itself: name another folder");
        }
        try (FolderDisk disk = FolderDisk.readOnly(folder);
                HashLevels levels = new HashLevels(disk)) {
            Keyring ring = Keyring.in(disk, keys);
            Checkpoint newest = SignedState.of(disk, ring);
            Optional<Checkpoint> cosigned = upto == Upto.COSIGNED ? SignedState.cosigned(disk, ring) : Optional.empty();
            Checkpoint signed = cosigned.orElse(newest);
            try (ExportFolder into = ExportFolder.open(target, ring)) {
                Optional<Checkpoint> before = into.checkpoint(ring);
                checkGrown(before, signed, newest);
                new TileExport(into, levels, signed, before).run(disk, progress);
                return new Exported(signed, before.map(Checkpoint::size).orElse(0L), into.written());
            }
        }
    }

    private static void checkGrown(Optional<Checkpoint> before, Checkpoint signed, Checkpoint newest)
            throws IOException {
        if (before.isPresent() && before.get().size() > signed.size()) {
            if (before.get().size() <= newest.size()) {
                throw new IOException(before.get().size() + " entries were exported, and witnesses have cosigned only "
                        + signed.size() + " of them: wait for them, or name --unwitnessed");
            }
            throw new IOException(before.get().size() + " entries were exported, and the ledger has only "
                    + signed.size() + " signed: it is an older copy, or its end was cut off");
        }
    }

    private void run(Disk disk, Progress progress) throws IOException {
        List<IOException> failed = new ArrayList<>();
        compare(before);
        LedgerReader.read(disk, base, signed.size(), (index, leaf, disclosures) -> {
            try {
                entry(leaf);
                if (frontier.size() % TOLD_EVERY == 0) {
                    progress.at(frontier.size(), frontier.size() - base, signed.size() - base);
                }
                return true;
            } catch (IOException e) {
                failed.add(e);
                return false;
            }
        });
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
        finish(disk);
    }

    private void entry(byte[] leaf) throws IOException {
        bundle.write(leaf.length >>> 8);
        bundle.write(leaf.length);
        bundle.writeBytes(leaf);
        frontier.add(
                sha.leaf(leaf, 0, leaf.length),
                (level, index, hash) -> tile(level).writeBytes(hash));
        if (frontier.size() % TilePath.WIDTH == 0) {
            store(TilePath.WIDTH);
        }
        compare(before);
    }

    private ByteArrayOutputStream tile(int level) {
        return tiles.computeIfAbsent(level, key -> new ByteArrayOutputStream());
    }

    /** The bundle at the end, and every tile that is full, or all of them at the very end. */
    private void store(int width) throws IOException {
        long number = (frontier.size() - 1) / TilePath.WIDTH;
        put(TilePath.bundle(number, width), TilePath.bundle(number, TilePath.WIDTH), width, bundle);
        for (Map.Entry<Integer, ByteArrayOutputStream> level : tiles.entrySet()) {
            int hashes = level.getValue().size() / Sha256.BYTES;
            if (hashes == TilePath.WIDTH || (frontier.size() == signed.size() && hashes > 0)) {
                long tile = (TilePath.hashes(frontier.size(), level.getKey()) - 1) / TilePath.WIDTH;
                put(
                        TilePath.tile(level.getKey(), tile, hashes),
                        TilePath.tile(level.getKey(), tile, TilePath.WIDTH),
                        hashes,
                        level.getValue());
            }
        }
    }

    private void put(String path, String whole, int width, ByteArrayOutputStream bytes) throws IOException {
        to.put(path, bytes.toByteArray());
        if (width == TilePath.WIDTH) {
            if (to.hasPartsOf(whole)) {
                outgrown.add(whole);
            }
            bytes.reset();
        }
    }

    private void finish(Disk disk) throws IOException {
        if (frontier.size() < signed.size()) {
            throw new IOException("the log ends at entry " + frontier.size() + ", below its checkpoint of "
                    + signed.size() + " entries: `reeve audit verify` says what is wrong");
        }
        int rest = (int) (signed.size() % TilePath.WIDTH);
        if (rest > 0) {
            store(rest);
        }
        compare(Optional.of(signed));
        for (String name : Succession.names(disk)) {
            to.put(name, Succession.bytes(disk, name));
        }
        to.put(TilePath.CHECKPOINT, signed.note().getBytes(StandardCharsets.UTF_8));
        // Only now: until here the folder held the state before, which needs its own partial tiles.
        for (String path : outgrown) {
            to.dropPartsOf(path);
        }
    }

    private void compare(Optional<Checkpoint> checkpoint) throws IOException {
        if (checkpoint.isPresent()
                && checkpoint.get().size() == frontier.size()
                && !checkpoint.get().root().equals(frontier.rootText())) {
            throw new IOException(
                    checkpoint.equals(before)
                            ? "the ledger is not what was exported before: its first " + frontier.size()
                                    + " entries give another root"
                            : "the entries do not give the signed root: `reeve audit verify` says what is wrong");
        }
    }
}
