package dev.reeve.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One request that runs: the handler's side of a {@link Connection}. */
final class Exchange implements Responder, Runnable {
    private static final System.Logger LOG = System.getLogger("dev.reeve.http");

    private static final int RETRY_MILLIS = 1000;
    private static final byte[] NOTHING = new byte[0];

    /** From here on a stream's next event waits. Counted from when it is handed to the event loop: what the channel says of itself comes later. */
    private static final int HIGH = 128 << 10;

    private final Connection connection;
    private final Request request;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private List<Runnable> whenGone = new ArrayList<>(1);
    private boolean gone;
    private volatile boolean ended;
    /** Bytes of events on their way to the client. */
    private long queued;

    private volatile @Nullable Sender sender;

    Exchange(Connection connection, Request request) {
        this.connection = connection;
        this.request = request;
    }

    @Override
    public void run() {
        try {
            connection.shared().handler().handle(request, this);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a handler failed", e);
        }
        if (!answered.get()) {
            send(Response.error(500, "internal", "this is a bug; the operator's log has it"));
        }
    }

    @Override
    public void send(Response response) {
        if (answered.compareAndSet(false, true)) {
            int bytes = response.body().length;
            Unread.Part large = Unread.isLarge(bytes) ? takeRoom(bytes) : Unread.Part.NONE;
            onLoop(() -> connection.answer(response, large));
        }
    }

    @Override
    public EventStream stream(Response head) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("this request is answered already");
        }
        onLoop(() -> connection.streamHead(head));
        return new Stream();
    }

    @Override
    public void onClose(Runnable action) {
        lock.lock();
        try {
            if (!gone) {
                whenGone.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        connection.shared().run(action);
    }

    /** The client has gone. */
    void gone() {
        List<Runnable> actions;
        lock.lock();
        try {
            gone = true;
            writable.signalAll();
            actions = ended ? List.of() : whenGone;
            whenGone = List.of();
        } finally {
            lock.unlock();
        }
        actions.forEach(connection.shared()::run);
    }

    void wake() {
        lock.lock();
        try {
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Unread.Part takeRoom(int bytes) {
        return connection.shared().unread().take(sender(), bytes, patience());
    }

    /** Whose room it takes; looked at only by what takes some. */
    private Sender sender() {
        Sender known = sender;
        if (known == null) {
            known = connection.shared().handler().sender(request.headers());
            sender = known;
        }
        return known;
    }

    /** Half as long again as who holds the room has: that one is cut off first, however busy the loop is. */
    private Duration patience() {
        Duration write = connection.shared().config().limits().write();
        return write.plus(write.dividedBy(2));
    }

    private void onLoop(Runnable step) {
        connection.channel().eventLoop().execute(step);
    }

    private final class Stream implements EventStream {
        @Override
        public boolean send(byte[] data) {
            return send(Wire.DATA, data);
        }

        @Override
        public boolean send(String id, byte[] data) {
            // The event that only carries an id comes first, and also says when to come back.
            String retry = data.length == 0 ? "retry: " + RETRY_MILLIS + "\n" : "";
            byte[] begin = (retry + "id: " + id + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
            return send(begin, data);
        }

        private boolean send(byte[] begin, byte[] data) {
            int bytes = begin.length + data.length;
            boolean alone = bytes < Unread.SMALL;
            lock.lock();
            try {
                if (!awaitTurn()) {
                    return false;
                }
                alone &= queued == 0;
                queued += bytes;
            } finally {
                lock.unlock();
            }
            Unread.Part room = alone ? Unread.Part.NONE : takeRoom(bytes);
            if (!alone && room.isNone()) {
                taken(bytes, room);
                connection.channel().close();
                return false;
            }
            onLoop(() -> connection.event(Exchange.this, begin, data, () -> taken(bytes, room)));
            return true;
        }

        private void taken(int bytes, Unread.Part room) {
            connection.shared().unread().giveBack(room);
            lock.lock();
            try {
                queued -= bytes;
                writable.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** The client reads too slowly: wait for it, but not for ever. */
        private boolean awaitTurn() {
            long left = connection.shared().config().limits().write().toNanos();
            lock.lock();
            try {
                while (!gone && !ended && queued >= HIGH) {
                    if (left <= 0) {
                        connection.channel().close();
                        return false;
                    }
                    left = writable.awaitNanos(left);
                }
                return !gone && !ended;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean offer(byte[] data) {
            if (!isOpen()) {
                return false;
            }
            int bytes = Wire.DATA.length + data.length;
            lock.lock();
            try {
                if (queued >= HIGH) {
                    connection.channel().close();
                    return false;
                }
                queued += bytes;
            } finally {
                lock.unlock();
            }
            onLoop(() -> connection.event(Exchange.this, Wire.DATA, data, () -> taken(bytes, Unread.Part.NONE)));
            return true;
        }

        @Override
        public void pause(int retryMillis) {
            if (isOpen()) {
                byte[] retry = ("retry: " + retryMillis).getBytes(StandardCharsets.US_ASCII);
                onLoop(() -> connection.event(Exchange.this, retry, NOTHING, () -> {}));
            }
            end();
        }

        @Override
        public void end() {
            if (endOnce()) {
                onLoop(() -> connection.streamEnd(Exchange.this));
            }
        }

        private boolean endOnce() {
            lock.lock();
            try {
                boolean first = !ended;
                ended = true;
                writable.signalAll();
                return first;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void abort() {
            boolean ignored = endOnce();
            onLoop(() -> connection.abort(Exchange.this));
        }

        @Override
        public boolean isOpen() {
            return !ended && connection.channel().isActive();
        }
    }
}
