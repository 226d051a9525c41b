package dev.reeve.definitions.checks;

import dev.reeve.json.Json;
import java.util.Locale;

/**
 * One thing that a check found. For operators only: agents are never told (R10).
 *
 * @param pointer JSON pointer (RFC 6901) into the definition
 * @param excerpt ASCII only, at most some 200 characters: every other character stands as <code>\\u{...}</code> (R9)
 * @param reason one sentence
 */
public record Finding(Check check, String pointer, String excerpt, String reason) {
    public boolean holds() {
        return check.severity() == Severity.HIGH;
    }

    public Json.Obj json() {
        return Json.object()
                .put("check", check.id())
                .put("severity", check.severity().name().toLowerCase(Locale.ROOT))
                .put("pointer", pointer)
                .put("excerpt", excerpt)
                .put("reason", reason)
                .put("what_to_do", check.whatToDo())
                .build();
    }
}
