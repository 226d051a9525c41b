package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.ledger.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose signature counts. The user says it, never what is verified (R30). */
final class LedgerKeyOption {
    static final String FILE = "ledger.pub";
    private static final int MOST_BYTES = 1024;

    @Option(names = "--key", paramLabel = "KEY", description = "the public key, name+hash+base64, or a file with it")
    private @Nullable String key;

    boolean isGiven() {
        return key != null;
    }

    /** The key that was given. */
    Optional<VerifierKey> given() throws CommandException, IOException {
        return key == null ? Optional.empty() : Optional.of(parse(key));
    }

    /** The key that was given, or this installation's. */
    VerifierKey orOf(ReeveConfig config) throws CommandException, IOException {
        return key == null ? of(config) : parse(key);
    }

    static VerifierKey of(ReeveConfig config) throws CommandException, IOException {
        Path file = config.keys().resolve(FILE);
        if (!Files.exists(file)) {
            throw new CommandException(
                    ExitCodes.FAILED, "there is no key yet: " + file + " is made at the first start");
        }
        return read(file);
    }

    private static VerifierKey parse(String key) throws CommandException, IOException {
        try {
            return Files.exists(Path.of(key)) ? read(Path.of(key)) : vkey(key);
        } catch (InvalidPathException e) {
            return vkey(key);
        }
    }

    private static VerifierKey read(Path file) throws CommandException, IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new CommandException(ExitCodes.USAGE, file + " is no public key: it is too long");
        }
        return vkey(Files.readString(file));
    }

    private static VerifierKey vkey(String text) throws CommandException {
        try {
            return VerifierKey.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
