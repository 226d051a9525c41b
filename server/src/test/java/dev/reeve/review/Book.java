package dev.reeve.review;

import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.review.Review.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A made-up ledger: records as they are written, at times that the test says. */
final class Book {
    private final List<Stored> records = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private String policy = "v1";
    private int number;

    Book later(Duration time) {
        now = now.plus(time);
        return this;
    }

    Instant now() {
        return now;
    }

    Book policy(String version) {
        policy = version;
        return this;
    }

    /** A decision of this kind; its ticket. */
    String decided(String kind, String agent, String tool, String verb, String resource, String... tags) {
        String id = "rv_" + ++number;
        add(decision(kind, id, agent, tool, verb, tags), Map.of("resources", resources(resource)));
        return id;
    }

    static Json.Arr resources(String resource) {
        return new Json.Arr(List.of(Json.Arr.ofStrings(List.of(resource))));
    }

    Json.Obj decision(String kind, String id, String agent, String tool, String verb, String... tags) {
        Json.Obj access = Json.object()
                .put("tags", Json.Arr.ofStrings(List.of(tags)))
                .put("verb", verb)
                .build();
        return Json.object()
                .put("kind", kind)
                .put("id", id)
                .put("agent", agent)
                .put("instance", "k_" + agent)
                .put("time", now.toString())
                .put("policy", policy)
                .put("roles", Json.Arr.ofStrings(List.of("clerk")))
                .put(
                        "operation",
                        Json.object()
                                .put("kind", "tool_call")
                                .put("subject", tool)
                                .put("upstream", tool.substring(0, tool.indexOf('.'))))
                .put("facts", Json.object().put("accesses", new Json.Arr(List.of(access))))
                .build();
    }

    /** It was allowed, and ended at once. */
    String done(String agent, String tool, String verb, String resource, String... tags) {
        String id = decided("intent", agent, tool, verb, resource, tags);
        ended(id, agent, "success");
        return id;
    }

    void ended(String id, String agent, String status) {
        add(outcome(id, agent, status).build(), Map.of());
    }

    void ended(String id, String agent, long rows) {
        add(
                outcome(id, agent, "success")
                        .put("result", Json.object().put("rows_returned", rows))
                        .build(),
                Map.of());
    }

    Json.Builder outcome(String id, String agent, String status) {
        return Json.object()
                .put("kind", "outcome")
                .put("id", id)
                .put("agent", agent)
                .put("status", status)
                .put("time", now.toString());
    }

    void act(String act, String person, String subject) {
        add(
                Json.object()
                        .put("kind", "control")
                        .put("id", "rc_" + ++number)
                        .put("act", act)
                        .put("person", person)
                        .put("subject", subject)
                        .put("time", now.toString())
                        .build(),
                Map.of());
    }

    void add(Json.Obj leaf, Map<String, Json> hidden) {
        records.add(new Stored(records.size(), leaf, hidden));
    }

    Report review() {
        return review(Range.ALL);
    }

    Report review(Range range) {
        return Review.of(records, range, Optional.empty());
    }

    /** What was found, as {@code severity check about}. */
    List<String> found() {
        return found(review());
    }

    static List<String> found(Report report) {
        return report.findings().stream()
                .map(finding -> finding.severity().wire() + " "
                        + finding.check().wire() + " " + String.join(" ", finding.about()))
                .toList();
    }
}
