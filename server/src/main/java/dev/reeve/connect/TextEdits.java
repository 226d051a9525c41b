package dev.reeve.connect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes of one text, by place. Only deletions may overlap; what no edit names stays as it is. */
final class TextEdits {
    private record Edit(int start, int end, String text) {}

    private final List<Edit> edits = new ArrayList<>();

    void replace(int start, int end, String text) {
        edits.add(new Edit(start, end, text));
    }

    void replace(JsonText.Node node, String text) {
        replace(node.start(), node.end(), text);
    }

    void insert(int at, String text) {
        replace(at, at, text);
    }

    void delete(int start, int end) {
        replace(start, end, "");
    }

    boolean isEmpty() {
        return edits.isEmpty();
    }

    String apply(String text) {
        edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
        StringBuilder out = new StringBuilder(text.length() + 256);
        int from = 0;
        boolean deleted = false;
        for (Edit edit : edits) {
            if (edit.start() < from && !(edit.text().isEmpty() && deleted)) {
                throw new IllegalStateException("edits overlap at " + edit.start());
            }
            out.append(text, from, Math.max(from, edit.start())).append(edit.text());
            deleted = edit.text().isEmpty();
            from = Math.max(from, edit.end());
        }
        return out.append(text, from, text.length()).toString();
    }
}
