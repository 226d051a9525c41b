package dev.reeve.cli;

import dev.reeve.audit.RecordCheck;
import dev.reeve.demo.Demo.Verified;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.Verification;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Verifies a ledger's folder: the tree, and what the records say of each other. */
final class LedgerCheck {
    private LedgerCheck() {}

    static Verified of(Path ledger, Path publicKey) {
        try {
            VerifierKeys key = VerifierKeys.parse(Files.readString(publicKey).strip());
            RecordCheck records = new RecordCheck();
            Verification found = LedgerVerifier.verify(ledger, key, records, Progress.silent());
            return switch (found) {
                case Verification.Holds holds ->
                    new Verified(
                            true,
                            "whole: " + holds.entries() + " records, "
                                    + (holds.size() == holds.entries() ? "all" : holds.size() + " of them")
                                    + " signed, root "
                                    + holds.root());
                case Verification.Broken broken ->
                    new Verified(
                            false,
                            "NOT whole: " + (broken.index() < 0 ? "" : "record " + broken.index() + ": ")
                                    + broken.what() + " (" + broken.where() + ")");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
