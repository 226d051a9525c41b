package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in `${...}` as the client would: `${VAR}` and `${VAR:-default}` (Claude Code), `${env:VAR}`, `${workspaceFolder}`, `${userHome}` (Cursor,
 * VS Code), `${input:id}` (VS Code; the person is asked).
 */
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]{0,300})}");

    /** Variables of the environment that say where, not what may be opened. */
    private static final Set<String> HARMLESS = Set.of("HOME", "USER", "LOGNAME", "PWD", "TMPDIR", "LANG", "SHELL");

    private final Client client;
    private final Surroundings around;
    private final Person person;
    private final Map<String, Optional<String>> inputs = new HashMap<>();

    /**
     * @param delicate whether the text may now hold a secret that was not in the file
     * @param unknown the variable that nobody could fill in
     */
    record Filled(String text, boolean delicate, Optional<String> unknown) {}

    private record Found(String text, boolean delicate) {}

    Variables(Client client, Surroundings around, Person person) {
        this.client = client;
        this.around = around;
        this.person = person;
    }

    static boolean has(String text) {
        return VARIABLE.matcher(text).find();
    }

    Filled fill(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        boolean delicate = false;
        while (matcher.find()) {
            Optional<Found> found = find(matcher.group(1));
            if (found.isEmpty()) {
                return new Filled(text, delicate, Optional.of(matcher.group()));
            }
            delicate |= found.get().delicate();
            matcher.appendReplacement(out, Matcher.quoteReplacement(found.get().text()));
        }
        return new Filled(matcher.appendTail(out).toString(), delicate, Optional.empty());
    }

    private Optional<Found> find(String name) {
        if (client == Client.CLAUDE_CODE) {
            int fallback = name.indexOf(":-");
            String variable = fallback < 0 ? name : name.substring(0, fallback);
            return environment(variable)
                    .or(() -> fallback < 0
                            ? Optional.empty()
                            : Optional.of(new Found(name.substring(fallback + 2), false)));
        }
        return switch (name) {
            case "workspaceFolder" -> plain(around.project().toString());
            case "workspaceFolderBasename" ->
                plain(String.valueOf(around.project().getFileName()));
            case "userHome" -> plain(around.userHome().toString());
            case "pathSeparator", "/" -> plain("/");
            default -> prefixed(name);
        };
    }

    private Optional<Found> prefixed(String name) {
        if (name.startsWith("env:")) {
            return environment(name.substring(4));
        }
        if (name.startsWith("input:") && client == Client.VSCODE) {
            return inputs.computeIfAbsent(
                            name.substring(6),
                            id -> person.secret("The value that VS Code asks for as `" + id + "`")
                                    .map(Secret::exposeTextInsecurely))
                    .map(value -> new Found(value, true));
        }
        return Optional.empty();
    }

    private Optional<Found> environment(String name) {
        return Optional.ofNullable(around.environment().get(name))
                .map(value -> new Found(value, !HARMLESS.contains(name)));
    }

    private static Optional<Found> plain(String text) {
        return Optional.of(new Found(text, false));
    }
}
