package dev.reeve.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One request that runs: the handler's side of a {@link Connection}. */
final class Exchange implements Responder, Runnable {
    private static final System.Logger LOG = System.getLogger("dev.reeve.http");

    private static final int RETRY_MILLIS = 1000;
    private static final byte[] NOTHING = new byte[0];

    private final Connection connection;
    private final Request request;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private List<Runnable> whenGone = new ArrayList<>(1);
    private boolean gone;
    private volatile boolean ended;

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
            int large = takeRoom(response.body().length);
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

    private int takeRoom(int bytes) {
        Shared shared = connection.shared();
        return shared.unread().take(bytes, shared.config().limits().write());
    }

    private void onLoop(Runnable step) {
        connection.channel().eventLoop().execute(step);
    }

    private final class Stream implements EventStream {
        @Override
        public boolean send(byte[] data) {
            if (!awaitWritable()) {
                return false;
            }
            int large = takeRoom(data.length);
            onLoop(() -> connection.event(Wire.DATA, data, large));
            return true;
        }

        @Override
        public boolean send(String id, byte[] data) {
            // The event that only carries an id comes first, and also says when to come back.
            String retry = data.length == 0 ? "retry: " + RETRY_MILLIS + "\n" : "";
            byte[] begin = (retry + "id: " + id + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
            if (!awaitWritable()) {
                return false;
            }
            int large = takeRoom(data.length);
            onLoop(() -> connection.event(begin, data, large));
            return true;
        }

        /** The client reads too slowly: wait for it, but not for ever. */
        private boolean awaitWritable() {
            long left = connection.shared().config().limits().write().toNanos();
            lock.lock();
            try {
                while (!gone && !ended && !connection.channel().isWritable()) {
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
            if (!connection.channel().isWritable()) {
                connection.channel().close();
                return false;
            }
            onLoop(() -> connection.event(data));
            return true;
        }

        @Override
        public void pause(int retryMillis) {
            if (isOpen()) {
                byte[] retry = ("retry: " + retryMillis).getBytes(StandardCharsets.US_ASCII);
                onLoop(() -> connection.event(retry, NOTHING, 0));
            }
            end();
        }

        @Override
        public void end() {
            ended = true;
            wake();
            onLoop(connection::streamEnd);
        }

        @Override
        public boolean isOpen() {
            return !ended && connection.channel().isActive();
        }
    }
}
