package dev.reeve.http;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How a listener speaks TLS. Server names that clients ask for (SNI) are not looked at: there is one certificate.
 *
 * @param context asked for at each connection, so that a renewed certificate serves the next one
 * @param names whether the certificate in force is for this host
 * @param handshakes under way at a time; a connection beyond is closed without an answer
 * @param timeout for one handshake, from the connection on
 * @param outcomes takes {@code ok} or the code of a failure, once for each connection
 */
public record HttpTls(
        Supplier<SslContext> context,
        Predicate<String> names,
        int handshakes,
        Duration timeout,
        Consumer<String> outcomes) {
    public HttpTls {
        if (handshakes < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a limit must let a handshake through");
        }
    }
}
