package dev.reeve.cli;

import dev.reeve.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Creates, rotates and revokes the keys of agents.",
        footer = {"", "Example:  reeve key list"},
        subcommands = {
            KeyCommand.Create.class,
            KeyCommand.ListAll.class,
            KeyCommand.Rotate.class,
            KeyCommand.Revoke.class
        })
final class KeyCommand {
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a key for an agent. It is shown once, alone on standard output.",
            footer = {"", "Example:  reeve key create clerk --expires 30d"})
    static final class Create extends ControlCommand {
        @Parameters(paramLabel = "AGENT", description = "whose key it is")
        private String agent = "";

        @Option(names = "--expires", paramLabel = "TIME", description = "from now, such as 12h (default: 90d)")
        private @Nullable String expires;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder body = Json.object().put("agent", agent);
            if (expires != null) {
                body.put("expires", expires);
            }
            return shown(control.call("POST", "/v1/keys", body.build()), screen);
        }

        private int shown(Json.Obj key, Screen screen) {
            return json ? printed(key) : KeyCommand.shown(this, key, screen);
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists keys; never their text.",
            footer = {"", "Example:  reeve key list clerk"})
    static final class ListAll extends ControlCommand {
        @Parameters(paramLabel = "AGENT", arity = "0..1", description = "only those of this agent")
        private @Nullable String agent;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj answer = control.get(agent == null ? "/v1/keys" : "/v1/keys?agent=" + AgentCommand.segment(agent));
            if (json) {
                return printed(answer);
            }
            table(screen, answer);
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Makes a new key in the place of one that stays good for the overlap.",
            footer = {"", "Example:  reeve key rotate k_0123456789abcdef --overlap 1h"})
    static final class Rotate extends ControlCommand {
        @Parameters(paramLabel = "KEY", description = "its id, such as k_0123456789abcdef")
        private String id = "";

        @Option(names = "--overlap", paramLabel = "TIME", description = "such as 1h (default: 0s)")
        private @Nullable String overlap;

        @Option(names = "--expires", paramLabel = "TIME", description = "of the new key, from now (default: 90d)")
        private @Nullable String expires;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder body = Json.object();
            if (overlap != null) {
                body.put("overlap", overlap);
            }
            if (expires != null) {
                body.put("expires", expires);
            }
            Json.Obj key = control.call("POST", "/v1/keys/" + AgentCommand.segment(id) + "/rotate", body.build());
            return json ? printed(key) : shown(this, key, screen);
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a key at once and for ever.",
            footer = {"", "Example:  reeve key revoke k_0123456789abcdef"})
    static final class Revoke extends ControlCommand {
        @Parameters(paramLabel = "KEY", description = "its id, such as k_0123456789abcdef")
        private String id = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj key = control.call("POST", "/v1/keys/" + AgentCommand.segment(id) + "/revoke", Json.Obj.EMPTY);
            if (json) {
                return printed(key);
            }
            screen.line("key " + id + ": revoked");
            return ExitCodes.OK;
        }
    }

    /** The key alone on standard output, so that a script can take it; the rest beside. */
    private static int shown(ControlCommand command, Json.Obj key, Screen screen) {
        screen.line(ControlCommand.text(key, "key"));
        command.note("key " + ControlCommand.text(key, "id") + " of agent " + ControlCommand.text(key, "agent")
                + ", good until " + ControlCommand.text(key, "expires") + "; it is not shown again");
        return ExitCodes.OK;
    }

    static void table(Screen screen, Json.Obj answer) {
        screen.table(
                List.of("KEY", "AGENT", "STATE", "EXPIRES", "LAST USED", "REPLACED BY", "MADE BY"),
                answer.array("keys").orElse(Json.Arr.EMPTY),
                key -> List.of(
                        ControlCommand.text(key, "id"),
                        ControlCommand.text(key, "agent"),
                        ControlCommand.text(key, "state"),
                        ControlCommand.text(key, "expires"),
                        ControlCommand.text(key, "last_used"),
                        ControlCommand.text(key, "replaced_by"),
                        // Of keys from before this was kept.
                        key.string("by").orElse("unknown")));
    }
}
