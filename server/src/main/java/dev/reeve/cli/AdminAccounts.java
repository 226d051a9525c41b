package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve admin invite}, {@code accounts} and {@code remove}: who signs in to the pages. */
final class AdminAccounts {
    private AdminAccounts() {}

    @Command(
            name = "invite",
            mixinStandardHelpOptions = true,
            description =
                    "Lets a person in: prints a link for one use within 24 hours, by which the person sets a password.",
            footer = {
                "",
                "For somebody who is there already it is a new link: whoever forgot a password sets another one.",
                "",
                "Example:  reeve admin invite ana --role approver",
                "          reeve admin invite bo --role auditor --agent clerk"
            })
    static final class Invite extends ControlCommand {
        @Parameters(paramLabel = "PERSON", description = "the name to sign in with")
        private String person = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description =
                        "admin, policy-author, approver or auditor; may be given several times; needed for somebody new")
        private List<String> roles = List.of();

        @Option(
                names = "--agent",
                paramLabel = "NAME",
                description = "an auditor sees what this agent did only; may be given several times")
        private List<String> agents = List.of();

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj invited = control.call(
                    "POST",
                    "/v1/accounts",
                    Json.object()
                            .put("name", person)
                            .put("roles", Json.Arr.ofStrings(roles))
                            .put("agents", Json.Arr.ofStrings(agents))
                            .build());
            if (json) {
                return printed(invited);
            }
            Optional<String> address = address(home.read());
            screen.line(address.orElse("") + "/console/welcome?link=" + text(invited, "link"));
            note((address.isPresent() ? "for " : "behind the control address that `reeve serve` prints; for ") + person
                    + ", once, until " + text(invited, "expires") + "; it is not shown again");
            return ExitCodes.OK;
        }

        /** Where people reach the pages, as far as the files say it. */
        static Optional<String> address(ReeveConfig config) {
            InetSocketAddress control = config.listen().control().address();
            boolean known = config.listen().control().tls().isEmpty() && control.getPort() != 0;
            String host = control.getAddress() instanceof Inet6Address
                    ? "[::1]"
                    : control.getAddress().getHostAddress();
            return config.approvals()
                    .address()
                    .or(() -> known ? Optional.of("http://" + host + ":" + control.getPort()) : Optional.empty());
        }
    }

    @Command(
            name = "accounts",
            mixinStandardHelpOptions = true,
            description = "Lists the accounts of people who sign in.",
            footer = {"", "Example:  reeve admin accounts"})
    static final class ListAll extends ControlCommand {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get("/v1/accounts"),
                    "accounts",
                    List.of("PERSON", "ROLES", "STATE", "SINCE"),
                    person -> List.of(
                            text(person, "name"),
                            ApprovalText.texts(person, "roles"),
                            text(person, "state"),
                            text(person, "created")));
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Ends a person's sessions, password and tokens at once and for ever.",
            footer = {
                "",
                "What may be the same person's under a name that is written otherwise (ana@example.com) is named, and goes on.",
                "",
                "Example:  reeve admin remove ana"
            })
    static final class Remove extends ControlCommand {
        @Parameters(paramLabel = "PERSON", description = "the name to sign in with")
        private String person = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj removed = control.call(
                    "POST",
                    "/v1/accounts-removed",
                    Json.object().put("name", person).build());
            if (json) {
                return printed(removed);
            }
            screen.line("person " + person + ": removed");
            removed.array("alike").orElse(Json.Arr.EMPTY).items().stream()
                    .filter(Json.Obj.class::isInstance)
                    .map(Json.Obj.class::cast)
                    .forEach(one -> note("STILL GOOD, and perhaps the same person's: " + alike(one)));
            return ExitCodes.OK;
        }

        private static String alike(Json.Obj one) {
            String name = text(one, "name");
            String whose = "of `" + name + "` (" + ApprovalText.texts(one, "roles") + "); ";
            return text(one, "kind").equals("token")
                    ? "the token " + text(one, "id") + " " + whose + "`reeve admin revoke " + text(one, "id")
                            + "` ends it"
                    : "the account " + whose + "`reeve admin remove '" + name + "'` removes it";
        }
    }
}
