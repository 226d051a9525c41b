package dev.reeve.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * One client connection: reads a request, lets it run, writes its answer, and only then looks at the next. All of it runs on the
 * connection's event loop; nothing here blocks.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private enum State {
        IDLE,
        READING,
        RUNNING,
        STREAMING,
        WRITING,
        CLOSING
    }

    /** What holding a part costs beside its bytes. */
    private static final int PART = 2048;

    /** What a reader must take in each period that it has: less is as good as nothing, and would hold our memory for hours. */
    private static final long SLOWEST = 64 << 10;

    private final Shared shared;
    private final HttpLimits limits;
    private final Channel channel;
    private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();
    private State state = State.IDLE;
    private Optional<Inbox> inbox = Optional.empty();
    private Optional<Exchange> running = Optional.empty();
    private Optional<TlsPeer> peer = Optional.empty();
    private boolean lastOne;
    /** A HEAD: everything of the answer but its body. */
    private boolean headOnly;

    private boolean countsAsRunning;
    private int waitingRequests;
    private long heldBytes;
    /** Of these, what counts for one sender. */
    private long sharedBytes;

    private String sharedBy = "";
    /** Of the request that was begun last: whoever pipelines sends on behind it. */
    private Optional<HttpRequest> head = Optional.empty();

    private Optional<Sender> sender = Optional.empty();
    /** What the client had not taken yet when its time began. */
    private long unread;

    private volatile long deadline;

    Connection(Shared shared, Channel channel) {
        this.shared = shared;
        this.limits = shared.config().limits();
        this.channel = channel;
        enter(State.IDLE, limits.idle());
    }

    /** From the decoder: the clock of a slow client starts with the first byte. */
    void bytesArrived() {
        if (state == State.IDLE) {
            enter(State.READING, limits.read());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HttpObject part = (HttpObject) message;
        if (state == State.CLOSING) {
            ReferenceCountUtil.release(part);
        } else if (state == State.IDLE || state == State.READING) {
            take(part);
        } else {
            await(part);
        }
    }

    /** Pipelined: it waits, within limits. */
    private void await(HttpObject part) {
        if (part instanceof HttpRequest && ++waitingRequests > limits.pipelined()) {
            ReferenceCountUtil.release(part);
            channel.close();
            return;
        }
        if (!hold(cost(part))) {
            ReferenceCountUtil.release(part);
            channel.close();
            return;
        }
        waiting.add(part);
    }

    /** False if there is no room for it, or the sender has its part of the room. What is held is given back when the connection has ended. */
    private boolean hold(int bytes) {
        if (bytes == 0) {
            return true; // a request without a body takes no room from anybody
        }
        if (!shared.bytes().take(bytes)) {
            return false;
        }
        heldBytes += bytes;
        return (heldBytes <= Shares.SMALL && shared.shares().isCalm()) || share();
    }

    private boolean share() {
        return switch (sender()) {
            case Sender.Anybody ignored -> true;
            case Sender.Stranger ignored -> false;
            case Sender.Known(String who) -> {
                if (!who.equals(sharedBy)) {
                    unshare(0);
                    sharedBy = who;
                }
                boolean taken = shared.shares().take(who, heldBytes - sharedBytes);
                sharedBytes = taken ? heldBytes : sharedBytes;
                yield taken;
            }
        };
    }

    /** Looked at only for those who send much, or while much is held. */
    private Sender sender() {
        if (sender.isEmpty()) {
            sender = head.map(it -> shared.handler().sender(new Inbox.Fields(it.headers())));
        }
        return sender.orElseGet(Sender.Stranger::new);
    }

    private void release(long bytes) {
        shared.bytes().giveBack(bytes);
        heldBytes -= bytes;
        unshare(heldBytes);
    }

    private void unshare(long left) {
        if (sharedBytes > left) {
            shared.shares().giveBack(sharedBy, sharedBytes - left);
            sharedBytes = left;
        }
    }

    /** A part that waits keeps what it was read into: a body in pieces of one byte costs us a thousand times its length. */
    private static int cost(HttpObject part) {
        return PART + (part instanceof HttpContent content ? content.content().readableBytes() : 0);
    }

    private void take(HttpObject part) {
        try {
            if (part instanceof HttpRequest request) {
                begin(request);
            }
            if (part instanceof HttpContent content && inbox.isPresent()) {
                body(inbox.get(), content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(HttpRequest request) {
        if (state == State.IDLE) {
            enter(State.READING, limits.read());
        }
        headOnly = request.method().equals(HttpMethod.HEAD);
        head = Optional.of(request);
        sender = Optional.empty();
        Optional<Response> refusal = shared.screening().refuse(request);
        if (refusal.isPresent()) {
            refuse(refusal.get());
            return;
        }
        lastOne = !HttpUtil.isKeepAlive(request);
        if (HttpUtil.is100ContinueExpected(request)) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(Wire.CONTINUE), channel.voidPromise());
        } else if (request.headers().contains(HttpHeaderNames.EXPECT)) {
            refuse(Response.error(417, "expectation_failed", "only `100-continue` is known"));
            return;
        }
        inbox = Optional.of(new Inbox(request));
    }

    private void body(Inbox open, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            refuse(Response.error(400, "bad_body", "the body is not framed as HTTP/1.1 frames it"));
            return;
        }
        int more = content.content().readableBytes();
        if (open.length() + (long) more > limits.body()) {
            refuse(shared.screening().tooLarge());
            return;
        }
        if (!hold(more)) {
            refuse(noRoom());
            return;
        }
        open.append(content.content());
        if (content instanceof LastHttpContent) {
            run(open.complete(peer));
        }
    }

    private void run(Request request) {
        inbox = Optional.empty();
        if (!shared.requests().take(1)) {
            refuse(busy());
            return;
        }
        countsAsRunning = true;
        enter(State.RUNNING, Duration.ZERO);
        Exchange exchange = new Exchange(this, request);
        running = Optional.of(exchange);
        shared.run(exchange);
    }

    private Response noRoom() {
        return sender() instanceof Sender.Stranger && shared.shares().isCalm()
                ? Response.error(
                                401,
                                "unauthorized",
                                "a key is needed for a body of more than " + Shares.SMALL
                                        + " bytes: Authorization: Bearer reeve_...")
                        .with("www-authenticate", "Bearer realm=\"reeve\"")
                : busy();
    }

    private static Response busy() {
        return Response.error(503, "busy", "too much at once; try again in a moment")
                .with("retry-after", "1");
    }

    /** The rest of what the client sends cannot be trusted to begin where we think, so the connection ends. */
    private void refuse(Response response) {
        shared.refused(head.map(it -> it.uri().replaceFirst("(?s)\\?.*", "")).orElse(""), response);
        inbox = Optional.empty();
        write(Wire.whole(channel.alloc(), response, true, headOnly), true);
    }

    /**
     * The whole answer, from the exchange.
     *
     * @param large room that it took, to be given back when the client has it
     */
    void answer(Response response, Unread.Part large) {
        if (state != State.RUNNING) {
            shared.unread().giveBack(large);
            return;
        }
        boolean close = lastOne || shared.draining();
        ByteBuf whole;
        try {
            whole = Wire.whole(channel.alloc(), response, close, headOnly);
        } catch (OutOfMemoryError e) {
            // Nothing was written. The client hears that, and what was taken for it is free again.
            shared.unread().giveBack(large);
            channel.close();
            return;
        }
        write(whole, close).addListener(done -> shared.unread().giveBack(large));
    }

    private ChannelFuture write(ByteBuf bytes, boolean close) {
        enter(close ? State.CLOSING : State.WRITING, limits.write());
        ChannelFuture written = channel.writeAndFlush(bytes);
        unread = pending();
        written.addListener(done -> {
            if (!done.isSuccess()) {
                channel.close();
            } else if (close) {
                channel.close();
            } else {
                answered();
            }
        });
        return written;
    }

    /** Streams: the head at once, so that the client knows. */
    void streamHead(Response head) {
        if (state == State.RUNNING) {
            noLongerRuns();
            giveBackBytes();
            enter(State.STREAMING, limits.heartbeat());
            channel.writeAndFlush(Wire.streamHead(channel.alloc(), head), channel.voidPromise());
        }
    }

    /**
     * @param of whose stream it is: once that has ended, what comes after it is another's
     * @param begin what stands before the data
     * @param taken runs once, when the client has it or never will
     */
    void event(Exchange of, byte[] begin, byte[] data, Runnable taken) {
        if (state != State.STREAMING || !carries(of)) {
            taken.run();
            return;
        }
        ByteBuf event;
        try {
            event = Wire.event(channel.alloc(), begin, data);
        } catch (OutOfMemoryError e) {
            // A stream with a gap would be worse than one that ends.
            taken.run();
            channel.close();
            return;
        }
        channel.writeAndFlush(event).addListener(done -> taken.run());
        if (state == State.STREAMING) {
            unread = pending();
            deadline = shared.nanos() + limits.heartbeat().toNanos();
        }
    }

    void streamEnd(Exchange of) {
        if (state == State.STREAMING && carries(of)) {
            write(Wire.LAST_CHUNK.duplicate(), lastOne || shared.draining());
        }
    }

    /** Ends the connection if it still carries this. */
    void abort(Exchange exchange) {
        if (carries(exchange)) {
            channel.close();
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private boolean carries(Exchange exchange) {
        return running.filter(it -> it == exchange).isPresent();
    }

    private void answered() {
        if (state != State.WRITING) {
            return;
        }
        endExchange();
        head = Optional.empty();
        sender = Optional.empty();
        enter(State.IDLE, limits.idle());
        while (!waiting.isEmpty() && (state == State.IDLE || state == State.READING)) {
            HttpObject next = waiting.remove();
            if (next instanceof HttpRequest) {
                waitingRequests--;
            }
            release(cost(next));
            take(next);
        }
    }

    private void endExchange() {
        running = Optional.empty();
        noLongerRuns();
        giveBackBytes();
    }

    private void noLongerRuns() {
        if (countsAsRunning) {
            countsAsRunning = false;
            shared.requests().giveBack(1);
        }
    }

    private void giveBackBytes() {
        long waitingBytes = 0;
        for (HttpObject part : waiting) {
            waitingBytes += cost(part);
        }
        release(heldBytes - waitingBytes);
    }

    /** From the sweeper, on this event loop. */
    void sweep(long now) {
        if (deadline - now > 0 || state == State.RUNNING) {
            return;
        }
        switch (state) {
            case IDLE -> channel.close();
            case WRITING, CLOSING -> closeIfStuck(limits.write());
            case READING -> refuse(Response.error(408, "too_slow", "the request did not arrive in time"));
            case STREAMING -> heartbeat();
            case RUNNING -> throw new AssertionError("a running request has its permit's deadline");
        }
    }

    private void heartbeat() {
        // A little that is never read holds room too, and gives way when somebody waits for it.
        boolean idle = pending() > 0 && pending() >= unread && shared.unread().isWantedOf(sender());
        if (idle || !channel.isWritable()) {
            closeIfStuck(limits.heartbeat());
            return;
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(Wire.HEARTBEAT), channel.voidPromise());
        deadline = shared.nanos() + limits.heartbeat().toNanos();
    }

    /** A large answer takes a slow client longer than one period, and it has another one as long as it reads. */
    private void closeIfStuck(Duration period) {
        long left = pending();
        if (unread - left < SLOWEST || shared.unread().isWantedOf(sender())) {
            channel.close();
            return;
        }
        unread = left;
        deadline = shared.nanos() + period.toNanos();
    }

    private long pending() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes() - out.currentProgress();
    }

    /** Whether the sweeper must look closer. Any thread. */
    boolean due(long now) {
        return deadline - now <= 0;
    }

    /** No further request: idle ones end now, busy ones after their answer. */
    void drain() {
        lastOne = true;
        if (state == State.IDLE) {
            channel.close();
        }
    }

    private void enter(State next, Duration time) {
        state = next;
        deadline = shared.nanos() + (next == State.RUNNING ? Long.MAX_VALUE / 4 : time.toNanos());
    }

    Channel channel() {
        return channel;
    }

    Shared shared() {
        return shared;
    }

    /** The handshake is done: from here on it is a connection that waits for a request. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
            peer = TlsPeer.of(context.pipeline().get(SslHandler.class));
            enter(State.IDLE, limits.idle());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        running.ifPresent(Exchange::wake);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSING;
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        release(heldBytes);
        running.ifPresent(Exchange::gone);
        running = Optional.empty();
        noLongerRuns();
        shared.left(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
