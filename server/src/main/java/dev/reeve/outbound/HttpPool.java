package dev.reeve.outbound;

import dev.reeve.outbound.HttpCallException.Kind;
import dev.reeve.turns.Turns;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Kept-alive HTTP/1.1 connections to one origin. Blocking style, for virtual threads; never called on an event loop. Every connection goes
 * through the {@link AddressCheck} anew and to an address that it let through. TLS verifies the host name.
 */
public final class HttpPool implements AutoCloseable {
    private static final int MOST_TRIES = 4;
    private static final int HEADER_BYTES = 32 << 10;
    private static final int LINE_BYTES = 8 << 10;

    /**
     * @param connections in use at once; who has its part of them, as {@link Turns} say, waits for {@code connect} and is then refused
     * @param connect for resolving, connecting and the TLS handshake together
     * @param idle how long an unused connection is kept where the server says nothing; most servers close after 5 s
     */
    public record Limits(int connections, Duration connect, Duration idle) {
        public static final Limits USUAL = new Limits(256, Duration.ofSeconds(5), Duration.ofSeconds(4));
    }

    private final HttpOrigin origin;
    private final AddressCheck addresses;
    private final EventLoopGroup loops;
    private final Optional<PoolTls> tls;
    private final Limits limits;
    private final Turns inUse;
    private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile boolean closed;

    /** With the system's authorities, where the origin speaks TLS. */
    public HttpPool(HttpOrigin origin, AddressCheck addresses, EventLoopGroup loops, Limits limits) {
        this(origin, addresses, loops, limits, PoolTls.ofSystem(origin));
    }

    /** @param tls there where the origin speaks TLS */
    public HttpPool(
            HttpOrigin origin, AddressCheck addresses, EventLoopGroup loops, Limits limits, Optional<PoolTls> tls) {
        if (origin.tls() != tls.isPresent()) {
            throw new IllegalArgumentException("TLS is spoken where the origin's scheme is https, and only there");
        }
        this.origin = origin;
        this.addresses = addresses;
        this.loops = loops;
        this.limits = limits;
        this.tls = tls;
        this.inUse = new Turns(limits.connections());
    }

    /** A request of Reeve's own. */
    public HttpExchange exchange(HttpCall call, Departure departure) {
        return exchange(call, departure, Optional.empty());
    }

    /** @param party for whom it is; empty for Reeve itself */
    public HttpExchange exchange(HttpCall call, Departure departure, Optional<String> party) {
        return new HttpExchange(this, call, departure, party);
    }

    HttpConnection take(Optional<String> party) throws HttpCallException {
        acquire(party);
        boolean taken = false;
        try {
            HttpConnection connection = idleOrNew();
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                inUse.giveBack(party);
            }
        }
    }

    private HttpConnection idleOrNew() throws HttpCallException {
        HttpConnection kept = idle.pollFirst();
        while (kept != null) {
            if (kept.usable(System.nanoTime(), limits.idle().toNanos())) {
                return kept;
            }
            kept.kill(Kind.BROKEN, "idle for too long");
            kept = idle.pollFirst();
        }
        return connect();
    }

    private void acquire(Optional<String> party) throws HttpCallException {
        try {
            if (closed) {
                throw new HttpCallException(Kind.UNREACHABLE, false, "the connections to " + origin + " are closed");
            }
            if (!inUse.take(party, limits.connect().toNanos())) {
                throw new HttpCallException(
                        Kind.CROWDED,
                        false,
                        "of the " + limits.connections() + " connections to " + origin
                                + " none is left, or none for this agent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpCallException(Kind.CANCELLED, false, "the caller was interrupted");
        }
    }

    void giveBack(HttpConnection connection, Optional<String> party) {
        try {
            if (connection.recycle()) {
                idle.addFirst(connection);
                sweepLater();
            }
            if (closed) {
                closeIdle();
            }
        } finally {
            inUse.giveBack(party);
        }
    }

    private HttpConnection connect() throws HttpCallException {
        long deadline = HttpConnection.deadline(limits.connect());
        HttpCallException last = unreachable("no address was tried");
        List<InetAddress> found = addresses();
        for (InetAddress address : found.subList(0, Math.min(MOST_TRIES, found.size()))) {
            try {
                return connect(address, deadline);
            } catch (HttpCallException e) {
                last = e;
            }
        }
        throw last;
    }

    private List<InetAddress> addresses() throws HttpCallException {
        try {
            List<InetAddress> found = addresses.check(origin.host());
            if (!origin.tls() && !found.stream().allMatch(addresses::isNamed)) {
                throw unreachable("without TLS only addresses are spoken to that the operator names; use https");
            }
            return found;
        } catch (AddressRefusedException e) {
            throw new HttpCallException(Kind.UNREACHABLE, false, e.reason());
        }
    }

    private HttpConnection connect(InetAddress address, long deadline) throws HttpCallException {
        AtomicReference<@Nullable HttpConnection> made = new AtomicReference<>();
        ChannelFuture connecting = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A stream may say nothing for days: without a question of ours nobody would notice that its server is
                // gone.
                .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 60)
                .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 10)
                .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 6)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.connect().toMillis())
                .handler(initializer(made))
                .connect(new InetSocketAddress(address, origin.port()));
        await(connecting, connecting.channel(), deadline);
        SslHandler handshake = connecting.channel().pipeline().get(SslHandler.class);
        if (handshake != null) {
            await(handshake.handshakeFuture(), connecting.channel(), deadline);
        }
        HttpConnection connection = made.get();
        if (connection == null) {
            throw unreachable("the connection was closed");
        }
        return connection;
    }

    private ChannelInitializer<Channel> initializer(AtomicReference<@Nullable HttpConnection> made) {
        HttpDecoderConfig decoder = new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_BYTES)
                .setMaxHeaderSize(HEADER_BYTES)
                .setMaxChunkSize(LINE_BYTES * 8);
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                tls.ifPresent(it -> {
                    SslHandler handler = it.context().get().newHandler(channel.alloc(), it.serverName(), origin.port());
                    handler.setHandshakeTimeout(limits.connect().toMillis(), TimeUnit.MILLISECONDS);
                    channel.pipeline().addLast(handler);
                });
                channel.pipeline().addLast(new HttpClientCodec(decoder, false, false));
                HttpConnection[] self = new HttpConnection[1];
                HttpConnection connection = new HttpConnection(channel, origin, () -> idle.remove(self[0]));
                self[0] = connection;
                channel.pipeline().addLast(connection);
                made.set(connection);
            }
        };
    }

    private void await(Future<?> future, Channel channel, long deadline) throws HttpCallException {
        try {
            boolean done = future.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (!done || !future.isSuccess()) {
                channel.close();
                throw unreachable(done ? Reasons.of(future.cause()) : "no connection in time");
            }
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new HttpCallException(Kind.CANCELLED, false, "the caller was interrupted");
        }
    }

    private HttpCallException unreachable(String why) {
        return new HttpCallException(Kind.UNREACHABLE, false, origin + ": " + why);
    }

    private void sweepLater() {
        if (sweeping.compareAndSet(false, true)) {
            loops.schedule(this::sweep, limits.idle().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        sweeping.set(false);
        long now = System.nanoTime();
        for (HttpConnection connection : idle) {
            if (!connection.usable(now, limits.idle().toNanos()) && idle.remove(connection)) {
                connection.kill(Kind.BROKEN, "idle for too long");
            }
        }
        if (!idle.isEmpty()) {
            sweepLater();
        }
    }

    /** How many connections wait for a request. */
    public int idle() {
        return idle.size();
    }

    private void closeIdle() {
        for (HttpConnection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.kill(Kind.BROKEN, "closed");
        }
    }

    /** Closes what is idle; what is in use is closed when it is given back. */
    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
