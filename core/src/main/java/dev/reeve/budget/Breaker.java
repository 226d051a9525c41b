package dev.reeve.budget;

import org.jspecify.annotations.Nullable;

/**
 * Rests whoever keeps failing. Once so many failures fall into the window, nothing is let through for a while; then one action is, and what
 * becomes of it decides: on, or another rest. Times are in nanoseconds. Its owner locks.
 */
final class Breaker {
    private final Window failures;
    private boolean open;
    private long until;
    private @Nullable Object probe;

    Breaker(long width) {
        this.failures = new Window(width);
    }

    /** Whether nothing may pass now. */
    boolean refuses(long now) {
        return open && (now < until || probe != null);
    }

    /** When the next may try; {@link Window#FOREVER} while somebody tries. */
    long freeAt(long now) {
        return now < until ? until : Window.FOREVER;
    }

    /** Something passes. After a rest it is the one that tries. */
    void passes(Object who) {
        if (open) {
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

    boolean isIdle(long now) {
        return !open && failures.isEmpty(now);
    }
}
