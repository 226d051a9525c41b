package dev.reeve.cli;

import dev.reeve.connect.ConnectCommand;
import java.util.List;
import java.util.Objects;
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
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration, 3 no process answers.",
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

    private static List<Object> commands() {
        return List.of(
                new ServeCommand(),
                new DemoCommand(),
                new CheckCommand(),
                new SchemaCommand(),
                new ToolsCommand(),
                new UpstreamsCommand(),
                new PolicyCommand(),
                new AuditCommand(),
                new ConnectCommand(LocalInstallation::new),
                new AgentCommand(),
                new KeyCommand(),
                new AdminCommand(),
                new StatusCommand(),
                new StopCommand(),
                new DoctorCommand());
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
        System.exit(line(LedgerOffline::open).execute(arguments));
    }

    /** @param offline how acts are recorded while no process runs */
    static CommandLine line(OfflineRecords offline) {
        CommandLine line = new CommandLine(new Main(offline));
        commands().forEach(line::addSubcommand);
        line.addSubcommand("completion", completion());
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
