package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.audit.Traits;
import dev.reeve.json.Json;
import dev.reeve.record.Event;
import dev.reeve.record.Event.Stored;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An event as the formats ask for it. */
record Entry(Happened happened, Traits traits) {
    static Entry of(Happened happened) {
        return new Entry(happened, Traits.of(happened));
    }

    /** Without what is hidden behind commitments: arguments, reasons, resources, differences. */
    static Happened withoutHidden(Happened happened) {
        return new Happened(bare(happened.record()), happened.outcome().map(Entry::bare));
    }

    /** As an event for readers. What is left out of an export is neither erased nor missing in the record. */
    static Json.Obj eventWithoutHidden(Happened happened) {
        Json.Obj event = withoutHidden(happened).json();
        Optional<Json.Obj> ours = event.object("reeve");
        if (!happened.isAction() || ours.isEmpty()) {
            return event;
        }
        boolean some = happened.record().disclosed().containsKey("arguments");
        Event.Arguments kept = Event.kept(happened.record());
        String word = some ? "not exported" : kept.word();
        return event.with("arguments", !some && kept == Event.Arguments.KEPT ? Json.Obj.EMPTY : Json.Null.NULL)
                .with("reeve", ours.get().with("arguments", Json.of(word)));
    }

    private static Stored bare(Stored record) {
        return new Stored(record.index(), record.leaf(), Map.of());
    }

    boolean isAction() {
        return happened.isAction();
    }

    Json.Obj leaf() {
        return happened.record().leaf();
    }

    String id() {
        return happened.record().id();
    }

    String text(String member) {
        return leaf().string(member).orElse("");
    }

    Optional<String> denialCode() {
        return leaf().object("denial").flatMap(denial -> denial.string("code"));
    }

    Optional<String> reason() {
        return hidden("reasons").flatMap(reasons -> reasons.string("denial"));
    }

    Optional<Json.Obj> hidden(String name) {
        return Optional.ofNullable(happened.record().disclosed().get(name))
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast);
    }

    List<String> resources() {
        List<String> names = new ArrayList<>();
        if (happened.record().disclosed().get("resources") instanceof Json.Arr accesses) {
            for (Json access : accesses.items()) {
                // The narrowest of its names says most.
                if (access instanceof Json.Arr one
                        && !one.items().isEmpty()
                        && one.items().getLast() instanceof Json.Str name) {
                    names.add(name.value());
                }
            }
        }
        return names;
    }

    List<String> verbs() {
        List<String> verbs = new ArrayList<>();
        leaf().object("facts")
                .flatMap(facts -> facts.array("accesses"))
                .ifPresent(accesses -> accesses.items()
                        .forEach(access -> ((Json.Obj) access).string("verb").ifPresent(verbs::add)));
        return verbs;
    }

    /** When it ended. */
    Instant end() {
        return happened.outcome()
                .flatMap(outcome -> outcome.leaf().string("time"))
                .flatMap(Entry::instant)
                .orElse(traits.time());
    }

    Optional<Duration> took() {
        return happened.outcome()
                .flatMap(outcome -> outcome.leaf().get("elapsed_us"))
                .filter(Json.Num.class::isInstance)
                .flatMap(us -> ((Json.Num) us).whole())
                .map(us -> Duration.ofNanos(us * 1_000));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Neither allowed nor done as asked. */
    boolean isRefused() {
        return switch (traits.status()) {
            case "denied", "held", "withheld" -> true;
            default -> false;
        };
    }

    /** What operators and counters did has no subject of its own kind. */
    String operation() {
        return isAction() ? traits.subject() : text("act").isEmpty() ? traits.kind() : text("act");
    }

    /** Who did it. */
    String who() {
        if (isAction()) {
            return traits.agent();
        }
        return traits.person().isEmpty() ? "reeve" : traits.person();
    }

    /** One line for people. */
    String line() {
        String what = who() + " " + operation();
        String status = isAction() ? " " + traits.status() : " " + text("subject");
        return EventText.escape((what + status + reason().map(why -> ": " + why).orElse("")).strip());
    }
}
