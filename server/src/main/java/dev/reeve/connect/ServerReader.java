package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Understands the entries of a client's config, or says why not. What is not understood is left alone. */
final class ServerReader {
    /** Members that change how the client starts or reaches a server, and that Reeve cannot take over. */
    private static final Set<String> NOT_TAKEN_OVER = Set.of(
            "envFile",
            "oauth",
            "auth",
            "headersHelper",
            "sandbox",
            "sandboxEnabled",
            "envVars",
            "env_vars",
            "socket",
            "pipe",
            "shell");

    private static final Set<String> SET_BY_THE_PROTOCOL = Set.of("accept", "content-type");

    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,127}";

    /** Those of the protocol itself cannot be set for it. */
    private static final String HEADER =
            "(?i)(?!mcp-|host$|content-length$|transfer-encoding$|connection$|accept-encoding$|expect$"
                    + "|upgrade$|te$|trailer$)[A-Z0-9_.-]{1,100}";

    private static final int MOST_VALUES = 100;
    private static final int LONGEST_VALUE = 16_384;

    private final Variables variables;
    private final SecretsFile secrets;
    private final String script;
    private final Function<String, List<String>> arguments;

    /** Ends the reading of one entry. */
    private static final class LeftAsItIs extends Exception {
        private static final long serialVersionUID = 1;

        LeftAsItIs(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * @param script of this Reeve, as it stands in entries that {@link Planner} wrote
     * @param arguments that stand behind it, by the name of the server
     */
    ServerReader(Variables variables, SecretsFile secrets, String script, Function<String, List<String>> arguments) {
        this.variables = variables;
        this.secrets = secrets;
        this.script = script;
        this.arguments = arguments;
    }

    /**
     * @param folder where the client would start the server if its entry does not say
     * @param off why the client does not start it; empty if it does
     */
    Server read(String name, JsonText.Node node, Path folder, Optional<String> off) {
        try {
            if (!(node instanceof JsonText.Obj entry)) {
                throw new LeftAsItIs("it is not an object");
            }
            if (isOurs(entry)) {
                return new Server.Ours(name);
            }
            if (off.isPresent()) {
                throw new LeftAsItIs(off.get());
            }
            return new Server.Movable(name, entry, upstream(name, entry, folder));
        } catch (LeftAsItIs e) {
            return new Server.Left(name, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Whether the entry starts this connector, exactly as {@code connect} writes it. A project's own file could name any program {@code reeve}, and an
     * environment or another folder could make something else of ours.
     */
    private boolean isOurs(JsonText.Obj entry) throws LeftAsItIs {
        Optional<String> command = entry.string("command");
        List<String> given = new ArrayList<>();
        if (entry.get("args").orElse(null) instanceof JsonText.Arr args) {
            args.items().forEach(item -> given.add(item instanceof JsonText.Str text ? text.value() : ""));
        }
        boolean plain = entry.members().stream()
                .noneMatch(member -> EntryEdit.OF_THE_PROGRAM.contains(member.name())
                        || NOT_TAKEN_OVER.contains(member.name())
                        || member.name().equals("url"));
        if (plain
                && command.equals(Optional.of(script))
                && given.size() > 1
                && given.equals(arguments.apply(given.get(1)))) {
            return true;
        }
        boolean named = command.filter(text -> text.equals("reeve") || text.endsWith("/reeve"))
                .isPresent();
        if (named && !given.isEmpty() && given.getFirst().equals("mcp")) {
            throw new LeftAsItIs("it starts a program named `reeve`, but not as `" + script + " "
                    + String.join(" ", arguments.apply("NAME")) + "` and nothing else; write it so, or remove it");
        }
        return false;
    }

    private Upstream upstream(String clientName, JsonText.Obj entry, Path folder) throws LeftAsItIs {
        String name = Upstream.nameFor(clientName)
                .orElseThrow(() -> new LeftAsItIs("its name has no letter or digit; rename it"));
        for (JsonText.Member member : entry.members()) {
            if (NOT_TAKEN_OVER.contains(member.name())) {
                throw new LeftAsItIs("Reeve cannot take over `" + member.name()
                        + "`; remove it or write the server into reeve.yaml yourself");
            }
        }
        boolean local = entry.get("command").isPresent();
        if (local == entry.get("url").isPresent()) {
            throw new LeftAsItIs("it needs either `command` or `url`");
        }
        checkType(entry.string("type").orElse(local ? "stdio" : "http"), local);
        return local ? stdio(name, entry, folder) : http(name, entry);
    }

    private static void checkType(String type, boolean local) throws LeftAsItIs {
        boolean fits = local
                ? type.equals("stdio")
                : Set.of("http", "streamable-http", "streamableHttp").contains(type);
        if (!fits) {
            throw new LeftAsItIs("its transport `" + type
                    + "` is not supported: Reeve reaches servers by stdio and streamable HTTP");
        }
    }

    private Upstream stdio(String name, JsonText.Obj entry, Path folder) throws LeftAsItIs {
        Path where = entry.get("cwd").isPresent()
                ? folder.resolve(harmless("cwd", string(entry, "cwd"))).normalize()
                : folder;
        List<String> command = new ArrayList<>();
        command.add(program(harmless("command", string(entry, "command")), where));
        if (entry.get("args").isPresent()) {
            for (String argument : strings(entry)) {
                command.add(harmless("args", argument));
            }
        }
        Optional<String> secret = SecretLooks.inCommand(command);
        if (secret.isPresent()) {
            throw new LeftAsItIs(
                    secret.get() + " looks like a secret, which reeve.yaml and every list of processes would show; "
                            + "give it to the server by `env`");
        }
        return new Upstream(name, command, Optional.of(where.toString()), Optional.empty(), values(name, entry, "env"));
    }

    /** A program that is named by a relative path is meant relative to the server's folder, whatever starts it. */
    private static String program(String command, Path folder) throws LeftAsItIs {
        if (command.isEmpty()) {
            throw new LeftAsItIs("`command` is empty");
        }
        return command.contains("/") && !command.startsWith("/")
                ? folder.resolve(command).normalize().toString()
                : command;
    }

    private Upstream http(String name, JsonText.Obj entry) throws LeftAsItIs {
        String url = harmless("url", string(entry, "url"));
        if (SecretLooks.inUrl(url)) {
            throw new LeftAsItIs("its `url` seems to hold a secret; give it by `headers`");
        }
        if (!isReachable(url)) {
            throw new LeftAsItIs("its `url` is not https, nor http to this machine");
        }
        return new Upstream(name, List.of(), Optional.empty(), Optional.of(url), values(name, entry, "headers"));
    }

    private static boolean isReachable(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean safe = scheme.equals("https")
                    || (scheme.equals("http") && Upstream.loopback(uri).isPresent());
            return uri.getHost() != null && uri.getRawFragment() == null && uri.getRawUserInfo() == null && safe;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Map<String, Secret> values(String upstream, JsonText.Obj entry, String member) throws LeftAsItIs {
        Optional<JsonText.Node> node = entry.get(member);
        if (node.isEmpty()) {
            return Map.of();
        }
        if (!(node.get() instanceof JsonText.Obj object) || object.members().size() > MOST_VALUES) {
            throw new LeftAsItIs("`" + member + "` is not an object of at most " + MOST_VALUES + " strings");
        }
        Map<String, Secret> values = new LinkedHashMap<>();
        for (JsonText.Member value : object.members()) {
            if (member.equals("headers")
                    && SET_BY_THE_PROTOCOL.contains(value.name().toLowerCase(Locale.ROOT))) {
                continue;
            }
            if (!value.name().matches(member.equals("env") ? VARIABLE : HEADER)) {
                throw new LeftAsItIs("`" + member + "` has a name that Reeve cannot send on");
            }
            values.put(value.name(), value(upstream, member, value));
        }
        return values;
    }

    private Secret value(String upstream, String member, JsonText.Member value) throws LeftAsItIs {
        String text = scalar(value.value())
                .orElseThrow(() -> new LeftAsItIs("`" + member + "." + value.name() + "` is not a string"));
        Variables.Filled filled = variables.fill(text);
        if (filled.unknown().isPresent()) {
            String name = Upstream.secretName(upstream, value.name());
            // A person may have written the value where it belongs before.
            return secrets.get(name)
                    .orElseThrow(() -> new LeftAsItIs("`" + member + "." + value.name() + "` needs `"
                            + filled.unknown().get() + "`, which is not known here; set it, or write `" + name
                            + "` into " + secrets.path() + ", and run this again"));
        }
        if (member.equals("headers") && !filled.text().matches("[\\t\\x20-\\x7E]*")) {
            throw new LeftAsItIs("`headers." + value.name() + "` holds characters that no header can carry");
        }
        if (filled.text().length() > LONGEST_VALUE) {
            throw new LeftAsItIs("`" + member + "." + value.name() + "` is longer than " + LONGEST_VALUE);
        }
        return Secret.of(filled.text());
    }

    /** VS Code takes numbers as values of variables, too. */
    private static Optional<String> scalar(JsonText.Node node) {
        return switch (node) {
            case JsonText.Str string -> Optional.of(string.value());
            case JsonText.Plain plain when !plain.text().equals("null") -> Optional.of(plain.text());
            case JsonText.Plain ignored -> Optional.empty();
            case JsonText.Obj ignored -> Optional.empty();
            case JsonText.Arr ignored -> Optional.empty();
        };
    }

    private String harmless(String member, String text) throws LeftAsItIs {
        Variables.Filled filled = variables.fill(text);
        if (filled.unknown().isPresent() || filled.delicate()) {
            throw new LeftAsItIs("`" + member
                    + "` uses `${...}`, which may stand for a secret; reeve.yaml is not the place for one, "
                    + "give it by `" + (member.equals("url") ? "headers" : "env") + "` or write it out");
        }
        if (filled.text().chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw new LeftAsItIs("`" + member + "` holds a control character");
        }
        return filled.text();
    }

    private static String string(JsonText.Obj entry, String member) throws LeftAsItIs {
        return entry.string(member).orElseThrow(() -> new LeftAsItIs("`" + member + "` is not a string"));
    }

    private static List<String> strings(JsonText.Obj entry) throws LeftAsItIs {
        List<String> texts = new ArrayList<>();
        if (entry.get("args").orElse(null) instanceof JsonText.Arr array) {
            for (JsonText.Node item : array.items()) {
                texts.add(
                        scalar(item).orElseThrow(() -> new LeftAsItIs("`args` holds something that is not a string")));
            }
            return texts;
        }
        throw new LeftAsItIs("`args` is not a list");
    }
}
