package dev.reeve.http;

import java.util.concurrent.atomic.AtomicLong;

/** So many and no more: connections, requests, bytes. */
final class Budget {
    private final AtomicLong taken = new AtomicLong();
    private final long most;

    Budget(long most) {
        this.most = most;
    }

    boolean take(long amount) {
        if (taken.addAndGet(amount) <= most) {
            return true;
        }
        taken.addAndGet(-amount);
        return false;
    }

    void giveBack(long amount) {
        taken.addAndGet(-amount);
    }

    long taken() {
        return taken.get();
    }
}
