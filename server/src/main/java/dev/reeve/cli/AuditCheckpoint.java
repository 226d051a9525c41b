package dev.reeve.cli;

import dev.reeve.ledger.Checkpoint;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reeve audit checkpoint}: what somebody keeps of a visit. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = "Prints the latest signed state of the record (C2SP tlog-checkpoint), to be kept elsewhere.",
        footer = {
            "",
            "Keep one of each time that the record held: `reeve audit verify --from FILE` reads only what is newer, and proves",
            "that it goes on from there. So whoever keeps checkpoints also sees when an older or another record is shown.",
            "",
            "Example:  reeve audit verify && reeve audit checkpoint > kept"
        })
final class AuditCheckpoint implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Mixin
    private LedgerKeyOption key = new LedgerKeyOption();

    @Override
    public int run() throws CommandException, IOException {
        LedgerSource source = LedgerSource.of(home, copy.given(), key);
        System.out.print(Checkpoint.latest(source.folder(), source.key()).note());
        System.out.flush();
        return ExitCodes.OK;
    }
}
