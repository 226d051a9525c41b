package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes YAML scalars so that no reader can take them for anything but text. */
final class Yaml {
    /** Letters that no YAML 1.1 or 1.2 reader takes for a number, a truth value, a date or null. */
    private static final Pattern BARE = Pattern.compile("[A-Za-z@/.][A-Za-z0-9_@/.+-]{0,200}");

    private static final Pattern WORD_WITH_MEANING =
            Pattern.compile("(?i)y|n|yes|no|true|false|on|off|null|\\.inf|\\.nan|\\.[0-9].*");

    private Yaml() {}

    static String quoted(String text) {
        boolean plain = BARE.matcher(text).matches()
                && !text.startsWith("@")
                && !text.equals(".")
                && !WORD_WITH_MEANING.matcher(text).matches();
        return plain ? text : always(text);
    }

    /** Every JSON string is a YAML double-quoted scalar, but for the separators that YAML reads as line breaks. */
    static String always(String text) {
        return JsonWriter.text(new Json.Str(text))
                .replace("\u0085", "\\u0085")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029")
                .replace("\uFEFF", "\\uFEFF")
                .replace("\u007F", "\\u007F");
    }

    static String list(List<String> texts) {
        return texts.stream().map(Yaml::quoted).collect(Collectors.joining(", ", "[", "]"));
    }
}
