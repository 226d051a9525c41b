package dev.reeve.config;

import dev.reeve.json.Json;
import dev.reeve.policy.Problem;
import java.util.Locale;

/** Problems as they are printed. Names and values of a file are foreign text on a terminal (R9). */
public final class ProblemText {
    private ProblemText() {}

    /** One line: {@code policies/roles.yaml:12: agent_roles.x.permissions[0].actoins: unknown key; did you mean "actions"?} */
    public static String of(Problem problem) {
        return escaped(problem.toString());
    }

    public static Json.Obj json(Problem problem) {
        return Json.object()
                .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
                .put("file", problem.place().file())
                .put("line", problem.place().line())
                .put("column", problem.place().column())
                .put("field", problem.field())
                .put("message", problem.message())
                .put("fix", problem.fix())
                .put("id", problem.rule().id())
                .build();
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (hidden(c)) {
                safe.append(String.format(Locale.ROOT, "\\u{%x}", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean hidden(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || type == Character.UNASSIGNED;
    }
}
