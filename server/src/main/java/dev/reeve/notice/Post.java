package dev.reeve.notice;

import java.io.IOException;

/** Brings a message to where people read it. */
@FunctionalInterface
public interface Post {
    /**
     * Blocking, bounded in time.
     *
     * @param id the same when the same message comes again
     * @throws IOException if nobody said that they have it
     */
    void deliver(String id, String text) throws IOException;
}
