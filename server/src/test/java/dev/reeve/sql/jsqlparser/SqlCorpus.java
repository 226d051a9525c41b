package dev.reeve.sql.jsqlparser;

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

    static List<Vector> read(String name) {
        try {
            List<String> lines = Files.readAllLines(Path.of("..", "spec", "vectors", "sql", name));
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
