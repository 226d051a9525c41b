package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.control.LedgerKeysRoute;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
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
            "A running process does it without a pause (only from the machine itself); without one the command does. After a crash",
            "the next start goes on with the old keys or with the new ones, whichever the disk says; then run it again, or not.",
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
        Json.Obj answer = Control.listens(config.data()) ? ask(config) : LedgerKeysRoute.answer(rotate(config));
        if (json) {
            System.out.println(JsonWriter.text(answer));
        } else {
            for (Json key : answer.array("keys").orElse(Json.Arr.EMPTY).items()) {
                System.out.println(Screen.escape(key instanceof Json.Str vkey ? vkey.value() : ""));
            }
            System.err.println("reeve: these keys sign from now on; keep a copy of "
                    + Screen.escape(config.keys().resolve(LedgerKeyOption.FILE).toString()) + " elsewhere");
        }
        return ExitCodes.OK;
    }

    private static Json.Obj ask(ReeveConfig config) throws CommandException {
        try (Control control = Control.running(config)) {
            return control.call("POST", "/v1/ledger-keys/rotate", Json.Obj.EMPTY);
        }
    }

    private static VerifierKeys rotate(ReeveConfig config) throws CommandException, IOException {
        Optional<DataLock> lock = Control.lock(config.data());
        if (lock.isEmpty()) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "a process has " + config.data() + " but does not answer; `reeve doctor` says more");
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
