package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that ends at administration. */
abstract class ControlCommand implements Callable<Integer> {
    @Mixin
    HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "print the answer as JSON")
    boolean json;

    @Spec
    @Nullable
    CommandSpec spec;

    /** What it does; prints what it has to say. */
    abstract int run(Control control, Screen screen) throws CommandException;

    /** Without the running process a command works on the store itself; those that only it can answer override this. */
    Control open(ReeveConfig config) throws CommandException {
        return Control.open(config, Main.offlineRecords(line()), line().getErr());
    }

    @Override
    public final Integer call() {
        try (Control control = open(home.read())) {
            return run(control, Screen.on(line().getOut()));
        } catch (CommandException e) {
            String.valueOf(e.getMessage())
                    .lines()
                    .forEach(text -> line().getErr().println("reeve: " + Screen.escape(text)));
            line().getErr().flush();
            return e.exitCode();
        }
    }

    final CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command up");
        }
        return spec.commandLine();
    }

    /** The answer as it came, for scripts. */
    final int printed(Json.Obj answer) {
        line().getOut().println(EventText.json(answer));
        line().getOut().flush();
        return ExitCodes.OK;
    }

    /**
     * A list in the answer, one line for each object of it; the answer as it came, if that is wanted.
     *
     * @param list the member that holds it
     */
    final int listed(
            Screen screen, Json.Obj answer, String list, List<String> head, Function<Json.Obj, List<String>> row) {
        if (json) {
            return printed(answer);
        }
        screen.table(head, answer.array(list).orElse(Json.Arr.EMPTY), row);
        return ExitCodes.OK;
    }

    /** A note that is not the answer. */
    final void note(String text) {
        line().getErr().println(Screen.escape(text));
        line().getErr().flush();
    }

    static String text(Json.Obj object, String member) {
        return object.string(member).orElse("-");
    }
}
