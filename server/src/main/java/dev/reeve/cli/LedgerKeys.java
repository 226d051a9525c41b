package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.ledger.SigningKeys;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The signing keys in an installation's folder of keys, which several installations may have in common. */
final class LedgerKeys {
    private LedgerKeys() {}

    static SigningKeys of(ReeveConfig config) throws IOException {
        SigningKeys keys = SigningKeys.loadOrCreate(config.keys().resolve("ledger.key"));
        lookAgain(keys, config);
        return keys;
    }

    /** Whether other installations have them too. */
    static void lookAgain(SigningKeys keys, ReeveConfig config) throws IOException {
        keys.sharedIf(stores(config.keys()) > 1);
    }

    /** Each installation's store has a key of its own there. */
    private static int stores(Path keys) throws IOException {
        int found = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(keys, "store-*.key")) {
            for (Path ignored : files) {
                found++;
            }
        }
        return found;
    }
}
