package dev.reeve.console;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Optional;

/** One thing that happened, in a line. Every part is text, escaped for the eye already. */
record Row(
        String index,
        String time,
        String clock,
        Verdicts verdict,
        String agent,
        String what,
        String detail,
        String took) {
    private static final int LONGEST = 160;

    static Row of(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        String time = leaf.string("time").orElse("");
        boolean isAction = happened.isAction();
        return new Row(
                Long.toString(happened.record().index()),
                shown(time),
                time.length() >= 19 ? shown(time.substring(11, 19)) : shown(time),
                Verdicts.of(isAction ? EventText.status(happened) : ""),
                shown(leaf.string(isAction ? "agent" : "person").orElse("Reeve")),
                shown(
                        isAction
                                ? EventText.subject(happened.record())
                                : leaf.string("act").orElse(happened.record().kind())),
                shown(detail(happened)),
                took(happened));
    }

    private static String detail(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        if (!happened.isAction()) {
            return leaf.string("subject").orElse("");
        }
        boolean isStopped =
                leaf.get("denial").isPresent() || happened.record().kind().equals("hold");
        Optional<String> reason = isStopped ? EventText.reason(happened) : Optional.empty();
        return reason.or(() -> Optional.ofNullable(happened.record().disclosed().get("arguments"))
                        .map(JsonWriter::text))
                .filter(text -> !text.equals("{}"))
                .or(() -> EventText.reason(happened))
                .orElse("");
    }

    private static String took(Happened happened) {
        return happened.outcome()
                .flatMap(outcome -> outcome.leaf().get("elapsed_us"))
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .map(us -> us < 10_000 ? us / 1000 + "." + us / 100 % 10 + " ms" : us / 1000 + " ms")
                .orElse("");
    }

    private static String shown(String text) {
        int most =
                text.codePointCount(0, text.length()) <= LONGEST ? text.length() : text.offsetByCodePoints(0, LONGEST);
        return EventText.escape(text.substring(0, most)) + (most < text.length() ? "…" : "");
    }

    /** For the script, which puts each into a text node. */
    Json.Obj json() {
        return Json.object()
                .put("index", index)
                .put("time", time)
                .put("clock", clock)
                .put("verdict", verdict.kind())
                .put("word", verdict.word())
                .put("agent", agent)
                .put("what", what)
                .put("detail", detail)
                .put("took", took)
                .build();
    }
}
