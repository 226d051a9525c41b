package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve approvals}. */
@Command(
        name = "approvals",
        mixinStandardHelpOptions = true,
        description = "Shows what agents wait for, and answers it.",
        footer = {
            "",
            "Example:  reeve approvals list",
            "          reeve approvals approve t_0123 --token-file ~/my-token"
        },
        subcommands = {
            ApprovalsCommand.ListAll.class,
            ApprovalsCommand.Show.class,
            ApprovalsCommand.Approve.class,
            ApprovalsCommand.Deny.class,
            ApprovalsCommand.Withdraw.class,
            ApprovalsCommand.BreakGlass.class
        })
final class ApprovalsCommand {
    private static final String PATH = "/v1/approvals/";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** Only the running process knows. */
    abstract static class Asking extends ControlCommand {
        @Override
        Control open(ReeveConfig config) throws CommandException {
            return Control.running(config);
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what waits for people, newest first.",
            footer = {
                "",
                "Example:  reeve approvals list --state any --agent clerk",
                "          reeve approvals list --watch"
            })
    static final class ListAll extends Asking {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "pending, approved, denied, expired, redeemed, withdrawn, any (default: pending)")
        private String state = "pending";

        @Option(names = "--agent", paramLabel = "NAME", description = "of this agent only")
        private @Nullable String agent;

        @Option(names = "--for", paramLabel = "PERSON", description = "only what this person is asked")
        private @Nullable String person;

        @Option(
                names = "--watch",
                description = {
                    "goes on until it is interrupted: at a terminal the list is drawn again when it changes; otherwise, and with",
                    "--json, each change is a line, also that something is answered or has ended"
                })
        private boolean watch;

        @Override
        int run(Control control, Screen screen) throws CommandException {
            String query = "/v1/approvals?state=" + AgentCommand.segment(state)
                    + (agent == null ? "" : "&agent=" + AgentCommand.segment(agent))
                    + (person == null ? "" : "&for=" + AgentCommand.segment(person))
                    // Who lists them in a table sees no arguments, and the record says nothing else.
                    + (json ? "" : "&arguments=false");
            if (watch) {
                new ApprovalWatch(look(control, query), view(screen)).run(ListAll::rest);
                return ExitCodes.OK;
            }
            return listed(screen, control.get(query), "approvals", ApprovalWatch.HEADING, ApprovalWatch::row);
        }

        private ApprovalWatch.View view(Screen screen) {
            if (json) {
                return ApprovalWatch.json(line().getOut());
            }
            return Screen.isTerminal() ? ApprovalWatch.drawn(screen) : ApprovalWatch.lines(screen);
        }

        private ApprovalWatch.Look look(Control control, String query) {
            return new ApprovalWatch.Look() {
                @Override
                public Json.Obj list() throws CommandException {
                    return control.get(query);
                }

                @Override
                public Optional<Json.Obj> one(String ticket) throws CommandException {
                    return control.find(
                            PATH + AgentCommand.segment(ticket) + (json ? "" : "?arguments=false"), "ticket_unknown");
                }
            };
        }

        /** Until the process is interrupted. */
        private static boolean rest() {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            return !Thread.currentThread().isInterrupted();
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = {
                "Shows what would be done, for whom, and by which rule it is asked. Of a result that waits, with the token of",
                "somebody who may answer, also what it says, without what guardrails look for."
            },
            footer = {
                "",
                "Example:  reeve approvals show t_0123",
                "          reeve approvals show t_0123 --result --token-file ~/my-token"
            })
    static final class Show extends Asking {
        @Parameters(paramLabel = "TICKET", description = "as the agent got it")
        private String ticket = "";

        @Option(names = "--result", description = "what waits, for who may answer")
        private boolean result;

        @Mixin
        private PersonToken token = new PersonToken();

        @Override
        int run(Control control, Screen screen) throws CommandException {
            String path = PATH + AgentCommand.segment(ticket);
            Json.Obj one = control.get(path);
            if (result) {
                Json.Obj said = control.call(
                        "POST",
                        path + "/result",
                        Json.object().put("token", token.read()).build());
                one = one.with("result", said.get("result").orElse(Json.Null.NULL));
            }
            if (json) {
                return printed(one);
            }
            ApprovalText.lines(one).forEach(screen::line);
            history(control, text(one, "agent")).ifPresent(screen::line);
            return ExitCodes.OK;
        }

        /** What the same agent was asked for before, by how it ended. */
        private static Optional<String> history(Control control, String agent) throws CommandException {
            Json.Obj all = control.get("/v1/approvals?state=any&arguments=false&agent=" + AgentCommand.segment(agent));
            return ApprovalText.history(all);
        }
    }

    /** One answer. */
    abstract static class Answer extends Asking {
        @Parameters(paramLabel = "TICKET", description = "as the agent got it")
        private String ticket = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "why; it is recorded")
        private String reason = "";

        @Mixin
        private PersonToken token = new PersonToken();

        private final String deed;

        Answer(String deed) {
            this.deed = deed;
        }

        /** What this answer says beside. */
        void more(Json.Builder body) throws CommandException {}

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder body = Json.object().put("reason", reason).put("token", token.read());
            more(body);
            Json.Obj done = control.call("POST", PATH + AgentCommand.segment(ticket) + "/" + deed, body.build());
            if (json) {
                return printed(done);
            }
            screen.good(ticket + ": " + ApprovalText.standing(done));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = {
                "Says yes, as the person whose token it is. The agent's next identical call then runs, once; with --for, such calls",
                "run for a time, as far as the rule that asks lets people grant that: `reeve grants list` shows it."
            },
            footer = {
                "",
                "Example:  reeve approvals approve t_0123 --reason \"agreed with Ana\" --token-file ~/my-token",
                "          reeve approvals approve t_0123 --for 1h --free body --token-file ~/my-token"
            })
    static final class Approve extends Answer {
        @Option(names = "--for", paramLabel = "TIME", description = "calls like this one for so long: 30m, 1h")
        private @Nullable String length;

        @Option(
                names = "--free",
                paramLabel = "ARGUMENT",
                description = "with --for: this argument may be anything; the others stay as they are; may be repeated")
        private List<String> free = List.of();

        Approve() {
            super("approve");
        }

        @Override
        void more(Json.Builder body) throws CommandException {
            if (length == null && !free.isEmpty()) {
                throw new CommandException(ExitCodes.USAGE, "--free needs --for");
            }
            if (length != null) {
                body.put("for", length).put("free", Json.Arr.ofStrings(free));
            }
        }
    }

    @Command(
            name = "deny",
            mixinStandardHelpOptions = true,
            description = "Says no. One no ends it.",
            footer = {"", "Example:  reeve approvals deny t_0123 --reason \"not this week\" --token-file ~/my-token"})
    static final class Deny extends Answer {
        Deny() {
            super("deny");
        }
    }

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Takes back what was asked, or approved and not used yet.",
            footer = {"", "Example:  reeve approvals withdraw t_0123 --token-file ~/my-token"})
    static final class Withdraw extends Answer {
        Withdraw() {
            super("withdraw");
        }
    }

    @Command(
            name = "break-glass",
            mixinStandardHelpOptions = true,
            description =
                    "Lets it happen though those who are asked cannot be had. Two administrators must do it, each with a"
                            + " reason; the status tells of it.",
            footer = {"", "Example:  reeve approvals break-glass t_0123 --reason \"site down\" --token-file ~/my-token"
            })
    static final class BreakGlass extends Answer {
        BreakGlass() {
            super("break-glass");
        }
    }
}
