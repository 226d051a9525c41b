package dev.reeve.search;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * The SQLite file of the index. What is committed together is there together, after a crash at any moment too; the last commits may be
 * missing after a loss of power, and are made again.
 */
final class IndexFile {
    static final int FORMAT = 1;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE state (id INTEGER PRIMARY KEY, format INTEGER NOT NULL, ledger TEXT NOT NULL,"
                    + " next INTEGER NOT NULL, tail BLOB NOT NULL)",
            "CREATE TABLE name (id INTEGER PRIMARY KEY, field INTEGER NOT NULL, text TEXT NOT NULL,"
                    + " uses INTEGER NOT NULL, UNIQUE (field, text))",
            // Empty where most events have the same (kind `action`, status `success`); behind = finished - record.
            "CREATE TABLE event (finished INTEGER PRIMARY KEY, behind INTEGER NOT NULL, time INTEGER NOT NULL, kind INTEGER,"
                    + " agent INTEGER, user INTEGER, session INTEGER, subject INTEGER, upstream INTEGER, status INTEGER,"
                    + " rule INTEGER, person INTEGER)",
            "CREATE TABLE span (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, earliest INTEGER NOT NULL,"
                    + " latest INTEGER NOT NULL)",
            "CREATE TABLE open (record INTEGER PRIMARY KEY, id TEXT NOT NULL)",
            "CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, columnsize=0, tokenize='ascii')");

    private final Path file;

    IndexFile(Path file) {
        this.file = file;
    }

    /** How far the index is, and whose it is. */
    @SuppressWarnings("ArrayRecordComponent") // A digest, compared by hand.
    record State(String ledger, long next, byte[] tail) {}

    /** For the one writer. An index that is not there, or of another form, is made anew. */
    Connection write() throws SQLException, IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // It is opened as it is.
        }
        return connect(List.of(
                "busy_timeout = 5000",
                "journal_mode = WAL",
                "synchronous = NORMAL",
                "journal_size_limit = 16777216",
                "cache_size = -16384",
                "trusted_schema = OFF"));
    }

    /** For one search. */
    Connection read() throws SQLException {
        return connect(List.of("busy_timeout = 5000", "query_only = ON", "cache_size = -8192", "trusted_schema = OFF"));
    }

    private Connection connect(List<String> pragmas) throws SQLException {
        Properties driver = new Properties();
        // Else the driver asks for the row's number after each row, in a statement of its own.
        driver.setProperty("jdbc.get_generated_keys", "false");
        Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, driver);
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas) {
                statement.execute("PRAGMA " + pragma);
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Empty if there is none of this form. */
    static Optional<State> state(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet tables =
                    statement.executeQuery("SELECT count(*) FROM sqlite_master WHERE name IN ('state', 'words')")) {
                if (!tables.next() || tables.getInt(1) < 2) {
                    return Optional.empty();
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT ledger, next, tail FROM state WHERE id = 1 AND format = " + FORMAT)) {
                return rows.next()
                        ? Optional.of(new State(rows.getString(1), rows.getLong(2), rows.getBytes(3)))
                        : Optional.empty();
            }
        }
    }

    static void begin(Connection connection, String ledger) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : SCHEMA) {
                statement.execute(one);
            }
            for (Field field : Field.values()) {
                if (field.isDriving()) {
                    statement.execute("CREATE INDEX by_" + field.column() + " ON event (" + field.column() + ") WHERE "
                            + field.column() + " IS NOT NULL");
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO state (id, format, ledger, next, tail) VALUES (1, ?, ?, 0, ?)")) {
            insert.setInt(1, FORMAT);
            insert.setString(2, ledger);
            insert.setBytes(3, new byte[0]);
            insert.executeUpdate();
        }
        connection.commit();
    }

    void delete() throws IOException {
        for (String end : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
        }
    }

    /** Bytes on the disk, those that wait in its log too. */
    long bytes() {
        return bytes(file) + bytes(file.resolveSibling(file.getFileName() + "-wal"));
    }

    private static long bytes(Path one) {
        try {
            return Files.exists(one) ? Files.size(one) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
