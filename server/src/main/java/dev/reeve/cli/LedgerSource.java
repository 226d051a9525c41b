package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A ledger's folder and the key that signed it: this installation's, or a copy and a key from elsewhere.
 *
 * @param key from the user (R30)
 */
record LedgerSource(Path folder, VerifierKeys key) {
    /** @param copy a folder instead of this installation's; with a key too, no installation is needed */
    static LedgerSource of(HomeOptions home, Optional<Path> copy, LedgerKeyOption key)
            throws CommandException, IOException {
        ReeveConfig config = copy.isPresent() && key.isGiven() ? null : home.read();
        Path folder = copy.isPresent() ? copy.get() : AuditCommand.ledger(Objects.requireNonNull(config));
        VerifierKeys verifier = config == null ? key.given().orElseThrow() : key.orOf(config);
        return new LedgerSource(folder, verifier);
    }
}
