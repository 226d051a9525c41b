package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.List;

/**
 * A finding that people are to be told of.
 *
 * @param about whom and what: foreign text
 * @param says figures, in words
 */
public record Untold(String id, String title, List<String> about, String says) {
    public Untold {
        about = List.copyOf(about);
    }

    static Untold of(Finding finding) {
        return new Untold(finding.id(), finding.check().title(), finding.about(), finding.says());
    }

    static Untold of(Json.Obj item) {
        return new Untold(
                item.string("id").orElse(""),
                item.string("title").orElse(""),
                item.array("about").orElse(Json.Arr.EMPTY).items().stream()
                        .filter(Json.Str.class::isInstance)
                        .map(text -> ((Json.Str) text).value())
                        .toList(),
                item.string("says").orElse(""));
    }

    Json.Obj json() {
        return Json.object()
                .put("id", id)
                .put("title", title)
                .put("about", Json.Arr.ofStrings(about))
                .put("says", says)
                .build();
    }
}
