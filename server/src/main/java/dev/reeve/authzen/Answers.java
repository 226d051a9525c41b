package dev.reeve.authzen;

import dev.reeve.enforcement.Judged;
import dev.reeve.enforcement.Point;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;

/** Verdicts in the words of the protocol, and no more of them than the one who asks may see (R10). */
final class Answers {
    private Answers() {}

    static Json.Obj decision(Point point, Judged judged) {
        Json.Builder context = Json.object();
        if (!judged.ticket().isEmpty()) {
            context.put("id", judged.ticket());
        }
        if (!judged.allowed()) {
            refusal(context, point, judged);
        }
        return Json.object()
                .put("decision", judged.allowed())
                .put("context", context)
                .build();
    }

    private static void refusal(Json.Builder context, Point point, Judged judged) {
        context.put("code", judged.code())
                .put("class", judged.reasonClass().wire())
                .put("retry", judged.reasonClass().retryMayHelp())
                .put("reason_user", in("en", judged.words()));
        if (judged.held()) {
            context.put("approval", "needed");
        }
        if (point.segment().reasons()) {
            judged.operatorWords().ifPresent(words -> context.put("reason_admin", in("en", words)));
            judged.rule().ifPresent(rule -> context.put("rule", rule(rule)));
        }
    }

    private static Json.Obj rule(RuleRef rule) {
        return Json.object()
                .put("name", rule.name())
                .put("file", rule.file())
                .put("line", rule.line())
                .build();
    }

    private static Json.Obj in(String language, String words) {
        return Json.object().put(language, words).build();
    }

    /** Of one question among others that is none; nothing was decided. */
    static Json.Obj error(BadRequestException e) {
        Json.Obj error =
                Json.object().put("status", 400).put("message", e.words()).build();
        return Json.object()
                .put("decision", false)
                .put("context", Json.object().put("error", error))
                .build();
    }
}
