package dev.reeve.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Looks at the first byte of a connection, so that who took https for http, or http for https, is told at once in the clear instead of
 * waiting for a time-out. Then it is gone.
 */
abstract sealed class FirstByte extends ChannelInboundHandlerAdapter {
    /** Content type of a TLS record that holds a handshake (RFC 8446, 5.1). */
    private static final int HANDSHAKE = 22;

    private boolean answered;

    abstract boolean isWrong(int first);

    abstract Response answer();

    /** On the event loop. */
    final boolean answered() {
        return answered;
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (answered) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            context.fireChannelRead(message);
            return;
        }
        if (!isWrong(bytes.getUnsignedByte(bytes.readerIndex()))) {
            context.pipeline().remove(this);
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        answered = true;
        context.writeAndFlush(Wire.whole(context.alloc(), answer(), true, false))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Stands before the TLS handler of a listener that speaks TLS, so that its answer goes out in the clear. */
    static final class OfTls extends FirstByte {
        /** HTTP begins with the capital letter of a method. */
        @Override
        boolean isWrong(int first) {
            return first >= 'A' && first <= 'Z';
        }

        @Override
        Response answer() {
            return Response.error(
                    400, "https_needed", "this port speaks https; write https:// in front of the address");
        }
    }

    /** Stands first where no TLS is spoken. */
    static final class OfPlain extends FirstByte {
        private final Shared shared;

        OfPlain(Shared shared) {
            this.shared = shared;
        }

        @Override
        boolean isWrong(int first) {
            return first == HANDSHAKE;
        }

        @Override
        Response answer() {
            Response response =
                    Response.error(400, "http_needed", "this port speaks http; write http:// in front of the address");
            shared.refused("", response);
            return response;
        }
    }
}
