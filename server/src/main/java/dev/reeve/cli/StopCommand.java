package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.store.DataLock;
import dev.reeve.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reeve stop}: asks by the socket of the data folder, so that it ends the process of this installation and no other. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Asks the running process of this installation to end, and waits until it has.",
        footer = {
            "",
            "What runs is finished first. Ends with 0 once it has ended, 1 if it still runs after --wait, 3 if there is none.",
            "",
            "Example:  reeve stop --home my-company"
        })
final class StopCommand extends ControlCommand {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int MOST_SECONDS = 3_600;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "how long (default: ${DEFAULT-VALUE})")
    private int seconds = 30;

    private @Nullable ReeveConfig config;

    @Override
    Control open(ReeveConfig read) throws CommandException {
        config = read;
        return Control.running(read);
    }

    @Override
    int run(Control control, Screen screen) throws CommandException {
        if (seconds < 0 || seconds > MOST_SECONDS || config == null) {
            throw new CommandException(ExitCodes.USAGE, "--wait is from 0 to " + MOST_SECONDS);
        }
        Json.Obj answer = control.call("POST", "/v1/stop", Json.Obj.EMPTY);
        boolean stopped = waits(config.data());
        int code = stopped ? ExitCodes.OK : ExitCodes.FAILED;
        if (json) {
            printed(answer.without("stopping").with("stopped", Json.of(stopped)));
            return code;
        }
        String process = "process " + answer.get("pid").map(Json::toString).orElse("?");
        if (stopped) {
            screen.good("stopped: " + process);
            return code;
        }
        screen.bad(
                process + " was asked to stop and still runs after " + seconds + " s; its log says what it waits for");
        return code;
    }

    /** It has ended when it has given the folder back. */
    private boolean waits(Path data) throws CommandException {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        do {
            try {
                Optional<DataLock> free = DataLock.take(data);
                if (free.isPresent()) {
                    free.get().close();
                    return true;
                }
            } catch (StoreException e) {
                throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        } while (System.nanoTime() < end);
        return false;
    }
}
