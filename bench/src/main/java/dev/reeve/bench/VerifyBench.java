package dev.reeve.bench;

import dev.reeve.audit.RecordCheck;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.Verification;
import dev.reeve.ledger.VerifierKeys;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What verifying a ledger costs in CPU time of the process, collector and compiler included, several times in one process: the first times
 * are what code costs that is not compiled yet. {@code java ... VerifyBench LEDGER PUBLIC-KEY ROUNDS}: what {@code audit verify} does, without
 * its start.
 */
public final class VerifyBench {
    private VerifyBench() {}

    public static void main(String[] arguments) throws Exception {
        Path ledger = Path.of(arguments[0]);
        VerifierKeys keys =
                VerifierKeys.parse(Files.readString(Path.of(arguments[1])).strip());
        double most = 0;
        for (int round = Integer.parseInt(arguments[2]); round > 0; round--) {
            long begun = cpu();
            Verification found = LedgerVerifier.verify(ledger, keys, new RecordCheck(), Progress.silent());
            double seconds = (cpu() - begun) / 1e9;
            if (!(found instanceof Verification.Holds holds)) {
                throw new IllegalStateException("the ledger does not hold: " + found);
            }
            most = Math.max(most, holds.entries() / seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%d entries, %.2f s CPU, %.0f for each second of it; most so far %.0f%n",
                    holds.entries(),
                    seconds,
                    holds.entries() / seconds,
                    most);
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
