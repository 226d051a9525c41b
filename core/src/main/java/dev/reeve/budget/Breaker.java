package dev.reeve.budget;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Rests whoever keeps failing. Once so many failures fall into the window, nothing is let through for a while; then one action is, and what
 * becomes of it decides: on, or another rest. If nobody tries for a whole window, it begins anew: so what happened longer ago than two windows and a
 * rest never counts, but for who tries being known. Times are in nanoseconds. Its owner locks.
 */
final class Breaker {
    /** Longest name of who tries. */
    private static final int MOST_NAME = 200;

    private final long width;
    private final Window failures;
    private boolean open;
    private long until;
    private @Nullable Object probe;

    Breaker(long width) {
        this(width, new Window(width));
    }

    private Breaker(long width, Window failures) {
        this.width = width;
        this.failures = failures;
    }

    /** A rest that nobody tried to end for so long. */
    private boolean isOver(long now) {
        return open && probe == null && now - until >= width;
    }

    /** Whether nothing may pass now. */
    boolean refuses(long now) {
        return open && !isOver(now) && (now < until || probe != null);
    }

    /** When the next may try; {@link Window#FOREVER} while somebody tries. */
    long freeAt(long now) {
        return now < until ? until : Window.FOREVER;
    }

    /**
     * Something passes. After a rest it is the one that tries; what passed before the rest began is not.
     *
     * @return whether it is the one that tries
     */
    boolean passes(Object who, long now) {
        open &= !isOver(now);
        boolean tries = open && now >= until && probe == null;
        if (tries) {
            probe = who;
        }
        return tries;
    }

    /** It passes as the one that tries after a rest, whether or not it is known here how that rest began. */
    void tries(Object who, long now) {
        open = true;
        until = Math.min(until, now);
        probe = who;
        failures.clear();
    }

    /** @return whether it counts: while it rests, only what becomes of the one that tries does */
    boolean failed(long now, long max, long rest, @Nullable Object who) {
        open &= !isOver(now);
        if (open && (who == null || !who.equals(probe))) {
            return false;
        }
        failures.add(now, 1);
        if (open || failures.used(now) >= max) {
            open = true;
            until = now + rest;
            probe = null;
            failures.clear();
        }
        return true;
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
        Breaker breaker = new Breaker(width, Window.read(in, width));
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
        return (!open || isOver(now)) && failures.isEmpty(now);
    }
}
