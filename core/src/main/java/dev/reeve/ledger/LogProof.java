package dev.reeve.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That one entry stands in a signed log, in one text that verifies offline: C2SP tlog-proof.
 *
 * <p>Guarantees of {@link #check}, if it holds: the owner of the key has signed a state of the log in which exactly these bytes stand at
 * this index. Not proven: what else stands there, nor, without a witness, that no other history was signed.
 *
 * @param entry carried in the line {@code extra}, which nobody signs: it is believed only because its hash leads to the signed root
 * @param path hashes from the leaf's sibling up to the root's child
 * @param note the checkpoint as it was signed
 */
public record LogProof(Optional<byte[]> entry, long index, List<byte[]> path, String note) {
    /** A path has at most 63 hashes, and an entry at most 65,535 bytes. */
    public static final int MOST_BYTES = 256 << 10;

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final int MOST_PATH = 63;

    public LogProof {
        path = List.copyOf(path);
    }

    /** What became of a check. */
    public sealed interface Verdict {
        /**
         * @param entry that is proven to stand at {@code index} of the checkpoint's log
         * @param signatures which were checked: algorithm and id of each key, and the way to them where keys were followed by others
         */
        @SuppressWarnings("ArrayRecordComponent") // Shown, never compared.
        record Holds(byte[] entry, long index, Checkpoint checkpoint, List<String> signatures) implements Verdict {
            public Holds {
                signatures = List.copyOf(signatures);
            }
        }

        /** @param what is wrong, for a person */
        record Refused(String what) implements Verdict {}
    }

    /** The proof as a text; {@link #check} reads it. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        entry.ifPresent(
                bytes -> text.append(EXTRA).append(base64.encodeToString(bytes)).append('\n'));
        text.append(INDEX).append(index).append('\n');
        path.forEach(hash -> text.append(base64.encodeToString(hash)).append('\n'));
        return text.append('\n').append(note).toString();
    }

    /**
     * Checks a proof from its bytes alone.
     *
     * @param keys from the user, never from the proof (R30)
     * @param known the entry as somebody has it; needed if the proof does not carry it, else it must be the same
     */
    public static Verdict check(byte[] proof, VerifierKeys keys, Optional<byte[]> known) {
        return check(proof, Keyring.of(keys), known);
    }

    /**
     * As {@link #check(byte[], VerifierKeys, Optional)}; what keys signed that followed the given ones counts too.
     *
     * @param successions a folder that has them, as a ledger's and an exported one do, or one such file. Nothing in it is believed: each
     *     step must be signed by the keys before it
     * @throws IOException with a text for the user if there are none, or they cannot be read
     */
    public static Verdict check(byte[] proof, VerifierKeys keys, Optional<byte[]> known, Path successions)
            throws IOException {
        try {
            return check(proof, Keyring.at(successions, keys), known);
        } catch (LedgerVerifier.Breach breach) {
            return new Verdict.Refused(
                    breach.getMessage() + " (" + breach.found().where() + ")");
        }
    }

    private static Verdict check(byte[] proof, Keyring keys, Optional<byte[]> known) {
        try {
            return new ProofText(proof).read().check(keys, known);
        } catch (ProofText.MisshapenException e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }

    /** The proof in this text; nothing of it is checked but its shape. */
    static Optional<LogProof> read(byte[] text) {
        try {
            return Optional.of(new ProofText(text).read());
        } catch (ProofText.MisshapenException e) {
            return Optional.empty();
        }
    }

    /** As {@link #check(byte[], VerifierKeys, Optional)}. */
    Verdict check(VerifierKeys keys, Optional<byte[]> known) {
        return check(Keyring.of(keys), known);
    }

    private Verdict check(Keyring keys, Optional<byte[]> known) {
        if (entry.isPresent() && known.isPresent() && !Arrays.equals(entry.get(), known.get())) {
            return new Verdict.Refused("the entry in the proof is not the one that was given");
        }
        Optional<byte[]> bytes = known.or(() -> entry);
        if (bytes.isEmpty()) {
            return new Verdict.Refused("the proof does not carry its entry: give it with --entry");
        }
        Optional<Keyring.Opened> signed = keys.openWithKeys(note);
        if (signed.isEmpty()) {
            return new Verdict.Refused(
                    "its checkpoint is not signed by the keys " + keys.latest().shown());
        }
        Verdict led = lead(bytes.get(), signed.get().checkpoint());
        return led instanceof Verdict.Holds holds
                ? new Verdict.Holds(holds.entry(), holds.index(), holds.checkpoint(), keys.signatures(signed.get()))
                : led;
    }

    /** Whether the entry's way up leads to this signed root. */
    Verdict lead(byte[] bytes, Checkpoint signed) {
        if (index >= signed.size()) {
            return new Verdict.Refused(
                    "it is about entry " + index + ", and the checkpoint has only " + signed.size() + " entries");
        }
        byte[] leaf = new Sha256().leaf(bytes, 0, bytes.length);
        Optional<byte[]> root = InclusionProof.root(leaf, index, signed.size(), path);
        if (root.isEmpty()) {
            return new Verdict.Refused(
                    "entry " + index + " of " + signed.size() + " has not " + path.size() + " hashes on its way up");
        }
        if (!Base64.getEncoder().encodeToString(root.get()).equals(signed.root())) {
            return new Verdict.Refused(
                    "entry " + index + " does not lead to the signed root: the entry, its index or a hash was altered");
        }
        return new Verdict.Holds(bytes, index, signed, List.of());
    }

    /** Reads the one spelling that {@link #text} writes. */
    private static final class ProofText {
        private final byte[] bytes;

        ProofText(byte[] bytes) {
            this.bytes = bytes;
        }

        static final class MisshapenException extends Exception {
            private static final long serialVersionUID = 1;

            MisshapenException(String message) {
                super(message, null, false, false);
            }
        }

        LogProof read() throws MisshapenException {
            if (bytes.length > MOST_BYTES) {
                throw new MisshapenException("a proof has at most " + MOST_BYTES + " bytes");
            }
            String text = NoteText.decode(bytes)
                    .orElseThrow(() -> new MisshapenException("it is no text, or holds control characters"));
            int blank = text.indexOf("\n\n");
            if (blank < 0) {
                throw new MisshapenException("it has no checkpoint: the empty line before it is missing");
            }
            List<String> lines =
                    new ArrayList<>(text.substring(0, blank).lines().toList());
            if (lines.isEmpty() || !lines.removeFirst().equals(FIRST_LINE)) {
                throw new MisshapenException("it is no proof: the first line is not `" + FIRST_LINE + "`");
            }
            Optional<byte[]> extra = extra(lines);
            long index = index(lines);
            return new LogProof(extra, index, path(lines), text.substring(blank + 2));
        }

        private static Optional<byte[]> extra(List<String> lines) throws MisshapenException {
            if (lines.isEmpty() || !lines.getFirst().startsWith(EXTRA)) {
                return Optional.empty();
            }
            return Optional.of(NoteText.base64(lines.removeFirst().substring(EXTRA.length()))
                    .filter(entry -> entry.length <= Entry.MOST_LEAF_BYTES)
                    .orElseThrow(() -> new MisshapenException("the line `extra` holds no entry in base64")));
        }

        private static long index(List<String> lines) throws MisshapenException {
            String line = lines.isEmpty() ? "" : lines.removeFirst();
            String number = line.startsWith(INDEX) ? line.substring(INDEX.length()) : "";
            if (!NUMBER.matcher(number).matches()) {
                throw new MisshapenException("the line `index` is missing or holds no index");
            }
            return Long.parseLong(number);
        }

        private static List<byte[]> path(List<String> lines) throws MisshapenException {
            if (lines.size() > MOST_PATH) {
                throw new MisshapenException("it has more than " + MOST_PATH + " hashes");
            }
            List<byte[]> path = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                int number = i + 1;
                path.add(NoteText.base64(lines.get(i))
                        .filter(hash -> hash.length == Sha256.BYTES)
                        .orElseThrow(() -> new MisshapenException("its hash " + number + " is no hash in base64")));
            }
            return path;
        }
    }

    @Override
    public String toString() {
        return "LogProof[" + index + ", " + path.size() + " hashes, " + note.getBytes(StandardCharsets.UTF_8).length
                + " bytes of checkpoint]";
    }
}
