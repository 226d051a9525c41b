package dev.reeve.judge;

import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.Map;
import java.util.Optional;

/** How a provider is spoken to. Pure. */
interface Wire {
    /** Answers are short; a model that goes on is cut off, and then its answer does not count. */
    int MOST_TOKENS = 500;

    /** Behind the path of the provider's URL. */
    String path();

    Map<String, String> headers(Optional<Secret> key);

    Json.Obj request(String model, Brief brief);

    Verdicts.Answer answer(Json.Obj response) throws JudgeException;

    /** A count of tokens, or -1 if there is none that makes sense. */
    static long count(Optional<Json.Obj> usage, String name) {
        return usage.flatMap(it -> it.get(name))
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .filter(count -> count >= 0)
                .orElse(-1L);
    }
}
