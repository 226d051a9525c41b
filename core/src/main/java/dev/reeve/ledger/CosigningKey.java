package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/**
 * The key of a witness: an Ed25519 key in the same file form as a log's ({@link SigningKey}), used for cosignatures only.
 *
 * <p>Security guarantees: what it signs begins with {@code cosignature/v1}, so no signature of it can be taken for a log's.
 */
public final class CosigningKey {
    private final SigningKey key;
    private final CosignerKey verifier;

    private CosigningKey(SigningKey key) {
        this.key = key;
        this.verifier = new CosignerKey(key.verifier());
    }

    /**
     * Reads the key, or makes one in a file for this user alone.
     *
     * @param name of the witness; the file's own must be the same
     * @throws IOException with a text for the user
     */
    public static CosigningKey loadOrCreate(Path file, String name) throws IOException {
        SigningKey key = SigningKeys.one(file, name, new SecureRandom());
        if (!key.verifier().name().equals(name)) {
            throw new IOException("the key in `" + file + "` is of `"
                    + key.verifier().name() + "`, not of `" + name + "`: whoever trusts it knows it by that name");
        }
        return new CosigningKey(key);
    }

    /** The public half, which logs and their readers want. */
    public CosignerKey verifier() {
        return verifier;
    }

    /** A signature line with its newline. Whoever asks for it must have stored the checkpoint durably before. */
    public String cosign(Checkpoint checkpoint, Instant when) {
        long seconds = when.getEpochSecond();
        byte[] typed = ByteBuffer.allocate(CosignerKey.TYPED_BYTES)
                .putInt(verifier.id())
                .putLong(seconds)
                .put(key.sign(CosignerKey.message(seconds, checkpoint.text())))
                .array();
        return "\u2014 " + verifier.name() + " " + Base64.getEncoder().encodeToString(typed) + "\n";
    }

    @Override
    public String toString() {
        return "***";
    }
}
