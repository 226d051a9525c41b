package dev.reeve.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Brings a store to the form that this version knows. A number, once released, never changes. */
final class Migrations {
    private static final List<String> FILES = List.of(
            "0001.sql",
            "0002.sql",
            "0003.sql",
            "0004.sql",
            "0005.sql",
            "0006.sql",
            "0007.sql",
            "0008.sql",
            "0009.sql",
            "0010.sql",
            "0011.sql",
            "0012.sql");

    private Migrations() {}

    /** @return whether the store is new */
    static boolean apply(Sql sql, Instant now) throws StoreException {
        sql.execute(
                "CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, applied BIGINT NOT NULL)");
        long known = applied(sql);
        if (known > FILES.size()) {
            throw new StoreException("the store was written by a newer Reeve (its form is " + known
                    + ", this version knows " + FILES.size() + "); start that version, or restore a backup");
        }
        for (int i = (int) known; i < FILES.size(); i++) {
            int number = i + 1;
            sql.transaction(() -> {
                for (String statement : statements(FILES.get(number - 1))) {
                    sql.execute(statement);
                }
                sql.execute("INSERT INTO migrations (number, applied) VALUES (?, ?)", number, Micros.of(now));
            });
        }
        return known == 0;
    }

    private static long applied(Sql sql) {
        return sql.one("SELECT COALESCE(MAX(number), 0) FROM migrations", row -> row.getLong(1));
    }

    private static List<String> statements(String file) {
        String text =
                read(file).lines().filter(line -> !line.startsWith("--")).reduce("", (all, line) -> all + line + "\n");
        return List.of(text.split(";\n")).stream()
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(
                Migrations.class.getResourceAsStream(file),
                () -> Optional.of(file).get() + " is missing from the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
