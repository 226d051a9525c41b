package dev.reeve.http;

import java.time.Duration;

/**
 * What a client may cost. Everything beyond is refused with a named error, and never buffered.
 *
 * @param requestLine bytes
 * @param headerBytes of all headers of a request
 * @param headerCount of one request
 * @param body bytes of one request
 * @param bodies bytes of all request bodies that are held at a time
 * @param connections open at a time
 * @param pipelined requests of one connection that wait behind the one that runs
 * @param inFlight requests that run at a time, open event streams not counted
 * @param read time from the first byte of a request to its last
 * @param write time that a client may leave an answer or an event unread
 * @param idle time between two requests
 * @param heartbeat time after which a silent event stream gets a comment, so that a dead peer is noticed
 */
public record HttpLimits(
        int requestLine,
        int headerBytes,
        int headerCount,
        int body,
        long bodies,
        int connections,
        int pipelined,
        int inFlight,
        Duration read,
        Duration write,
        Duration idle,
        Duration heartbeat) {
    public static final HttpLimits DEFAULT = new HttpLimits(
            4096,
            16 * 1024,
            64,
            4 << 20,
            64L << 20,
            12_000,
            4,
            1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(25));

    public HttpLimits {
        if (requestLine < 64 || headerBytes < 256 || headerCount < 1 || body < 1 || bodies < body) {
            throw new IllegalArgumentException("a limit is too small to serve any request");
        }
        if (connections < 1 || pipelined < 0 || inFlight < 1) {
            throw new IllegalArgumentException("a limit on a count must let one through");
        }
    }

    public HttpLimits withTimes(Duration newRead, Duration newWrite, Duration newIdle, Duration newHeartbeat) {
        return new HttpLimits(
                requestLine,
                headerBytes,
                headerCount,
                body,
                bodies,
                connections,
                pipelined,
                inFlight,
                newRead,
                newWrite,
                newIdle,
                newHeartbeat);
    }

    public HttpLimits withCounts(int newConnections, int newPipelined, int newInFlight) {
        return new HttpLimits(
                requestLine,
                headerBytes,
                headerCount,
                body,
                bodies,
                newConnections,
                newPipelined,
                newInFlight,
                read,
                write,
                idle,
                heartbeat);
    }

    public HttpLimits withBodies(int newBody, long newBodies) {
        return new HttpLimits(
                requestLine,
                headerBytes,
                headerCount,
                newBody,
                newBodies,
                connections,
                pipelined,
                inFlight,
                read,
                write,
                idle,
                heartbeat);
    }
}
