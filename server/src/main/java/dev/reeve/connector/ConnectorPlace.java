package dev.reeve.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a connector's server is, from its arguments and from two lines of {@code reeve.yaml}.
 *
 * @param agent as which it comes; empty if the one registration there is decides
 */
record ConnectorPlace(String upstream, Path home, Path data, Path keys, String agent) {
    static final String USAGE = """
            usage: reeve mcp NAME [--home DIR] [--as AGENT]
              Connects the MCP client that started it with the upstream NAME of the `reeve serve` of DIR, which it starts if there is none.
              `reeve connect` writes such lines into a client's config.
              Exit codes: 0 done, 2 wrong arguments, 3 not let in, 4 no server, 5 the server went.""";
    private static final long LARGEST = 1 << 20;

    static ConnectorPlace of(String[] arguments) throws ConnectorException {
        String upstream = "";
        String home = "";
        String agent = "";
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "mcp" -> {
                    if (i > 0) {
                        throw wrong(USAGE);
                    }
                }
                case "--home" -> home = value(arguments, ++i);
                case "--as" -> agent = value(arguments, ++i);
                default -> {
                    if (!upstream.isEmpty() || !Preamble.isWord(arguments[i]) || arguments[i].startsWith("-")) {
                        throw wrong(USAGE);
                    }
                    upstream = arguments[i];
                }
            }
        }
        if (upstream.isEmpty() || (!agent.isEmpty() && !Preamble.isWord(agent))) {
            throw wrong(USAGE);
        }
        return at(upstream, home, agent);
    }

    private static ConnectorPlace at(String upstream, String home, String agent) throws ConnectorException {
        try {
            Path folder = Path.of(home).toAbsolutePath().normalize();
            folder = Files.exists(folder) ? folder.toRealPath() : folder;
            String data = member(folder, "data:", "reeve-data");
            String keys = member(folder, "keys:", "");
            return new ConnectorPlace(
                    upstream,
                    folder,
                    folder.resolve(data).normalize(),
                    keys.isEmpty() ? userKeys() : folder.resolve(keys).normalize(),
                    agent);
        } catch (IOException e) {
            throw new ConnectorException(
                    Connector.NO_SERVER, "the home folder cannot be read: ".concat(String.valueOf(e.getMessage())));
        }
    }

    private static Path userKeys() {
        String xdg = System.getenv("XDG_CONFIG_HOME");
        Path folder = xdg != null && xdg.startsWith("/")
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home", "/"), ".config");
        return folder.resolve("reeve");
    }

    /** A text at the top level of {@code reeve.yaml}. A connector that read YAML would be three times as large. */
    private static String member(Path home, String key, String otherwise) throws IOException {
        Path file = home.resolve("reeve.yaml");
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            return otherwise;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.startsWith(key)) {
                String value = line.substring(key.length()).strip();
                char quote = value.isEmpty() ? ' ' : value.charAt(0);
                int end = quote == '"' || quote == '\'' ? value.indexOf(quote, 1) : value.indexOf(" #");
                String text = quote == '"' || quote == '\''
                        ? value.substring(1, Math.max(1, end))
                        : end < 0 ? value : value.substring(0, end).strip();
                return text.isEmpty() ? otherwise : text;
            }
        }
        return otherwise;
    }

    Path socket() {
        return data.resolve("connector.sock");
    }

    /** @throws ConnectorException if there is none for this home, or several and no {@code --as} */
    Registration registration() throws ConnectorException {
        try {
            List<Registration> found = agent.isEmpty() ? all() : named();
            if (found.size() == 1) {
                return found.getFirst();
            }
            throw new ConnectorException(
                    Connector.NOT_LET_IN,
                    found.isEmpty()
                            ? "no client is registered for "
                                    .concat(home.toString())
                                    .concat(": run `reeve connect` for it")
                            : "several clients are registered for "
                                    .concat(home.toString())
                                    .concat(": say which one with --as AGENT"));
        } catch (IOException e) {
            throw new ConnectorException(Connector.NOT_LET_IN, String.valueOf(e.getMessage()));
        }
    }

    private List<Registration> named() throws IOException {
        List<Registration> found = new ArrayList<>();
        Registration.add(Registration.file(keys, home, agent), home, found);
        return found;
    }

    private List<Registration> all() throws IOException {
        List<Registration> found = new ArrayList<>();
        Path folder = Registration.folder(keys);
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Registration.add(file, home, found);
                }
            }
        }
        return found;
    }

    private static String value(String[] arguments, int index) throws ConnectorException {
        if (index >= arguments.length) {
            throw wrong(USAGE);
        }
        return arguments[index];
    }

    private static ConnectorException wrong(String text) {
        return new ConnectorException(Connector.WRONG_ARGUMENTS, text);
    }
}
