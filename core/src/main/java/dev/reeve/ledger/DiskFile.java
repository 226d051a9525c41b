package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file with explicit positions. */
interface DiskFile extends AutoCloseable {
    long size() throws IOException;

    /** Reads until the buffer is full or the file ends; the buffer's position tells how far it came. */
    void read(ByteBuffer into, long position) throws IOException;

    /** Writes all that remains in the buffer. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Returns when every write so far is durable. After a failure the descriptor must not be forced again. */
    void force() throws IOException;

    /**
     * Fails if the file's name leads elsewhere by now: somebody took it away, or put another in its place, and what is written here
     * would be gone with the descriptor.
     */
    void requireName() throws IOException;

    @Override
    void close() throws IOException;
}
