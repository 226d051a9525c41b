package dev.reeve.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Lines to one connector: many senders, one writer, a bounded queue between them. Whoever must not wait does not. */
final class LineWriter implements ConnectorService.Answers {
    /** No message is empty, so an empty line can mean the end. */
    private static final byte[] END = {};

    private static final byte[] NEWLINE = {'\n'};

    private static final long LOOK_MILLIS = 200;

    private final WritableByteChannel channel;
    private final BlockingQueue<byte[]> lines;
    private final Thread thread;
    private volatile boolean gone;

    LineWriter(WritableByteChannel channel, int waiting, String name) {
        this.channel = channel;
        this.lines = new ArrayBlockingQueue<>(waiting);
        this.thread = Thread.ofVirtual().name(name).start(this::write);
    }

    @Override
    public boolean send(byte[] line) {
        return line.length > 0 && put(line);
    }

    private boolean put(byte[] line) {
        try {
            // Looked at again and again: the writer may end while everybody waits for room.
            while (!gone) {
                if (lines.offer(line, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return !gone;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean offer(byte[] line) {
        return !gone && line.length > 0 && lines.offer(line);
    }

    @Override
    public void end() {
        put(END);
    }

    /** Waits until the writer has ended. */
    void join() throws InterruptedException {
        thread.join();
    }

    private void write() {
        try {
            for (byte[] line = lines.take(); line.length > 0; line = lines.take()) {
                write(ByteBuffer.wrap(line));
                write(ByteBuffer.wrap(NEWLINE));
            }
        } catch (IOException e) {
            // The client is gone; so are its answers.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gone = true;
            lines.clear();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
