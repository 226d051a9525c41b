package dev.reeve.extauthz;

import dev.reeve.enforcement.VerdictDesk;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The listener for proxies that speak Envoy's ext_authz (gRPC, version 3 of the API), on the event loops of the data plane.
 *
 * <p>Limits: {@link #MOST_MESSAGE} of a request with its body, {@link #MOST_METADATA} of the call's own headers, {@link #MOST_CALLS} of a
 * connection at a time.
 */
public final class ExtAuthz implements AutoCloseable {
    /** As records and counters call it. */
    public static final String CHANNEL = HttpQuestions.CHANNEL;

    static final int MOST_MESSAGE = 1 << 20;
    static final int MOST_METADATA = 8 << 10;
    static final int MOST_CALLS = 256;

    /** Tells whatever strangers send, with its stack: what we want to know of it is counted. Held, or the setting would be forgotten. */
    private static final Logger OF_THE_LIBRARY = Logger.getLogger("io.grpc");

    private final Server server;
    private final ExecutorService threads;

    /** Counts calls that did not come to a decision; they become summary records (R15). */
    @FunctionalInterface
    public interface Refused {
        /** @param point empty if nobody was believed */
        void refused(Optional<String> point, String code);
    }

    private ExtAuthz(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
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
        OF_THE_LIBRARY.setLevel(Level.SEVERE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelType(NioServerSocketChannel.class)
                .executor(threads)
                .maxInboundMessageSize(MOST_MESSAGE)
                .maxInboundMetadataSize(MOST_METADATA)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .addService(new Checks(desk, refused).service());
        tls.ifPresent(current -> builder.sslContext(new RenewedContext(current)));
        try {
            return new ExtAuthz(builder.build().start(), threads);
        } catch (IOException e) {
            threads.shutdownNow();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + " for ext_authz: "
                            + e.getMessage() + "; stop what listens there, or choose another port under `listen:`",
                    e);
        }
    }

    /** The real one if 0 was asked for. */
    public int port() {
        return server.getPort();
    }

    public void close(Duration patience) {
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
