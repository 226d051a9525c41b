package dev.reeve.child;

import dev.reeve.secrets.KnownSecrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** The last lines that children wrote to stderr, for operators: bounded, escaped (R9), and without the secrets that the operator gave them. */
public final class LastWords {
    private static final int MOST_LINES = 40;
    private static final int LONGEST = 400;

    private final KnownSecrets secrets;
    private final ArrayDeque<String> lines = new ArrayDeque<>();

    public LastWords(KnownSecrets secrets) {
        this.secrets = secrets;
    }

    void add(byte[] line) {
        String text = secrets.mask(new String(line, 0, Math.min(line.length, 4 * LONGEST), StandardCharsets.UTF_8));
        String safe = escape(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
        if (safe.isBlank()) {
            return;
        }
        synchronized (lines) {
            if (lines.size() == MOST_LINES) {
                lines.removeFirst();
            }
            lines.addLast(safe);
        }
    }

    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** For one line of a status; empty if nothing was said. */
    public String last() {
        synchronized (lines) {
            return lines.isEmpty() ? "" : "; it last said: `" + lines.getLast() + "`";
        }
    }

    /** Control, format and unassigned characters could steer a terminal or hide text; they are spelt out. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean steers = switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> true;
                default -> c == '`' || c == '\\';
            };
            if (steers) {
                safe.append(String.format("\\u{%x}", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}
