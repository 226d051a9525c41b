package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose signature counts. The user says it, never what is verified (R30). */
final class LedgerKeyOption {
    static final String FILE = "ledger.pub";
    private static final int MOST_BYTES = 8192;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = {
                "a public key, name+hash+base64, or a file with one or two of them, one a line; can be given twice",
                "(Ed25519 and ML-DSA-44): each must have signed"
            })
    private List<String> keys = List.of();

    boolean isGiven() {
        return !keys.isEmpty();
    }

    /** The keys that were given. */
    Optional<VerifierKeys> given() throws CommandException, IOException {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        List<String> vkeys = new ArrayList<>();
        for (String key : keys) {
            vkeys.add(text(key));
        }
        return Optional.of(parse(String.join("\n", vkeys)));
    }

    /** The keys that were given, or this installation's. */
    VerifierKeys orOf(ReeveConfig config) throws CommandException, IOException {
        Optional<VerifierKeys> given = given();
        return given.isPresent() ? given.get() : of(config);
    }

    static VerifierKeys of(ReeveConfig config) throws CommandException, IOException {
        Path file = config.keys().resolve(FILE);
        if (!Files.exists(file)) {
            throw new CommandException(
                    ExitCodes.FAILED, "there is no key yet: " + file + " is made at the first start");
        }
        return parse(read(file));
    }

    /** A key, or what stands in a file. */
    private static String text(String key) throws CommandException, IOException {
        try {
            return Files.exists(Path.of(key)) ? read(Path.of(key)) : key;
        } catch (InvalidPathException e) {
            return key;
        }
    }

    private static String read(Path file) throws CommandException, IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new CommandException(ExitCodes.USAGE, file + " is no public key: it is too long");
        }
        return Files.readString(file);
    }

    private static VerifierKeys parse(String text) throws CommandException {
        try {
            return VerifierKeys.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
