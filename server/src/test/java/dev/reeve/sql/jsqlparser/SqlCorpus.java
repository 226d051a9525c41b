package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import dev.reeve.sql.TableAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The vectors of {@code spec/vectors/sql}. */
final class SqlCorpus {
    static final Path FOLDER = Path.of("..", "spec", "vectors", "sql");

    private SqlCorpus() {}

    /** @param expected {@code ! code}, or {@code = } and what is touched, sorted */
    record Vector(int line, String expected, String sql) {
        boolean isAccepted() {
            return expected.startsWith("=");
        }

        @Override
        public String toString() {
            return line + ": " + sql;
        }
    }

    static String file(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String name(SqlDialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT);
    }

    /** The CREATE statements, as the operator wrote them down. */
    static String schemaText(SqlDialect dialect) {
        return file(name(dialect) + ".schema.sql");
    }

    static SqlSchema schema(SqlDialect dialect) {
        try {
            return CreateStatements.read(schemaText(dialect), dialect);
        } catch (CreateStatements.UnreadableException e) {
            throw new AssertionError(e);
        }
    }

    static List<Vector> read(SqlDialect dialect) {
        try {
            List<String> lines = Files.readAllLines(FOLDER.resolve(name(dialect) + ".txt"));
            List<Vector> vectors = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String expected = lines.get(i);
                if (expected.startsWith("=") || expected.startsWith("!")) {
                    int line = i + 1;
                    List<String> sql = new ArrayList<>();
                    while (++i < lines.size() && !lines.get(i).isEmpty()) {
                        sql.add(lines.get(i));
                    }
                    vectors.add(new Vector(line, sorted(expected), String.join("\n", sql)));
                }
            }
            return vectors;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String sorted(String expected) {
        return expected.startsWith("!")
                ? expected.strip()
                : "= "
                        + String.join(
                                "; ",
                                new TreeSet<>(
                                        List.of(expected.substring(1).strip().split("; "))));
    }

    static String describe(List<TableAccess> tables) {
        Set<String> sorted = new TreeSet<>();
        for (TableAccess table : tables) {
            sorted.add(table.action().name().toLowerCase(Locale.ROOT) + " " + table.table() + "("
                    + String.join(",", new TreeSet<>(table.columns())) + ")");
        }
        return "= " + String.join("; ", sorted);
    }
}
