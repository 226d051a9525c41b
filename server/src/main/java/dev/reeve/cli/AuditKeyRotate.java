package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.VerifierKey;
import dev.reeve.ledger.VerifierKeys;
import dev.reeve.store.DataLock;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reeve audit key rotate}: other keys sign from now on, and the log says so under the old ones (R30). */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = "Makes new signing keys, names them in the record under the old ones, and removes the old ones.",
        footer = {
            "",
            "Runs while no process does: the process of an installation is ended with `reeve stop`. After a crash the next",
            "start goes on with the old keys or with the new ones, whichever the disk says; then run it again, or not.",
            "Who has the old public keys verifies with them: what follows is found in the record. Who comes new gets the new ones.",
            "",
            "Example:  reeve audit key rotate"
        })
final class AuditKeyRotate implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
        ReeveConfig config = home.read();
        AuditCommand.ledger(config);
        VerifierKeys keys = rotate(config);
        System.out.println(json ? JsonWriter.text(object(keys)) : keys.toString());
        if (!json) {
            System.err.println("reeve: these keys sign from now on; keep a copy of "
                    + Screen.escape(config.keys().resolve(LedgerKeyOption.FILE).toString()) + " elsewhere");
        }
        return ExitCodes.OK;
    }

    private static Json object(VerifierKeys keys) {
        return Json.object()
                .put("origin", keys.name())
                .put(
                        "keys",
                        Json.Arr.ofStrings(
                                keys.all().stream().map(VerifierKey::toString).toList()))
                .build();
    }

    private static VerifierKeys rotate(ReeveConfig config) throws CommandException, IOException {
        Optional<DataLock> lock = Control.lock(config.data());
        if (lock.isEmpty()) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "a reeve process signs just now with the keys of " + config.keys() + ": stop it first with "
                            + HomeOptions.stopping(config));
        }
        try (LedgerOffline ledger = LedgerOffline.open(config)) {
            return ledger.changeKeys("local:" + System.getProperty("user.name", "?"));
        } catch (UnrecordableException e) {
            throw new CommandException(ExitCodes.FAILED, "the keys were not changed: " + e.getMessage());
        } finally {
            lock.get().close();
        }
    }
}
