package dev.reeve.connector;

import dev.reeve.identity.Authenticator;
import dev.reeve.identity.Revocations;
import dev.reeve.local.AcceptLoop;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The 0600 socket on which connectors of this user are let in.
 *
 * <p>Security guarantees: only processes of the uid that the server runs as get a byte answered, and only with a registration that is in
 * force; each is bound to one agent and one upstream for its whole life. Not guaranteed: that the process is the client it was registered
 * for; whoever runs as this user can read the registration.
 */
public final class ConnectorListener implements AutoCloseable {
    /** What {@code sun_path} holds on Linux and macOS, without the final zero. */
    private static final int LONGEST_PATH = 103;

    private static final System.Logger LOG = System.getLogger("dev.reeve.connector");

    private final Path socket;
    private final ServerSocketChannel channel;
    private final UserPrincipal owner;
    private final int uid;
    private final Authenticator authenticator;
    private final ConnectorService service;
    private final ConnectorLimits limits;
    private final Semaphore places;
    private final Semaphore longLines;
    private final AtomicLong count = new AtomicLong();
    private final Set<ConnectorConnection> connections = ConcurrentHashMap.newKeySet();

    private ConnectorListener(
            Path socket,
            ServerSocketChannel channel,
            Authenticator authenticator,
            ConnectorService service,
            ConnectorLimits limits)
            throws IOException {
        this.socket = socket;
        this.channel = channel;
        this.owner = Files.getOwner(socket);
        this.uid = (int) Files.getAttribute(socket, "unix:uid");
        this.authenticator = authenticator;
        this.service = service;
        this.limits = limits;
        this.places = new Semaphore(limits.connections());
        this.longLines = new Semaphore(limits.longLines());
    }

    /**
     * Begins to listen. The caller holds the lock of the data folder, so that a socket that is there belongs to nobody any more.
     *
     * @param socket in a folder that only its owner can enter
     * @throws IOException if the path is too long for a socket, or cannot be bound
     */
    public static ConnectorListener open(
            Path socket, Authenticator authenticator, ConnectorService service, ConnectorLimits limits)
            throws IOException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw new IOException("the path of the connectors' socket has " + length + " bytes, the system allows "
                    + LONGEST_PATH + ": choose a shorter `data` folder (" + socket + ")");
        }
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            ConnectorListener listener = new ConnectorListener(socket, channel, authenticator, service, limits);
            Thread.ofPlatform()
                    .daemon()
                    .name("connectors")
                    .start(new AcceptLoop(
                            channel,
                            listener::begin,
                            trouble -> LOG.log(System.Logger.Level.WARNING, "connectors: " + trouble)));
            return listener;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Connections that are open. */
    public int size() {
        return connections.size();
    }

    /** Somebody was revoked or suspended: ends the connections of those who are nobody any more (R14). */
    public void identitiesChanged(Revocations revocations) {
        connections.stream()
                .filter(connection -> connection
                        .who()
                        .filter(known -> !revocations.stillGood(known.principal(), known.epoch()))
                        .isPresent())
                .forEach(ConnectorConnection::cut);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        connections.forEach(ConnectorConnection::cut);
        Files.deleteIfExists(socket);
    }

    private void begin(SocketChannel client) {
        if (!places.tryAcquire()) {
            ConnectorConnection.refuse(client, "too_many", "there are " + limits.connections() + " connectors already");
            return;
        }
        long number = count.incrementAndGet();
        ConnectorConnection connection = new ConnectorConnection(client, number, this);
        connections.add(connection);
        boolean begun = false;
        try {
            Thread.ofVirtual().name("connector-" + number).start(() -> {
                try {
                    connection.run();
                } finally {
                    ended(connection);
                }
            });
            begun = true;
        } finally {
            if (!begun) {
                ended(connection);
            }
        }
    }

    private void ended(ConnectorConnection connection) {
        connections.remove(connection);
        places.release();
    }

    UserPrincipal owner() {
        return owner;
    }

    int uid() {
        return uid;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    ConnectorService service() {
        return service;
    }

    ConnectorLimits limits() {
        return limits;
    }

    Semaphore longLines() {
        return longLines;
    }
}
