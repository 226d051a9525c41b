package dev.reeve.acceptance;

import dev.reeve.demo.Desk.DeskException;
import dev.reeve.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real SQL engine, in memory, that does whatever it is told and remembers what that was. */
final class SqliteTables implements AutoCloseable {
    private final Connection connection;
    private String last = "";

    private SqliteTables(Connection connection) {
        this.connection = connection;
    }

    /** @param script statements that end with {@code ;} and a new line */
    static SqliteTables of(String script) throws SQLException {
        SqliteTables tables = new SqliteTables(DriverManager.getConnection("jdbc:sqlite::memory:"));
        try (Statement statement = tables.connection.createStatement()) {
            for (String one : script.split(";\n", -1)) {
                statement.executeUpdate(one);
            }
        }
        return tables;
    }

    /** @throws DeskException with what the engine says */
    synchronized Json.Arr query(String sql) throws DeskException {
        last = sql;
        try (Statement statement = connection.createStatement()) {
            List<Json> all = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        all.add(row(rows));
                    }
                }
            }
            return new Json.Arr(all);
        } catch (SQLException e) {
            throw new DeskException(String.valueOf(e.getMessage()));
        }
    }

    private static Json row(ResultSet rows) throws SQLException {
        Json.Builder row = Json.object();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
            Object value = rows.getObject(column);
            String name = rows.getMetaData().getColumnLabel(column);
            switch (value) {
                case null -> row.put(name, Json.Null.NULL);
                case Integer number -> row.put(name, Json.of(number));
                case Long number -> row.put(name, Json.of(number));
                default -> row.put(name, new Json.Str(value.toString()));
            }
        }
        return row.build();
    }

    /** The statement that came last. */
    synchronized String last() {
        return last;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
