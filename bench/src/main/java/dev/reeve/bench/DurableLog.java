package dev.reeve.bench;

import java.io.IOException;

/** Somewhere that an entry can be made durable: ours, or a peer's. */
interface DurableLog extends AutoCloseable {
    String name();

    /** Returns when the entry survives a power cut. Called by many threads at once. */
    void append(byte[] entry) throws Exception;

    /** CPU of processes beside this one, so far, in nanoseconds. */
    default long cpuElsewhere() throws Exception {
        return 0;
    }

    /** Whether threads may be virtual: where a native library waits for the disk they would hold their carriers. */
    default boolean virtualThreads() {
        return false;
    }

    @Override
    void close() throws IOException;
}
