package dev.reeve.store;

import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.sqlite.JDBC;

/**
 * The embedded store: {@code store.db} in the data folder, whose lock the caller holds. One thread does everything on one connection;
 * what waits together is committed together, with one force of the disk.
 *
 * <p>Security guarantees: when a write returns, it survives kill -9 and loss of power. A row, or all of the store, that was changed without
 * the key in the folder of keys is found at the next start, and so is an older copy of the whole store. Not guaranteed: that nothing of
 * the last second before a crash is missing from such a copy.
 */
public final class Store implements AutoCloseable {
    /** Every table whose rows carry a MAC. */
    private static final List<String> SEALED = List.of(
            "agents",
            "api_keys",
            "connectors",
            "admin_tokens",
            "auditor_tokens",
            "pins",
            "session_tags",
            "high_water",
            "policy_versions",
            "stops",
            "approvals",
            "people_groups",
            "accounts",
            "grants",
            "tokens",
            "person_tokens",
            "held_results",
            "token_makers",
            "seconds");

    private final StoreWriter writer;
    private final Secret root;

    private Store(StoreWriter writer, Secret root) {
        this.writer = writer;
        this.root = root;
    }

    /** What a reader may use. Only within the call. */
    public interface Reading {
        Sql sql();

        StoreKey key();

        void incident(String line);
    }

    /** What a writer may use beside. Only within the call. */
    public interface Writing extends Reading {
        void add(byte[] mac);

        void subtract(byte[] mac);
    }

    /**
     * Opens the store, or makes it with its key.
     *
     * @param keys the folder of keys, outside of {@code data}
     * @param incidents one line for operators for each row that was altered
     * @throws StoreException if it cannot be opened, is of a newer form, its key is missing, or rows were deleted or put back
     */
    public static Store open(Path data, Path keys, InstantSource clock, SecureRandom random, Consumer<String> incidents)
            throws StoreException {
        Path file = data.resolve("store.db");
        Connection connection = connect(data, file);
        Sql sql = new Sql(connection);
        try {
            boolean fresh = Migrations.apply(sql, clock.instant()) || isEmpty(sql);
            KeyFolder folder = new KeyFolder(keys);
            Secret root = fresh ? begin(sql, folder, random) : resume(sql, folder, file);
            Seal seal = checked(sql, StoreKey.derive(root, "rows"), file);
            GenerationMark mark = new GenerationMark(folder, seal.store(), incidents);
            mark.check(seal.generation());
            return new Store(new StoreWriter(sql, StoreKey.derive(root, "rows"), seal, mark, incidents), root);
        } catch (SqlFailure e) {
            StoreWriter.closeInOrder(sql);
            throw new StoreException("the store `" + file + "` cannot be read: " + e.getMessage(), e);
        } catch (StoreException e) {
            StoreWriter.closeInOrder(sql);
            throw e;
        }
    }

    private static Connection connect(Path data, Path file) throws StoreException {
        try {
            DataLock.makePrivate(data);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // It is opened as it is.
        } catch (IOException e) {
            throw new StoreException("the store `" + file + "` cannot be made: " + e.getMessage(), e);
        }
        try {
            return configured(JDBC.createConnection("jdbc:sqlite:" + file, new Properties()));
        } catch (SQLException e) {
            throw new StoreException("the store `" + file + "` cannot be opened: " + e.getMessage(), e);
        }
    }

    private static Connection configured(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            // FULL: in WAL mode NORMAL loses acknowledged commits when power fails. What is deleted is gone from the
            // file too.
            for (String pragma : List.of(
                    "busy_timeout = 5000",
                    "journal_mode = WAL",
                    "synchronous = FULL",
                    "trusted_schema = OFF",
                    "secure_delete = ON")) {
                statement.execute("PRAGMA " + pragma);
            }
        }
        return connection;
    }

    private static boolean isEmpty(Sql sql) {
        return sql.one("SELECT COUNT(*) FROM store_state", row -> row.getLong(1)) == 0;
    }

    /** The key is durable before the store says that it has one. */
    private static Secret begin(Sql sql, KeyFolder keys, SecureRandom random) throws StoreException {
        byte[] id = new byte[8];
        random.nextBytes(id);
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        Seal seal = Seal.fresh("s_" + HexFormat.of().formatHex(id));
        Secret root = Secret.of(bytes);
        keys.create(keyName(seal.store()), root);
        StoreWriter.insert(sql, StoreKey.derive(root, "rows"), seal);
        return root;
    }

    private static Secret resume(Sql sql, KeyFolder keys, Path file) throws StoreException {
        String id = sql.one("SELECT store_id FROM store_state", row -> row.getString("store_id"));
        if (!id.matches("s_[0-9a-f]{16}")) {
            throw changed(file);
        }
        return keys.read(keyName(id))
                .orElseThrow(
                        () -> new StoreException(
                                "the key `" + keyName(id) + "` of the store `" + file
                                        + "` is not in the folder of keys; put it back from a backup, or move the store away to begin anew"));
    }

    private static String keyName(String store) {
        return "store-" + store + ".key";
    }

    /** The seal, if it is genuine and is the sum of the rows. */
    private static Seal checked(Sql sql, StoreKey key, Path file) throws StoreException {
        StoredSeal stored = sql.one(
                "SELECT store_id, generation, seal, mac FROM store_state",
                row -> new StoredSeal(
                        Seal.of(row.getString("store_id"), row.getLong("generation"), row.getBytes("seal")),
                        row.getBytes("mac")));
        Seal sum = Seal.of(stored.seal().store(), stored.seal().generation(), new byte[0]);
        for (String table : SEALED) {
            sum = new SealedTable(table, List.of(), List.of()).sum(sql, sum);
        }
        if (!MessageDigest.isEqual(stored.seal().mac(key), stored.mac()) || !sum.equals(stored.seal())) {
            throw changed(file);
        }
        return stored.seal();
    }

    @SuppressWarnings("ArrayRecordComponent") // only within one reading
    private record StoredSeal(Seal seal, byte[] mac) {}

    private static StoreException changed(Path file) {
        return new StoreException(
                "rows of the store `" + file
                        + "` were deleted, added or put back behind Reeve's back; restore it from a backup, or move it away to begin anew");
    }

    /** Runs between writes. */
    public <T> T read(Function<Reading, T> work) throws StoreException {
        return settled(writer.submit(work::apply, false));
    }

    /** All of it, or nothing; durable when it returns. What goes wrong in one piece of work does not touch the others of its group. */
    public <T> T write(Function<Writing, T> work) throws StoreException {
        return settled(writer.submit(work, true));
    }

    /** As {@link #write}, without waiting. Fails at once if too much waits. */
    public CompletableFuture<Boolean> writeLater(Consumer<Writing> work) {
        return writer.submit(
                writing -> {
                    work.accept(writing);
                    return true;
                },
                true);
    }

    private static <T> T settled(CompletableFuture<T> future) throws StoreException {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            throw new StoreException("the store did not take it: " + cause.getMessage(), cause);
        }
    }

    /** How many changes were made durable, ever. An older copy of the store has a lower one. */
    public long generation() {
        return writer.generation();
    }

    /** Names this store; rows of another store are never valid here. */
    public String id() {
        return writer.id();
    }

    /** A key for one purpose, for keyed hashes. */
    public StoreKey key(String purpose) {
        if (purpose.equals("rows")) {
            throw new IllegalArgumentException("that purpose is the store's own");
        }
        return StoreKey.derive(root, purpose);
    }

    /** Waits for what was submitted. */
    @Override
    public void close() {
        writer.close();
    }
}
