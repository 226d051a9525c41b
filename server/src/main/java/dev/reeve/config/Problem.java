package dev.reeve.config;

import dev.reeve.json.Json;
import java.util.Comparator;
import java.util.Locale;

/**
 * Something wrong in a file, for the operator. Never holds a secret: readers of secret files name the key only.
 *
 * @param field the way to it: {@code agent_roles.data_analyst.permissions[0].actions}; empty for the whole file
 * @param message what is wrong, lower case
 * @param fix what to do; empty if the message says it
 */
public record Problem(Severity severity, Place place, String field, String message, String fix) {
    static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::place).thenComparing(Problem::field).thenComparing(Problem::message);

    /** How bad it is. */
    public enum Severity {
        /** Nothing of what was read comes into force. */
        ERROR,
        /** It comes into force, and is probably not what was meant. */
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** One line: {@code policies/roles.yaml:12: agent_roles.x.permissions[0].actoins: unknown key; did you mean "actions"?} */
    public String text() {
        StringBuilder text = new StringBuilder(place.toString()).append(": ");
        if (severity == Severity.WARNING) {
            text.append("warning: ");
        }
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        text.append(message);
        if (!fix.isEmpty()) {
            text.append("; ").append(fix);
        }
        return escaped(text.toString());
    }

    public Json.Obj json() {
        return Json.object()
                .put("severity", severity.name().toLowerCase(Locale.ROOT))
                .put("file", place.file())
                .put("line", place.line())
                .put("column", place.column())
                .put("field", field)
                .put("message", message)
                .put("fix", fix)
                .build();
    }

    @Override
    public String toString() {
        return text();
    }

    /** Names and values of a file are foreign text on a terminal (R9). */
    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE
                    || type == Character.PRIVATE_USE
                    || type == Character.UNASSIGNED;
            if (hidden) {
                safe.append(String.format(Locale.ROOT, "\\u{%x}", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}
