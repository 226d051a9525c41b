package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings file in which a coding agent finds its hooks. What is there stays; ours comes first. Sources: the clients' own documentation of
 * {@code .claude/settings.local.json} (Claude Code), {@code .cursor/hooks.json} (Cursor) and {@code .github/hooks/*.json} (VS Code; GitHub Copilot reads the
 * same), as of October 2026.
 */
final class HookSettings {
    /** Longer than our own patience: if the client gives up first, it goes on without an answer. */
    private static final int SECONDS = 30;

    private HookSettings() {}

    static String file(Client client) {
        return switch (client) {
            case CLAUDE_CODE -> ".claude/settings.local.json";
            case CURSOR -> ".cursor/hooks.json";
            case VSCODE -> ".github/hooks/reeve.json";
        };
    }

    /** Events to the entry for each, as JSON. A hook that cannot even start must refuse too, hence `|| exit 2`. */
    private static Map<String, String> entries(Client client, String command) {
        Map<String, String> entries = new LinkedHashMap<>();
        String before = quoted(command + " || exit 2");
        if (client == Client.CURSOR) {
            for (String event : new String[] {"beforeShellExecution", "beforeMCPExecution", "beforeReadFile"}) {
                entries.put(
                        event, "{ \"command\": " + before + ", \"timeout\": " + SECONDS + ", \"failClosed\": true }");
            }
            entries.put(
                    "preToolUse",
                    "{ \"command\": " + before + ", \"matcher\": \"Write|Edit|MultiEdit|Delete|Grep\", \"timeout\": "
                            + SECONDS + ", \"failClosed\": true }");
            return entries;
        }
        // What comes after an action only tells: it must never look like a refusal.
        String after = quoted(command + " 2>/dev/null || true");
        if (client == Client.VSCODE) {
            entries.put("PreToolUse", plain(before));
            entries.put("PostToolUse", plain(after));
            return entries;
        }
        entries.put("PreToolUse", claude(before));
        entries.put("PostToolUse", claude(after));
        entries.put("PostToolUseFailure", claude(after));
        return entries;
    }

    private static String plain(String command) {
        return "{ \"type\": \"command\", \"command\": " + command + ", \"timeout\": " + SECONDS + " }";
    }

    private static String claude(String command) {
        return "{ \"matcher\": \"*\", \"hooks\": [{ \"type\": \"command\", \"command\": " + command + ", \"timeout\": "
                + SECONDS + " }] }";
    }

    /**
     * @param text of the file; empty if there is none
     * @return with our hook at each event; the same text if it is there already
     * @throws RefusedException if the file is not understood
     */
    static String add(Client client, String text, String command) throws RefusedException {
        Map<String, String> entries = entries(client, command);
        if (text.isBlank()) {
            String version = client == Client.CLAUDE_CODE ? "" : "  \"version\": 1,\n";
            return "{\n" + version + "  \"hooks\": " + hooks(entries) + "\n}\n";
        }
        if (!(JsonText.read(text, client.comments()) instanceof JsonText.Obj root)) {
            throw new RefusedException("an object is expected");
        }
        TextEdits edits = new TextEdits();
        Optional<JsonText.Node> hooks = root.get("hooks");
        if (hooks.isEmpty()) {
            member(root, "hooks", hooks(entries), edits);
        } else if (hooks.get() instanceof JsonText.Obj events) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                event(text, events, entry.getKey(), entry.getValue(), edits);
            }
        } else {
            throw new RefusedException("`hooks` is not an object");
        }
        String after = edits.apply(text);
        verify(client, root, after, entries);
        return after;
    }

    private static void event(String text, JsonText.Obj events, String name, String entry, TextEdits edits)
            throws RefusedException {
        Optional<JsonText.Node> list = events.get(name);
        if (list.isEmpty()) {
            member(events, name, "[" + entry + "]", edits);
        } else if (list.get() instanceof JsonText.Arr array) {
            if (!text.substring(array.start(), array.end()).contains(entry)) {
                edits.insert(array.start() + 1, array.items().isEmpty() ? entry : entry + ", ");
            }
        } else {
            throw new RefusedException("`hooks." + name + "` is not a list");
        }
    }

    private static void member(JsonText.Obj object, String name, String value, TextEdits edits) {
        String separator = object.members().isEmpty() ? "\n" : ",";
        edits.insert(object.start() + 1, "\n  " + quoted(name) + ": " + value + separator);
    }

    /** Nothing may be lost, and ours must be where the client looks for it. */
    private static void verify(Client client, JsonText.Obj before, String after, Map<String, String> entries)
            throws RefusedException {
        boolean whole = JsonText.read(after, client.comments()) instanceof JsonText.Obj root
                && before.members().stream()
                        .allMatch(member -> root.get(member.name()).isPresent())
                && entries.keySet().stream()
                        .allMatch(event -> root.object("hooks")
                                .flatMap(hooks -> hooks.get(event))
                                .filter(node -> node instanceof JsonText.Arr array
                                        && !array.items().isEmpty())
                                .isPresent());
        if (!whole) {
            throw new RefusedException("it has a form that cannot be edited safely");
        }
    }

    private static String hooks(Map<String, String> entries) {
        StringBuilder out = new StringBuilder("{");
        entries.forEach((event, entry) -> out.append(out.length() > 1 ? "," : "")
                .append("\n    ")
                .append(quoted(event))
                .append(": [")
                .append(entry)
                .append(']'));
        return out.append("\n  }").toString();
    }

    private static String quoted(String text) {
        return JsonWriter.text(new Json.Str(text));
    }
}
