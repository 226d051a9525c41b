package dev.reeve.child;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** What the children of this process share: so many places, of which one that nobody uses gives way when all are taken, and room for long lines. */
public final class Slots {
    /** Each child costs a process and three threads. */
    public static final int USUAL = 512;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int most;
    private final LongLines longLines;
    private final Semaphore free;
    private final AtomicReference<BooleanSupplier> yielding = new AtomicReference<>(() -> false);

    public Slots(int most) {
        this(most, LongLines.usual());
    }

    public Slots(int most, LongLines longLines) {
        this.most = most;
        this.longLines = longLines;
        this.free = new Semaphore(most);
    }

    /** @param yieldOne ends one child that nobody uses; false if all are in use */
    public void whenFull(BooleanSupplier yieldOne) {
        yielding.set(yieldOne);
    }

    /** Blocks for a moment while an unused child ends. False if all places stay taken. */
    public boolean take() throws InterruptedException {
        if (free.tryAcquire()) {
            return true;
        }
        return yielding.get().getAsBoolean() && free.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void giveBack() {
        free.release();
    }

    public LongLines longLines() {
        return longLines;
    }

    public int most() {
        return most;
    }

    public int taken() {
        return most - free.availablePermits();
    }
}
