package dev.reeve.cli;

import dev.reeve.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve tokens}. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "What agents got instead of personal data, and what stands behind it.",
        footer = {
            "",
            "Example:  reeve tokens list --agent clerk",
            "          reeve tokens reveal t_0123 --reason \"ticket 4711\" --token-file ~/my-token"
        },
        subcommands = {TokensCommand.ListAll.class, TokensCommand.Reveal.class})
final class TokensCommand {
    private static final String PATH = "/v1/tokens";

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the tokens that live, newest first, without what they stand for; at most 1,000.",
            footer = {"", "Example:  reeve tokens list --agent clerk"})
    static final class ListAll extends ApprovalsCommand.Asking {
        @Option(names = "--agent", paramLabel = "NAME", description = "of this agent only")
        private @Nullable String agent;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get(PATH + (agent == null ? "" : "?agent=" + AgentCommand.segment(agent))),
                    "tokens",
                    List.of("TOKEN", "AGENT", "USED", "FOR", "UNTIL"),
                    one -> List.of(
                            text(one, "token"),
                            text(one, "agent"),
                            one.get("used").equals(java.util.Optional.of(Json.Bool.TRUE)) ? "yes" : "no",
                            ApprovalText.texts(one, "by"),
                            text(one, "expires")));
        }
    }

    @Command(
            name = "reveal",
            mixinStandardHelpOptions = true,
            description =
                    "Shows what a token stands for, to whom the guardrail lets turn it back. It is recorded first.",
            footer = {"", "Example:  reeve tokens reveal t_0123 --reason \"ticket 4711\" --token-file ~/my-token"})
    static final class Reveal extends ApprovalsCommand.Asking {
        @Parameters(paramLabel = "TOKEN", description = "as the agent or the record has it, with or without brackets")
        private String token = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; it is recorded")
        private String reason = "";

        @Mixin
        private PersonToken person = new PersonToken();

        /** Without the kind and the brackets around it. */
        private String id() {
            return token.startsWith("[") && token.endsWith("]")
                    ? token.substring(token.indexOf(':') + 1, token.length() - 1)
                    : token;
        }

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj answer = control.call(
                    "POST",
                    PATH + "/" + AgentCommand.segment(id()) + "/reveal",
                    Json.object()
                            .put("reason", reason)
                            .put("token", person.read())
                            .build());
            if (json) {
                return printed(answer);
            }
            screen.line(text(answer, "value"));
            return ExitCodes.OK;
        }
    }
}
