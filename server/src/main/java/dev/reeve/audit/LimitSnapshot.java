package dev.reeve.audit;

import dev.reeve.budget.Limit;
import dev.reeve.budget.Tally;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.store.StoreKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What was used up of the limits at one place of the record, so that a start reads only what came after. The record is what counts: a file that
 * is not ours, is of another ledger or of other limits, or is damaged, is passed over as if it were not there.
 *
 * <p>Security guarantees: it counts only under the MAC of the store's key, which lies outside the data folder, and only where the record
 * before its place is the one that was there. Whoever puts an older one of ours in its place makes the start longer, and no count smaller.
 *
 * <p>The file, integers big-endian: 32 bytes HMAC-SHA-256 of all that follows; 8 bytes {@code REEVELS1}; 8 bytes index; 32 bytes SHA-256
 * of the entry before that index (zeros at 0); then the {@link Tally}.
 */
public final class LimitSnapshot {
    /** Of the two keys. */
    public static final String PURPOSE = "limits snapshot";

    public static final String VEIL = "limits calls";
    private static final long MAGIC = 0x52_45_45_56_45_4c_53_31L;
    private static final int MAC = 32;
    private static final int DIGEST = 32;
    /** More is not written; then the record is read. */
    private static final int MOST_BYTES = 64 << 20;

    private final Path file;
    private final StoreKey key;
    private final StoreKey veil;

    /** A tally, and the first record that it does not tell of. */
    record Taken(Tally tally, long index) {}

    /**
     * @param key of {@link #PURPOSE}
     * @param veil of {@link #VEIL}, for what is kept of which calls were alike
     */
    public LimitSnapshot(Path file, StoreKey key, StoreKey veil) {
        this.file = file;
        this.key = key;
        this.veil = veil;
    }

    Tally fresh(List<Limit> limits) {
        return new Tally(limits, this::veiled);
    }

    private String veiled(String call) {
        byte[] mac = veil.of(call.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(mac, 0, 16);
    }

    /** Durable when it returns; before, the one that was there counts. */
    void save(Ledger ledger, Tally tally, long index, Instant now) throws IOException, LedgerUnavailableException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeLong(MAGIC);
        out.writeLong(index);
        out.write(before(ledger, index));
        tally.write(out, now);
        if (body.size() > MOST_BYTES) {
            throw new IOException("it has " + body.size() + " bytes");
        }
        byte[] bytes = body.toByteArray();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, key.of(bytes));
            write(channel, bytes);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Empty if there is none that counts for this record and tells of all these limits. */
    Optional<Taken> load(Ledger ledger, List<Limit> limits) throws LedgerUnavailableException {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES + MAC) {
                return Optional.empty();
            }
            byte[] all = Files.readAllBytes(file);
            byte[] bytes = all.length < MAC ? all : Arrays.copyOfRange(all, MAC, all.length);
            boolean ours = MessageDigest.isEqual(key.of(bytes), Arrays.copyOf(all, MAC));
            return ours ? read(ledger, limits, bytes) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Taken> read(Ledger ledger, List<Limit> limits, byte[] bytes)
            throws IOException, LedgerUnavailableException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        boolean known = in.readLong() == MAGIC;
        long index = in.readLong();
        if (!known || index < 0 || index > ledger.size()) {
            return Optional.empty();
        }
        if (!Arrays.equals(before(ledger, index), in.readNBytes(DIGEST))) {
            return Optional.empty();
        }
        return Tally.read(in, limits, this::veiled).map(tally -> new Taken(tally, index));
    }

    private static byte[] before(Ledger ledger, long index) throws LedgerUnavailableException {
        byte[][] found = {new byte[DIGEST]};
        if (index > 0) {
            ledger.read(index - 1, (at, leaf, disclosures) -> {
                found[0] = HexFormat.of().parseHex(CanonicalDigest.of(leaf));
                return false;
            });
        }
        return found[0];
    }
}
