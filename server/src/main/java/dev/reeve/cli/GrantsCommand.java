package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve grants}. */
@Command(
        name = "grants",
        mixinStandardHelpOptions = true,
        description = "Gives agents something for a time, as far as the policy lets people, and takes it back.",
        footer = {
            "",
            "Example:  reeve grants offered",
            "          reeve grants give refunds --to support-1 --for 2h --reason \"ticket 4711\" --token-file ~/my-token",
            "          reeve grants revoke g_0123 --token-file ~/my-token"
        },
        subcommands = {
            GrantsCommand.ListAll.class,
            GrantsCommand.Show.class,
            GrantsCommand.Offered.class,
            GrantsCommand.Give.class,
            GrantsCommand.Agree.class,
            GrantsCommand.Revoke.class
        })
final class GrantsCommand {
    private static final String PATH = "/v1/grants";

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what is given now, newest first.",
            footer = {"", "Example:  reeve grants list --state any --agent clerk"})
    static final class ListAll extends ApprovalsCommand.Asking {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "given, proposed, ended, revoked, any (default: given)")
        private String state = "given";

        @Option(names = "--agent", paramLabel = "NAME", description = "to this agent only")
        private @Nullable String agent;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            String query = "?state=" + AgentCommand.segment(state)
                    + (agent == null ? "" : "&agent=" + AgentCommand.segment(agent));
            return listed(
                    screen,
                    control.get(PATH + query),
                    "grants",
                    List.of("GRANT", "STATE", "AGENT", "WHAT", "BY", "UNTIL"),
                    one -> List.of(
                            text(one, "id"),
                            GrantText.state(one),
                            GrantText.to(one),
                            GrantText.what(one),
                            GrantText.givers(one),
                            text(one, "until")));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows what is given, to whom, by whom and why.",
            footer = {"", "Example:  reeve grants show g_0123"})
    static final class Show extends ApprovalsCommand.Asking {
        @Parameters(paramLabel = "GRANT", description = "as `reeve grants list` and records name it")
        private String id = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj one = control.get(PATH + "/" + AgentCommand.segment(id));
            if (json) {
                return printed(one);
            }
            GrantText.lines(one).forEach(screen::line);
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "offered",
            mixinStandardHelpOptions = true,
            description = "Lists what the policy in force lets people give: `grantable` of the policies.",
            footer = {"", "Example:  reeve grants offered"})
    static final class Offered extends ApprovalsCommand.Asking {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get("/v1/grantable"),
                    "grantable",
                    List.of("NAME", "TO", "BY", "UP TO", "PEOPLE", "WHAT"),
                    one -> List.of(
                            text(one, "name"),
                            ApprovalText.texts(one, "to"),
                            ApprovalText.texts(one, "by"),
                            text(one, "up_to"),
                            one.get("quorum").map(Json::toString).orElse("1"),
                            ApprovalText.texts(one, "permissions")));
        }
    }

    /** Something that only a person does. */
    abstract static class Deed extends ApprovalsCommand.Asking {
        @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is recorded")
        private String reason = "";

        @Mixin
        private PersonToken token = new PersonToken();

        int done(Control control, Screen screen, String path, Json.Builder body) throws CommandException {
            Json.Obj answer = control.call(
                    "POST",
                    path,
                    body.put("reason", reason).put("token", token.read()).build());
            if (json) {
                return printed(answer);
            }
            screen.good(text(answer, "id") + ": " + GrantText.standing(answer));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "give",
            mixinStandardHelpOptions = true,
            description = {
                "Gives an agent what the policy lets you give it, for a time. Every option but --to, --for and --reason narrows.",
                "What denies, asks, limits and guards holds as before."
            },
            footer = {
                "",
                "Example:  reeve grants give refunds --to support-1 --for 2h --reason \"ticket 4711\" --token-file ~/my-token",
                "          reeve grants give refunds --to support-1 --for 30m --arguments '{\"customer\": 17}' --reason \"ticket 4711\""
            })
    static final class Give extends Deed {
        @Parameters(paramLabel = "NAME", description = "as `reeve grants offered` lists it")
        private String grantable = "";

        @Option(names = "--to", paramLabel = "AGENT", required = true, description = "the agent that gets it")
        private String agent = "";

        @Option(names = "--instance", paramLabel = "KEY", description = "only this key of the agent's")
        private @Nullable String instance;

        @Option(names = "--user", paramLabel = "NAME", description = "only while it acts for this user")
        private @Nullable String user;

        @Option(names = "--for", paramLabel = "TIME", required = true, description = "for how long: 30m, 2h")
        private String length = "";

        @Option(names = "--tool", paramLabel = "TOOL", description = "only by this tool; a name or a pattern")
        private @Nullable String tool;

        @Option(names = "--resource", paramLabel = "NAME", description = "only this resource; a name or a pattern")
        private @Nullable String resource;

        @Option(names = "--action", paramLabel = "ACTION", description = "only this action; may be repeated")
        private List<String> actions = List.of();

        @Option(
                names = "--arguments",
                paramLabel = "JSON",
                description = "only with these arguments, one JSON object; others may be anything")
        private @Nullable String arguments;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder body = Json.object()
                    .put("grantable", grantable)
                    .put("agent", agent)
                    .put("for", length)
                    .put("actions", Json.Arr.ofStrings(actions));
            put(body, "instance", instance);
            put(body, "user", user);
            put(body, "tool", tool);
            put(body, "resource", resource);
            if (arguments != null) {
                body.put("arguments", object(arguments));
            }
            return done(control, screen, PATH, body);
        }

        private static void put(Json.Builder body, String name, @Nullable String value) {
            if (value != null) {
                body.put(name, value);
            }
        }

        private static Json.Obj object(String text) throws CommandException {
            try {
                return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
            } catch (JsonRefusedException e) {
                throw new CommandException(ExitCodes.USAGE, "--arguments is not one JSON object: " + e.getMessage());
            }
        }
    }

    @Command(
            name = "agree",
            mixinStandardHelpOptions = true,
            description = "Agrees to what somebody else wants to give, where the policy wants several people.",
            footer = {"", "Example:  reeve grants agree g_0123 --reason \"seen\" --token-file ~/my-token"})
    static final class Agree extends Deed {
        @Parameters(paramLabel = "GRANT", description = "as `reeve grants list --state proposed` names it")
        private String id = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            return done(control, screen, PATH + "/" + AgentCommand.segment(id) + "/agree", Json.object());
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Takes it back at once. What runs by it is cut off.",
            footer = {"", "Example:  reeve grants revoke g_0123 --reason \"done\" --token-file ~/my-token"})
    static final class Revoke extends Deed {
        @Parameters(paramLabel = "GRANT", description = "as `reeve grants list` names it")
        private String id = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            return done(control, screen, PATH + "/" + AgentCommand.segment(id) + "/revoke", Json.object());
        }
    }
}
