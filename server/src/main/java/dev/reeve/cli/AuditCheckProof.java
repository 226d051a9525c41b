package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.cli.WitnessOptions.Proven;
import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.LogProof;
import dev.reeve.ledger.LogProof.Verdict;
import dev.reeve.ledger.VerifierKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve audit check-proof}: needs a file and a key, and nothing else of an installation. */
@Command(
        name = "check-proof",
        mixinStandardHelpOptions = true,
        description = "Checks a proof (C2SP tlog-proof) offline, against a key that you know.",
        footer = {
            "",
            "Ends with 0 if it holds, with 1 if it does not, with 2 if it cannot be checked.",
            "",
            "Example:  reeve audit check-proof denial.tlog-proof --key ledger.pub",
            "          reeve audit check-proof new.tlog-proof --key ledger-of-2026.pub --successions exported/"
        })
final class AuditCheckProof implements Checked {
    @Mixin
    private LedgerKeyOption key = new LedgerKeyOption();

    @Parameters(paramLabel = "FILE", description = "the proof")
    private Path file = Path.of("");

    @Option(
            names = "--entry",
            paramLabel = "FILE",
            description = "the record's exact bytes, where the proof does not carry them or is to be about these")
    private @Nullable Path entry;

    @Option(
            names = "--successions",
            paramLabel = "DIR|FILE",
            description = {
                "where keys followed the ones that you have: a folder with the files `succession-...`, such as an exported one,",
                "or one of them. Each step is checked under the keys before it"
            })
    private @Nullable Path successions;

    @Mixin
    private WitnessOptions witnesses = new WitnessOptions();

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
        VerifierKeys verifier = key.given()
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "name the key with --key: a proof cannot say whom to believe"));
        byte[] proof = read(file, LogProof.MOST_BYTES);
        Optional<byte[]> known = entry == null ? Optional.empty() : Optional.of(read(entry, Entry.MOST_LEAF_BYTES));
        Verdict verdict = check(proof, verifier, known);
        Optional<Checkpoint> signed =
                verdict instanceof Verdict.Holds holds ? Optional.of(holds.checkpoint()) : Optional.empty();
        Proven proven = WitnessOptions.proven(witnesses.given(), signed);
        if (!json) {
            System.out.println(Screen.escape(proven.line()));
        }
        return switch (verdict) {
            case Verdict.Holds ignored when !proven.enough() -> refused("the proof holds, but " + proven.line());
            case Verdict.Holds holds -> holds(holds, proven.line());
            case Verdict.Refused(String what) -> refused(what);
        };
    }

    private Verdict check(byte[] proof, VerifierKeys verifier, Optional<byte[]> known)
            throws CommandException, IOException {
        if (successions == null) {
            return LogProof.check(proof, verifier, known);
        }
        if (!Files.exists(successions)) {
            throw new CommandException(ExitCodes.USAGE, "there is no `" + successions + "`");
        }
        return LogProof.check(proof, verifier, known, successions);
    }

    /** One byte more than allowed is read, so that what is too long is seen to be. */
    private static byte[] read(Path file, int most) throws CommandException, IOException {
        if (!Files.isRegularFile(file)) {
            throw new CommandException(ExitCodes.USAGE, "there is no file `" + file + "`");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most + 1);
        }
    }

    private int holds(Verdict.Holds holds, String proven) {
        String text = new String(holds.entry(), StandardCharsets.UTF_8);
        if (json) {
            System.out.println(EventText.json(Json.object()
                    .put("holds", true)
                    .put("origin", holds.checkpoint().origin())
                    .put("record", holds.index())
                    .put("signed", holds.checkpoint().size())
                    .put("root", holds.checkpoint().root())
                    .put("signatures", Json.Arr.ofStrings(holds.signatures()))
                    .put("entry", text)
                    .put("warnings", Json.Arr.ofStrings(List.of(proven)))
                    .build()));
        } else {
            System.out.println(Screen.escape("holds: record " + holds.index() + " of "
                    + holds.checkpoint().size() + " in the log `"
                    + holds.checkpoint().origin() + "`, root "
                    + holds.checkpoint().root()));
            System.out.println("signatures checked: " + String.join(", ", holds.signatures()));
            System.out.println(Screen.escape("record: " + text));
        }
        return ExitCodes.OK;
    }

    private int refused(String what) {
        System.out.println(
                json
                        ? EventText.json(Json.object()
                                .put("holds", false)
                                .put("problem", what)
                                .build())
                        : Screen.escape("DOES NOT HOLD: " + what));
        return ExitCodes.FAILED;
    }
}
