package dev.reeve.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one agent can do as a picture (SVG 1.1): the agent, what it goes through, what it reaches. Needs no font, script or other file, is
 * readable on a light and on a dark page, and escapes all text.
 */
public final class ReachDrawing {
    /** More lines than this say nothing to anybody. */
    private static final int MOST_ROWS = 80;

    private static final int MOST_CHARACTERS = 42;
    private static final int WIDTH = 1_040;
    private static final int BOX = 280;
    private static final int HIGH = 30;
    private static final int STEP = 44;
    private static final int TOP = 84;
    private static final int[] LEFT = {20, 380, 740};

    private static final String STYLE = """
            <style>
            svg { background: #ffffff; font: 13px system-ui, sans-serif; }
            .box { fill: #f4f6f8; stroke: #8a94a0; } .private { fill: #fdeceb; stroke: #c0392b; } .who { fill: #e8f0fb; stroke: #2f6db5; }
            text { fill: #1c2430; } .head { font-weight: 600; fill: #5a6572; } .small { font-size: 11px; fill: #5a6572; }
            .line { fill: none; stroke-width: 1.6; } .allowed { stroke: #2e8b57; } .maybe { stroke: #2f6db5; stroke-dasharray: 6 4; }
            .held { stroke: #c07a00; stroke-dasharray: 2 4; }
            @media (prefers-color-scheme: dark) {
            svg { background: #14181d; } .box { fill: #1f252c; stroke: #6b7683; } .private { fill: #3a1f1e; stroke: #e0665a; }
            .who { fill: #1b2a3d; stroke: #6aa3e0; } text { fill: #e6eaef; } .head, .small { fill: #9aa5b1; }
            .allowed { stroke: #5fbf8a; } .maybe { stroke: #6aa3e0; } .held { stroke: #e6a83a; } }
            </style>
            """;

    private final Actor actor;
    private final List<ReachRow> rows;
    private final int leftOut;
    private final Map<String, Integer> through = new LinkedHashMap<>();
    private final Map<String, Integer> resources = new LinkedHashMap<>();
    private final StringBuilder svg = new StringBuilder();

    private ReachDrawing(Actor actor, List<ReachRow> rows) {
        this.actor = actor;
        this.rows = rows.subList(0, Math.min(MOST_ROWS, rows.size()));
        this.leftOut = rows.size() - this.rows.size();
        for (ReachRow row : this.rows) {
            row.through().forEach(door -> through.putIfAbsent(door, through.size()));
            resources.putIfAbsent(row.resource(), resources.size());
        }
    }

    public static String of(Actor actor, List<ReachRow> rows) {
        return new ReachDrawing(actor, rows).draw();
    }

    private String draw() {
        int lines = Math.max(1, Math.max(through.size(), resources.size()));
        int height = TOP + lines * STEP + 40;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("<title>")
                .append(escape("What " + actor.name() + " can do"))
                .append("</title>\n")
                .append(STYLE);
        heading();
        connections(lines);
        box(
                0,
                middle(lines),
                "who",
                actor.name(),
                "roles: " + String.join(", ", actor.roles().stream().sorted().toList()));
        through.forEach((name, at) -> box(1, y(at, through.size(), lines), "box", name, name));
        resources.forEach((name, at) ->
                box(2, y(at, resources.size(), lines), isPrivate(name) ? "private" : "box", name, about(name)));
        if (leftOut > 0) {
            text(LEFT[0], height - 14, "small", leftOut + " more lines are not drawn; the text has them");
        }
        return svg.append("</svg>\n").toString();
    }

    private void heading() {
        text(LEFT[0], 28, "head", "agent");
        text(LEFT[1], 28, "head", "through");
        text(LEFT[2], 28, "head", "reaches (red: labelled data)");
        int x = LEFT[0];
        for (String[] kind : new String[][] {
            {"allowed", "allowed"}, {"maybe", "allowed, under a condition"}, {"held", "a person approves"}
        }) {
            svg.append(String.format(Locale.ROOT, "<path class=\"line %s\" d=\"M%d 52 h36\"/>%n", kind[0], x));
            text(x + 44, 56, "small", kind[1]);
            x += 220;
        }
    }

    private void connections(int lines) {
        Map<String, String> toDoors = new LinkedHashMap<>();
        for (ReachRow row : rows) {
            for (String door : row.through()) {
                toDoors.merge(door, kind(row), ReachDrawing::stronger);
                int from = y(through.getOrDefault(door, 0), through.size(), lines);
                int to = y(resources.getOrDefault(row.resource(), 0), resources.size(), lines);
                curve(
                        LEFT[1] + BOX,
                        from,
                        LEFT[2],
                        to,
                        kind(row),
                        String.join(", ", row.actions()) + ": " + row.how() + " (" + row.rule() + ")");
            }
        }
        toDoors.forEach((door, kind) -> curve(
                LEFT[0] + BOX,
                middle(lines),
                LEFT[1],
                y(through.getOrDefault(door, 0), through.size(), lines),
                kind,
                door));
    }

    private static String kind(ReachRow row) {
        return row.held() ? "held" : row.conditions().isEmpty() && row.unless().isEmpty() ? "allowed" : "maybe";
    }

    private static String stronger(String one, String other) {
        List<String> order = List.of("allowed", "maybe", "held");
        return order.indexOf(one) <= order.indexOf(other) ? one : other;
    }

    private void curve(int x1, int y1, int x2, int y2, String kind, String about) {
        int middle = (x1 + x2) / 2;
        svg.append(String.format(
                Locale.ROOT,
                "<path class=\"line %s\" d=\"M%d %d C%d %d %d %d %d %d\"><title>%s</title></path>%n",
                kind,
                x1,
                y1,
                middle,
                y1,
                middle,
                y2,
                x2,
                y2,
                escape(about)));
    }

    private void box(int column, int y, String kind, String name, String about) {
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s</title><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
                escape(about),
                kind,
                LEFT[column],
                y - HIGH / 2,
                BOX,
                HIGH));
        text(LEFT[column] + 10, y + 5, "", shortened(name));
        svg.append("</g>\n");
    }

    private void text(int x, int y, String kind, String text) {
        String named = kind.isEmpty() ? "" : " class=\"" + kind + "\"";
        svg.append(String.format(Locale.ROOT, "<text%s x=\"%d\" y=\"%d\">%s</text>%n", named, x, y, escape(text)));
    }

    private boolean isPrivate(String resource) {
        return rows.stream()
                .anyMatch(
                        row -> row.resource().equals(resource) && !row.labels().isEmpty());
    }

    private String about(String resource) {
        List<String> lines = new ArrayList<>(List.of(resource));
        for (ReachRow row : rows) {
            if (row.resource().equals(resource)) {
                lines.add(String.join(", ", row.actions()) + ": " + row.how());
            }
        }
        return String.join("\n", lines);
    }

    /** Spread over the whole height, so that a short column stands beside the middle of a long one. */
    private static int y(int at, int count, int lines) {
        return TOP + (int) ((at + 0.5) * lines * STEP / Math.max(1, count));
    }

    private static int middle(int lines) {
        return TOP + lines * STEP / 2;
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS - 1)) + "…";
    }

    /** XML 1.0: what may not stand in it at all, or does not show, is replaced. */
    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\n' -> safe.append('\n');
                default -> safe.appendCodePoint(isShown(c) ? c : 0xFFFD);
            }
        });
        return safe.toString();
    }

    private static boolean isShown(int c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c)
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED
                && type != Character.PRIVATE_USE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
