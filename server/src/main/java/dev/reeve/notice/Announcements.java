package dev.reeve.notice;

import java.io.IOException;
import java.util.List;

/** Brings people what they should know and need not answer. */
@FunctionalInterface
public interface Announcements {
    /**
     * Blocking, bounded in time.
     *
     * @param id the same when the same comes again; letters, digits, {@code _} and {@code -}
     * @param title in words of ours, ASCII
     * @param lines foreign text
     * @throws IOException if nobody said that they have it
     */
    void announce(String id, String title, List<String> lines) throws IOException;
}
