package dev.reeve.outbound;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Bytes for a receiver that never answers, over TLS: sent on a connection of their own, which is then ended in order. When the other side ends
 * it too, after our end and not by a reset, it has read all of it: a reset is what a system sends when something was left unread, and an end
 * before ours is somebody who hangs up by himself. Not seen is one who hangs up while our last bytes and our end are on their way to him: who
 * calls keeps what it sent until a later delivery arrived. Never called on an event loop.
 */
public final class TlsDelivery {
    private final String host;
    private final int port;
    private final AddressCheck addresses;
    private final PoolTls tls;
    private final EventLoopGroup loops;

    public TlsDelivery(String host, int port, AddressCheck addresses, PoolTls tls, EventLoopGroup loops) {
        this.host = host;
        this.port = port;
        this.addresses = addresses;
        this.tls = tls;
        this.loops = loops;
    }

    /** @throws IOException if the other side did not take all of it in this time, or nobody knows whether it did */
    public void send(byte[] bytes, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        InetAddress address = address();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        End end = new End(ended);
        SslHandler handshake = tls.context()
                .get()
                .newHandler(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, tls.serverName(), port);
        handshake.setHandshakeTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        ChannelFuture connecting = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handshake).addLast(end);
                    }
                })
                .connect(new InetSocketAddress(address, port));
        Channel channel = connecting.channel();
        try {
            await(connecting, deadline, "it cannot be connected to");
            await(handshake.handshakeFuture(), deadline, "no TLS with it");
            await(channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)), deadline, "it does not take what is sent");
            // The listener first: called on the event loop with our end, it is before anything that comes after our end
            // is looked at.
            ChannelPromise told = channel.newPromise();
            told.addListener(said -> end.saidEnd(said.isSuccess()));
            await(handshake.closeOutbound(told), deadline, "the connection cannot be ended");
            end(ended, deadline);
        } finally {
            channel.close();
        }
    }

    private InetAddress address() throws IOException {
        try {
            return addresses.check(host).getFirst();
        } catch (AddressRefusedException e) {
            throw new IOException(e.reason(), e);
        }
    }

    private void await(Future<?> future, long deadline, String what) throws IOException {
        try {
            boolean done = future.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (!done || !future.isSuccess()) {
                throw new IOException(
                        host + ":" + port + ": " + what + (done ? ": " + Reasons.of(future.cause()) : " in time"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void end(CompletableFuture<Boolean> ended, long deadline) throws IOException {
        try {
            ended.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(host + ":" + port + ": it broke off before it had everything", e);
        } catch (TimeoutException e) {
            throw new IOException(
                    host + ":" + port + ": it did not end the connection, so perhaps it has not everything", e);
        }
    }

    /** Waits for the other side's end. On the event loop only. */
    private static final class End extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Boolean> ended;
        private boolean said;

        End(CompletableFuture<Boolean> ended) {
            this.ended = ended;
        }

        void saidEnd(boolean succeeded) {
            said = succeeded;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        /** Its end within TLS. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess() && !said) {
                ended.completeExceptionally(new IOException("it hung up before it was told the end"));
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (said) {
                ended.complete(true);
            } else {
                ended.completeExceptionally(new IOException("it hung up before it was told the end"));
            }
        }

        /** That it ends without saying so in TLS is no loss here; a reset is. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof SSLException)) {
                ended.completeExceptionally(cause);
            }
        }
    }
}
