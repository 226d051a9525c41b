package dev.reeve.export;

import dev.reeve.audit.AuditReader.Happened;
import java.io.IOException;
import java.util.List;

/** Somebody who gets the record. */
public interface Sink extends AutoCloseable {
    /**
     * Returns when the receiver has said that it has them, in the strongest way that it can.
     *
     * @throws IOException if it has not, or nobody knows: the same events come again
     */
    void deliver(List<Happened> events) throws IOException;

    /** Whether a delivery that was successful cannot be lost any more on the way to the receiver. */
    default boolean isCertain() {
        return true;
    }

    @Override
    void close();
}
