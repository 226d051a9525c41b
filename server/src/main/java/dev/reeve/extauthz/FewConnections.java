package dev.reeve.extauthz;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands where connections are accepted: one too many is closed before anything is set up for it. */
final class FewConnections extends ChannelInboundHandlerAdapter {
    private final int most;
    private final Runnable refused;
    private final AtomicInteger open = new AtomicInteger();

    FewConnections(int most, Runnable refused) {
        this.most = most;
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open.get() >= most) {
            connection.unsafe().closeForcibly();
            refused.run();
            return;
        }
        // Accepted by one thread only, so that no other comes between the look and this.
        open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        context.fireChannelRead(connection);
    }
}
