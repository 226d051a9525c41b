package dev.reeve.cli;

import dev.reeve.audit.RecordCheck;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.NotResumableException;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.TilesVerifier;
import dev.reeve.ledger.Verification;
import dev.reeve.ledger.Waypoint;
import dev.reeve.ledger.Waypoints;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * How far {@code audit verify --resume} got: one line that says what it is, one JSON object, one MAC over both.
 *
 * <p>Security guarantees: only what this user's command wrote is gone on from, and only for the folder and the keys that it was written
 * for. Whoever could make one up could have altered entries passed over; the key of the MAC is therefore in the user's folder of keys and
 * not beside what is verified. The file is replaced as a whole: after a crash the one before is there, or this one.
 */
final class ResumeFile implements Waypoints {
    private static final String FIRST_LINE = "reeve verification, format 1";
    private static final String PURPOSE = "audit verify --resume, format 1";
    /** Intents without an outcome fill it; a record that never ends them is not worth more. */
    private static final int MOST_BYTES = 64 << 20;

    private final Path file;
    private final StoreKey key;
    private final Json.Obj about;
    private final boolean exported;
    private final Optional<Waypoint> start;
    private final RecordCheck records;
    private boolean complained;

    private ResumeFile(Path file, StoreKey key, Json.Obj about, boolean exported, Optional<Json.Obj> state) {
        this.file = file;
        this.key = key;
        this.about = about;
        this.exported = exported;
        this.start = state.map(WaypointJson::read);
        this.records = state.map(
                        found -> RecordCheck.resumed(found.object("records").orElse(Json.Obj.EMPTY)))
                .orElseGet(RecordCheck::new);
    }

    /**
     * @param keys the user's folder of keys
     * @param source what is to be verified
     * @throws CommandException if the file is of something else, altered, or no such file: it is left as it is
     */
    static ResumeFile open(Path file, Path keys, LedgerSource source, boolean exported)
            throws CommandException, IOException {
        StoreKey key;
        try {
            key = StoreKey.ofUser(keys, PURPOSE, new SecureRandom());
        } catch (StoreException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
        Json.Obj about = about(source, exported);
        Optional<Json.Obj> state = Files.exists(file) ? Optional.of(read(file, key)) : Optional.empty();
        if (state.isPresent() && !state.get().object("about").equals(Optional.of(about))) {
            throw refused(file, "it is of another folder, another log or other keys");
        }
        try {
            return new ResumeFile(file, key, about, exported, state);
        } catch (IllegalArgumentException e) {
            throw refused(file, "it makes no sense: " + e.getMessage());
        }
    }

    private static Json.Obj about(LedgerSource source, boolean exported) throws IOException {
        return Json.object()
                .put("exported", exported)
                .put("folder", source.folder().toRealPath().toString())
                .put("keys", source.key().toString())
                .build();
    }

    private static Json.Obj read(Path file, StoreKey key) throws CommandException, IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            throw refused(file, "it was not written by `audit verify --resume`");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.startsWith(FIRST_LINE + "\n")) {
            throw refused(file, "it was not written by `audit verify --resume`");
        }
        int mac = text.lastIndexOf('\n', text.length() - 2) + 1;
        String said = text.substring(0, mac);
        // Compared as texts that were written in one way: so no byte of the file can be another one.
        byte[] written = (said + mac(said, key) + "\n").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(written, bytes)) {
            throw refused(file, "it is damaged, or it was written by somebody else");
        }
        return WaypointJson.object(said.substring(FIRST_LINE.length() + 1));
    }

    private static String mac(String said, StoreKey key) {
        return Base64.getEncoder().encodeToString(key.of(said.getBytes(StandardCharsets.UTF_8)));
    }

    private static CommandException refused(Path file, String why) {
        return new CommandException(
                ExitCodes.USAGE,
                "`" + file + "` cannot be gone on from: " + why + "; with another name for --resume, or without that"
                        + " file, it begins with the first record");
    }

    /** The check of what records say of each other, which has seen what lies before the place to go on from. */
    RecordCheck records() {
        return records;
    }

    /** Verifies from there on; if all of it holds, the file has done its work. */
    Verification verify(LedgerSource source, Optional<Checkpoint> kept, Progress progress)
            throws CommandException, IOException {
        Verification found;
        try {
            found = exported
                    ? TilesVerifier.verify(source.folder(), source.key(), kept, records, this, progress)
                    : LedgerVerifier.verify(source.folder(), source.key(), records, this, progress);
        } catch (NotResumableException e) {
            throw refused(file, String.valueOf(e.getMessage()));
        }
        if (found instanceof Verification.Holds) {
            Files.deleteIfExists(file);
        }
        return found;
    }

    @Override
    public Optional<Waypoint> start() {
        return start;
    }

    /** Called when the check has been asked for every record before this place, and for none behind it. */
    @Override
    public void reached(Waypoint place) {
        String said = FIRST_LINE + "\n"
                + JsonWriter.text(WaypointJson.of(place).with("about", about).with("records", records.state()))
                + "\n";
        byte[] bytes = (said + mac(said, key) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes.length > MOST_BYTES) {
                throw new IOException("too many intents without an outcome");
            }
            replace(bytes);
        } catch (IOException e) {
            complain(e);
        }
    }

    private void replace(byte[] bytes) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(
                next, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What is verified is worth more than a place to go on from. */
    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            System.err.println(Screen.escape(
                    "reeve: `" + file + "` cannot be written, so nothing goes on from here: " + e.getMessage()));
        }
    }
}
