package dev.reeve.store;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows grant something: each carries a version and a MAC over all its columns. A row whose MAC is wrong is not returned, and
 * an incident is told (R29). Names of tables and columns are constants of ours, never input.
 */
public final class SealedTable {
    private final String name;
    private final List<String> keys;
    private final List<String> columns;

    /** @param others the columns beside the keys, version and mac */
    public SealedTable(String name, List<String> keys, List<String> others) {
        this.name = name;
        this.keys = List.copyOf(keys);
        this.columns = Stream.concat(keys.stream(), others.stream()).toList();
    }

    /** Every column's name to what stands in it, in the order of the table; refuses a forgotten or an unknown one. */
    public void put(Store.Writing writing, Map<String, @Nullable Object> values) {
        List<@Nullable Object> row = new ArrayList<>();
        for (String column : columns) {
            if (!values.containsKey(column)) {
                throw new IllegalArgumentException(name + " needs " + column);
            }
            row.add(values.get(column));
        }
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(name + " has only " + columns);
        }
        put(writing, row);
    }

    /**
     * As {@link #put}, if the row still has this version; 0: if there is none. One conditional write, since nobody else writes meanwhile.
     *
     * @return whether it was written
     */
    public boolean replace(Store.Writing writing, Map<String, @Nullable Object> values, long version) {
        List<@Nullable Object> key =
                keys.stream().<@Nullable Object>map(values::get).toList();
        if (version(writing, key) != version) {
            return false;
        }
        put(writing, values);
        return true;
    }

    private long version(Store.Reading reading, List<? extends @Nullable Object> key) {
        return reading.sql().query("SELECT version FROM " + name + where(), key, row -> row.getLong("version")).stream()
                .findFirst()
                .orElse(0L);
    }

    private void put(Store.Writing writing, List<@Nullable Object> row) {
        List<@Nullable Object> key = row.subList(0, keys.size());
        long version = take(writing, key) + 1;
        byte[] mac = writing.key().of(sealed(row, version));
        List<String> all = all();
        String sql = "INSERT INTO " + name + " (" + String.join(", ", all) + ") VALUES ("
                + String.join(", ", Collections.nCopies(all.size(), "?")) + ") ON CONFLICT (" + String.join(", ", keys)
                + ") DO UPDATE SET "
                + all.stream().map(column -> column + " = excluded." + column).collect(Collectors.joining(", "));
        List<@Nullable Object> bound = new ArrayList<>(row);
        bound.add(version);
        bound.add(mac);
        writing.sql().execute(sql, bound);
        writing.add(mac);
    }

    /** Removes a row; nothing if there is none. */
    public void remove(Store.Writing writing, List<? extends @Nullable Object> key) {
        take(writing, key);
        writing.sql().execute("DELETE FROM " + name + where(), key);
    }

    /** Takes the MAC of the row that is there out of the seal. The row's version, or 0. */
    private long take(Store.Writing writing, List<? extends @Nullable Object> key) {
        List<Found> found = writing.sql()
                .query(
                        "SELECT version, mac FROM " + name + where(),
                        key,
                        row -> new Found(new Row(Map.of(), row.getLong("version")), row.getBytes("mac")));
        found.forEach(row -> writing.subtract(row.mac()));
        return found.isEmpty() ? 0 : found.getFirst().row().version();
    }

    /** All rows that are as we wrote them, in the order of their keys. */
    public List<Row> rows(Store.Reading reading) {
        return rows(reading, " ORDER BY " + String.join(", ", keys), List.of());
    }

    /** The row with this key, if it is as we wrote it. */
    public Optional<Row> row(Store.Reading reading, List<? extends @Nullable Object> key) {
        return rows(reading, where(), key).stream().findFirst();
    }

    private List<Row> rows(Store.Reading reading, String which, List<? extends @Nullable Object> bound) {
        String sql = "SELECT " + String.join(", ", all()) + " FROM " + name + which;
        List<Row> rows = new ArrayList<>();
        for (Found found : reading.sql().query(sql, bound, this::found)) {
            if (genuine(reading, found)) {
                rows.add(found.row());
            } else {
                reading.incident("row_altered: a row of `" + name + "` ("
                        + keys.stream()
                                .map(key -> key + " " + found.row().values().get(key))
                                .collect(Collectors.joining(", "))
                        + ") was changed behind Reeve's back and is ignored");
            }
        }
        return rows;
    }

    private Found found(ResultSet row) throws SQLException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String column : columns) {
            values.put(column, normal(row.getObject(column)));
        }
        return new Found(new Row(values, row.getLong("version")), row.getBytes("mac"));
    }

    /** The sum of what stands in the MAC columns, right or wrong. */
    Seal sum(Sql sql, Seal empty) {
        Seal sum = empty;
        for (byte[] mac : sql.query("SELECT mac FROM " + name, List.of(), row -> row.getBytes("mac"))) {
            sum = sum.plus(mac);
        }
        return sum;
    }

    @SuppressWarnings("ArrayRecordComponent") // only within one reading
    private record Found(Row row, byte[] mac) {}

    private boolean genuine(Store.Reading reading, Found found) {
        List<@Nullable Object> row = new ArrayList<>(found.row().values().values());
        boolean known = row.stream()
                .allMatch(value ->
                        value == null || value instanceof String || value instanceof Long || value instanceof byte[]);
        return known
                && MessageDigest.isEqual(
                        reading.key().of(sealed(row, found.row().version())), found.mac());
    }

    private List<@Nullable Object> sealed(List<? extends @Nullable Object> row, long version) {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(name);
        parts.addAll(row);
        parts.add(version);
        return parts;
    }

    private List<String> all() {
        return Stream.concat(columns.stream(), Stream.of("version", "mac")).toList();
    }

    private String where() {
        return " WHERE " + keys.stream().map(key -> key + " = ?").collect(Collectors.joining(" AND "));
    }

    /** A driver gives small numbers as Integer. */
    private static @Nullable Object normal(@Nullable Object value) {
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }
}
