package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ProblemText;
import dev.reeve.config.TlsCheck;
import dev.reeve.config.WitnessConfig;
import dev.reeve.config.WitnessFile;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.policy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reeve witness}: cosigns the checkpoints of others' logs, until it is told to stop. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = "Runs a witness: cosigns checkpoints of other logs that continue what it cosigned before.",
        footer = {
            "",
            "Needs no installation of Reeve beside it, only a witness.yaml; docs/witnesses.md has one. It speaks c2sp.org/tlog-witness,",
            "so any log may use it. Run it on another machine than the logs, by other people.",
            "Prints one line when it is ready: `ready: witness URL key KEY`. SIGTERM ends it.",
            "",
            "Example:  reeve witness --config /etc/reeve/witness.yaml",
            "          reeve witness --config /etc/reeve/witness.yaml --print-key"
        })
final class WitnessCommand implements Checked {
    @Option(names = "--config", paramLabel = "FILE", description = "its file (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("witness.yaml");

    @Option(names = "--print-key", description = "prints its public key, which is made if need be, and ends")
    private boolean printKey;

    @Override
    public int run() throws CommandException, IOException, InterruptedException {
        WitnessConfig config = read();
        CosigningKey key = CosigningKey.loadOrCreate(config.key(), config.name());
        if (printKey) {
            System.out.println(key.verifier());
            return ExitCodes.OK;
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            stop.countDown();
            try {
                stopped.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (WitnessServe witness = WitnessServe.open(config, key)) {
            System.out.println("ready: witness " + witness.url() + " key " + key.verifier());
            System.out.flush();
            stop.await();
        } finally {
            stopped.countDown();
        }
        return ExitCodes.OK;
    }

    private WitnessConfig read() throws CommandException {
        if (!Files.exists(file)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "there is no " + file.toAbsolutePath() + "; name the witness's file with --config");
        }
        Loaded<WitnessConfig> loaded = WitnessFile.read(Home.ofFile(file, Optional.empty(), System.getenv()));
        WitnessConfig config = loaded.value()
                .orElseThrow(() ->
                        new CommandException(ExitCodes.USAGE, loaded.text().strip()));
        List<String> errors = TlsCheck.of(config, Instant.now()).stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .map(ProblemText::of)
                .toList();
        if (!errors.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, String.join("\n", errors));
        }
        return config;
    }
}
