package dev.reeve.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** PostgreSQL with its usual settings for durability, a connection a writer, a row and a commit an entry. */
final class PostgresLog implements DurableLog {
    private static final long NANOS_OF_TICK = 10_000_000;
    private final EmbeddedPostgres server;
    private final Path folder;
    private final Queue<PreparedStatement> idle = new ConcurrentLinkedQueue<>();
    private final List<Connection> connections = new ArrayList<>();

    PostgresLog(Path folder, int writers) throws IOException, SQLException {
        this.folder = folder;
        this.server = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", Integer.toString(writers + 10))
                // The library turns these off for tests.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement setup = connection.createStatement()) {
            setup.execute(
                    "CREATE TABLE log (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry BYTEA NOT NULL)");
        }
        for (int i = 0; i < writers; i++) {
            Connection connection = server.getPostgresDatabase().getConnection();
            connections.add(connection);
            idle.add(connection.prepareStatement("INSERT INTO log (entry) VALUES (?)"));
        }
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public void append(byte[] entry) throws SQLException {
        PreparedStatement mine = idle.remove();
        mine.setBytes(1, entry);
        mine.executeUpdate();
        idle.add(mine);
    }

    /** The server and all that it started, the ended ones too. */
    @Override
    public long cpuElsewhere() throws IOException {
        String main = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                            .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                            .mapToLong(process -> ticks(process, main))
                            .sum()
                    * NANOS_OF_TICK;
        }
    }

    private static long ticks(Path process, String main) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean itself = process.endsWith(main);
            if (!itself && !fields[1].equals(main)) {
                return 0;
            }
            long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return itself ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            server.close();
        }
    }
}
