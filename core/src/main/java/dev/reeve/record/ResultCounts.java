package dev.reeve.record;

import dev.reeve.json.Json;
import java.util.Optional;
import java.util.OptionalLong;

/** What is recorded of a result when policy says nothing else: how much of what; never the content. */
final class ResultCounts {
    private ResultCounts() {}

    static Json.Obj of(Json.Obj result) {
        Json.Builder counts = Json.object();
        result.array("content")
                .ifPresent(content -> counts.put("blocks", content.items().size()));
        OptionalLong rows = rows(result);
        counts.put("rows_returned", rows.isPresent() ? Json.of(rows.getAsLong()) : Json.Null.NULL);
        return counts.build();
    }

    /** The first list of objects that stands where servers put their rows; unknown otherwise. A count is never guessed from text. */
    private static OptionalLong rows(Json.Obj result) {
        Optional<Json.Obj> structured = result.object("structuredContent");
        if (structured.isEmpty()) {
            return OptionalLong.empty();
        }
        for (Json member : structured.get().members().values()) {
            if (member instanceof Json.Arr rows && rows.items().stream().allMatch(Json.Obj.class::isInstance)) {
                return OptionalLong.of(rows.items().size());
            }
        }
        return OptionalLong.empty();
    }
}
