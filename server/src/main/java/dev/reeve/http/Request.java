package dev.reeve.http;

import java.util.List;
import java.util.Optional;

/**
 * One whole request. The body is complete, and not compressed.
 *
 * @param path as it was sent, without the query; not decoded
 * @param query what follows the {@code ?}
 * @param peer the client certificate, where the listener asks for one and the client showed it
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on the hot path: nobody compares requests.
public record Request(
        String method, String path, Optional<String> query, Headers headers, byte[] body, Optional<TlsPeer> peer) {
    /** Header fields; names without regard to case. */
    public interface Headers {
        /** Every value in order; empty if there is none. */
        List<String> all(String name);

        /** The value if there is exactly one. */
        default Optional<String> only(String name) {
            List<String> values = all(name);
            return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
        }

        default boolean has(String name) {
            return !all(name).isEmpty();
        }

        /** Names as they were sent. */
        Iterable<String> names();
    }
}
