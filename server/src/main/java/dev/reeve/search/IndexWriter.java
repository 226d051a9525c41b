package dev.reeve.search;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.Traits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writes what has happened into the index. Used by one thread; nothing is there before {@link #commit}. */
final class IndexWriter implements AutoCloseable {
    private static final int MOST_NAMES = 50_000;

    private final Connection connection;
    private final PreparedStatement event;
    private final PreparedStatement words;
    private final PreparedStatement known;
    private final PreparedStatement named;
    private long lastName;
    private final Map<Name, Long> ids = new LinkedHashMap<>();
    private final Map<Long, Long> uses = new HashMap<>();
    private long first = Long.MAX_VALUE;
    private long last = -1;
    private long earliest = Long.MAX_VALUE;
    private long latest = Long.MIN_VALUE;

    IndexWriter(Connection connection) throws SQLException {
        this.connection = connection;
        this.event =
                connection.prepareStatement("INSERT INTO event (finished, behind, time, kind, agent, user, session,"
                        + " subject, upstream, status, rule, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        this.words = connection.prepareStatement("INSERT INTO words (rowid, text) VALUES (?, ?)");
        this.known = connection.prepareStatement("SELECT id FROM name WHERE field = ? AND text = ?");
        this.named = connection.prepareStatement("INSERT INTO name (id, field, text, uses) VALUES (?, ?, ?, 0)");
        this.lastName = lastName();
    }

    private record Name(Field field, String text) {}

    void add(Happened happened) throws SQLException {
        Traits traits = Traits.of(happened);
        long finished = happened.finished();
        long time = nanos(traits.time());
        event.setLong(1, finished);
        event.setLong(2, finished - happened.record().index());
        event.setLong(3, time);
        int at = 4;
        for (Field field : Field.values()) {
            name(at++, field, field.of(traits));
        }
        event.executeUpdate();
        words.setLong(1, finished);
        words.setString(2, Terms.of(happened));
        words.executeUpdate();
        first = Math.min(first, finished);
        last = Math.max(last, finished);
        earliest = Math.min(earliest, time);
        latest = Math.max(latest, time);
    }

    /** Beyond what a long of nanoseconds holds, the nearest that it does. */
    static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private void name(int at, Field field, String text) throws SQLException {
        if (text.isEmpty()) {
            event.setNull(at, Types.INTEGER);
            return;
        }
        long id = id(new Name(field, text));
        uses.merge(id, 1L, Long::sum);
        event.setLong(at, id);
    }

    private long id(Name name) throws SQLException {
        Long known = ids.get(name);
        if (known != null) {
            return known;
        }
        if (ids.size() >= MOST_NAMES) {
            ids.clear();
        }
        long id = find(name).orElse(lastName + 1);
        if (id > lastName) {
            named.setLong(1, id);
            named.setInt(2, name.field().code());
            named.setString(3, name.text());
            named.executeUpdate();
            lastName = id;
        }
        ids.put(name, id);
        return id;
    }

    private OptionalLong find(Name name) throws SQLException {
        known.setInt(1, name.field().code());
        known.setString(2, name.text());
        try (ResultSet row = known.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    private long lastName() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM name")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /**
     * All that was added since the last time, or, after a crash, none of it.
     *
     * @param next the first record that was not looked at
     * @param tail the digest of the one before it
     */
    void commit(long next, byte[] tail, Map<String, Long> opened, Collection<Long> ended) throws SQLException {
        each("INSERT INTO open (record, id) VALUES (?, ?)", List.copyOf(opened.entrySet()), (statement, one) -> {
            statement.setLong(1, one.getValue());
            statement.setString(2, one.getKey());
        });
        each("DELETE FROM open WHERE record = ?", ended, (statement, one) -> statement.setLong(1, one));
        each("UPDATE name SET uses = uses + ? WHERE id = ?", List.copyOf(uses.entrySet()), (statement, one) -> {
            statement.setLong(1, one.getValue());
            statement.setLong(2, one.getKey());
        });
        if (last >= 0) {
            each(
                    "INSERT INTO span (first, last, earliest, latest) VALUES (?, ?, ?, ?)",
                    List.of(first),
                    (one, from) -> {
                        one.setLong(1, from);
                        one.setLong(2, last);
                        one.setLong(3, earliest);
                        one.setLong(4, latest);
                    });
        }
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE state SET next = ?, tail = ? WHERE id = 1")) {
            update.setLong(1, next);
            update.setBytes(2, tail);
            update.executeUpdate();
        }
        connection.commit();
        forget();
    }

    /** Takes back what was added since the last commit. */
    void rollback() throws SQLException {
        connection.rollback();
        ids.clear();
        lastName = lastName();
        forget();
    }

    private void forget() {
        uses.clear();
        first = Long.MAX_VALUE;
        last = -1;
        earliest = Long.MAX_VALUE;
        latest = Long.MIN_VALUE;
    }

    private interface Binding<T> {
        void bind(PreparedStatement statement, T one) throws SQLException;
    }

    private <T> void each(String sql, Collection<T> all, Binding<T> binding) throws SQLException {
        if (all.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T one : all) {
                binding.bind(statement, one);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Intents without an outcome so far, by their ids. */
    Map<String, Long> open() throws SQLException {
        Map<String, Long> open = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, record FROM open")) {
            while (rows.next()) {
                open.put(rows.getString(1), rows.getLong(2));
            }
        }
        return open;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
