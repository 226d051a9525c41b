package dev.reeve.demo;

import dev.reeve.demo.Desk.DeskException;
import dev.reeve.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The sample company's database: a real SQL engine, in memory. */
public final class Database implements AutoCloseable {
    private static final int MOST_ROWS = 1_000;
    private final Connection connection;

    private Database() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        run(resource("home/catalog/sales.sql"));
        run(resource("data.sql"));
    }

    /** @throws IOException if the engine does not start */
    public static Database open() throws IOException {
        try {
            return new Database();
        } catch (SQLException e) {
            throw new IOException("the sample database does not open", e);
        }
    }

    static String resource(String name) {
        try (InputStream in = Database.class.getResourceAsStream("/dev/reeve/demo/" + name)) {
            if (in == null) {
                throw new IllegalStateException("`" + name + "` is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String script) throws SQLException {
        for (String statement : script.split(";", -1)) {
            if (!statement.isBlank()) {
                try (Statement prepared = connection.createStatement()) {
                    prepared.execute(statement);
                }
            }
        }
    }

    /** Whatever it is told: keeping statements from harm is not its work. At most {@value #MOST_ROWS} rows. */
    public synchronized Json.Arr query(String sql, String... parameters) throws DeskException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            if (!statement.execute()) {
                return Json.Arr.EMPTY;
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows(rows);
            }
        } catch (SQLException e) {
            throw new DeskException("the database says: " + e.getMessage());
        }
    }

    private static Json.Arr rows(ResultSet rows) throws SQLException {
        ResultSetMetaData about = rows.getMetaData();
        List<Json> all = new ArrayList<>();
        while (rows.next() && all.size() < MOST_ROWS) {
            Json.Builder row = Json.object();
            for (int column = 1; column <= about.getColumnCount(); column++) {
                row.put(about.getColumnLabel(column), value(rows.getObject(column)));
            }
            all.add(row.build());
        }
        return new Json.Arr(all);
    }

    private static Json value(Object value) {
        return switch (value) {
            case null -> Json.Null.NULL;
            case Integer number -> Json.of(number);
            case Long number -> Json.of(number);
            case Double number -> Json.Num.of(number);
            default -> new Json.Str(value.toString());
        };
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
