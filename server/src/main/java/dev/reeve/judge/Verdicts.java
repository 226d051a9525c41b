package dev.reeve.judge;

import dev.reeve.gate.Opinion.Level;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Reads what a model answered, strictly: what is not exactly an answer is none. */
final class Verdicts {
    static final int LONGEST = 600;
    private static final JsonLimits LIMITS = new JsonLimits(16 << 10, 4, 64, true);
    private static final Set<String> NAMES = Set.of("level", "warning", "suggestion", "reason");

    private Verdicts() {}

    /** @param tokens that it cost, as the provider reports; -1 if it reports none */
    record Answer(Level level, String warning, String suggestion, String reason, long tokens) {}

    static Answer read(String text, long tokens) throws JudgeException {
        try {
            return read(StrictJson.read(text.getBytes(StandardCharsets.UTF_8), LIMITS), tokens);
        } catch (JsonRefusedException e) {
            throw malformed("it is not JSON");
        }
    }

    static Answer read(Json json, long tokens) throws JudgeException {
        if (!(json instanceof Json.Obj answer) || !answer.members().keySet().equals(NAMES)) {
            throw malformed("it is not an object with level, warning, suggestion and reason");
        }
        return new Answer(
                level(answer), words(answer, "warning"), words(answer, "suggestion"), words(answer, "reason"), tokens);
    }

    private static Level level(Json.Obj answer) throws JudgeException {
        String level = answer.string("level").orElse("");
        for (Level one : Level.values()) {
            if (one.wire().equals(level)) {
                return one;
            }
        }
        throw malformed("its level is neither low, medium nor high");
    }

    /** One line of visible characters; an answer that wants to draw on a screen is not taken. */
    private static String words(Json.Obj answer, String name) throws JudgeException {
        String text = answer.string(name)
                .orElseThrow(() -> malformed("its " + name + " is no text"))
                .replaceAll("[\\t\\r\\n ]+", " ")
                .strip();
        if (text.length() > LONGEST) {
            throw malformed("its " + name + " has more than " + LONGEST + " characters");
        }
        boolean visible = text.codePoints().noneMatch(Verdicts::isHidden);
        if (!visible) {
            throw malformed("its " + name + " has characters that cannot be seen");
        }
        return text;
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    static JudgeException malformed(String why) {
        return new JudgeException("its answer does not count: " + why.toLowerCase(Locale.ROOT), true);
    }
}
