package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.audit.Scope;
import dev.reeve.ledger.LedgerEntries;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Searching the record of a running process through an index that follows it.
 *
 * <p>Guarantees: what is shown stands in the ledger, is read from it, and matches; writing the index is on no path of an acknowledgement; a
 * crash at any moment leaves an index that goes on, or one that is made anew. Not guaranteed: that the index names everything; whoever can
 * write into the data folder can make it forget, until it is deleted or the log itself is searched.
 */
public final class EventSearch implements AutoCloseable {
    /** How long a search waits for the index to reach what was recorded before it. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MOST_SEARCHES = 4;
    private static final int MOST_ALIKE = 5;
    /** Matches are counted up to here. */
    public static final long MOST_COUNTED = 100_000;

    private final IndexFile file;
    private final LedgerEntries entries;
    private final Joined joined;
    private final LongSupplier size;
    private final Follower follower;
    private final Semaphore searches = new Semaphore(MOST_SEARCHES);

    private EventSearch(IndexFile file, LedgerEntries entries, LongSupplier size, Follower follower) {
        this.file = file;
        this.entries = entries;
        this.joined = new Joined(entries);
        this.size = size;
        this.follower = follower;
    }

    /**
     * Begins to follow. Returns at once; an index that cannot be written is an incident, and no reason not to start.
     *
     * @param file of the index
     * @param ledger its folder
     * @param size how many of its records are durable
     * @param pace what following may cost while nobody searches
     */
    public static EventSearch open(Path file, Path ledger, LongSupplier size, Pace pace, Consumer<String> incidents)
            throws IOException {
        IndexFile index = new IndexFile(file);
        Follower follower = new Follower(index, LedgerEntries.open(ledger), size, pace, incidents);
        follower.start();
        return new EventSearch(index, LedgerEntries.open(ledger), size, follower);
    }

    /**
     * A page, newest first.
     *
     * @param cursor of the page before; empty for the first one, which waits a little until the index has what is recorded now
     */
    public Page page(EventQuery asked, Scope scope, Optional<Cursor> cursor, int limit)
            throws SearchUnavailableException {
        if (cursor.isEmpty()) {
            hurry();
        }
        return search((connection, state) -> {
            Cursor from = cursor.orElse(new Cursor(state.next(), state.next()));
            if (from.end() > state.next()) {
                throw new SearchUnavailableException("the index is made anew; it has not reached this page yet");
            }
            return new Paging(connection, joined, asked, scope, limit).down(from);
        });
    }

    /**
     * What was finished from this place on, oldest first, each once. What has no outcome yet comes when it has one.
     *
     * @param from the {@code before} of the last page's cursor
     */
    public Page following(EventQuery asked, Scope scope, long from, int limit) throws SearchUnavailableException {
        return search((connection, state) ->
                new Paging(connection, joined, asked, scope, limit).up(from, Math.max(from, state.next())));
    }

    /** Has the index catch up with what is recorded now, whatever it costs, and waits a little for it. */
    public void hurry() {
        follower.reach(size.getAsLong(), PATIENCE);
    }

    /** Waits until more is indexed than this, or the time is over; whatever is recorded meanwhile is indexed at once. */
    public void await(long from, Duration patience) {
        follower.reach(from + 1, patience);
    }

    /** As {@link #await}, for those who have time: the index keeps its pace. */
    public void awaitUnhurried(long from, Duration patience) {
        follower.await(from + 1, patience);
    }

    /**
     * @param value at most {@link #MOST_COUNTED}
     * @param exact false if there may be fewer (words were looked for), if there are more, or if the index did not catch up in time
     */
    public record Count(long value, boolean exact) {}

    /** How many events match, without those that have no outcome yet. */
    public Count count(EventQuery asked, Scope scope) throws SearchUnavailableException {
        long recorded = size.getAsLong();
        hurry();
        return search((connection, state) -> {
            Query query = Query.of(connection, asked, scope);
            long counted = query.count(connection, MOST_COUNTED + 1);
            return new Count(
                    Math.min(counted, MOST_COUNTED),
                    query.isExact() && counted <= MOST_COUNTED && state.next() >= recorded);
        });
    }

    /**
     * Those of these by which something was called that was let through of late; of what the index has, without waiting for what it lacks.
     *
     * @param isCalled whether it is called by this; asked with subjects of actions, and with systems and a dot behind them
     */
    public <T> Set<T> letThrough(Collection<T> wanted, BiPredicate<T, String> isCalled)
            throws SearchUnavailableException {
        return search((connection, state) -> {
            Set<T> found = new HashSet<>();
            Set<T> left = new HashSet<>(wanted);
            Used used = new Used(connection, state.next());
            used.each(Field.SUBJECT, name -> name, left, isCalled, found);
            used.each(Field.UPSTREAM, name -> name + ".", left, isCalled, found);
            return found;
        });
    }

    /** Those whose id is this, or begins so; a few of them if there are many. */
    public List<Happened> find(String begin, Scope scope) throws SearchUnavailableException {
        List<Happened> found = new ArrayList<>();
        try {
            EventQuery asked = EventQuery.of(Map.of(Part.TEXT, begin));
            Optional<Cursor> next = Optional.empty();
            do {
                Page page = page(asked, scope, next, 2 * MOST_ALIKE);
                page.events().stream()
                        .filter(one -> one.record().id().startsWith(begin) && found.size() < MOST_ALIKE)
                        .forEach(found::add);
                next = page.next();
            } while (next.isPresent()
                    && found.size() < MOST_ALIKE
                    && found.stream().noneMatch(one -> one.record().id().equals(begin)));
        } catch (BadQueryException e) {
            return List.of();
        }
        return found;
    }

    /** What stands at this place, or the action that it is a part of. */
    public Optional<Happened> at(long index, Scope scope) throws SearchUnavailableException {
        if (index < 0 || index >= size.getAsLong()) {
            return Optional.empty();
        }
        try {
            Stored record = joined.record(index);
            List<Happened> found = switch (record.kind()) {
                case "intent", "outcome" -> find(record.id(), Scope.ALL);
                default -> List.of();
            };
            Happened happened = found.stream()
                    .filter(one -> one.record().id().equals(record.id()))
                    .findFirst()
                    .orElse(new Happened(record, Optional.empty()));
            return Optional.of(happened).filter(scope::holds);
        } catch (IOException e) {
            throw new SearchUnavailableException("the record cannot be read: " + e.getMessage(), e);
        }
    }

    private void acquire() throws SearchUnavailableException {
        try {
            if (!searches.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SearchUnavailableException(MOST_SEARCHES + " searches run already; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SearchUnavailableException("interrupted", e);
        }
    }

    private interface Searching<T> {
        T run(Connection connection, IndexFile.State state)
                throws SQLException, IOException, Paging.WrongIndexException, SearchUnavailableException;
    }

    private <T> T search(Searching<T> searching) throws SearchUnavailableException {
        acquire();
        try (Connection connection = file.read()) {
            IndexFile.State state = IndexFile.state(connection)
                    .orElseThrow(() -> new SearchUnavailableException("there is no index yet; try again"));
            return searching.run(connection, state);
        } catch (Paging.WrongIndexException e) {
            follower.makeAnew(String.valueOf(e.getMessage()));
            throw new SearchUnavailableException(e.getMessage() + ": it is made anew", e);
        } catch (SQLException e) {
            follower.look();
            throw new SearchUnavailableException("the index cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new SearchUnavailableException("the record cannot be read: " + e.getMessage(), e);
        } finally {
            searches.release();
        }
    }

    /** How many records are not in the index yet. */
    public long lag() {
        return Math.max(0, size.getAsLong() - follower.next());
    }

    /** How many records are in the index. */
    public long indexed() {
        return follower.next();
    }

    /** Why the index does not go on, if it does not. */
    public Optional<String> trouble() {
        return follower.trouble();
    }

    /** Bytes on the disk. */
    public long bytes() {
        return file.bytes();
    }

    @Override
    public void close() throws IOException {
        follower.close();
        entries.close();
    }
}
