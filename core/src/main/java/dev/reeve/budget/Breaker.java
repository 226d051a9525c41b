package dev.reeve.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Rests whoever keeps failing. Once so many failures fall into the window, nothing is let through for a while; then one action is, and what
 * becomes of it decides: on, or another rest. Times are in nanoseconds. Its owner locks.
 */
final class Breaker {
    /** Longest name of who tries. */
    private static final int MOST_NAME = 200;

    private final Window failures;
    private boolean open;
    private long until;
    private @Nullable Object probe;

    Breaker(long width) {
        this(new Window(width));
    }

    private Breaker(Window failures) {
        this.failures = failures;
    }

    /** Whether nothing may pass now. */
    boolean refuses(long now) {
        return open && (now < until || probe != null);
    }

    /** When the next may try; {@link Window#FOREVER} while somebody tries. */
    long freeAt(long now) {
        return now < until ? until : Window.FOREVER;
    }

    /** Something passes. After a rest it is the one that tries; what passed before the rest began is not. */
    void passes(Object who, long now) {
        if (open && now >= until && probe == null) {
            probe = who;
        }
    }

    void failed(long now, long max, long rest, @Nullable Object who) {
        if (open && (who == null || !who.equals(probe))) {
            return;
        }
        failures.add(now, 1);
        if (open || failures.used(now) >= max) {
            open = true;
            until = now + rest;
            probe = null;
            failures.clear();
        }
    }

    void succeeded(Object who) {
        if (open && who.equals(probe)) {
            open = false;
            probe = null;
        }
    }

    /** Nobody knows what became of it: somebody else may try. */
    void gone(Object who) {
        if (who.equals(probe)) {
            probe = null;
        }
    }

    /** Since it last rested. */
    long failures(long now) {
        return failures.used(now);
    }

    /** Whoever tries has a name: an action of the record. */
    void write(DataOutput out) throws IOException {
        failures.write(out);
        out.writeBoolean(open);
        out.writeLong(until);
        out.writeUTF(probe == null ? "" : probe.toString());
    }

    /** @throws IOException if that is none */
    static Breaker read(DataInput in, long width) throws IOException {
        Breaker breaker = new Breaker(Window.read(in, width));
        breaker.open = in.readBoolean();
        breaker.until = in.readLong();
        String probe = in.readUTF();
        if (probe.length() > MOST_NAME) {
            throw new IOException("that is no action");
        }
        breaker.probe = probe.isEmpty() ? null : probe;
        return breaker;
    }

    boolean isIdle(long now) {
        return !open && failures.isEmpty(now);
    }
}
