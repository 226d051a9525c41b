package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How events are written for others. What is foreign in them is escaped for the format (R9). */
public enum Format {
    /** One event a line, as {@code audit search --json} shows it. */
    JSONL,
    /** RFC 4180, with a head line. */
    CSV,
    /** Open Cybersecurity Schema Framework 1.8, API Activity; one object a line. */
    OCSF,
    /** ArcSight Common Event Format 0. */
    CEF,
    /** OpenTelemetry logs as OTLP's JSON; one request a line. */
    OTEL;

    /** Told where a format names the product that wrote it. */
    static final String VERSION = "0.1.0";

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Format> find(String wire) {
        for (Format format : values()) {
            if (format.wire().equals(wire)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** What stands before the first event; may be empty. */
    public String head() {
        return this == CSV ? CsvFormat.HEAD : "";
    }

    /**
     * Lines, each with its end.
     *
     * @param values whether hidden values (arguments, reasons, resources) are written too
     */
    public String text(List<Happened> events, boolean values) {
        List<Entry> entries = events.stream()
                .map(event -> Entry.of(values ? event : Entry.withoutHidden(event)))
                .toList();
        if (this == OTEL) {
            return entries.isEmpty() ? "" : OtelFormat.request(entries) + "\n";
        }
        StringBuilder text = new StringBuilder();
        if (this == JSONL) {
            events.forEach(event -> text.append(values ? event.json() : Entry.eventWithoutHidden(event))
                    .append('\n'));
            return text.toString();
        }
        entries.forEach(entry -> text.append(line(entry)));
        return text.toString();
    }

    private String line(Entry entry) {
        return switch (this) {
            case CSV -> CsvFormat.row(entry);
            case OCSF -> OcsfFormat.event(entry) + "\n";
            case CEF -> CefFormat.event(entry) + "\n";
            case JSONL, OTEL -> throw new IllegalStateException("written as a whole");
        };
    }
}
