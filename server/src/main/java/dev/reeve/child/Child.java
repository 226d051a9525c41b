package dev.reeve.child;

import dev.reeve.outbound.Departure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process and the three platform threads on its pipes. Platform threads, because a virtual thread that waits on a pipe holds its carrier:
 * with 256 children so read, every virtual thread of the process would stop.
 */
public final class Child implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int WAITING = 256;
    private static final int STDERR_LINE = 4 << 10;
    private static final int STACK_BYTES = 512 << 10;

    private static final String CUT =
            "(ended by Reeve: it did not finish a long line while others waited for the room)";

    /** Whoever reads what the child says. Called on the thread of its stdout, one call at a time; {@code ended} last, once. */
    public interface Listener {
        /** Before anything is read, so that whatever the first line is can be answered. */
        void started(Child child);

        /** @param whole false if the line was longer than the limit */
        void line(byte[] line, boolean whole);

        /** The child says nothing more. */
        void ended();
    }

    /** What waits for the thread of stdin. */
    private sealed interface Outgoing {}

    private record Ending() implements Outgoing {}

    private static final class Message implements Outgoing {
        private final byte[] line;
        private final Departure departure;
        private final Runnable heldBack;

        Message(byte[] line, Departure departure, Runnable heldBack) {
            this.line = line;
            this.departure = departure;
            this.heldBack = heldBack;
        }

        void writeTo(OutputStream out) throws IOException {
            if (departure.mayLeave()) {
                out.write(line);
                out.write('\n');
                out.flush();
            } else {
                heldBack.run();
            }
        }
    }

    private final Process process;
    private final Listener listener;
    private final BlockingQueue<Outgoing> outgoing = new ArrayBlockingQueue<>(WAITING);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile boolean closing;
    private final long started = System.nanoTime();
    private final boolean confined;

    private Child(Process process, Listener listener, boolean confined) {
        this.process = process;
        this.listener = listener;
        this.confined = confined;
    }

    /**
     * Starts it. The JDK closes all descriptors but the three pipes in the child.
     *
     * @param ours Reeve's own environment, of which the child gets very little
     * @param lineLimit bytes of one line of its output
     * @param longLines room for those that are long
     * @throws CannotConfineException if it is to be confined, and this machine cannot
     * @throws IOException if the program or the folder is not there, or may not be used
     */
    public static Child start(
            Command command,
            Map<String, String> ours,
            int lineLimit,
            LongLines longLines,
            LastWords lastWords,
            Listener listener)
            throws IOException {
        Command.Prepared prepared = command.prepare(ours);
        Child child = started(command, prepared, listener);
        listener.started(child);
        try {
            String name = "child " + child.process.pid();
            run(name + " stdin", child::write);
            run(name + " stdout", () -> child.read(lineLimit, longLines, lastWords));
            run(name + " stderr", () -> child.listenTo(longLines, lastWords));
        } catch (OutOfMemoryError e) {
            // No thread to be had: then no child either.
            child.process.destroyForcibly();
            throw new IOException("no thread for its pipes", e);
        }
        child.process.onExit().thenRun(() -> {
            child.gone.complete(null);
            remove(prepared);
            // A grandchild may hold the pipe open for ever; what the child itself wrote is read by then.
            CompletableFuture.delayedExecutor(GRACE.toMillis() / 4, TimeUnit.MILLISECONDS)
                    .execute(child::end);
        });
        return child;
    }

    private static Child started(Command command, Command.Prepared prepared, Listener listener) throws IOException {
        try {
            return new Child(
                    Nursery.start(prepared.builder()),
                    listener,
                    command.confinement().isPresent());
        } catch (IOException e) {
            prepared.group().ifPresent(Cgroups.Group::remove);
            throw e;
        }
    }

    /** Twice: of a tree that was killed, the last processes may go a moment later than the first. */
    private static void remove(Command.Prepared prepared) {
        prepared.group().ifPresent(group -> {
            group.remove();
            CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(group::remove);
        });
    }

    private static void run(String name, Runnable what) {
        Thread.ofPlatform().daemon().name(name).stackSize(STACK_BYTES).start(what);
    }

    /**
     * Queues one line.
     *
     * @param line without line feeds
     * @param departure asked on the thread of stdin, right before the line is written; never if the child ends first
     * @param heldBack run if it said no
     * @return false if the child takes nothing: too much waits already, or it has ended
     */
    public boolean send(byte[] line, Departure departure, Runnable heldBack) {
        return !ended.get() && outgoing.offer(new Message(line, departure, heldBack));
    }

    private void write() {
        try (OutputStream out = process.getOutputStream()) {
            while (outgoing.take() instanceof Message message) {
                message.writeTo(out);
            }
        } catch (IOException e) {
            // It does not read any more. Its end is noticed on its stdout.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(int lineLimit, LongLines longLines, LastWords lastWords) {
        Runnable cut = () -> {
            lastWords.add(CUT.getBytes(StandardCharsets.US_ASCII));
            kill();
        };
        try {
            new Lines(process.getInputStream(), lineLimit, longLines, cut).drainTo((line, whole) -> {
                if (!ended.get()) {
                    listener.line(line, whole);
                }
            });
        } catch (IOException e) {
            // The pipe broke: the same as its end.
        } finally {
            end();
        }
    }

    private void listenTo(LongLines longLines, LastWords lastWords) {
        try {
            new Lines(process.getErrorStream(), STDERR_LINE, longLines, this::kill)
                    .drainTo((line, whole) -> lastWords.add(line));
        } catch (IOException e) {
            // Nothing more to hear.
        }
    }

    /** A child that says nothing more is of no use, whether it lives or not. */
    private void end() {
        if (ended.compareAndSet(false, true)) {
            listener.ended();
            Thread.startVirtualThread(this::clearAway);
        }
    }

    public boolean isAlive() {
        return !ended.get() && process.isAlive();
    }

    /** What it ended with; empty while it lives. */
    public java.util.OptionalInt status() {
        return process.isAlive() ? java.util.OptionalInt.empty() : java.util.OptionalInt.of(process.exitValue());
    }

    /** True if its end was asked for with {@link #close}. */
    public boolean wasClosed() {
        return closing;
    }

    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    public long pid() {
        return process.pid();
    }

    /** Completes when the process is gone. */
    public CompletableFuture<Void> gone() {
        return gone;
    }

    /** Ends the tree at once. */
    public void kill() {
        List<ProcessHandle> tree = tree();
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    /** Closes its stdin, then asks it to stop, then stops it; then everything that it has started and that is still there. Blocks for at most 6 s. */
    @Override
    public void close() {
        closing = true;
        clearAway();
    }

    private void clearAway() {
        List<ProcessHandle> tree = tree();
        outgoing.clear();
        boolean ignored = outgoing.offer(new Ending());
        if (!waits()) {
            tree = tree();
            // If what confines it went first, it would be killed before it could tidy up.
            tree.stream().filter(it -> !confined || it.pid() != process.pid()).forEach(ProcessHandle::destroy);
            if (!waits()) {
                tree.addAll(tree());
            }
        }
        tree.forEach(ProcessHandle::destroyForcibly);
        ignored = waits();
    }

    private List<ProcessHandle> tree() {
        List<ProcessHandle> tree = new ArrayList<>();
        process.descendants().forEach(tree::add);
        tree.add(process.toHandle());
        return tree;
    }

    private boolean waits() {
        try {
            return process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
