package dev.reeve.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;

/**
 * An HTTP/1.1 server on one address. Requests of a connection run one after the other, in order; each on a thread of its own.
 *
 * <p>Limits: {@link HttpLimits}. A request that breaks one is answered with a JSON error and its connection ends; a connection
 * beyond the limit is closed without an answer.
 */
public final class HttpServer {
    private static final Duration SWEEP = Duration.ofMillis(100);
    private static final int BACKLOG = 1024;

    private final Shared shared;
    private final Channel listening;
    private final ScheduledFuture<?> sweeper;

    private HttpServer(Shared shared, Channel listening, EventLoopGroup loops) {
        this.shared = shared;
        this.listening = listening;
        this.sweeper =
                loops.next().scheduleAtFixedRate(this::sweep, SWEEP.toNanos(), SWEEP.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Listens and serves until {@link #close}.
     *
     * @param loops stay the caller's, so that outgoing connections may share them
     * @param refusals sees each answer that the server gave by itself, before any handler
     * @throws IOException if the address cannot be bound
     */
    public static HttpServer open(HttpConfig config, EventLoopGroup loops, Handler handler, Consumer<Response> refusals)
            throws IOException {
        return open(config, loops, handler, (path, refusal) -> refusals.accept(refusal));
    }

    /** @param refusals sees the path, empty if it was not read, and each answer that the server gave by itself */
    public static HttpServer open(
            HttpConfig config, EventLoopGroup loops, Handler handler, BiConsumer<String, Response> refusals)
            throws IOException {
        Shared shared = new Shared(config, handler, System::nanoTime, refusals);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 60)
                .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 10)
                .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 6)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 * 1024, 128 * 1024))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(shared, channel);
                    }
                });
        var bound = bootstrap.bind(config.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + config.address().getHostString() + ":"
                            + config.address().getPort() + ": " + bound.cause().getMessage()
                            + "; stop what listens there, or choose another port under `listen:`",
                    bound.cause());
        }
        return new HttpServer(shared, bound.channel(), loops);
    }

    private static void accept(Shared shared, SocketChannel channel) {
        Connection connection = new Connection(shared, channel);
        if (!shared.enter(connection)) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> shared.left(connection));
        if (secured(shared, channel)) {
            channel.pipeline().addLast(new StrictRequestDecoder(shared.config().limits(), connection), connection);
        } else {
            channel.close();
        }
    }

    /** @return false if it must not go on */
    private static boolean secured(Shared shared, SocketChannel channel) {
        if (shared.handshakes().isPresent()) {
            return shared.handshakes().get().begin(channel);
        }
        channel.pipeline().addLast(new FirstByte.OfPlain(shared));
        return true;
    }

    /** Where it listens; the port is the real one if 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Connections that are open now. */
    public int connections() {
        return shared.connections().size();
    }

    private void sweep() {
        long now = shared.nanos();
        for (Connection connection : shared.connections()) {
            if (connection.due(now)) {
                connection.channel().eventLoop().execute(() -> connection.sweep(now));
            }
        }
    }

    /** Takes no new request, lets running ones end, and cuts what is left after {@code patience}. */
    public void close(Duration patience) {
        shared.drain();
        listening.close().awaitUninterruptibly();
        for (Connection connection : shared.connections()) {
            connection.channel().eventLoop().execute(connection::drain);
        }
        long until = shared.nanos() + patience.toNanos();
        for (Connection connection : shared.connections()) {
            connection
                    .channel()
                    .closeFuture()
                    .awaitUninterruptibly(Math.max(1, until - shared.nanos()), TimeUnit.NANOSECONDS);
            connection.channel().close();
        }
        sweeper.cancel(false);
    }
}
