package dev.reeve.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An installation in a folder of the test, with a clock that the test moves. */
public final class StoreHouse {
    public final Path data;
    public final Path keys;
    public final List<String> incidents = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

    public StoreHouse(Path folder) {
        this.data = folder.resolve("data");
        this.keys = folder.resolve("keys");
    }

    public Store open() throws StoreException {
        return Store.open(data, keys, clock(), new SecureRandom(), incidents::add);
    }

    public InstantSource clock() {
        return () -> now;
    }

    public Instant now() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** What somebody does who can write the data folder, while nothing runs. */
    public void tamper(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("store.db"));
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }
}
