package dev.reeve.export;

import dev.reeve.audit.EventText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * RFC 4180. Every cell is quoted; one that a spreadsheet would take for a formula begins with an apostrophe (R9), and characters that do not
 * show are written as what they are.
 */
final class CsvFormat {
    static final String HEAD = row(List.of(
            "index",
            "outcome_index",
            "time",
            "kind",
            "id",
            "agent",
            "user",
            "session",
            "tool",
            "upstream",
            "status",
            "rule",
            "code",
            "person",
            "act",
            "subject",
            "reason",
            "resources",
            "arguments"));

    private CsvFormat() {}

    static String row(Entry entry) {
        return row(List.of(
                Long.toString(entry.happened().record().index()),
                entry.happened()
                        .outcome()
                        .map(outcome -> Long.toString(outcome.index()))
                        .orElse(""),
                entry.text("time"),
                entry.traits().kind(),
                entry.id(),
                entry.traits().agent(),
                entry.traits().user(),
                entry.traits().session(),
                entry.traits().subject(),
                entry.traits().upstream(),
                entry.traits().status(),
                entry.traits().rule(),
                entry.denialCode().orElse(""),
                entry.traits().person(),
                entry.text("act"),
                entry.text("subject"),
                entry.reason().orElse(""),
                String.join(" ", entry.resources()),
                Optional.ofNullable(entry.happened().record().disclosed().get("arguments"))
                        .map(Object::toString)
                        .orElse("")));
    }

    private static String row(List<String> cells) {
        return cells.stream().map(CsvFormat::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    /** Also where blanks stand before it: some programs take them away. */
    static String cell(String text) {
        String shown = EventText.escape(text);
        String begin = shown.stripLeading();
        boolean formula = !begin.isEmpty() && "=+-@|%".indexOf(begin.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + shown.replace("\"", "\"\"") + '"';
    }
}
