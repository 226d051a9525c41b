package dev.reeve.demo;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.PrintStream;
import java.util.Optional;

/** What the demo shows; readable at 100 columns, colour only on a terminal. */
final class DemoScreen {
    private static final int WIDTH = 100;
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean colour;

    DemoScreen(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    void say(String text) {
        out.println(text);
    }

    void agent(String name, int tools) {
        out.println();
        out.println(name + " connects and sees " + tools + " tools");
    }

    void call(int number, Scene scene, Happened happened) {
        String arguments = scene.arguments().members().size() == 1
                ? scene.arguments().members().values().iterator().next() instanceof Json.Str text ? text.value() : ""
                : JsonWriter.text(scene.arguments());
        out.println(cut("%3d  %s  %s".formatted(number, scene.tool(), EventText.escape(arguments))));
        boolean allowed = EventText.status(happened).equals("success");
        String verdict = allowed ? "ALLOWED" : EventText.status(happened).equals("denied") ? "DENIED" : "FAILED";
        String why = allowed ? allowedBy(happened) : EventText.reason(happened).orElse("");
        out.println("     " + paint(allowed ? GREEN : RED, "%-8s".formatted(verdict))
                + cut(EventText.escape(why), WIDTH - 14));
        if (!allowed) {
            EventText.rule(happened).ifPresent(rule -> out.println(paint(DIM, "              rule " + rule)));
        }
        out.println(paint(DIM, "              " + scene.shows()));
    }

    private static String allowedBy(Happened happened) {
        String rule = EventText.rule(happened).orElse("a rule");
        Optional<String> rows = happened.outcome()
                .flatMap(stored -> Optional.ofNullable(stored.disclosed().get("reasons")))
                .map(value -> "; " + JsonWriter.text(value));
        return rule + rows.orElse("");
    }

    private String paint(String colourCode, String text) {
        return colour ? colourCode + text + PLAIN : text;
    }

    private static String cut(String text) {
        return cut(text, WIDTH);
    }

    private static String cut(String text, int width) {
        String line = text.replace('\n', ' ');
        return line.length() <= width ? line : line.substring(0, width - 3) + "...";
    }
}
