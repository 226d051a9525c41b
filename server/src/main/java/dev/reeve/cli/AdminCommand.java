package dev.reeve.cli;

import dev.reeve.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve admin}. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        description = "People who sign in to the pages, and tokens of people for the control API.",
        footer = {"", "Example:  reeve admin invite ana --role approver"},
        subcommands = {
            AdminAccounts.Invite.class,
            AdminAccounts.ListAll.class,
            AdminAccounts.Remove.class,
            AdminCommand.Token.class,
            AdminCommand.ListAll.class,
            AdminCommand.Revoke.class,
            AdminCommand.Groups.class,
            AdminSeconds.ListAll.class,
            AdminSeconds.Agree.class,
            AdminSeconds.Refuse.class
        })
final class AdminCommand {
    @Command(
            name = "token",
            mixinStandardHelpOptions = true,
            description = "Makes a token for a person. It is shown once, alone on standard output.",
            footer = {
                "",
                "Example:  reeve admin token ana --expires 7d",
                "          reeve admin token bo --role approver",
                "          reeve admin token cy --role auditor --agent clerk"
            })
    static final class Token extends ControlCommand {
        @Parameters(paramLabel = "PERSON", description = "who will use it")
        private String person = "";

        @Option(names = "--expires", paramLabel = "TIME", description = "from now, such as 12h (default: 30d)")
        private @Nullable String expires;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "admin, policy-author, approver, or auditor (default: admin)")
        private String role = "admin";

        @Option(
                names = "--agent",
                paramLabel = "NAME",
                description = "an auditor sees what this agent did only; may be given several times")
        private List<String> agents = List.of();

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder body =
                    Json.object().put("person", person).put("role", role).put("agents", Json.Arr.ofStrings(agents));
            if (expires != null) {
                body.put("expires", expires);
            }
            Json.Obj token = control.call("POST", "/v1/admin-tokens", body.build());
            if (json) {
                return printed(token);
            }
            screen.line(text(token, "token"));
            note("for " + person + "; it is not shown again");
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists tokens; never their text.",
            footer = {"", "Example:  reeve admin list"})
    static final class ListAll extends ControlCommand {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get("/v1/admin-tokens"),
                    "tokens",
                    List.of("TOKEN", "PERSON", "ROLE", "STATE", "EXPIRES", "MADE BY"),
                    token -> List.of(
                            text(token, "id"),
                            text(token, "person"),
                            text(token, "role"),
                            text(token, "state"),
                            text(token, "expires"),
                            text(token, "by")
                                    + token.string("seconded_by")
                                            .map(second -> ", agreed " + second)
                                            .orElse("")));
        }
    }

    @Command(
            name = "groups",
            mixinStandardHelpOptions = true,
            description =
                    "Says which groups a person belongs to, for `by: [group:NAME]` of rules; without --group, none.",
            footer = {"", "Example:  reeve admin groups ana --group supervisors"})
    static final class Groups extends ControlCommand {
        @Parameters(paramLabel = "PERSON", description = "as in `reeve admin token`")
        private String person = "";

        @Option(names = "--group", paramLabel = "NAME", description = "may be given several times")
        private List<String> groups = List.of();

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj body = Json.object()
                    .put("person", person)
                    .put("groups", Json.Arr.ofStrings(groups))
                    .build();
            Json.Obj people = control.call("POST", "/v1/people", body);
            if (json) {
                return printed(people);
            }
            screen.line(person + ": " + (groups.isEmpty() ? "in no group" : String.join(", ", groups)));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a token at once and for ever.",
            footer = {"", "Example:  reeve admin revoke a_0123456789abcdef"})
    static final class Revoke extends ControlCommand {
        @Parameters(paramLabel = "TOKEN", description = "its id, such as a_0123456789abcdef")
        private String id = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj token =
                    control.call("POST", "/v1/admin-tokens/" + AgentCommand.segment(id) + "/revoke", Json.Obj.EMPTY);
            if (json) {
                return printed(token);
            }
            screen.line("token " + id + ": revoked");
            return ExitCodes.OK;
        }
    }
}
