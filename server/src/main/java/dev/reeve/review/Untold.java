package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A finding that people are to be told of. Without whom and what it is about: chat and mail leave the house, and names of resources are hidden
 * in the record.
 *
 * @param says figures, in words
 * @param heard the ways by which it was told already
 */
public record Untold(String id, String title, String says, Set<String> heard) {
    public Untold {
        heard = Set.copyOf(heard);
    }

    static Untold of(Finding finding) {
        return new Untold(finding.id(), finding.check().title(), finding.says(), Set.of());
    }

    Untold heardBy(String way) {
        Set<String> all = new HashSet<>(heard);
        all.add(way);
        return new Untold(id, title, says, all);
    }

    static Untold of(Json.Obj item) {
        return new Untold(
                item.string("id").orElse(""),
                item.string("title").orElse(""),
                item.string("says").orElse(""),
                item.array("heard").orElse(Json.Arr.EMPTY).items().stream()
                        .filter(Json.Str.class::isInstance)
                        .map(way -> ((Json.Str) way).value())
                        .collect(Collectors.toSet()));
    }

    /** What is told beside the title. */
    public List<String> lines() {
        return List.of(says, "see `reeve audit review`: " + id);
    }

    Json.Obj json() {
        return Json.object()
                .put("heard", Json.Arr.ofStrings(new TreeSet<>(heard)))
                .put("id", id)
                .put("title", title)
                .put("says", says)
                .build();
    }
}
