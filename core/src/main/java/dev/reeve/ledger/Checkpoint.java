package dev.reeve.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A signed state of the log: C2SP tlog-checkpoint, a signed note of origin, size and root.
 *
 * @param root base64 of the RFC 6962 root of the first {@code size} entries
 * @param note the whole note with its signatures
 */
public record Checkpoint(String origin, long size, String root, String note) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
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

    /** The checkpoint in this note, if this key signed it; foreign signature lines are passed over. */
    public static Optional<Checkpoint> open(String note, VerifierKey key) {
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n")) {
            return Optional.empty();
        }
        String text = note.substring(0, blank + 1);
        String[] lines = text.split("\n", -1);
        if (lines.length < 4
                || !lines[0].equals(key.name())
                || !SIZE.matcher(lines[1]).matches()) {
            return Optional.empty();
        }
        boolean signed = note.substring(blank + 2).lines().anyMatch(line -> isSignature(line, text, key));
        return signed
                ? Optional.of(new Checkpoint(lines[0], Long.parseLong(lines[1]), lines[2], note))
                : Optional.empty();
    }

    private static boolean isSignature(String line, String text, VerifierKey key) {
        String start = DASH + key.name() + " ";
        if (!line.startsWith(start)) {
            return false;
        }
        try {
            String text64 = line.substring(start.length());
            byte[] bytes = Base64.getDecoder().decode(text64);
            // The last character has bits that decode to nothing: one signature would have several spellings.
            if (!Base64.getEncoder().encodeToString(bytes).equals(text64)) {
                return false;
            }
            ByteBuffer typed = ByteBuffer.wrap(bytes);
            if (typed.remaining() < 4 || typed.getInt() != key.id()) {
                return false;
            }
            byte[] signature = new byte[typed.remaining()];
            typed.get(signature);
            return key.verifies(text.getBytes(StandardCharsets.UTF_8), signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
