package dev.reeve.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a log sends to a witness: the body of {@code add-checkpoint} (C2SP tlog-witness).
 *
 * @param oldSize of the tree that the witness cosigned last
 * @param proof that the old tree is the beginning of the new one (RFC 6962, section 2.1.2)
 * @param note the checkpoint, with whatever signatures it has
 */
public record AddCheckpoint(long oldSize, List<byte[]> proof, String note) {
    /** 63 hashes, and a checkpoint with many signature lines. */
    public static final int MOST_BYTES = 64 << 10;

    private static final String OLD = "old ";
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

    public AddCheckpoint {
        proof = List.copyOf(proof);
    }

    public byte[] body() {
        StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(
                hash -> text.append(Base64.getEncoder().encodeToString(hash)).append('\n'));
        return text.append('\n').append(note).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Empty if it is out of shape anywhere; no signature is looked at. */
    public static Optional<AddCheckpoint> parse(byte[] body) {
        if (body.length > MOST_BYTES) {
            return Optional.empty();
        }
        return NoteText.decode(body).flatMap(AddCheckpoint::parse);
    }

    private static Optional<AddCheckpoint> parse(String text) {
        int blank = text.indexOf("\n\n");
        List<String> lines = blank < 0
                ? new ArrayList<>()
                : new ArrayList<>(text.substring(0, blank).lines().toList());
        if (lines.isEmpty() || !lines.getFirst().startsWith(OLD)) {
            return Optional.empty();
        }
        String size = lines.removeFirst().substring(OLD.length());
        List<byte[]> proof = new ArrayList<>();
        for (String line : lines) {
            NoteText.base64(line).filter(hash -> hash.length == Sha256.BYTES).ifPresent(proof::add);
        }
        String note = text.substring(blank + 2);
        return SIZE.matcher(size).matches()
                        && proof.size() == lines.size()
                        && proof.size() <= ConsistencyProof.MOST_HASHES
                        && Checkpoint.isShaped(note)
                ? Optional.of(new AddCheckpoint(Long.parseLong(size), proof, note))
                : Optional.empty();
    }

    /** The log that it says it is of. */
    public String origin() {
        return note.substring(0, note.indexOf('\n'));
    }

    /** The size that it says the new tree has. */
    public long newSize() {
        return Long.parseLong(note.lines().skip(1).findFirst().orElseThrow());
    }

    /**
     * Whether the proof leads from the old tree to the new one.
     *
     * @param oldRoot base64, of the tree of {@link #oldSize}
     * @param signed the checkpoint in {@link #note}, its signature checked
     */
    public boolean leads(String oldRoot, Checkpoint signed) {
        Base64.Decoder base64 = Base64.getDecoder();
        return ConsistencyProof.leads(
                oldSize, base64.decode(oldRoot), signed.size(), base64.decode(signed.root()), proof);
    }

    /** The root of a tree without entries, base64. */
    public static String emptyRoot() {
        return new Frontier().rootText();
    }
}
