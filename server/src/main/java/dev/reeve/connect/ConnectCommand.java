package dev.reeve.connect;

import dev.reeve.json.JsonWriter;
import dev.reeve.secrets.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve connect}: exit code 0 if everything is behind Reeve, 3 if some servers stay as they are, 1 if nothing was changed. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        description = "Put an MCP client's servers behind Reeve: shows what it would change, asks, and can undo it.",
        footer = {
            "",
            "Reads .mcp.json and ~/.claude.json (claude-code), .cursor/mcp.json and ~/.cursor/mcp.json (cursor), .vscode/mcp.json and mcp.json",
            "of the user's VS Code (vscode). Those of the project come first; --config names any other.",
            "A bare connector cannot hold an agent that has a shell and your user: docs/integrations says what it protects.",
            "Servers that npx or uvx would fetch are installed once and start confined where this machine can: docs/confinement.md.",
            "--hook lets Reeve decide what the agent does by itself, in this project: docs/integrations/coding-agents.md.",
            "Ends with 0 if all is done, 1 if refused, 2 for wrong usage, 3 if some servers were left as they are.",
            "",
            "Example:  reeve connect cursor --home ~/reeve --dry-run"
        })
public final class ConnectCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int WRONG_USE = 2;
    private static final int SOME_LEFT = 3;

    @Parameters(index = "0", paramLabel = "CLIENT", description = "claude-code (or claude), cursor, vscode")
    private String client = "";

    @Option(names = "--config", paramLabel = "FILE", description = "only this config file of the client")
    private @Nullable Path config;

    @Option(names = "--home", paramLabel = "DIR", description = "the folder of reeve.yaml (default: the present one)")
    private Path home = Path.of("");

    @Option(names = "--yes", description = "take every question as answered with yes")
    private boolean yes;

    @Option(names = "--dry-run", description = "show the difference, write nothing")
    private boolean dryRun;

    @Option(names = "--undo", description = "put back what the last run for this client replaced")
    private boolean undo;

    @Option(
            names = "--unconfined",
            description = "start every server as your client did: it can do whatever you can do")
    private boolean unconfined;

    @Option(
            names = "--hook",
            description =
                    "let Reeve decide what a coding agent does by itself (shell, files, fetches): installs its hook")
    private boolean hook;

    @Option(names = "--json", description = "print the result as JSON; the difference goes to standard error")
    private boolean json;

    private final Function<Surroundings, Installation> installation;

    /** @param installation opens what belongs to a home: the running process, or the store under its lock */
    public ConnectCommand(Function<Surroundings, Installation> installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException {
        PrintStream talk = json ? System.err : System.out;
        Surroundings around = surroundings();
        Connect connect = new Connect(
                around, new AtTerminal(talk, yes, input()), installation.apply(around), InstantSource.system());
        try {
            Report report = undo
                    ? connect.undo(client)
                    : hook
                            ? connect.hook(client, dryRun)
                            : connect.connect(client, Optional.ofNullable(config), dryRun, unconfined);
            if (json) {
                System.out.println(JsonWriter.text(report.json()));
            } else {
                report.next().forEach(System.out::println);
            }
            return report.left().isEmpty() ? 0 : SOME_LEFT;
        } catch (RefusedException e) {
            System.err.println("reeve: " + Terminal.escape(String.valueOf(e.getMessage())));
            return Client.find(client).isEmpty() ? WRONG_USE : REFUSED;
        }
    }

    private Surroundings surroundings() throws IOException {
        Map<String, String> environment = System.getenv();
        Path here = Path.of("").toRealPath();
        Path folder = WholeFiles.real(here.resolve(home).normalize());
        return new Surroundings(
                here,
                Path.of(System.getProperty("user.home")).toAbsolutePath(),
                folder,
                keys(folder, environment),
                Path.of(System.getProperty("reeve.home", here.toString()), "reeve")
                        .toAbsolutePath(),
                environment);
    }

    /** As `reeve serve` and the connector find them. */
    private static Path keys(Path folder, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("reeve.yaml");
        Optional<String> named =
                Files.isRegularFile(file) ? OperatorFile.keys(Files.readString(file)) : Optional.empty();
        if (named.isPresent()) {
            return folder.resolve(named.get()).normalize();
        }
        String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
        // A relative one is to be ignored, says the XDG Base Directory Specification.
        Path config =
                configured.startsWith("/") ? Path.of(configured) : Path.of(System.getProperty("user.home"), ".config");
        return config.resolve("reeve").toAbsolutePath();
    }

    /** Never closed: standard input is not ours. */
    private static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** Answers come from the terminal; a script says {@code --yes}. */
    private record AtTerminal(PrintStream out, boolean yes, BufferedReader in) implements Person {
        @Override
        public void say(String line) {
            out.println(line);
        }

        @Override
        public boolean confirms(String question) {
            out.print(question + (yes ? " [y/N] yes (--yes)\n" : " [y/N] "));
            out.flush();
            if (yes) {
                return true;
            }
            String answer = read();
            return answer.equals("y") || answer.equals("yes");
        }

        private String read() {
            try {
                String line = in.readLine();
                return line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
            } catch (IOException e) {
                return "";
            }
        }

        @Override
        public Optional<Secret> secret(String question) {
            return Optional.ofNullable(System.console())
                    .filter(console -> !yes && console.isTerminal())
                    .map(console -> console.readPassword("%s: ", Terminal.escape(question)))
                    .filter(typed -> typed.length > 0)
                    .map(typed -> Secret.of(new String(typed)));
        }
    }
}
