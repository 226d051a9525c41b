package dev.reeve.connector;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Finds the server, and starts it if there is none: once, however many connectors come at the same time. */
final class ServerStart {
    /** The server's own start takes a second or two; building after an update a minute. */
    private static final long PATIENCE = 120_000_000_000L;

    private static final long PAUSE = 40_000_000L;

    private final ConnectorPlace place;
    private final long patience;

    ServerStart(ConnectorPlace place) {
        this(place, PATIENCE);
    }

    /** @param patience nanoseconds within which it must have been started */
    ServerStart(ConnectorPlace place, long patience) {
        this.place = place;
        this.patience = patience;
    }

    /** @throws ConnectorException if there is no server and none could be started in time, with its log */
    SocketChannel connect() throws ConnectorException {
        SocketChannel server = tried();
        return server != null ? server : started();
    }

    private @org.jspecify.annotations.Nullable SocketChannel tried() throws ConnectorException {
        if (!Files.exists(place.socket())) {
            return null;
        }
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(place.socket()));
                return channel;
            } catch (IOException e) {
                channel.close(); // nobody listens: the server was killed, and left its socket
                return null;
            }
        } catch (IOException e) {
            throw new ConnectorException(Connector.NO_SERVER, String.valueOf(e.getMessage()));
        }
    }

    private SocketChannel started() throws ConnectorException {
        if (!Files.isRegularFile(place.home().resolve("reeve.yaml"))) {
            throw new ConnectorException(
                    Connector.NO_SERVER, place.home().toString().concat(" has no reeve.yaml: is --home right?"));
        }
        long until = System.nanoTime() + patience;
        try (FileChannel lock = lock()) {
            while (lock.tryLock() == null) {
                // Another connector is starting it, or has.
                SocketChannel server = tried();
                if (server != null) {
                    return server;
                }
                pause(until, "another connector does not get `reeve serve` to start");
            }
            SocketChannel server = tried();
            return server != null ? server : await(start(), until);
        } catch (IOException e) {
            throw new ConnectorException(
                    Connector.NO_SERVER, "`reeve serve` could not be started: ".concat(String.valueOf(e.getMessage())));
        }
    }

    private SocketChannel await(Process process, long until) throws ConnectorException {
        while (true) {
            SocketChannel server = tried();
            if (server != null) {
                return server;
            }
            // Where it goes into the background, the one that was started ends with 0.
            if (!process.isAlive() && process.exitValue() != 0) {
                throw new ConnectorException(
                        Connector.NO_SERVER,
                        "`reeve serve` ended with "
                                .concat(Integer.toString(process.exitValue()))
                                .concat(logTail()));
            }
            pause(until, "`reeve serve` did not open its socket in time".concat(logTail()));
        }
    }

    private static void pause(long until, String otherwise) throws ConnectorException {
        if (System.nanoTime() - until > 0) {
            throw new ConnectorException(Connector.NO_SERVER, otherwise);
        }
        LockSupport.parkNanos(PAUSE);
    }

    /** In the folder of keys, which is the user's own: a home may be shared. */
    private FileChannel lock() throws IOException {
        Files.createDirectories(
                place.keys(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return FileChannel.open(
                place.keys().resolve("connector.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** A session of its own: what ends the client, or its terminal, must not end the server of all clients. */
    private Process start() throws IOException, ConnectorException {
        Path script =
                Path.of(System.getProperty("reeve.home", "")).resolve("reeve").toAbsolutePath();
        if (!Files.isExecutable(script)) {
            throw new ConnectorException(
                    Connector.NO_SERVER,
                    "no server runs for "
                            .concat(place.home().toString())
                            .concat(": start it with `reeve serve --home ")
                            .concat(place.home().toString())
                            .concat("`"));
        }
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        } else if (Files.isExecutable(Path.of("/usr/bin/nohup"))) {
            command.add("/usr/bin/nohup");
        }
        command.add(script.toString());
        command.add("serve");
        command.add("--home");
        command.add(place.home().toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(place.home().toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(fresh(log()).toFile()));
        return builder.start();
    }

    /** What the server says goes where only its user reads it. */
    private Path log() {
        return place.keys().resolve("connector-serve.log");
    }

    private static Path fresh(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > 8 << 20) {
            Files.delete(log);
        }
        try {
            return Files.createFile(
                    log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return log;
        }
    }

    private String logTail() {
        StringBuilder tail = new StringBuilder();
        try {
            List<String> lines = Files.readAllLines(log());
            for (String line : lines.subList(Math.max(0, lines.size() - 5), lines.size())) {
                tail.append("\n  ").append(line);
            }
        } catch (IOException e) {
            return "";
        }
        return "; its log ".concat(log().toString()).concat(" ends with:").concat(tail.toString());
    }
}
