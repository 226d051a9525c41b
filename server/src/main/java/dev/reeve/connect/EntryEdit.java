package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes one entry of a client's config start the connector. Members that are not about starting stay, with their comments and their order. */
final class EntryEdit {
    /** They would be the environment, the folder and the headers of our connector, and are those of the server. */
    static final Set<String> OF_THE_PROGRAM = Set.of("env", "cwd", "headers");

    private final String text;
    private final JsonText.Obj entry;
    private final TextEdits edits;

    private EntryEdit(String text, JsonText.Obj entry, TextEdits edits) {
        this.text = text;
        this.entry = entry;
        this.edits = edits;
    }

    static void point(String text, JsonText.Obj entry, String command, List<String> arguments, TextEdits edits) {
        new EntryEdit(text, entry, edits).point(command, arguments);
    }

    private void point(String command, List<String> arguments) {
        String program = "\"command\": " + quoted(command);
        String args = array(arguments);
        boolean hasArguments = entry.get("args").isPresent();
        List<JsonText.Member> removed = new ArrayList<>();
        for (JsonText.Member member : entry.members()) {
            switch (member.name()) {
                case "type" -> edits.replace(member.value(), "\"stdio\"");
                case "command" ->
                    edits.replace(
                            member.value(), quoted(command) + (hasArguments ? "" : next(member) + "\"args\": " + args));
                case "url" ->
                    edits.replace(member.start(), member.value().end(), program + next(member) + "\"args\": " + args);
                case "args" -> {
                    if (entry.get("command").isPresent()) {
                        edits.replace(member.value(), args);
                    } else {
                        removed.add(member);
                    }
                }
                default -> {
                    if (OF_THE_PROGRAM.contains(member.name())) {
                        removed.add(member);
                    }
                }
            }
        }
        remove(removed);
    }

    /** A comma, and what stands between two members in this object: a new line with the same margin, or a space. */
    private String next(JsonText.Member member) {
        int line = text.lastIndexOf('\n', member.start() - 1) + 1;
        String margin = text.substring(line, member.start());
        boolean ownLine = line > entry.start() && margin.isBlank();
        String newline = line > 1 && text.charAt(line - 2) == '\r' ? "\r\n" : "\n";
        return ownLine ? "," + newline + margin : ", ";
    }

    private void remove(List<JsonText.Member> removed) {
        List<JsonText.Member> kept = new ArrayList<>(entry.members());
        kept.removeAll(removed);
        // The member that comes last now must not be followed by a comma, unless the last one was before.
        boolean trailing = entry.members().getLast().comma() >= 0;
        JsonText.Member last = kept.getLast();
        if (!removed.isEmpty() && !trailing && last.comma() >= 0) {
            edits.delete(last.comma(), last.comma() + 1);
        }
        for (JsonText.Member member : removed) {
            remove(member);
        }
    }

    private void remove(JsonText.Member member) {
        int start = member.start();
        int end = member.comma() >= 0 ? member.comma() + 1 : member.value().end();
        int line = text.lastIndexOf('\n', start - 1) + 1;
        boolean first = line > entry.start() && text.substring(line, start).isBlank();
        int rest = end;
        while (rest < text.length() && " \t\r".indexOf(text.charAt(rest)) >= 0) {
            rest++;
        }
        if (first && rest < text.length() && text.charAt(rest) == '\n') {
            edits.delete(line, rest + 1);
        } else if (member.comma() >= 0) {
            edits.delete(start, first ? end : rest);
        } else {
            edits.delete(backOverSpace(start), end);
        }
    }

    private int backOverSpace(int at) {
        int start = at;
        while (" \t".indexOf(text.charAt(start - 1)) >= 0) {
            start--;
        }
        return start;
    }

    private static String quoted(String value) {
        return JsonWriter.text(new Json.Str(value));
    }

    private static String array(List<String> values) {
        return values.stream().map(EntryEdit::quoted).collect(java.util.stream.Collectors.joining(", ", "[", "]"));
    }
}
