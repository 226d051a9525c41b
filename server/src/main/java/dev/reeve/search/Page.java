package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import java.util.List;
import java.util.Optional;

/**
 * Some of what a search found.
 *
 * @param events newest first, or, of a following, oldest first
 * @param next where more may be; a page may be short, even empty, and yet have a next one. A following always has one
 * @param indexed how many records the answer is about
 */
public record Page(List<Happened> events, Optional<Cursor> next, long indexed) {
    public Page {
        events = List.copyOf(events);
    }
}
