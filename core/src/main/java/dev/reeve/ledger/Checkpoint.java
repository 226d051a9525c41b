package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
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
        return open(note, keys.name(), keys.all(), keys.all().size());
    }

    /**
     * The checkpoint in this note, if at least one of these keys signed it, and no line of theirs is wrong.
     *
     * @param origin the log that it must be of; keys may have other names
     */
    public static Optional<Checkpoint> open(String note, String origin, Collection<VerifierKey> keys) {
        return open(note, origin, keys, 1);
    }

    private static Optional<Checkpoint> open(String note, String origin, Collection<VerifierKey> keys, int signatures) {
        if (!isShaped(note)) {
            return Optional.empty();
        }
        int blank = note.lastIndexOf("\n\n");
        String text = note.substring(0, blank + 1);
        List<String> lines = text.lines().toList();
        long size = Long.parseLong(lines.get(1));
        byte[] root = NoteText.base64(lines.get(2)).orElseThrow();
        KeyKind.Signable what = new KeyKind.Signable(text, lines.get(0), size, root);
        return lines.get(0).equals(origin) && signers(note.substring(blank + 2), what, keys) >= signatures
                ? Optional.of(new Checkpoint(origin, size, lines.get(2), note))
                : Optional.empty();
    }

    /** Whether it is written as a checkpoint; who signed it is another question. */
    static boolean isShaped(String note) {
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0
                || !note.endsWith("\n")
                || NoteText.decode(note.getBytes(StandardCharsets.UTF_8)).isEmpty()) {
            return false;
        }
        List<String> lines = note.substring(0, blank + 1).lines().toList();
        return lines.size() >= 3
                && !lines.contains("")
                && SIZE.matcher(lines.get(1)).matches()
                && NoteText.base64(lines.get(2)).filter(Checkpoint::isHash).isPresent();
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

    /** What is signed: everything up to and with the newline before the empty line. */
    String text() {
        return note.substring(0, note.lastIndexOf("\n\n") + 1);
    }

    /** The lines of all signatures, whoever made them. */
    List<String> signatureLines() {
        return note.substring(note.lastIndexOf("\n\n") + 2).lines().toList();
    }

    /** The same with more signature lines behind its own, each with its newline. */
    public Checkpoint with(Collection<String> lines) {
        return new Checkpoint(origin, size, root, note + String.join("", lines));
    }

    private static boolean isHash(byte[] bytes) {
        return bytes.length == Sha256.BYTES;
    }

    /** How many of these keys signed; none if a line is no signature, or one of theirs is wrong: else some byte could be another unnoticed. */
    private static int signers(String signatures, KeyKind.Signable what, Collection<VerifierKey> keys) {
        List<String> lines = signatures.lines().toList();
        Set<VerifierKey> signed = new HashSet<>();
        for (String line : lines.size() > MOST_SIGNATURES ? List.<String>of() : lines) {
            Matcher parts = SIGNATURE.matcher(line);
            Optional<byte[]> bytes = parts.matches() ? NoteText.base64(parts.group(2)) : Optional.empty();
            if (bytes.isEmpty() || bytes.get().length < 5) {
                return 0;
            }
            Optional<VerifierKey> key = whose(parts.group(1), bytes.get(), keys);
            if (key.isPresent()) {
                byte[] signature = Arrays.copyOfRange(bytes.get(), Integer.BYTES, bytes.get().length);
                if (!key.get().verifies(what, signature)) {
                    return 0;
                }
                signed.add(key.get());
            }
        }
        return signed.size();
    }

    private static Optional<VerifierKey> whose(String name, byte[] typed, Collection<VerifierKey> keys) {
        int id = ByteBuffer.wrap(typed).getInt();
        return keys.stream()
                .filter(key -> key.name().equals(name) && key.id() == id)
                .findFirst();
    }
}
