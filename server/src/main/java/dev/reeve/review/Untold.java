package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.List;

/**
 * A finding that people are to be told of. Without whom and what it is about: chat and mail leave the house, and names of resources are hidden
 * in the record.
 *
 * @param says figures, in words
 */
public record Untold(String id, String title, String says) {
    static Untold of(Finding finding) {
        return new Untold(finding.id(), finding.check().title(), finding.says());
    }

    static Untold of(Json.Obj item) {
        return new Untold(
                item.string("id").orElse(""),
                item.string("title").orElse(""),
                item.string("says").orElse(""));
    }

    /** What is told beside the title. */
    public List<String> lines() {
        return List.of(says, "see `reeve audit review`: " + id);
    }

    Json.Obj json() {
        return Json.object().put("id", id).put("title", title).put("says", says).build();
    }
}
