package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A witness's public key, as C2SP tlog-cosignature writes it: {@code name+hash+base64(0x04 || 32 bytes)}. Its signatures say until when it saw no other
 * history of a log; they are not those of a log's own key, even if the bytes of both keys are the same.
 */
public final class CosignerKey {
    static final byte COSIGNATURE_V1 = 4;
    static final int TYPED_BYTES = 4 + Long.BYTES + 64;
    private static final Pattern LINE = Pattern.compile("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)");

    private final VerifierKey key;

    CosignerKey(VerifierKey key) {
        this.key = key;
    }

    /** @throws IllegalArgumentException with a text for the user if it is not such a key */
    public static CosignerKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a witness's key looks like `name+1a2b3c4d+base64`");
        }
        byte[] typed = NoteText.base64(parts[2]).orElseGet(() -> new byte[0]);
        if (typed.length != 33 || typed[0] != COSIGNATURE_V1) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` is not a witness's (Ed25519, cosignature/v1)"
                    + (typed.length == 33 && typed[0] == KeyKind.ED25519.type() ? " but a log's own" : ""));
        }
        CosignerKey key =
                new CosignerKey(new VerifierKey(parts[0], KeyKind.ED25519, Arrays.copyOfRange(typed, 1, typed.length)));
        if (!key.idText().equals(parts[1])) {
            throw new IllegalArgumentException("the key `" + parts[0] + "` does not fit its own hash: a typing error?");
        }
        return key;
    }

    public String name() {
        return key.name();
    }

    /** Whether it is the same key, under whatever name: it counts once in a quorum. */
    public boolean isSameKey(CosignerKey other) {
        return Arrays.equals(key.raw(), other.key.raw());
    }

    /** The first four bytes of SHA-256(name, newline, type, key). */
    int id() {
        byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer input = ByteBuffer.allocate(name.length + 34);
        input.put(name).put((byte) '\n').put(COSIGNATURE_V1).put(key.raw());
        return ByteBuffer.wrap(Sha256.of(input.array())).getInt();
    }

    private String idText() {
        return String.format("%08x", id());
    }

    /** What is signed: the text of a checkpoint, up to and with its last newline, behind two lines. */
    static byte[] message(long seconds, String text) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * When this key signed, if the line is a good signature of it over the checkpoint.
     *
     * @param line one signature line, without its newline
     */
    public Optional<Instant> signedAt(Checkpoint checkpoint, String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !parts.group(1).equals(name())) {
            return Optional.empty();
        }
        byte[] typed = NoteText.base64(parts.group(2)).orElseGet(() -> new byte[0]);
        if (typed.length != TYPED_BYTES || ByteBuffer.wrap(typed).getInt() != id()) {
            return Optional.empty();
        }
        long seconds = ByteBuffer.wrap(typed).getLong(4);
        byte[] signature = Arrays.copyOfRange(typed, 4 + Long.BYTES, typed.length);
        // Later than what an Instant can say is no time that anybody signed at.
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            return Optional.empty();
        }
        return key.verifies(message(seconds, checkpoint.text()), signature)
                ? Optional.of(Instant.ofEpochSecond(seconds))
                : Optional.empty();
    }

    /** The vkey. */
    @Override
    public String toString() {
        byte[] typed =
                ByteBuffer.allocate(33).put(COSIGNATURE_V1).put(key.raw()).array();
        return name() + "+" + idText() + "+" + Base64.getEncoder().encodeToString(typed);
    }
}
