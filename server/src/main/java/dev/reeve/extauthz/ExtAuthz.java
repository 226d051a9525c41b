package dev.reeve.extauthz;

import dev.reeve.enforcement.VerdictDesk;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The listener for proxies that speak Envoy's ext_authz (gRPC, version 3 of the API), on the event loops of the data plane.
 *
 * <p>Whoever does not show the key of an enforcement point is answered by the headers alone; nothing of its request is read. Limits:
 * {@link ExtAuthzLimits}.
 */
public final class ExtAuthz implements AutoCloseable {
    /** As records and counters call it. */
    public static final String CHANNEL = HttpQuestions.CHANNEL;

    private static final long SWEEP_NANOS = Duration.ofMillis(500).toNanos();

    /** Tells whatever strangers send, with its stack: what we want to know of it is counted. Held, or the setting would be forgotten. */
    private static final Logger OF_THE_LIBRARY = Logger.getLogger("io.grpc");

    private final Server server;
    private final ExecutorService threads;
    private final Future<?> sweeping;

    /** Counts calls that did not come to a decision; they become summary records (R15). */
    @FunctionalInterface
    public interface Refused {
        /** @param point empty if nobody was believed */
        void refused(Optional<String> point, String code);
    }

    private ExtAuthz(Server server, ExecutorService threads, Future<?> sweeping) {
        this.server = server;
        this.threads = threads;
        this.sweeping = sweeping;
    }

    /**
     * @param tls empty on loopback only (R31)
     * @throws IOException if the address cannot be bound
     */
    public static ExtAuthz open(
            InetSocketAddress address,
            Optional<Supplier<SslContext>> tls,
            EventLoopGroup loops,
            VerdictDesk desk,
            Refused refused)
            throws IOException {
        return open(address, tls, loops, desk, refused, ExtAuthzLimits.DEFAULT);
    }

    private static ExtAuthz open(
            InetSocketAddress address,
            Optional<Supplier<SslContext>> tls,
            EventLoopGroup loops,
            VerdictDesk desk,
            Refused refused,
            ExtAuthzLimits limits)
            throws IOException {
        OF_THE_LIBRARY.setLevel(Level.SEVERE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        OpenCalls open = new OpenCalls(limits, System::nanoTime);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelFactory(() -> accepting(limits, refused))
                .executor(threads)
                .maxInboundMessageSize(limits.message())
                .maxInboundMetadataSize(limits.metadata())
                .maxConcurrentCallsPerConnection(limits.calls())
                .flowControlWindow(limits.window())
                .handshakeTimeout(limits.handshake().toNanos(), TimeUnit.NANOSECONDS)
                .maxConnectionIdle(limits.idle().toNanos(), TimeUnit.NANOSECONDS)
                .addService(new Checks(desk, refused, open).service());
        tls.ifPresent(current -> builder.sslContext(new RenewedContext(current)));
        try {
            Server server = builder.build().start();
            return new ExtAuthz(
                    server,
                    threads,
                    loops.next().scheduleAtFixedRate(open::sweep, SWEEP_NANOS, SWEEP_NANOS, TimeUnit.NANOSECONDS));
        } catch (IOException e) {
            threads.shutdownNow();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + " for ext_authz: "
                            + e.getMessage() + "; stop what listens there, or choose another port under `listen:`",
                    e);
        }
    }

    private static ServerChannel accepting(ExtAuthzLimits limits, Refused refused) {
        NioServerSocketChannel channel = new NioServerSocketChannel();
        channel.pipeline()
                .addLast(new FewConnections(
                        limits.connections(), () -> refused.refused(Optional.empty(), "too_many_connections")));
        return channel;
    }

    /** The real one if 0 was asked for. */
    public int port() {
        return server.getPort();
    }

    public void close(Duration patience) {
        sweeping.cancel(false);
        server.shutdown();
        try {
            if (!server.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdown();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }
}
