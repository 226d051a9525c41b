package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.VerifierKey;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reeve audit key}: what an auditor keeps. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Prints the public key that checkpoints are signed with, as C2SP signed-note writes it.",
        footer = {
            "",
            "Give it to whoever is to check the record, on another way than the record itself.",
            "",
            "Example:  reeve audit key > ledger.pub"
        })
final class AuditKey implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
        VerifierKey key = LedgerKeyOption.of(home.read());
        System.out.println(
                json
                        ? JsonWriter.text(Json.object()
                                .put("origin", key.name())
                                .put("key", key.toString())
                                .build())
                        : key.toString());
        return ExitCodes.OK;
    }
}
