package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlInspection;
import dev.reeve.sql.SqlInspector.Restriction;
import dev.reeve.sql.SqlSchema;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What was found in texts that were read lately, as many as fit. Safe for use by many threads. */
final class Remembered {
    /** Of all texts and renderings together: two bytes each at most. */
    private static final int MOST_CHARACTERS = 8 << 20;
    /** What an entry costs beside its texts, in characters. */
    private static final int ENTRY = 256;

    private static final int COLUMN = 16;

    private final Map<Key, SqlInspection> found = new LinkedHashMap<>(64, 0.75f, true);
    private final int most;
    private long characters;

    /** @param most texts, whatever their length */
    Remembered(int most) {
        this.most = most;
    }

    /** @param restriction empty if the text was only looked at */
    record Key(String sql, SqlDialect dialect, Same schema, Optional<Restriction> restriction) {
        static Key of(String sql, SqlDialect dialect, SqlSchema schema, Optional<Restriction> restriction) {
            return new Key(sql, dialect, new Same(schema), restriction);
        }
    }

    /** A schema by identity: comparing it would cost more than parsing. Kept, so that no later one takes its place. */
    record Same(SqlSchema schema) {
        @Override
        @SuppressWarnings("ReferenceEquality") // that is what it is for
        public boolean equals(Object other) {
            return other instanceof Same(SqlSchema that) && that == schema;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(schema);
        }
    }

    synchronized Optional<SqlInspection> find(Key key) {
        return Optional.ofNullable(found.get(key));
    }

    synchronized void keep(Key key, SqlInspection inspection) {
        long weight = weight(key, inspection);
        if (most == 0 || weight > MOST_CHARACTERS / 8 || found.putIfAbsent(key, inspection) != null) {
            return;
        }
        characters += weight;
        Iterator<Map.Entry<Key, SqlInspection>> eldest = found.entrySet().iterator();
        while (found.size() > most || characters > MOST_CHARACTERS) {
            Map.Entry<Key, SqlInspection> gone = eldest.next();
            characters -= weight(gone.getKey(), gone.getValue());
            eldest.remove();
        }
    }

    private static long weight(Key key, SqlInspection inspection) {
        long weight = (long) ENTRY + key.sql().length();
        return switch (inspection) {
            case SqlInspection.Refused(String code, String reason) -> weight + code.length() + reason.length();
            case SqlInspection.Statement(var tables, String rendering) ->
                weight
                        + rendering.length()
                        + tables.stream()
                                .mapToLong(table ->
                                        ENTRY + (long) COLUMN * table.columns().size())
                                .sum();
        };
    }
}
