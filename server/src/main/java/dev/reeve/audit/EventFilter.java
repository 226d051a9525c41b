package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a search asks for; every part must hold. Records that are no action match only if nothing but times and text is asked. */
public final class EventFilter {
    /** Everything. */
    public static final EventFilter ALL = new EventFilter(List.of(), List.of());

    static EventFilter where(Predicate<Happened> part) {
        return new EventFilter(List.of(part), List.of());
    }

    /** The one action or record with this id. */
    static EventFilter ofId(String id, String hint) {
        return new EventFilter(List.of(happened -> happened.record().id().equals(id)), List.of(List.of(hint)));
    }

    private final List<Predicate<Happened>> parts;
    /** Of each of these lists, one text stands in every leaf that can belong to a match. */
    private final List<List<String>> hints;

    private EventFilter(List<Predicate<Happened>> parts, List<List<String>> hints) {
        this.parts = List.copyOf(parts);
        this.hints = List.copyOf(hints);
    }

    /** @return empty if a time is not one */
    public static Optional<EventFilter> of(
            @Nullable String agent,
            @Nullable String tool,
            @Nullable String upstream,
            @Nullable String status,
            @Nullable String rule,
            @Nullable String since,
            @Nullable String until,
            @Nullable String text) {
        List<Predicate<Happened>> parts = new ArrayList<>();
        member(
                parts,
                agent,
                happened -> happened.record().leaf().string("agent").orElse(""));
        member(parts, status, happened -> happened.isAction() ? EventText.status(happened) : "");
        member(
                parts,
                upstream,
                happened -> happened.record()
                        .leaf()
                        .object("operation")
                        .flatMap(operation -> operation.string("upstream"))
                        .orElse(""));
        if (tool != null) {
            parts.add(happened -> happened.isAction() && isTool(EventText.subject(happened.record()), tool));
        }
        if (rule != null) {
            parts.add(happened -> EventText.rule(happened)
                    .filter(found -> (found.startsWith(rule + " ") || found.equals(rule)))
                    .isPresent());
        }
        if (text != null) {
            parts.add(happened -> JsonWriter.text(happened.json()).contains(text));
        }
        try {
            if (since != null) {
                Instant from = Instant.parse(since);
                parts.add(happened -> !time(happened).isBefore(from));
            }
            if (until != null) {
                Instant to = Instant.parse(until);
                parts.add(happened -> time(happened).isBefore(to));
            }
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        return Optional.of(new EventFilter(parts, hints(agent, status)));
    }

    /** Records are canonical JSON, and an intent, its outcome and a denial all name their agent. */
    private static List<List<String>> hints(@Nullable String agent, @Nullable String status) {
        List<List<String>> hints = new ArrayList<>();
        if (agent != null) {
            hints.add(List.of("\"agent\":" + JsonWriter.text(new Json.Str(agent))));
        }
        if (status != null) {
            hints.add(
                    switch (status) {
                        case "denied" -> List.of("\"kind\":\"denial\"");
                        case "held" -> List.of("\"kind\":\"hold\"");
                        default -> List.of("\"kind\":\"intent\"", "\"kind\":\"outcome\"");
                    });
        }
        return hints;
    }

    /** Only those of this kind, and, of administrative acts, of this person. */
    public EventFilter of(@Nullable String kind, @Nullable String person) {
        List<Predicate<Happened>> more = new ArrayList<>(parts);
        List<List<String>> texts = new ArrayList<>(hints);
        if (kind != null) {
            member(
                    more,
                    kind,
                    happened ->
                            happened.isAction() ? "action" : happened.record().kind());
            if (!kind.equals("action")) {
                texts.add(List.of("\"kind\":" + JsonWriter.text(new Json.Str(kind))));
            }
        }
        if (person != null) {
            member(
                    more,
                    person,
                    happened -> happened.record().leaf().string("person").orElse(""));
            texts.add(List.of("\"kind\":\"control\""));
        }
        return new EventFilter(more, texts);
    }

    /** False only if nothing that this leaf is part of can match; costs no parsing. */
    boolean mayMatch(byte[] leaf) {
        if (hints.isEmpty()) {
            return true;
        }
        String text = new String(leaf, StandardCharsets.UTF_8);
        return hints.stream().allMatch(any -> any.stream().anyMatch(text::contains));
    }

    private static void member(
            List<Predicate<Happened>> parts,
            @Nullable String wanted,
            java.util.function.Function<Happened, String> member) {
        if (wanted != null) {
            parts.add(happened -> member.apply(happened).equals(wanted));
        }
    }

    private static boolean isTool(String subject, String wanted) {
        if (wanted.endsWith("*")) {
            return subject.startsWith(wanted.substring(0, wanted.length() - 1));
        }
        return subject.equals(wanted) || subject.endsWith("." + wanted);
    }

    private static Instant time(Happened happened) {
        try {
            return Instant.parse(happened.record().leaf().string("time").orElse(""));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    public boolean matches(Happened happened) {
        for (Predicate<Happened> part : parts) {
            if (!part.test(happened)) {
                return false;
            }
        }
        return true;
    }
}
