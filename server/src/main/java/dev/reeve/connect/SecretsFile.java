package dev.reeve.connect;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * The text of the operator's secrets file: one line per value, {@code NAME.VARIABLE: value}. It lies outside the data folder and belongs to
 * its owner alone (0600).
 */
final class SecretsFile {
    private static final String HEAD = """
            # Values that Reeve gives to MCP servers: NAME.VARIABLE of upstreams in reeve.yaml. For your eyes only; keep it 0600.
            """;

    private final Path path;
    private final Optional<String> text;
    private final Map<String, Secret> values;

    private SecretsFile(Path path, Optional<String> text, Map<String, Secret> values) {
        this.path = path;
        this.text = text;
        this.values = Map.copyOf(values);
    }

    static SecretsFile read(Path path, Optional<String> text) throws RefusedException {
        Map<String, Secret> values = new LinkedHashMap<>();
        YamlText yaml = YamlText.read(text.orElse(""));
        if (yaml.root().isPresent()) {
            if (!YamlText.isBlock(yaml.root().get())
                    || YamlText.column(yaml.root().get()) != 0) {
                throw new RefusedException("it is not written as one `NAME.VARIABLE: value` per line");
            }
            for (NodeTuple tuple : yaml.root().get().getValue()) {
                Optional<String> name = YamlText.scalar(tuple.getKeyNode());
                Optional<String> value = YamlText.scalar(tuple.getValueNode());
                if (name.isEmpty() || value.isEmpty()) {
                    throw new RefusedException("it holds something else than `NAME.VARIABLE: value`");
                }
                values.put(name.get(), Secret.of(value.get()));
            }
        }
        return new SecretsFile(path, text, values);
    }

    Path path() {
        return path;
    }

    Optional<Secret> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * @return the new text, the same if every value is there already
     * @throws RefusedException if a name has another value
     */
    String add(Map<String, Secret> added) throws RefusedException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Secret> entry : new TreeMap<>(added).entrySet()) {
            Optional<Secret> present = get(entry.getKey());
            if (present.isEmpty()) {
                lines.add(entry.getKey() + ": " + Yaml.always(entry.getValue().exposeTextInsecurely()));
            } else if (!present.get().equals(entry.getValue())) {
                throw new RefusedException(path + " has another value for `" + entry.getKey()
                        + "`; remove that line if the client's is the right one, and run this again");
            }
        }
        if (lines.isEmpty()) {
            return text.orElse("");
        }
        String before = text.orElse(HEAD);
        String newline = before.contains("\r\n") ? "\r\n" : "\n";
        String gap = before.isEmpty() || before.endsWith("\n") ? "" : newline;
        String after = before + gap + String.join(newline, lines) + newline;
        SecretsFile check = read(path, Optional.of(after));
        for (Map.Entry<String, Secret> entry : added.entrySet()) {
            if (!check.get(entry.getKey()).equals(Optional.of(entry.getValue()))) {
                throw new RefusedException(
                        path + " has a form that cannot be edited safely; add `" + entry.getKey() + "` by hand");
            }
        }
        return after;
    }

    /** For the difference that is shown: the same lines without one character of a value, comments left out. */
    static String masked(Optional<String> text) {
        if (text.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        text.get().lines().forEach(line -> {
            int colon = line.indexOf(": ");
            boolean entry = colon > 0 && !line.startsWith("#") && !line.startsWith(" ");
            out.append(entry ? line.substring(0, colon) + ": ***" : "# ...").append('\n');
        });
        return out.toString();
    }
}
