package dev.reeve.connect;

import java.util.Set;

/** Blanks the values of a JSON text, all but those that start at the places named, and every comment. */
final class Mask {
    private final String text;
    private final Set<Integer> shown;
    private final StringBuilder out = new StringBuilder();
    private int from;

    Mask(String text, Set<Integer> shown) {
        this.text = text;
        this.shown = shown;
    }

    String apply(JsonText.Node root) {
        walk(root);
        between(text.length());
        return out.toString();
    }

    private void walk(JsonText.Node node) {
        switch (node) {
            case JsonText.Obj object -> {
                for (JsonText.Member member : object.members()) {
                    between(member.start());
                    // The name is copied whole: what looks like a comment inside quotes is none.
                    int quote = closing(member.start());
                    out.append(text, member.start(), quote);
                    from = quote;
                    walk(member.value());
                }
            }
            case JsonText.Arr array -> array.items().forEach(this::walk);
            case JsonText.Str string -> value(string, "\"***\"");
            case JsonText.Plain plain -> value(plain, plain.text());
        }
    }

    private void value(JsonText.Node node, String masked) {
        between(node.start());
        out.append(shown.contains(node.start()) ? text.substring(node.start(), node.end()) : masked);
        from = node.end();
    }

    private int closing(int quote) {
        int at = quote + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** Copies what stands between values; the words of comments are left out, their lines stay. */
    private void between(int end) {
        while (from < end) {
            if (text.startsWith("//", from)) {
                int stop = text.indexOf('\n', from);
                skipComment(stop < 0 ? end : Math.min(stop, end), "// ...");
            } else if (text.startsWith("/*", from)) {
                int stop = text.indexOf("*/", from) + 2;
                String lines = "\n".repeat((int) text.substring(from, stop)
                        .chars()
                        .filter(c -> c == '\n')
                        .count());
                skipComment(stop, "/* ..." + lines + " */");
            } else {
                out.append(text.charAt(from++));
            }
        }
    }

    private void skipComment(int end, String shown) {
        out.append(shown);
        from = end;
    }
}
