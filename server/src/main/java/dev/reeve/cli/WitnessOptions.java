package dev.reeve.cli;

import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Quorum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which witnesses count, and how many of them must have cosigned. The user says it, never what is verified (R30). */
final class WitnessOptions {
    private static final int MOST_BYTES = 1024;

    @Option(
            names = "--witness",
            paramLabel = "KEY",
            description = "a witness's public key, name+hash+base64, or a file with it; once for each witness")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--quorum",
            paramLabel = "COUNT",
            description = "with --witness: how many of them must have cosigned (default: all)")
    private @Nullable Integer quorum;

    /**
     * What witnesses prove of a record.
     *
     * @param line for a person, the first that is said
     * @param enough false if witnesses were asked for and too few of them have cosigned
     */
    record Proven(String line, boolean enough) {}

    /** Empty if no witness is named: then nothing of them is looked at. */
    Optional<Quorum> given() throws CommandException, IOException {
        if (keys.isEmpty() && quorum != null) {
            throw new CommandException(ExitCodes.USAGE, "--quorum goes with --witness: name the witnesses");
        }
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        List<CosignerKey> witnesses = new ArrayList<>();
        for (String key : keys) {
            witnesses.add(parse(key));
        }
        try {
            return Optional.of(new Quorum(witnesses, quorum == null ? witnesses.size() : quorum));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static CosignerKey parse(String key) throws CommandException, IOException {
        try {
            return CosignerKey.parse(text(key));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static String text(String key) throws CommandException, IOException {
        try {
            Path file = Path.of(key);
            if (!Files.isRegularFile(file)) {
                return key;
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new CommandException(ExitCodes.USAGE, key + " is no public key: it is too long");
            }
            return Files.readString(file);
        } catch (InvalidPathException e) {
            return key;
        }
    }

    /** @param cosigned signed by the log; who else signed it is looked at here */
    static Proven proven(Optional<Quorum> wanted, Optional<Checkpoint> cosigned) {
        if (wanted.isEmpty()) {
            return new Proven(LedgerVerifier.UNWITNESSED, true);
        }
        Quorum quorum = wanted.get();
        Map<CosignerKey, Instant> found = cosigned.map(quorum::cosigners).orElse(Map.of());
        String who = found.entrySet().stream()
                .map(one -> one.getKey().name() + " at " + one.getValue())
                .collect(Collectors.joining(", "));
        String counted = found.size() + " of " + quorum.witnesses().size() + " witnesses"
                + (who.isEmpty() ? "" : " (" + who + ")");
        if (found.size() < quorum.needed()) {
            return new Proven(
                    "only " + counted + " have cosigned, and " + quorum.needed()
                            + " must: that this is the only history under these keys, and the latest, is not proven",
                    false);
        }
        return new Proven(
                counted + " have cosigned the first " + cosigned.orElseThrow().size()
                        + " entries: they saw no other history of them, and none longer then; what came later is not"
                        + " proven to be the only one, nor that this is the latest",
                true);
    }
}
