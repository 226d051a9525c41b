package dev.reeve.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Statements of ours on one connection, by one thread at a time. Values are bound where a {@code ?} stands and are never part of a statement,
 * nor of what is said when it fails. Whatever fails is a {@link SqlFailure}, as work is handed to the store as functions.
 */
public final class Sql implements AutoCloseable {
    private final Connection connection;

    /** Takes the connection over: {@link #close} closes it. */
    public Sql(Connection connection) {
        this.connection = connection;
    }

    /** Makes something of the row at which the cursor stands. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** What may fail in the database. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws SQLException;
    }

    /** The same, of which nothing comes. */
    @FunctionalInterface
    private interface Act {
        void run() throws SQLException;
    }

    /** @param values texts, whole numbers, bytes or null, in the order of their marks */
    public void execute(String statement, @Nullable Object... values) {
        execute(statement, Arrays.asList(values));
    }

    void execute(String statement, List<? extends @Nullable Object> values) {
        done(() -> {
            try (PreparedStatement prepared = prepared(statement, values)) {
                prepared.execute();
            }
        });
    }

    /** All rows, read to the end before anything is done with them. */
    public <T> List<T> query(String statement, List<? extends @Nullable Object> values, RowReader<T> reader) {
        return tried(() -> {
            List<T> all = new ArrayList<>();
            try (PreparedStatement prepared = prepared(statement, values);
                    ResultSet rows = prepared.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
            return all;
        });
    }

    /** Of a query that always has one row, as those that count. */
    <T> T one(String statement, RowReader<T> reader) {
        List<T> rows = query(statement, List.of(), reader);
        if (rows.size() != 1) {
            throw new SqlFailure("there are " + rows.size() + " rows instead of one", null);
        }
        return rows.getFirst();
    }

    private PreparedStatement prepared(String statement, List<? extends @Nullable Object> values) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        try {
            // SQLite takes what is not bound for null.
            if (prepared.getParameterMetaData().getParameterCount() != values.size()) {
                throw new IllegalArgumentException("a statement has not " + values.size() + " marks: " + statement);
            }
            for (int i = 0; i < values.size(); i++) {
                bind(prepared, i + 1, values.get(i));
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement prepared, int place, @Nullable Object value) throws SQLException {
        if (value != null && !(value instanceof String || value instanceof Number || value instanceof byte[])) {
            throw new IllegalArgumentException("a column is a text, a number or bytes");
        }
        prepared.setObject(place, value);
    }

    void begin() {
        done(() -> connection.setAutoCommit(false));
    }

    void commit() {
        done(() -> {
            connection.commit();
            connection.setAutoCommit(true);
        });
    }

    void rollback() {
        done(() -> {
            try {
                connection.rollback();
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    /** A transaction of its own. */
    void transaction(Runnable work) {
        begin();
        try {
            work.run();
            commit();
        } catch (RuntimeException | Error e) {
            try {
                rollback();
            } catch (SqlFailure also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    /** A part of a transaction: all of it is undone when it fails, and only it. */
    <T> T part(Supplier<T> work) {
        Savepoint before = tried(connection::setSavepoint);
        try {
            T result = work.get();
            done(() -> connection.releaseSavepoint(before));
            return result;
        } catch (RuntimeException | Error e) {
            done(() -> connection.rollback(before));
            throw e;
        }
    }

    private static void done(Act act) {
        tried(() -> {
            act.run();
            return true;
        });
    }

    private static <T> T tried(Step<T> step) {
        try {
            return step.run();
        } catch (SQLException e) {
            throw new SqlFailure(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        done(connection::close);
    }
}
