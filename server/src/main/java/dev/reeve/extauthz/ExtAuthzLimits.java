package dev.reeve.extauthz;

import java.time.Duration;

/**
 * What proxies may cost, and whoever else finds the port.
 *
 * @param message bytes of one request with its body
 * @param messages bytes of all requests that are being received at a time, counted as if each were the largest; the next ones wait
 * @param metadata bytes of a call's own headers
 * @param calls of one connection at a time
 * @param connections open at a time; the next is closed
 * @param window bytes of one connection that nobody has read yet: all that a connection holds before its calls are believed
 * @param request time from a believed call's headers to its end, the waiting for room included
 * @param handshake time until a connection speaks HTTP/2
 * @param idle time without a call after which a connection ends
 */
record ExtAuthzLimits(
        int message,
        int messages,
        int metadata,
        int calls,
        int connections,
        int window,
        Duration request,
        Duration handshake,
        Duration idle) {
    static final ExtAuthzLimits DEFAULT = new ExtAuthzLimits(
            1 << 20,
            32 << 20,
            8 << 10,
            256,
            512,
            64 << 10,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));
}
