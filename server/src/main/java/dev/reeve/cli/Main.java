package dev.reeve.cli;

import dev.reeve.connect.ConnectCommand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program. Each subcommand is one line in {@link #commands}. */
@Command(
        name = "reeve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Stands between AI agents and everything they touch.",
        footer = {
            "",
            "A client's config starts `reeve mcp NAME`, a coding agent's hook `reeve hook CLIENT`; `reeve connect` writes those lines.",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration, 3 no process answers;",
            "of `reeve policy replay` also 4 verdicts change, 5 something is unknown.",
            "Start with: reeve demo"
        })
public final class Main implements Runnable {
    private final OfflineRecords offline;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    private Main(OfflineRecords offline) {
        this.offline = offline;
    }

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("serve", ServeCommand::new);
        commands.put("witness", WitnessCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("schema", SchemaCommand::new);
        commands.put("tools", ToolsCommand::new);
        commands.put("upstreams", UpstreamsCommand::new);
        commands.put("policy", PolicyCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("connect", () -> new ConnectCommand(LocalInstallation::new));
        commands.put("agent", AgentCommand::new);
        commands.put("key", KeyCommand::new);
        commands.put("admin", AdminCommand::new);
        commands.put("kill", KillCommand::new);
        commands.put("limits", LimitsCommand::new);
        commands.put("approvals", ApprovalsCommand::new);
        commands.put("grants", GrantsCommand::new);
        commands.put("tokens", TokensCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("stop", StopCommand::new);
        commands.put("doctor", DoctorCommand::new);
        return commands;
    }

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("hook")) {
            dev.reeve.connector.HookMain.main(arguments);
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("mcp")) {
            dev.reeve.connector.Connector.main(arguments);
            return;
        }
        if (arguments.length == 2 && arguments[0].equals("warm-up")) {
            System.exit(WarmUp.run(Path.of(arguments[1])));
        }
        if (arguments.length > 0 && arguments[0].equals("serve")) {
            Rehearsal.begin();
            HomeOptions.plain(List.of(arguments).subList(1, arguments.length))
                    .ifPresent(home -> System.exit(new ServeCommand(home).call()));
        }
        System.exit(line(LedgerOffline::open, arguments).execute(arguments));
    }

    /**
     * Reading the annotations of every command costs a third of a second. So only the command that the arguments name is read, none for
     * the version, or all of them where they name none: for help, completion and the suggestion after a slip.
     *
     * @param offline how acts are recorded while no process runs
     */
    static CommandLine line(OfflineRecords offline, String... arguments) {
        CommandLine line = new CommandLine(new Main(offline));
        Map<String, Supplier<Object>> commands = commands();
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            commands.keySet().retainAll(Set.of(arguments[0]));
        } else if (Set.of("--version", "-V").containsAll(List.of(arguments)) && arguments.length > 0) {
            commands.clear();
        } else {
            line.addSubcommand("completion", completion());
        }
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("reeve: " + Screen.escape(String.valueOf(failure)));
            return ExitCodes.FAILED;
        });
        return line;
    }

    private static CommandLine completion() {
        CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion
                .getCommandSpec()
                .usageMessage()
                .description("Prints a script that completes commands and options in bash and zsh.")
                .footer("", "Example:  source <(reeve completion)");
        return completion;
    }

    static OfflineRecords offlineRecords(CommandLine line) {
        CommandLine top = line;
        while (top.getParent() != null) {
            top = top.getParent();
        }
        return Objects.requireNonNull(((Main) top.getCommand()).offline);
    }

    /** Without a subcommand it says what there is. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command; `reeve --help` lists them");
    }
}
