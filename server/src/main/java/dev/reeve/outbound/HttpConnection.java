package dev.reeve.outbound;

import dev.reeve.outbound.HttpCallException.Kind;
import dev.reeve.tls.TlsFailure;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the request on it, if any. The event loop fills it, one virtual thread empties it; what waits between them is
 * bounded: reading stops while more than {@value #HIGH} bytes lie here.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final int HIGH = 256 << 10;
    private static final int LOW = 64 << 10;

    private static final String CLOSED = "the server closed the connection";

    /** Some servers close without the alert that says so. */
    private static final String CLOSED_UNHEARD = CLOSED
            + " before it answered anything; if it wants a client certificate: `tls: { certificate: FILE, key: FILE }`";

    private enum Stage {
        IDLE,
        /** Handed to the event loop; nothing has left. */
        ASKED,
        SENT,
        /** The whole answer is here. */
        ANSWERED,
        DEAD
    }

    private final Channel channel;
    private final HttpOrigin origin;
    private final Runnable whenGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
    private Stage stage = Stage.IDLE;
    private int buffered;
    /** It had a request before. Only for the event loop. */
    private boolean carried;

    /** Something of an answer came, so the handshake was complete on the other side, too. */
    private boolean answeredOnce;

    private boolean interim;
    private boolean keepAlive;
    private @Nullable HttpResponse head;
    private @Nullable HttpCallException failure;
    /** Until when somebody waits here; without meaning unless {@link #waiting}. */
    private long waitsUntil;

    private boolean waiting;
    /** When the event loop looks next whether that is over; without meaning unless {@link #alarmed}. */
    private long alarm;

    private boolean alarmed;
    private volatile long idleSince = System.nanoTime();
    private volatile long idleLimit;

    HttpConnection(Channel channel, HttpOrigin origin, Runnable whenGone) {
        this.channel = channel;
        this.origin = origin;
        this.whenGone = whenGone;
    }

    /** Hands the request to the event loop. There, pending closes are seen first, so that a connection that died idle is not written to. */
    void ask(HttpCall call, Departure departure) {
        lock.lock();
        try {
            if (stage != Stage.IDLE) {
                failure = failure == null
                        ? new HttpCallException(Kind.UNREACHABLE, false, "the connection was closed")
                        : failure;
                return;
            }
            stage = Stage.ASKED;
            head = null;
            failure = null;
        } finally {
            lock.unlock();
        }
        channel.eventLoop().execute(() -> depart(call, departure));
    }

    private void depart(HttpCall call, Departure departure) {
        lookForAnEnd();
        lock.lock();
        try {
            if (stage != Stage.ASKED) {
                return;
            }
            if (!channel.isActive()) {
                fail(Kind.UNREACHABLE, false, "the connection was closed");
            } else if (!departure.mayLeave()) {
                stage = Stage.IDLE;
                failure = new HttpCallException(Kind.HELD_BACK, false, "held back before the first byte");
                changed.signalAll();
            } else {
                stage = Stage.SENT;
            }
        } catch (RuntimeException e) {
            stage = Stage.IDLE;
            failure = new HttpCallException(Kind.HELD_BACK, false, "held back: the last check failed");
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (stage == Stage.SENT) {
            channel.writeAndFlush(call.toNetty(origin)).addListener(written -> {
                if (!written.isSuccess()) {
                    kill(Kind.BROKEN, "the connection broke while the request was written");
                }
            });
        }
    }

    /**
     * A server may have closed an idle connection since the event loop last looked. One attempt to read (a microsecond) shows that; without it the
     * request would be written into the void, and its outcome would be unknown.
     */
    private void lookForAnEnd() {
        if (carried && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
            socket.read();
        }
        carried = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                kill(Kind.BROKEN, "what the server sends is not HTTP/1.1, or its headers are too large");
                return;
            }
            lock.lock();
            try {
                receive(message);
            } finally {
                lock.unlock();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void receive(Object message) {
        if (stage != Stage.SENT) {
            // Bytes that nobody asked for could be taken for the answer to the next request.
            Kind kind = stage == Stage.ASKED ? Kind.UNREACHABLE : Kind.BROKEN;
            fail(kind, kind == Kind.BROKEN, "the server sent what nobody asked for");
            return;
        }
        if (message instanceof HttpResponse response) {
            answeredOnce = true;
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!interim) {
                head = response;
                keepAlive = HttpUtil.isKeepAlive(response);
                idleLimit = KeepAlive.nanos(response);
            }
        }
        if (message instanceof HttpContent content && !interim) {
            add(content);
        }
        if (message instanceof LastHttpContent && !interim) {
            stage = Stage.ANSWERED;
            changed.signalAll();
        }
    }

    private void add(HttpContent content) {
        if (content.content().isReadable()) {
            parts.add(ByteBufUtil.getBytes(content.content()));
            buffered += content.content().readableBytes();
            if (buffered > HIGH) {
                channel.config().setAutoRead(false);
            }
        }
    }

    /** Wakes the reader once for everything that one read of the socket brought. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lock.lock();
        try {
            if (head != null) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        kill(Kind.BROKEN, origin.tls() && !answeredOnce ? CLOSED_UNHEARD : CLOSED);
        whenGone.run();
    }

    /**
     * With TLS 1.3 a server says that it does not take our certificate when the request is already on its way. One that keeps to the protocol has
     * not read it then, but it could have: the bytes have left.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Optional<TlsFailure> tls = TlsFailure.of(cause);
        if (tls.isEmpty() || !tls.get().isAboutUs() || answeredOnce) {
            kill(Kind.BROKEN, "the connection broke");
            return;
        }
        lock.lock();
        try {
            fail(Kind.HANDSHAKE, stage == Stage.SENT, origin + ": " + tls.get());
        } finally {
            lock.unlock();
        }
    }

    /** Waits for status and headers. */
    HttpResponse awaitHead(long deadline) throws HttpCallException {
        lock.lock();
        try {
            while (head == null) {
                checkFailure();
                await(deadline, "the server did not begin to answer in time");
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** The next bytes of the body; {@code null} when it is complete. */
    byte @Nullable [] awaitPart(long deadline) throws HttpCallException {
        lock.lock();
        try {
            while (parts.isEmpty()) {
                if (stage == Stage.ANSWERED) {
                    return null;
                }
                checkFailure();
                await(deadline, "the server did not finish its answer in time");
            }
            byte[] part = parts.remove();
            buffered -= part.length;
            if (buffered < LOW && !channel.config().isAutoRead()) {
                channel.config().setAutoRead(true);
            }
            return part;
        } finally {
            lock.unlock();
        }
    }

    /** Lets whoever waits for the next bytes return with none. */
    void poke() {
        lock.lock();
        try {
            parts.add(new byte[0]);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void checkFailure() throws HttpCallException {
        HttpCallException why = failure;
        if (why != null) {
            throw why;
        }
    }

    /**
     * Until something changes, or the time is over. The wait itself is not a timed one: a virtual thread that waits so has another
     * thread of the JDK woken twice, which costs more than all that is done with the answer. Under steady traffic the event loop looks
     * once for many waits.
     */
    @SuppressWarnings("WaitNotInLoop") // both callers loop over their own condition
    private void await(long deadline, String late) throws HttpCallException {
        if (deadline - System.nanoTime() <= 0) {
            throw die(new HttpCallException(Kind.TIMED_OUT, stage != Stage.ASKED, late));
        }
        waiting = true;
        waitsUntil = deadline;
        try {
            alarmAt(deadline);
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw die(new HttpCallException(Kind.CANCELLED, stage != Stage.ASKED, "the caller was interrupted"));
        } catch (RejectedExecutionException e) {
            throw die(new HttpCallException(Kind.CANCELLED, stage != Stage.ASKED, "the process ends"));
        } finally {
            waiting = false;
        }
    }

    private void alarmAt(long time) {
        if (!alarmed || time - alarm < 0) {
            alarmed = true;
            alarm = time;
            Future<?> ignored =
                    channel.eventLoop().schedule(this::ring, time - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void ring() {
        lock.lock();
        try {
            alarmed = false;
            if (waiting && waitsUntil - System.nanoTime() <= 0) {
                changed.signalAll();
            } else if (waiting) {
                alarmAt(waitsUntil);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it from any thread. */
    void kill(Kind kind, String message) {
        lock.lock();
        try {
            if (stage == Stage.SENT) {
                die(new HttpCallException(kind, true, message));
            } else if (stage == Stage.ASKED) {
                fail(kind == Kind.CANCELLED ? kind : Kind.UNREACHABLE, false, message);
            } else {
                stage = stage == Stage.ANSWERED && kind == Kind.BROKEN ? stage : Stage.DEAD;
                keepAlive = false;
                channel.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(Kind kind, boolean sent, String message) {
        die(new HttpCallException(kind, sent, message));
    }

    private HttpCallException die(HttpCallException why) {
        failure = failure == null ? why : failure;
        stage = Stage.DEAD;
        changed.signalAll();
        channel.close();
        return why;
    }

    /** True if it can carry another request; from then on it is idle. */
    boolean recycle() {
        lock.lock();
        try {
            boolean heldBack = stage == Stage.IDLE;
            boolean whole = stage == Stage.ANSWERED && keepAlive && parts.isEmpty();
            if (!channel.isActive() || (!heldBack && !whole)) {
                stage = Stage.DEAD;
                channel.close();
                return false;
            }
            stage = Stage.IDLE;
            head = null;
            failure = null;
            idleSince = System.nanoTime();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean usable(long now, long usualLimit) {
        long limit = idleLimit > 0 ? idleLimit : usualLimit;
        return channel.isActive() && now - idleSince < limit;
    }

    static long deadline(java.time.Duration time) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(time.toMillis());
    }
}
