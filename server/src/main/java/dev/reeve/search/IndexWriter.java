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
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
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
    private final Terms.Writer terms = new Terms.Writer();
    private long lastName;
    private final Map<Field, Map<String, Known>> names = new EnumMap<>(Field.class);
    private int namesKnown;
    /** Those that events name since the last commit. */
    private final List<Known> used = new ArrayList<>();

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

    /** A name that is in the index, and in how many events since the last commit. */
    private static final class Known {
        private final long id;
        private long uses;

        Known(long id) {
            this.id = id;
        }
    }

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
        words.setString(2, terms.of(happened));
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
        Known name = known(field, text);
        if (name.uses++ == 0) {
            used.add(name);
        }
        event.setLong(at, name.id);
    }

    private Known known(Field field, String text) throws SQLException {
        Map<String, Known> ofField = names.computeIfAbsent(field, key -> new HashMap<>());
        Known found = ofField.get(text);
        if (found != null) {
            return found;
        }
        if (++namesKnown > MOST_NAMES) {
            names.values().forEach(Map::clear); // what was used of them is remembered beside
            namesKnown = 1;
        }
        Known made = new Known(id(field, text));
        ofField.put(text, made);
        return made;
    }

    private long id(Field field, String text) throws SQLException {
        long id = find(field, text).orElse(lastName + 1);
        if (id > lastName) {
            named.setLong(1, id);
            named.setInt(2, field.code());
            named.setString(3, text);
            named.executeUpdate();
            lastName = id;
        }
        return id;
    }

    private OptionalLong find(Field field, String text) throws SQLException {
        known.setInt(1, field.code());
        known.setString(2, text);
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
        each("UPDATE name SET uses = uses + ? WHERE id = ?", used, (statement, one) -> {
            statement.setLong(1, one.uses);
            statement.setLong(2, one.id);
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
        names.clear();
        namesKnown = 0;
        lastName = lastName();
        forget();
    }

    private void forget() {
        used.forEach(name -> name.uses = 0);
        used.clear();
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
