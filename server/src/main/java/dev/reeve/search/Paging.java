package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One page: what the index names is read from the ledger and looked at, up to a limit of events, of looks and of bytes. */
final class Paging {
    /** So many events are read for one page. */
    private static final int MOST_LOOKS = 20_000;

    private static final long MOST_BYTES = 4L << 20;

    private final Connection connection;
    private final Joined joined;
    private final EventQuery asked;
    private final Scope scope;
    private final EventFilter filter;
    private final int limit;
    private final List<Happened> events = new ArrayList<>();
    private int looks;
    private long bytes;

    Paging(Connection connection, Joined joined, EventQuery asked, Scope scope, int limit) {
        this.connection = connection;
        this.joined = joined;
        this.asked = asked;
        this.scope = scope;
        this.filter = EventFilter.of(asked).within(scope);
        this.limit = limit;
    }

    /** The index names what the ledger does not have. */
    static final class WrongIndexException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongIndexException(long finished) {
            super("the index is wrong about record " + finished);
        }
    }

    /** Newest first. Intents that had no outcome then stand where they began. */
    Page down(Cursor from) throws SQLException, IOException, WrongIndexException {
        List<Long> open = new ArrayList<>(Query.openAt(connection, from.end()));
        open.removeIf(record -> record >= from.before());
        Query query = Query.of(connection, asked, scope);
        long position = from.before();
        try (Query.Found found = query.down(connection, from.before())) {
            boolean any = found.next();
            while (!isFull() && (any || !open.isEmpty())) {
                if (any && (open.isEmpty() || found.finished() > open.getFirst())) {
                    position = found.finished();
                    look(event(found));
                    any = found.next();
                } else {
                    position = open.removeFirst();
                    look(new Happened(joined.record(position), Optional.empty()));
                }
            }
            boolean more = any || !open.isEmpty();
            return new Page(
                    events, more ? Optional.of(new Cursor(from.end(), position)) : Optional.empty(), from.end());
        }
    }

    /** Oldest first, what was finished from {@code from} on. */
    Page up(long from, long end) throws SQLException, IOException, WrongIndexException {
        Query query = Query.of(connection, asked, scope);
        long position = Math.max(from, end);
        try (Query.Found found = query.up(connection, from, end)) {
            while (found.next()) {
                if (isFull()) {
                    position = found.finished();
                    break;
                }
                look(event(found));
            }
        }
        return new Page(events, Optional.of(new Cursor(end, position)), end);
    }

    private Happened event(Query.Found found) throws SQLException, IOException, WrongIndexException {
        Optional<Happened> event = joined.event(found.record(), found.finished());
        if (event.isEmpty()) {
            throw new WrongIndexException(found.finished());
        }
        return event.get();
    }

    /** About what it takes in an answer. */
    private static long size(Stored record) {
        long size = 1_500;
        for (Json value : record.disclosed().values()) {
            size += value.toString().length();
        }
        return size;
    }

    private boolean isFull() {
        return events.size() >= limit || looks >= MOST_LOOKS || bytes >= MOST_BYTES;
    }

    private void look(Happened happened) {
        looks++;
        if (filter.matches(happened)) {
            events.add(happened);
            bytes += size(happened.record())
                    + happened.outcome().map(Paging::size).orElse(0L);
        }
    }
}
