package dev.reeve.approval;

import dev.reeve.gate.HeldResults.Kept;
import dev.reeve.gate.Release;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A kept result, and what people see of it, as one value. What is read was written here; if it is not, that is a bug and throws. */
final class KeptJson {
    private static final String SHOWN = "shown";

    private KeptJson() {}

    static Json.Obj write(Kept kept, Json.Obj shown) {
        Json.Builder all = Json.object()
                .put("policy", kept.policy())
                .put("treatment", Json.Arr.ofStrings(kept.treatment()))
                .put("approved", Json.Arr.ofStrings(kept.approved()))
                .put("holds", Json.Arr.ofStrings(kept.holds()))
                .put("classes", Json.Arr.ofStrings(new TreeSet<>(kept.classes())))
                .put(SHOWN, shown);
        switch (kept.came()) {
            case Release.Result(Json.Obj result) -> all.put("result", result);
            case Release.UpstreamError error -> {
                all.put("code", error.code()).put("message", error.message());
                error.data().ifPresent(data -> all.put("data", data));
            }
            case Release.Withheld ignored -> throw new IllegalArgumentException("what is withheld is not kept");
        }
        return all.build();
    }

    static Kept read(Json.Obj body) {
        return new Kept(
                came(body),
                body.string("policy").orElseThrow(),
                texts(body, "treatment"),
                texts(body, "approved"),
                texts(body, "holds"),
                Set.copyOf(texts(body, "classes")));
    }

    private static Release came(Json.Obj body) {
        Optional<Json.Obj> result = body.object("result");
        if (result.isPresent()) {
            return new Release.Result(result.get());
        }
        long code = ((Json.Num) body.get("code").orElseThrow()).whole().orElseThrow();
        return new Release.UpstreamError(
                Math.toIntExact(code), body.string("message").orElseThrow(), body.get("data"));
    }

    static Json.Obj shown(Json.Obj body) {
        return body.object(SHOWN).orElseThrow();
    }

    private static List<String> texts(Json.Obj body, String name) {
        return body.array(name).orElseThrow().items().stream()
                .map(item -> ((Json.Str) item).value())
                .toList();
    }
}
