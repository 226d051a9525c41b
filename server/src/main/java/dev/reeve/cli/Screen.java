package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes for a person at a terminal. Everything may be foreign text, and is escaped (R9); colour only where somebody sees it. */
final class Screen {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    /** To the top left, and everything from there on gone (ECMA-48: CUP, ED). */
    private static final String HOME = "\u001b[H\u001b[J";

    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final boolean colour;

    Screen(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Colour where standard output is a terminal and NO_COLOR is not set (no-color.org). */
    static Screen on(PrintWriter out) {
        return new Screen(out, isTerminal() && System.getenv("NO_COLOR") == null);
    }

    /** Whether somebody sees what is written. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Begins again at the top, with nothing on it: for what is drawn in place of what was there. */
    void home() {
        out.print(HOME);
    }

    void line(String text) {
        out.println(escape(text));
        out.flush();
    }

    void good(String text) {
        coloured(GREEN, text);
    }

    void bad(String text) {
        coloured(RED, text);
    }

    void warning(String text) {
        coloured(YELLOW, text);
    }

    private void coloured(String code, String text) {
        out.println(colour ? code + escape(text) + PLAIN : escape(text));
        out.flush();
    }

    /** One row for each of these objects. */
    void table(List<String> head, Json.Arr objects, Function<Json.Obj, List<String>> row) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head);
        objects.items().forEach(item -> rows.add(row.apply((Json.Obj) item)));
        table(rows);
    }

    /** Columns as wide as they must be; the first row is the heading. */
    void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = escape(row.get(i)).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = escape(row.get(i));
                line.append(cell).append(" ".repeat(widths.get(i) - cell.length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    /** Control, direction and invisible characters are shown as what they are, not obeyed. */
    static String escape(String text) {
        return EventText.escape(text);
    }
}
