package dev.reeve.search;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Names of what was done of late. Bounded: so many names are looked at, and of each name the newest events. */
final class Used {
    private static final int MOST_NAMES = 200_000;
    private static final int MOST_EVENTS = 10_000;
    /** So many records are of late. */
    private static final long LATE = 1_000_000;

    private final Connection connection;
    private final long since;

    Used(Connection connection, long next) {
        this.connection = connection;
        this.since = next - LATE;
    }

    /** Moves from {@code left} to {@code found} what one of the names is called by that was let through. */
    <T> void each(Field field, UnaryOperator<String> shown, Set<T> left, BiPredicate<T, String> isCalled, Set<T> found)
            throws SQLException {
        // The newest names first: they have the highest numbers.
        try (PreparedStatement names =
                connection.prepareStatement("SELECT id, text FROM name WHERE field = ? ORDER BY id DESC LIMIT ?")) {
            names.setInt(1, field.code());
            names.setInt(2, MOST_NAMES);
            try (ResultSet rows = names.executeQuery()) {
                while (!left.isEmpty() && rows.next()) {
                    String name = shown.apply(rows.getString(2));
                    Set<T> called = left.stream()
                            .filter(one -> isCalled.test(one, name))
                            .collect(Collectors.toSet());
                    if (!called.isEmpty() && wasLetThrough(field, rows.getLong(1))) {
                        left.removeAll(called);
                        found.addAll(called);
                    }
                }
            }
        }
    }

    private boolean wasLetThrough(Field field, long id) throws SQLException {
        String from = field.isDriving() ? "event INDEXED BY by_" + field.column() : "event NOT INDEXED";
        String newest = "SELECT status FROM " + from + " WHERE " + field.column()
                + " = ? AND kind IS NULL AND finished >= ?" + " ORDER BY finished DESC LIMIT " + MOST_EVENTS;
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT 1 FROM (" + newest
                        + ") WHERE status IS NULL OR status NOT IN (SELECT id FROM name WHERE field = ? AND text = 'denied')")) {
            find.setLong(1, id);
            find.setLong(2, since);
            find.setInt(3, Field.STATUS.code());
            try (ResultSet row = find.executeQuery()) {
                return row.next();
            }
        }
    }
}
