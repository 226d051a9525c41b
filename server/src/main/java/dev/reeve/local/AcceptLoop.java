package dev.reeve.local;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Accepts connections until the socket is closed. Where that fails, as when the process may open nothing more, it is told once and tried again after a
 * pause: the connection that waits would make it fail again at once. What fails with one connection ends that one only.
 */
public final class AcceptLoop implements Runnable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Source source;
    private final Consumer<SocketChannel> taken;
    private final Consumer<String> trouble;
    private final Runnable pause;

    /** Where connections come from. */
    interface Source {
        /** @throws ClosedChannelException if there come no more */
        SocketChannel accept() throws IOException;
    }

    /**
     * @param taken has each connection, and does not block
     * @param trouble a line, when it begins
     */
    public AcceptLoop(ServerSocketChannel socket, Consumer<SocketChannel> taken, Consumer<String> trouble) {
        this(socket::accept, taken, trouble, () -> LockSupport.parkNanos(PAUSE.toNanos()));
    }

    AcceptLoop(Source source, Consumer<SocketChannel> taken, Consumer<String> trouble, Runnable pause) {
        this.source = source;
        this.taken = taken;
        this.trouble = trouble;
        this.pause = pause;
    }

    @Override
    public void run() {
        boolean fails = false;
        while (true) {
            try {
                take(source.accept());
                fails = false;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                if (!fails) {
                    trouble.accept(
                            "no connection can be accepted: " + e.getClass().getSimpleName() + ": " + e.getMessage());
                }
                fails = true;
                pause.run();
            }
        }
    }

    private void take(SocketChannel client) throws IOException {
        boolean done = false;
        try {
            taken.accept(client);
            done = true;
        } finally {
            if (!done) {
                client.close();
            }
        }
    }
}
