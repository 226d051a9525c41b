package dev.reeve.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which ledger, where it need not be this installation's. */
final class LedgerCopyOption {
    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            description = "a copy of a ledger's folder instead of this installation's")
    private @Nullable Path folder;

    Optional<Path> given() {
        return Optional.ofNullable(folder);
    }
}
