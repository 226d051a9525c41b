package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed state of the log: C2SP tlog-checkpoint, a signed note of origin, size and root.
 *
 * @param root base64 of the RFC 6962 root of the first {@code size} entries
 * @param note the whole note with its signatures
 */
public record Checkpoint(String origin, long size, String root, String note) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern SIGNATURE = Pattern.compile("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)");
    private static final int MOST_SIGNATURES = 100;
    private static final String DASH = "\u2014 ";

    static Checkpoint sign(long size, String root, SigningKey key) {
        String origin = key.verifier().name();
        String text = origin + "\n" + size + "\n" + root + "\n";
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] typed = ByteBuffer.allocate(4 + signature.length)
                .putInt(key.verifier().id())
                .put(signature)
                .array();
        String line = DASH + origin + " " + Base64.getEncoder().encodeToString(typed) + "\n";
        return new Checkpoint(origin, size, root, text + "\n" + line);
    }

    /** The checkpoint in this note, if this key signed it; whole signature lines of other keys are passed over. */
    public static Optional<Checkpoint> open(String note, VerifierKey key) {
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0
                || !note.endsWith("\n")
                || NoteText.decode(note.getBytes(StandardCharsets.UTF_8)).isEmpty()) {
            return Optional.empty();
        }
        String text = note.substring(0, blank + 1);
        List<String> lines = text.lines().toList();
        if (lines.size() < 3
                || lines.contains("")
                || !lines.get(0).equals(key.name())
                || !SIZE.matcher(lines.get(1)).matches()
                || NoteText.base64(lines.get(2)).filter(Checkpoint::isHash).isEmpty()) {
            return Optional.empty();
        }
        return isSigned(note.substring(blank + 2), text, key)
                ? Optional.of(new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), lines.get(2), note))
                : Optional.empty();
    }

    private static boolean isHash(byte[] bytes) {
        return bytes.length == Sha256.BYTES;
    }

    /** Every line must be a signature, and every one of this key good: else some byte could be another unnoticed. */
    private static boolean isSigned(String signatures, String text, VerifierKey key) {
        List<String> lines = signatures.lines().toList();
        boolean signed = false;
        for (String line : lines.size() > MOST_SIGNATURES ? List.<String>of() : lines) {
            Matcher parts = SIGNATURE.matcher(line);
            Optional<byte[]> bytes = parts.matches() ? NoteText.base64(parts.group(2)) : Optional.empty();
            if (bytes.isEmpty() || bytes.get().length < 5) {
                return false;
            }
            ByteBuffer typed = ByteBuffer.wrap(bytes.get());
            if (parts.group(1).equals(key.name()) && typed.getInt() == key.id()) {
                byte[] signature = new byte[typed.remaining()];
                typed.get(signature);
                if (!key.verifies(text.getBytes(StandardCharsets.UTF_8), signature)) {
                    return false;
                }
                signed = true;
            }
        }
        return signed;
    }
}
