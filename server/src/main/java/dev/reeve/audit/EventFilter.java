package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.JsonWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a search asks for; every part must hold. Records that are no action match only if nothing but times and text is asked. */
public final class EventFilter {
    private final List<Predicate<Happened>> parts;

    private EventFilter(List<Predicate<Happened>> parts) {
        this.parts = List.copyOf(parts);
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
        return Optional.of(new EventFilter(parts));
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
