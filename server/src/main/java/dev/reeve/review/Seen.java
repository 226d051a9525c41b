package dev.reeve.review;

import dev.reeve.audit.Traits;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record as the checks look at it.
 *
 * @param id the ticket of an action; an outcome has its intent's
 * @param instance the key that acted
 * @param subject the tool, prompt or resource; of an act what it was done to
 * @param resources what was touched, as far as that is not erased
 */
record Seen(
        long index,
        String kind,
        String id,
        Instant time,
        String agent,
        String instance,
        String subject,
        List<String> resources,
        Json.Obj leaf) {
    private static final List<String> READING = List.of("read", "query");

    static Seen of(Stored stored) {
        Json.Obj leaf = stored.leaf();
        return new Seen(
                stored.index(),
                stored.kind(),
                stored.id(),
                time(leaf),
                leaf.string("agent").orElse(""),
                leaf.string("instance").orElse(""),
                leaf.has("operation")
                        ? stored.subject()
                        : leaf.string("subject").orElse(""),
                Traits.resources(stored),
                leaf);
    }

    /** A record without a time of its own is as old as can be. */
    private static Instant time(Json.Obj leaf) {
        try {
            return Instant.parse(leaf.string("time").orElse(""));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    boolean isDecision() {
        return switch (kind) {
            case "intent", "verdict", "denial", "hold" -> true;
            default -> false;
        };
    }

    /** What was allowed: it ran here, or may have run elsewhere. */
    boolean isAllowed() {
        return kind.equals("intent") || kind.equals("verdict");
    }

    String text(String name) {
        return leaf.string(name).orElse("");
    }

    List<Json> items(String name) {
        return leaf.array(name).map(Json.Arr::items).orElse(List.of());
    }

    /** Whether it did more than read, as far as the catalogue says; what is not said may have. */
    boolean changes() {
        List<Json> accesses = accesses();
        return accesses.isEmpty()
                || accesses.stream()
                        .anyMatch(access -> !READING.contains(
                                ((Json.Obj) access).string("verb").orElse("")));
    }

    /** Whether anything that it touched has a label. */
    boolean isLabelled() {
        return accesses().stream()
                .anyMatch(access -> ((Json.Obj) access)
                        .array("tags")
                        .filter(tags -> !tags.items().isEmpty())
                        .isPresent());
    }

    private List<Json> accesses() {
        return leaf.object("facts")
                .flatMap(facts -> facts.array("accesses"))
                .map(Json.Arr::items)
                .orElse(List.of());
    }

    boolean isClockDoubtful() {
        Optional<Json> doubtful = leaf.object("facts").flatMap(facts -> facts.get("clock_doubtful"));
        return doubtful.equals(Optional.of(Json.Bool.TRUE));
    }
}
