package dev.reeve.outbound;

import dev.reeve.tls.TlsFailure;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in our own words why a connection failed: what a library or a peer says may hold foreign text (R9). */
final class Reasons {
    private Reasons() {}

    static String of(@Nullable Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "no connection in time";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to the host";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        Optional<TlsFailure> tls = cause == null ? Optional.empty() : TlsFailure.of(cause);
        if (tls.isPresent()) {
            return tls.get().toString();
        }
        return "the connection broke";
    }
}
