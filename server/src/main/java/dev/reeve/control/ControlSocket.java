package dev.reeve.control;

import dev.reeve.local.AcceptLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * The 0600 socket of the local operator, with the same routes as the control address.
 *
 * <p>Security guarantees: only the user that the server runs as, and root, get an answer; the kernel says who it is. Not guaranteed: that it
 * is a person; an agent that runs as the same user can come here too.
 */
public final class ControlSocket implements AutoCloseable {
    /** In the data folder. */
    public static final String NAME = "control.sock";

    /** What {@code sun_path} holds on Linux and macOS, without the final zero. */
    private static final int LONGEST_PATH = 103;

    private static final int MOST_CONNECTIONS = 64;
    private static final long SECONDS = 60;
    private static final System.Logger LOG = System.getLogger("dev.reeve.control");

    private final Path socket;
    private final ServerSocketChannel channel;
    private final ControlRoutes routes;
    private final UserPrincipal owner;
    private final long ownerId;
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);

    private ControlSocket(Path socket, ServerSocketChannel channel, ControlRoutes routes) throws IOException {
        this.socket = socket;
        this.channel = channel;
        this.routes = routes;
        this.owner = Files.getOwner(socket);
        this.ownerId = (int) Files.getAttribute(socket, "unix:uid");
    }

    /** The caller holds the lock of the data folder, so a socket that is there belongs to nobody any more. */
    public static ControlSocket open(Path data, ControlRoutes routes) throws IOException {
        Path socket = data.toAbsolutePath().resolve(NAME);
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw new IOException("the path of the control socket has " + length + " bytes, the system allows "
                    + LONGEST_PATH + ": choose a shorter `data` folder (" + socket + ")");
        }
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // The folder is 0700 already; 0600 is the second lock.
            channel.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            ControlSocket opened = new ControlSocket(socket, channel, routes);
            Thread.ofPlatform()
                    .daemon()
                    .name("reeve-control-socket")
                    .start(new AcceptLoop(
                            channel,
                            opened::begin,
                            trouble -> LOG.log(System.Logger.Level.WARNING, "local connections: " + trouble)));
            return opened;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void begin(SocketChannel client) {
        if (!places.tryAcquire()) {
            close(client);
            return;
        }
        boolean begun = false;
        try {
            Thread.ofVirtual().name("reeve-control").start(() -> serve(client));
            begun = true;
        } finally {
            if (!begun) {
                places.release();
            }
        }
    }

    private void serve(SocketChannel client) {
        CompletableFuture<Void> patience =
                new CompletableFuture<Void>().completeOnTimeout(null, SECONDS, TimeUnit.SECONDS);
        patience.thenRun(() -> close(client));
        try (client) {
            Optional<Caller.Local> caller = caller(client);
            if (caller.isPresent()) {
                OutputStream out = Channels.newOutputStream(client);
                out.write(SocketText.bytes(reply(client, caller.get())));
                out.flush();
                client.shutdownOutput();
                // Closing while something is unread would take the answer away again.
                Channels.newInputStream(client).readNBytes(ControlRequest.MOST_BYTES);
            } else {
                LOG.log(System.Logger.Level.WARNING, "another user tried the control socket and was refused");
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a local connection failed: " + e.getMessage());
        } finally {
            patience.cancel(false);
            places.release();
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a local connection was closed already");
        }
    }

    private Optional<Caller.Local> caller(SocketChannel client) throws IOException {
        UserPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (peer.equals(owner)) {
            return Optional.of(new Caller.Local(owner.getName(), ownerId));
        }
        UserPrincipal root =
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root");
        return peer.equals(root) ? Optional.of(new Caller.Local(root.getName(), 0)) : Optional.empty();
    }

    private ControlReply reply(SocketChannel client, Caller.Local caller) {
        try {
            SocketText.Message message = SocketText.request(Channels.newInputStream(client));
            String[] start = message.startLine().split(" ", -1);
            Optional<Target> target = start.length == 3 ? Target.read(start[1]) : Optional.empty();
            if (target.isEmpty()) {
                return ControlReply.refused(404, "path_unknown", "there is no such path", "see docs/reference");
            }
            return routes.handle(ControlRequest.of(
                    start[0],
                    target.get().path(),
                    target.get().query(),
                    message.body().getBytes(StandardCharsets.UTF_8),
                    caller));
        } catch (IOException e) {
            return ControlReply.refused(400, "malformed", String.valueOf(e.getMessage()), "");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
    }
}
