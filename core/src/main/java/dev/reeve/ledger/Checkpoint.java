package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** @param seconds epoch seconds, for the keys that sign a time */
    static Checkpoint sign(long size, String root, List<SigningKey> keys, long seconds) {
        String origin = keys.getFirst().verifier().name();
        String text = origin + "\n" + size + "\n" + root + "\n";
        StringBuilder note = new StringBuilder(text).append('\n');
        KeyKind.Signable what =
                new KeyKind.Signable(text, origin, size, Base64.getDecoder().decode(root));
        for (SigningKey key : keys) {
            byte[] signature = key.sign(what, seconds);
            byte[] typed = ByteBuffer.allocate(4 + signature.length)
                    .putInt(key.verifier().id())
                    .put(signature)
                    .array();
            note.append(DASH)
                    .append(origin)
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(typed))
                    .append('\n');
        }
        return new Checkpoint(origin, size, root, note.toString());
    }

    /** As {@link #open(String, VerifierKeys)}, for somebody who demands one signature. */
    public static Optional<Checkpoint> open(String note, VerifierKey key) {
        return open(note, VerifierKeys.of(key));
    }

    /** The checkpoint in this note, if each of these keys signed it; whole signature lines of other keys are passed over. */
    public static Optional<Checkpoint> open(String note, VerifierKeys keys) {
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
                || !lines.get(0).equals(keys.name())
                || !SIZE.matcher(lines.get(1)).matches()) {
            return Optional.empty();
        }
        long size = Long.parseLong(lines.get(1));
        return NoteText.base64(lines.get(2))
                .filter(Checkpoint::isHash)
                .map(root -> new KeyKind.Signable(text, lines.get(0), size, root))
                .filter(what -> isSigned(note.substring(blank + 2), what, keys))
                .map(what -> new Checkpoint(what.origin(), size, lines.get(2), note));
    }

    /**
     * A checkpoint that somebody kept, to compare a log with: as {@link #open(String, VerifierKeys)}, and what the keys signed that followed
     * the given ones, or came before them, counts too.
     *
     * @param folder a ledger's, or an exported one: it says which keys followed, and each step is checked
     * @throws IOException with a text for the user if a step does not hold
     */
    public static Optional<Checkpoint> open(String note, VerifierKeys keys, Path folder) throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return Keyring.in(disk, keys).openKept(note);
        }
    }

    /**
     * The latest one of a ledger's folder, which may be in use.
     *
     * @throws IOException with a text for the user if there is none, or it is not signed by the keys or those that followed them
     */
    public static Checkpoint latest(Path folder, VerifierKeys keys) throws IOException {
        try (FolderDisk disk = FolderDisk.readOnly(folder)) {
            return SignedState.of(disk, Keyring.in(disk, keys));
        }
    }

    private static boolean isHash(byte[] bytes) {
        return bytes.length == Sha256.BYTES;
    }

    /** Every line must be a signature, and every one of these keys good: else some byte could be another unnoticed. */
    private static boolean isSigned(String signatures, KeyKind.Signable what, VerifierKeys keys) {
        List<String> lines = signatures.lines().toList();
        Set<VerifierKey> signed = new HashSet<>();
        for (String line : lines.size() > MOST_SIGNATURES ? List.<String>of() : lines) {
            Matcher parts = SIGNATURE.matcher(line);
            Optional<byte[]> bytes = parts.matches() ? NoteText.base64(parts.group(2)) : Optional.empty();
            if (bytes.isEmpty() || bytes.get().length < 5) {
                return false;
            }
            ByteBuffer typed = ByteBuffer.wrap(bytes.get());
            Optional<VerifierKey> key = keys.with(parts.group(1), typed.getInt());
            if (key.isPresent()) {
                byte[] signature = new byte[typed.remaining()];
                typed.get(signature);
                if (!key.get().verifies(what, signature)) {
                    return false;
                }
                signed.add(key.get());
            }
        }
        return signed.size() == keys.all().size();
    }
}
