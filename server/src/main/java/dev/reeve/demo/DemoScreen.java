package dev.reeve.demo;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the demo shows; readable at 100 columns, colour only on a terminal. */
final class DemoScreen {
    private static final int WIDTH = 100;
    private static final int INDENT = 5;
    private static final int HANGING = 14;
    private static final int MOST_ANSWER = 240;
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

    /** A paragraph. */
    void say(String text) {
        wrapped(text, WIDTH).forEach(out::println);
    }

    /** A line as it is, to be copied. */
    void line(String text) {
        out.println(text);
    }

    void agent(String name, List<String> visible, int all) {
        out.println();
        say(name + " connects and sees " + visible.size() + " of " + all + " tools: " + String.join(", ", visible));
    }

    void call(int number, Scene scene, Happened happened, Json.Obj answer) {
        out.println(cut("%3d  %s  %s".formatted(number, scene.tool(), EventText.escape(arguments(scene))), WIDTH));
        String status = EventText.status(happened);
        boolean allowed = status.equals("success");
        below(DIM, "", scene.shows());
        below(allowed ? GREEN : RED, word(status), allowed ? allowedBy(happened) : deniedBecause(happened));
        warning(happened).ifPresent(said -> below(RED, "WARNED", said));
        if (allowed) {
            below(DIM, "answer", cut(said(answer), MOST_ANSWER));
        }
    }

    /** What a judge or a guardrail said of what was let through. */
    private static Optional<String> warning(Happened happened) {
        List<Json> findings =
                happened.record().leaf().array("findings").map(Json.Arr::items).orElse(List.of());
        List<Json> reasons = happened.record().disclosed().get("reasons") instanceof Json.Obj texts
                ? texts.array("findings").map(Json.Arr::items).orElse(List.of())
                : List.of();
        for (int i = 0; i < Math.min(findings.size(), reasons.size()); i++) {
            if (findings.get(i) instanceof Json.Obj finding
                    && finding.string("result").equals(Optional.of("warned"))
                    && reasons.get(i) instanceof Json.Str(String said)) {
                return Optional.of(said);
            }
        }
        return Optional.empty();
    }

    private static String word(String status) {
        return switch (status) {
            case "success" -> "ALLOWED";
            case "denied" -> "DENIED";
            case "held" -> "HELD";
            default -> "FAILED";
        };
    }

    /** What the agent itself reads of a denial. */
    void told(Json.Obj answer) {
        below(DIM, "it reads", said(answer));
    }

    private void below(String code, String label, String text) {
        int at = label.isEmpty() ? INDENT : HANGING;
        List<String> lines = wrapped(EventText.escape(text), WIDTH - at);
        String start = " ".repeat(INDENT) + (label.isEmpty() ? "" : "%-9s".formatted(label));
        for (int i = 0; i < lines.size(); i++) {
            String line = (i == 0 ? start : " ".repeat(at)) + lines.get(i);
            out.println(
                    code.equals(DIM)
                            ? paint(code, line)
                            : line.replaceFirst(label, java.util.regex.Matcher.quoteReplacement(paint(code, label))));
        }
    }

    private static String arguments(Scene scene) {
        return scene.arguments().members().size() == 1
                ? scene.arguments().members().values().iterator().next() instanceof Json.Str text ? text.value() : ""
                : JsonWriter.text(scene.arguments());
    }

    private static String deniedBecause(Happened happened) {
        return EventText.reason(happened).orElse("")
                + EventText.rule(happened).map(rule -> "; by " + rule).orElse("");
    }

    private static String allowedBy(Happened happened) {
        String changed = happened.outcome()
                .map(stored -> stored.disclosed().get("reasons"))
                .filter(Json.Arr.class::isInstance)
                .map(reasons -> ((Json.Arr) reasons)
                        .items().stream()
                                .map(reason -> reason instanceof Json.Str text ? text.value() : reason.toString())
                                .collect(Collectors.joining("; ")))
                .orElse("");
        return "by " + EventText.rule(happened).orElse("a rule")
                + (changed.isEmpty() ? "" : "; " + changed.replaceFirst("^rows: ", ""));
    }

    /** The text of an answer, on one line. */
    private static String said(Json.Obj answer) {
        String text = answer.object("result")
                .flatMap(result -> result.array("content"))
                .map(Json.Arr::items)
                .filter(items -> !items.isEmpty() && items.getFirst() instanceof Json.Obj)
                .flatMap(items -> ((Json.Obj) items.getFirst()).string("text"))
                .or(() -> answer.object("error").flatMap(error -> error.string("message")))
                .orElse("");
        return EventText.escape(text.replace('\n', ' '));
    }

    private String paint(String code, String text) {
        return colour ? code + text + PLAIN : text;
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 3) + "...";
    }

    /** Lines that break between words; a word that is longer than a line is cut. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(cut(word, width));
        }
        lines.add(line.toString());
        return lines;
    }
}
