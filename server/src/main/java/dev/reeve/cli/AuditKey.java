package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reeve audit key}: what an auditor keeps. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Prints the public keys that checkpoints are signed with, as C2SP signed-note writes them.",
        footer = {
            "",
            "One a line: Ed25519, and ML-DSA-44, which no quantum computer forges. Every checkpoint has both signatures.",
            "Give them to whoever is to check the record, on another way than the record itself.",
            "",
            "Example:  reeve audit key > ledger.pub"
        },
        subcommands = AuditKeyRotate.class)
final class AuditKey implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description = "only that of Ed25519 or of ML-DSA-44, for tools that know one")
    private @Nullable String algorithm;

    @Override
    public int run() throws CommandException, IOException {
        VerifierKeys keys = LedgerKeyOption.of(home.read());
        List<VerifierKey> wanted = keys.all().stream()
                .filter(key -> algorithm == null || key.algorithm().equalsIgnoreCase(algorithm))
                .toList();
        if (wanted.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE, "there is no key of `" + algorithm + "`; there are " + keys.algorithms());
        }
        if (json) {
            System.out.println(JsonWriter.text(Json.object()
                    .put("origin", keys.name())
                    .put(
                            "keys",
                            new Json.Arr(wanted.stream().map(AuditKey::object).toList()))
                    .build()));
        } else {
            wanted.forEach(System.out::println);
        }
        return ExitCodes.OK;
    }

    private static Json object(VerifierKey key) {
        return Json.object()
                .put("algorithm", key.algorithm())
                .put("key", key.toString())
                .build();
    }
}
