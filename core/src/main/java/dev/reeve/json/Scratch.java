package dev.reeve.json;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Arrays to write into that are used again. A record or a message is some kilobytes; growing an array for each of them was a seventh of all
 * that a call allocates. Whoever took one has it alone until it gives it back; one that is never given back is garbage.
 */
final class Scratch {
    /** Threads that write at the same time rarely take from the same place. */
    private static final int PLACES = 16;

    /** Places lie in lines of the cache of their own. */
    private static final int APART = 16;

    private static final int BEGIN = 4 << 10;
    /** Larger ones are rare, and would stay. */
    private static final int MOST = 32 << 10;

    private static final AtomicReferenceArray<byte @Nullable []> FREE = new AtomicReferenceArray<>(PLACES * APART);

    private Scratch() {}

    /** At least a record's length; what it holds means nothing. */
    static byte[] take() {
        byte @Nullable [] free = FREE.getAndSet(place(), null);
        return free == null ? new byte[BEGIN] : free;
    }

    static void give(byte[] bytes) {
        if (bytes.length <= MOST) {
            FREE.setRelease(place(), bytes);
        }
    }

    private static int place() {
        return ((int) Thread.currentThread().threadId() & (PLACES - 1)) * APART;
    }
}
