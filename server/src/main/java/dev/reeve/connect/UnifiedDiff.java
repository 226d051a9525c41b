package dev.reeve.connect;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts as {@code diff -u} shows it. What stands in it is escaped for a terminal (R9). */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;

    /** Beyond this the middle is shown as replaced whole: the table of the longest common part has so many cells. */
    private static final long MOST_CELLS = 16_000_000;

    private record Line(char sign, String text) {}

    private UnifiedDiff() {}

    /** @param exists whether there was a file before */
    public static String of(String name, boolean exists, String before, String after) {
        List<Line> lines = compare(before.lines().toList(), after.lines().toList());
        StringBuilder out = new StringBuilder();
        out.append("--- ").append(exists ? Terminal.escape(name) : "/dev/null").append('\n');
        out.append("+++ ").append(Terminal.escape(name)).append('\n');
        int at = 0;
        while (at < lines.size()) {
            if (lines.get(at).sign() == ' ') {
                at++;
                continue;
            }
            int start = Math.max(0, at - CONTEXT);
            int end = hunkEnd(lines, at);
            hunk(lines, start, end, out);
            at = end;
        }
        return out.toString();
    }

    private static int hunkEnd(List<Line> lines, int from) {
        int last = from;
        for (int i = from; i < lines.size() && i - last <= 2 * CONTEXT; i++) {
            if (lines.get(i).sign() != ' ') {
                last = i;
            }
        }
        return Math.min(lines.size(), last + 1 + CONTEXT);
    }

    private static void hunk(List<Line> lines, int start, int end, StringBuilder out) {
        out.append("@@ -")
                .append(range(lines, start, end, '+'))
                .append(" +")
                .append(range(lines, start, end, '-'))
                .append(" @@\n");
        for (Line line : lines.subList(start, end)) {
            out.append(line.sign()).append(Terminal.escape(line.text())).append('\n');
        }
    }

    private static String range(List<Line> lines, int start, int end, char other) {
        long before = lines.subList(0, start).stream()
                .filter(line -> line.sign() != other)
                .count();
        long count = lines.subList(start, end).stream()
                .filter(line -> line.sign() != other)
                .count();
        return (count == 0 ? before : before + 1) + "," + count;
    }

    private static List<Line> compare(List<String> before, List<String> after) {
        int head = 0;
        while (head < Math.min(before.size(), after.size()) && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(before.size(), after.size()) - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        List<Line> lines = new ArrayList<>();
        before.subList(0, head).forEach(text -> lines.add(new Line(' ', text)));
        middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail), lines);
        before.subList(before.size() - tail, before.size()).forEach(text -> lines.add(new Line(' ', text)));
        return lines;
    }

    private static void middle(List<String> before, List<String> after, List<Line> lines) {
        if ((long) before.size() * after.size() > MOST_CELLS) {
            before.forEach(text -> lines.add(new Line('-', text)));
            after.forEach(text -> lines.add(new Line('+', text)));
            return;
        }
        int[][] common = common(before, after);
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add(new Line(' ', before.get(i)));
                i++;
                j++;
            } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line('-', before.get(i++)));
            } else {
                lines.add(new Line('+', after.get(j++)));
            }
        }
    }

    private static int[][] common(List<String> before, List<String> after) {
        int[][] longest = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                longest[i][j] = before.get(i).equals(after.get(j))
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
            }
        }
        return longest;
    }
}
