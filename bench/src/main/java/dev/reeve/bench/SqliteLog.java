package dev.reeve.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** SQLite as one would use it: WAL, synchronous FULL, a row and a commit an entry. It has one writer, so callers take turns. */
final class SqliteLog implements DurableLog {
    private final Connection connection;
    private final PreparedStatement insert;

    SqliteLog(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement setup = connection.createStatement()) {
            setup.execute("PRAGMA journal_mode = WAL");
            setup.execute("PRAGMA synchronous = FULL");
            setup.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, entry BLOB NOT NULL)");
        }
        insert = connection.prepareStatement("INSERT INTO log (entry) VALUES (?)");
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public synchronized void append(byte[] entry) throws SQLException {
        insert.setBytes(1, entry);
        insert.executeUpdate();
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
