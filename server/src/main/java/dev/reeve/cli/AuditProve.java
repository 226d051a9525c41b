package dev.reeve.cli;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.ledger.LogProof;
import dev.reeve.ledger.LogProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve audit prove}. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = "Writes a proof that one record stands in the signed log (C2SP tlog-proof).",
        footer = {
            "",
            "The proof holds the record, its way up the tree and the signed checkpoint: `reeve audit check-proof`,",
            "spec/verify.py and other people's code verify it without this installation. Hidden values are not in it.",
            "",
            "Example:  reeve audit prove rv_f0yqzm6k8c2n4t7w1x3v5b9d0h --out denial.tlog-proof"
        })
final class AuditProve implements Checked {
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerKeyOption key = new LedgerKeyOption();

    @Parameters(
            paramLabel = "RECORD",
            description = "its number or ticket; of an action by its ticket, what was decided")
    private String record = "";

    @Option(names = "--outcome", description = "of an action, what came of it")
    private boolean outcome;

    @Option(names = "--out", paramLabel = "FILE", description = "where to (default: what is printed)")
    private @Nullable Path out;

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Override
    public int run() throws CommandException, IOException {
        LedgerSource source = LedgerSource.of(home, copy.given(), key);
        RecordReader.declare(home, copy.given(), "prove", record);
        LogProof proof = LogProofs.of(source.folder(), index(source.folder()), source.key());
        if (out == null) {
            System.out.print(proof.text());
            System.out.flush();
        } else {
            Files.write(out, proof.text().getBytes(StandardCharsets.UTF_8));
            System.err.println("reeve: record " + proof.index() + " is proven by " + Screen.escape(out.toString()));
        }
        return ExitCodes.OK;
    }

    private long index(Path ledger) throws CommandException, IOException {
        if (INDEX.matcher(record).matches()) {
            if (outcome) {
                throw new CommandException(ExitCodes.USAGE, "an index names one record: leave --outcome away");
            }
            return Long.parseLong(record);
        }
        Happened happened = FileReader.find(new AuditReader(ledger), record);
        if (!outcome) {
            return happened.record().index();
        }
        return happened.outcome()
                .orElseThrow(() -> new CommandException(ExitCodes.FAILED, "`" + record + "` has no outcome"))
                .index();
    }
}
