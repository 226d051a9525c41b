package dev.reeve.notice;

import dev.reeve.approval.Approval;
import java.io.IOException;
import java.util.Optional;

/** Brings a message to where people read it. */
@FunctionalInterface
public interface Post {
    /**
     * Blocking, bounded in time.
     *
     * @param id the same when the same message comes again; letters, digits, {@code _} and {@code -}
     * @param page where to answer; it demands that one signs in
     * @throws IOException if nobody said that they have it
     */
    void deliver(String id, Approval approval, Optional<String> page) throws IOException;
}
