package dev.reeve.search;

import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.audit.Scope;
import dev.reeve.audit.Traits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A search as SQL over the index. It finds everything that matches, and, where words are asked for, perhaps more: who asks looks at what
 * the ledger says.
 */
final class Query {
    /** So many that one column finds are sorted; of more, all events are passed in their order. */
    private static final long MOST_SORTED = 20_000;
    /** Where a column finds so few, words are looked for in them. */
    private static final long FEW = 500;

    private final List<Named> named = new ArrayList<>();
    private final List<String> more = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    /** Nothing that the index knows can match. */
    private boolean impossible;

    private boolean exact;

    /** A column and the names that it may have. */
    private record Named(Field field, Set<Long> ids, long uses) {
        String condition(boolean driving) {
            String list = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
            String column = (driving ? "event." : "+event.") + field.column();
            return ids.size() == 1 ? column + " = " + list : column + " IN (" + list + ")";
        }
    }

    private Query() {}

    static Query of(Connection connection, EventQuery asked, Scope scope) throws SQLException {
        Query query = new Query();
        query.name(connection, Field.AGENT, asked.get(Part.AGENT));
        query.name(connection, Field.USER, asked.get(Part.USER));
        query.name(connection, Field.SESSION, asked.get(Part.SESSION));
        query.name(connection, Field.UPSTREAM, asked.get(Part.UPSTREAM));
        query.name(connection, Field.PERSON, asked.get(Part.PERSON));
        Optional<String> tool = asked.get(Part.TOOL);
        if (tool.isPresent()) {
            query.names(connection, Field.SUBJECT, subject -> Traits.isTool(subject, tool.get()));
            query.more.add("event.kind IS NULL");
        }
        Optional<String> rule = asked.get(Part.RULE);
        if (rule.isPresent()) {
            query.names(connection, Field.RULE, place -> Traits.isRule(place, rule.get()));
        }
        query.status(connection, asked.get(Part.STATUS));
        query.kind(connection, asked.get(Part.KIND));
        query.times(connection, asked);
        query.exact = asked.text().isEmpty() && asked.get(Part.RESOURCE).isEmpty();
        asked.text().map(Terms::match).ifPresent(query.words::add);
        asked.get(Part.RESOURCE).flatMap(Terms::matchResource).ifPresent(query.words::add);
        if (scope.agents().isPresent()) {
            Set<String> agents = scope.agents().get();
            query.names(connection, Field.AGENT, agents::contains);
            query.more.add("event.kind IS NULL");
        }
        return query;
    }

    private void status(Connection connection, Optional<String> status) throws SQLException {
        if (status.isPresent() && status.get().equals("success")) {
            more.add("event.status IS NULL AND event.kind IS NULL");
        } else {
            name(connection, Field.STATUS, status);
        }
    }

    private void kind(Connection connection, Optional<String> kind) throws SQLException {
        if (kind.isPresent() && kind.get().equals("action")) {
            more.add("event.kind IS NULL");
        } else {
            name(connection, Field.KIND, kind);
        }
    }

    private void name(Connection connection, Field field, Optional<String> wanted) throws SQLException {
        if (wanted.isEmpty()) {
            return;
        }
        try (PreparedStatement find =
                connection.prepareStatement("SELECT id, uses FROM name WHERE field = ? AND text = ?")) {
            find.setInt(1, field.code());
            find.setString(2, wanted.get());
            try (ResultSet row = find.executeQuery()) {
                if (row.next()) {
                    named.add(new Named(field, Set.of(row.getLong(1)), row.getLong(2)));
                } else {
                    impossible = true;
                }
            }
        }
    }

    private void names(Connection connection, Field field, Predicate<String> wanted) throws SQLException {
        Set<Long> ids = new LinkedHashSet<>();
        long uses = 0;
        try (PreparedStatement find = connection.prepareStatement("SELECT id, uses, text FROM name WHERE field = ?")) {
            find.setInt(1, field.code());
            try (ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    if (wanted.test(rows.getString(3))) {
                        ids.add(rows.getLong(1));
                        uses += rows.getLong(2);
                    }
                }
            }
        }
        impossible |= ids.isEmpty();
        named.add(new Named(field, ids, uses));
    }

    private void times(Connection connection, EventQuery asked) throws SQLException {
        if (asked.since().isEmpty() && asked.until().isEmpty()) {
            return;
        }
        long since = asked.since().map(IndexWriter::nanos).orElse(Long.MIN_VALUE);
        long until = asked.until().map(IndexWriter::nanos).orElse(Long.MAX_VALUE);
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT min(first), max(last) FROM span WHERE latest >= ? AND earliest <= ?")) {
            find.setLong(1, since);
            find.setLong(2, until);
            try (ResultSet row = find.executeQuery()) {
                if (!row.next() || row.getObject(1) == null) {
                    impossible = true;
                    return;
                }
                more.add("event.finished BETWEEN " + row.getLong(1) + " AND " + row.getLong(2));
            }
        }
        more.add("event.time >= " + since);
        if (asked.until().isPresent()) {
            more.add("event.time " + (until == Long.MAX_VALUE ? "<= " : "< ") + until);
        }
    }

    /** Whether it finds what matches and nothing else. */
    boolean isExact() {
        return impossible || exact;
    }

    /** Numbers of events: {@code finished, behind}, newest first, before {@code before}. */
    Found down(Connection connection, long before) throws SQLException {
        return new Found(connection, sql("event.finished < " + before, "DESC"), match());
    }

    /** As {@link #down}, oldest first, from {@code from} up to {@code end}. */
    Found up(Connection connection, long from, long end) throws SQLException {
        return new Found(connection, sql("event.finished >= " + from + " AND event.finished < " + end, "ASC"), match());
    }

    private Optional<String> match() {
        return impossible || words.isEmpty() || isFew() ? Optional.empty() : Optional.of(String.join(" AND ", words));
    }

    private boolean isFew() {
        return best().filter(column -> column.uses() <= FEW).isPresent();
    }

    private Optional<Named> best() {
        return named.stream().filter(column -> column.field().isDriving()).min(Comparator.comparingLong(Named::uses));
    }

    private String sql(String place, String order) {
        if (impossible) {
            return "SELECT 0, 0 WHERE 0";
        }
        boolean byWords = match().isPresent();
        Optional<Named> driving = byWords
                ? Optional.empty()
                : best().filter(column -> column.ids().size() == 1 || column.uses() <= MOST_SORTED);
        Set<String> conditions = new HashSet<>(more);
        conditions.add(place);
        named.forEach(column ->
                conditions.add(column.condition(driving.filter(column::equals).isPresent())));
        String from = byWords
                ? "words CROSS JOIN event ON event.finished = words.rowid"
                : "event "
                        + driving.map(column ->
                                        "INDEXED BY by_" + column.field().column())
                                .orElse("NOT INDEXED");
        // The words' own numbers are asked for their place too: else all that were ever found are gone through.
        String words = byWords ? "words MATCH ? AND " + place.replace("event.finished", "words.rowid") + " AND " : "";
        return "SELECT event.finished, event.behind FROM " + from + " WHERE " + words
                + String.join(" AND ", conditions) + " ORDER BY " + (byWords ? "words.rowid " : "event.finished ")
                + order;
    }

    /** How many there are, counted up to {@code most}. */
    long count(Connection connection, long most) throws SQLException {
        String counted = "SELECT count(*) FROM (" + sql("event.finished >= 0", "DESC") + " LIMIT " + most + ")";
        try (PreparedStatement statement = connection.prepareStatement(counted)) {
            Optional<String> match = match();
            if (match.isPresent()) {
                statement.setString(1, match.get());
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** What the index found, one after the other. */
    static final class Found implements AutoCloseable {
        private final PreparedStatement statement;
        private final ResultSet rows;

        Found(Connection connection, String sql, Optional<String> match) throws SQLException {
            statement = connection.prepareStatement(sql);
            try {
                if (match.isPresent()) {
                    statement.setString(1, match.get());
                }
                rows = statement.executeQuery();
            } catch (SQLException e) {
                statement.close();
                throw e;
            }
        }

        boolean next() throws SQLException {
            return rows.next();
        }

        long finished() throws SQLException {
            return rows.getLong(1);
        }

        long record() throws SQLException {
            return rows.getLong(1) - rows.getLong(2);
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    /** Numbers of the intents that had no outcome when the ledger had {@code end} records, newest first. */
    static List<Long> openAt(Connection connection, long end) throws SQLException {
        List<Long> open = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT record FROM open WHERE record < " + end
                    + " UNION SELECT finished - behind FROM event WHERE finished >= " + end
                    + " AND finished - behind < " + end + " ORDER BY 1 DESC")) {
                while (rows.next()) {
                    open.add(rows.getLong(1));
                }
            }
        }
        return open;
    }
}
